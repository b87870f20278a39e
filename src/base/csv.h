// Comma-separated values as RFC 4180 has them, read piece by piece: quotes, line breaks within quotes, CRLF or LF, a
// byte order mark. Bounded: a field or row above its limit is reported and skipped, never kept.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward {

inline constexpr std::size_t csv_field_bytes_max = 16 * 1024;
inline constexpr std::size_t csv_fields_max = 256;

struct CsvRow {
  std::int64_t line = 0;  // of the file, from 1; where the row begins
  std::vector<std::string> fields;
  std::string problem;  // empty, or why the row cannot be used
  bool is_blank() const { return problem.empty() && (fields.empty() || (fields.size() == 1 && fields[0].empty())); }
};

class CsvReader {
 public:
  // `delimiter` is a byte other than quote, CR and LF.
  CsvReader(char delimiter, std::function<void(CsvRow&&)> sink) : delimiter_(delimiter), sink_(std::move(sink)) {}
  void feed(std::string_view bytes);
  void finish();  // the last row needs no line end

 private:
  enum class State : std::uint8_t { field_start, plain, quoted, quote_seen, carriage_return };
  void byte_take(char byte);
  void text_add(char byte);
  void field_end();
  void row_end();
  void problem_note(std::string_view problem);

  char delimiter_;
  std::function<void(CsvRow&&)> sink_;
  State state_ = State::field_start;
  std::string field_;
  CsvRow row_{1, {}, {}};
  std::int64_t line_ = 1;
  int mark_bytes_ = 0;  // of the byte order mark, matched so far; -1: behind it
  bool is_row_open_ = false;
};

}  // namespace fairward
