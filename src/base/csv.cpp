#include "base/csv.h"

#include <utility>

namespace fairward {

void CsvReader::feed(std::string_view bytes) {
  static constexpr std::string_view mark = "\xEF\xBB\xBF";
  for (const char byte : bytes) {
    if (mark_bytes_ >= 0) {
      if (mark_bytes_ < 3 && byte == mark[static_cast<std::size_t>(mark_bytes_)]) {
        if (++mark_bytes_ == 3) mark_bytes_ = -1;
        continue;
      }
      for (int i = 0; i < mark_bytes_; ++i) byte_take(mark[static_cast<std::size_t>(i)]);  // it was not one
      mark_bytes_ = -1;
    }
    byte_take(byte);
  }
}

void CsvReader::byte_take(char byte) {
  if (state_ == State::carriage_return) {
    row_end();
    if (byte == '\n') return;
  }
  if (byte == '\n') ++line_;
  if (state_ == State::quoted) {
    if (byte == '"') state_ = State::quote_seen;
    else text_add(byte);
    return;
  }
  if (byte == '\n') return row_end();
  if (byte == '\r') {
    ++line_;
    state_ = State::carriage_return;
    return;
  }
  is_row_open_ = true;
  if (byte == delimiter_) return field_end();
  if (byte == '"' && state_ == State::field_start) {
    state_ = State::quoted;
    return;
  }
  if (state_ == State::quote_seen) {
    if (byte == '"') {
      text_add(byte);
      state_ = State::quoted;
      return;
    }
    problem_note("text after a closing quotation mark");
  } else if (byte == '"') {
    problem_note("quotation mark within a plain field");
  }
  if (state_ == State::field_start) state_ = State::plain;
  text_add(byte);
}

void CsvReader::text_add(char byte) {
  if (field_.size() < csv_field_bytes_max) field_ += byte;
  else problem_note("field too long");
}

void CsvReader::field_end() {
  if (row_.fields.size() < csv_fields_max) row_.fields.push_back(std::move(field_));
  else problem_note("too many fields");
  field_.clear();
  state_ = State::field_start;
}

void CsvReader::row_end() {
  if (is_row_open_ || state_ == State::quote_seen) field_end();
  state_ = State::field_start;
  is_row_open_ = false;
  auto row = std::exchange(row_, CsvRow{line_, {}, {}});
  sink_(std::move(row));
}

void CsvReader::problem_note(std::string_view problem) {
  if (row_.problem.empty()) row_.problem = problem;
}

void CsvReader::finish() {
  for (int i = 0; i < mark_bytes_; ++i) byte_take("\xEF\xBB\xBF"[i]);
  mark_bytes_ = -1;
  if (state_ == State::quoted) problem_note("quotation mark never closed");
  if (is_row_open_ || state_ == State::carriage_return || state_ == State::quoted || state_ == State::quote_seen) {
    is_row_open_ = is_row_open_ || state_ == State::quoted || state_ == State::quote_seen;
    row_end();
  }
}

}  // namespace fairward
