// Rows as a file: CSV as RFC 4180 says it, with a byte order mark; a spreadsheet. Pure but for the spreadsheet, which
// passes through nameless files of a folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairward::reporting {

using Cells = std::vector<std::string>;

constexpr std::string_view csv_mark = "\xEF\xBB\xBF";
// The row with its end. A cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_row(const Cells& cells);

// Rows between two steps of an export. Cells have no control characters but tab and line feed: see cell_clean.
std::string rows_text(const std::vector<Cells>& rows);
void rows_read(std::string_view text, std::vector<Cells>& rows);  // appends
std::string cell_clean(std::string_view text);                    // control characters become spaces

// One sheet; the first row is the heading. All cells are text. Throws std::runtime_error.
std::string spreadsheet_file(const std::vector<Cells>& rows, const std::string& folder);

}  // namespace fairward::reporting
