// The only file that knows the library for spreadsheets.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <stdexcept>

#include "modules/reporting/tables.h"

namespace fairward::reporting {
namespace {

constexpr std::size_t cell_bytes_max = 32'000;  // a cell takes 32,767 letters

// A file in memory, with a path for those who want one.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("spreadsheet", MFD_CLOEXEC)) {
    if (file_ < 0) throw std::runtime_error("reporting: no file can be made in memory");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }
  std::string read() const {
    std::string bytes;
    std::array<char, 1 << 16> piece{};
    ::lseek(file_, 0, SEEK_SET);
    for (ssize_t size = 0; (size = ::read(file_, piece.data(), piece.size())) > 0;)
      bytes.append(piece.data(), static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  int file_;
};

// Cut between letters.
std::string fitting(const std::string& text) {
  if (text.size() <= cell_bytes_max) return text;
  std::size_t end = cell_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::string spreadsheet_file(const std::vector<Cells>& rows, const std::string& folder) {
  const MemoryFile file;
  std::string scratch = folder;
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = scratch.data();
  lxw_workbook* const book = workbook_new_opt(file.path().c_str(), &options);
  if (!book) throw std::runtime_error("reporting: no spreadsheet can be made");
  lxw_worksheet* const sheet = workbook_add_worksheet(book, "Treatments");
  lxw_format* const heading = workbook_add_format(book);
  format_set_bold(heading);
  worksheet_freeze_panes(sheet, 1, 0);
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t i = 0; i < rows[row].size(); ++i)
      if (const std::string& cell = rows[row][i]; !cell.empty())
        worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(i), fitting(cell).c_str(),
                               row == 0 ? heading : nullptr);
  if (workbook_close(book) != LXW_NO_ERROR) throw std::runtime_error("reporting: the spreadsheet cannot be written");
  return file.read();
}

}  // namespace fairward::reporting
