// The files of the web UI that are part of the program; tools/embed_assets.py makes the table.
#pragma once

#include <string_view>
#include <vector>

namespace fairward::app {

struct Asset {
  std::string_view path;                // "/assets/index-3f2a.js"
  std::string_view type;                // Content-Type
  std::string_view etag;                // of the content, without quotes
  std::string_view identity, br, gzip;  // br and gzip are empty where they would not be smaller
};

// Empty when the program was built without a UI. Sorted by path. Defined in the generated ui_assets.cpp.
std::vector<Asset> embedded_assets();

}  // namespace fairward::app
