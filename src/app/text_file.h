// Files of text, packed with gzip or not, read piece by piece: what imports come from.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace fairward::app {

class TextFile {
 public:
  // Throws std::system_error with the path.
  explicit TextFile(const std::string& path);
  // The next line without its end; false after the last. A line longer than a mebibyte comes in pieces.
  // Throws std::runtime_error when what is packed is damaged.
  bool line(std::string& into);
  // So many bytes more at the end of `into`; false: there are none.
  bool piece(std::string& into, std::size_t bytes);

 private:
  struct Close {
    void operator()(void* file) const;
  };
  std::string path_;
  std::unique_ptr<void, Close> file_;
};

// The file itself; or those of a folder, one deep, with one of these endings, in the order of their names.
std::vector<std::string> files_at(const std::string& path, const std::vector<std::string>& endings);

}  // namespace fairward::app
