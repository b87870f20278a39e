// Rows as RFC 4180 says it.
#include "modules/reporting/tables.h"

namespace fairward::reporting {
namespace {

// What spreadsheets run: https://owasp.org/www-community/attacks/CSV_Injection
constexpr std::string_view formula_beginnings = "=+-@\t\r";

std::string csv_cell(std::string_view text) {
  std::string cell;
  if (!text.empty() && formula_beginnings.find(text.front()) != std::string_view::npos) cell = "'";
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string csv_row(const Cells& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += ',';
    row += csv_cell(cells[i]);
  }
  return row + "\r\n";
}

namespace {

constexpr char cell_end = '\x1f', row_end = '\x1e';  // as ASCII means them

}  // namespace

std::string rows_text(const std::vector<Cells>& rows) {
  std::string text;
  for (const Cells& cells : rows) {
    for (const std::string& cell : cells) (text += cell) += cell_end;
    text += row_end;
  }
  return text;
}

void rows_read(std::string_view text, std::vector<Cells>& rows) {
  Cells cells;
  std::string cell;
  for (const char c : text) {
    if (c == cell_end) {
      cells.push_back(std::move(cell));
      cell.clear();
    } else if (c == row_end) {
      rows.push_back(std::move(cells));
      cells.clear();
    } else {
      cell += c;
    }
  }
}

std::string cell_clean(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) c = ' ';
  return clean;
}

}  // namespace fairward::reporting
