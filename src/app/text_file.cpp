#include "app/text_file.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace fairward::app {
namespace {

constexpr std::size_t line_max = 1 << 20;
constexpr unsigned buffer_bytes = 1 << 17;

}  // namespace

void TextFile::Close::operator()(void* file) const { gzclose(static_cast<gzFile>(file)); }

TextFile::TextFile(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb")) {
  if (!file_) throw std::system_error(errno != 0 ? errno : ENOMEM, std::generic_category(), path);
  gzbuffer(static_cast<gzFile>(file_.get()), buffer_bytes);
}

bool TextFile::line(std::string& into) {
  into.clear();
  char part[4096];
  while (into.size() < line_max && gzgets(static_cast<gzFile>(file_.get()), part, sizeof part) != nullptr) {
    into += part;
    if (!into.empty() && into.back() == '\n') break;
  }
  int fault = Z_OK;
  gzerror(static_cast<gzFile>(file_.get()), &fault);
  if (fault != Z_OK && fault != Z_STREAM_END) throw std::runtime_error(path_ + " is damaged");
  if (into.empty()) return false;
  while (!into.empty() && (into.back() == '\n' || into.back() == '\r')) into.pop_back();
  return true;
}

bool TextFile::piece(std::string& into, std::size_t bytes) {
  const std::size_t before = into.size();
  into.resize(before + bytes);
  const int got = gzread(static_cast<gzFile>(file_.get()), into.data() + before, static_cast<unsigned>(bytes));
  if (got < 0) throw std::runtime_error(path_ + " is damaged");
  into.resize(before + static_cast<std::size_t>(got));
  return got > 0;
}

std::vector<std::string> files_at(const std::string& path, const std::vector<std::string>& endings) {
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(path)) return {path};
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().string();
    const bool is_wanted = std::ranges::any_of(endings, [&](const std::string& end) { return name.ends_with(end); });
    if (is_wanted && entry.is_regular_file()) files.push_back(name);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace fairward::app
