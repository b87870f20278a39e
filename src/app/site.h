// The web UI and the pages for people: files with their encodings and the headers that keep a browser safe.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "app/assets.h"
#include "app/first_loads.h"
#include "platform/http/http.h"

namespace fairward::app {

struct SiteOptions {
  std::vector<Asset> assets;  // of the program
  std::string web_dir;        // when not empty: read from this folder at each request, for those who work on the UI
  bool is_behind_tls = false;
  std::string facts;  // JSON of who runs this installation, for the UI; served as /site.json
};

class Site {
 public:
  explicit Site(SiteOptions options);

  // Answers GET and HEAD for a file or, for a path without an extension, the start page; else 404 or 405.
  http::Response answer(const http::Request& request) const;
  // Is there a start page, in the program or in the folder?
  bool has_ui() const;
  // A page made by the program, with the same headers.
  http::Response page(int status, std::string html) const;

 private:
  struct File {
    std::string_view type, etag, identity, br, gzip;
    std::string owned;  // the bytes, when they were read from a folder
  };
  bool find(const std::string& path, File& file) const;
  bool read_from_folder(const std::string& path, File& file) const;
  http::Response facts() const;
  std::string links(std::string_view target) const;
  http::Response send(const http::Request& request, const std::string& path, File&& file) const;
  void headers_add(http::Response& response) const;

  SiteOptions options_;
  std::unordered_map<std::string_view, const Asset*> by_path_;
  FirstLoads first_loads_;  // of the program's own files
};

// Does Accept-Encoding allow this coding? "br;q=0" forbids it; "*" is not taken for a wish.
bool accepts_encoding(std::string_view header, std::string_view coding);

}  // namespace fairward::app
