// What a page of the UI asks for as soon as its scripts run: told to the browser with the page itself, so that it is
// under way before the scripts are. A page that asks for something else only loses the head start; that nothing is
// fetched in vain or twice is tested in a browser (web/e2e/preload.e2e.mjs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairward::app {

class FirstLoads {
 public:
  // What Vite says of the files that it made; empty when there is none.
  explicit FirstLoads(std::string_view manifest = "");
  // The value of the page's Link header. `target` is the path with its query.
  std::string links(std::string_view target) const;

 private:
  std::vector<std::string> chunks_;  // by page: the files of its module
};

}  // namespace fairward::app
