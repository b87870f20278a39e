#include "platform/sql/sqlite_functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace fairward::sql {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

bool is_less(sqlite3_value* a, sqlite3_value* b) {
  const int a_type = sqlite3_value_type(a), b_type = sqlite3_value_type(b);
  if (a_type == SQLITE_TEXT && b_type == SQLITE_TEXT) return text_of(a) < text_of(b);
  if (a_type == SQLITE_INTEGER && b_type == SQLITE_INTEGER) return sqlite3_value_int64(a) < sqlite3_value_int64(b);
  return sqlite3_value_double(a) < sqlite3_value_double(b);
}

// The largest (smallest) of the values that are not null, as PostgreSQL has it.
template <bool is_greatest>
void extreme(sqlite3_context* context, int count, sqlite3_value** values) {
  sqlite3_value* best = nullptr;
  for (int i = 0; i < count; ++i) {
    if (is_null(values[i])) continue;
    if (best == nullptr || (is_greatest ? is_less(best, values[i]) : is_less(values[i], best))) best = values[i];
  }
  if (best != nullptr) sqlite3_result_value(context, best);
}

// The place of the second text in the first, in characters from 1; 0 when it is not there.
void strpos(sqlite3_context* context, int, sqlite3_value** values) {
  if (is_null(values[0]) || is_null(values[1])) return;
  const std::string_view text = text_of(values[0]);
  const std::size_t at = text.find(text_of(values[1]));
  if (at == std::string_view::npos) return sqlite3_result_int64(context, 0);
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  sqlite3_result_int64(
      context, std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), starts_character) + 1);
}

// SQLite gives the aggregate zeroed memory: the joined text hangs on a pointer in it.
std::string** joined_of(sqlite3_context* context, bool is_needed) {
  return static_cast<std::string**>(sqlite3_aggregate_context(context, is_needed ? sizeof(std::string*) : 0));
}

void string_agg_step(sqlite3_context* context, int, sqlite3_value** values) {
  if (is_null(values[0])) return;
  std::string** joined = joined_of(context, true);
  if (joined == nullptr) return sqlite3_result_error_nomem(context);
  if (*joined == nullptr) *joined = new std::string();
  else (*joined)->append(text_of(values[1]));
  (*joined)->append(text_of(values[0]));
}

void string_agg_final(sqlite3_context* context) {
  std::string** joined = joined_of(context, false);
  if (joined == nullptr || *joined == nullptr) return;
  sqlite3_result_text64(context, (*joined)->data(), (*joined)->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  delete *joined;
  *joined = nullptr;
}

}  // namespace

void sqlite_functions_register(sqlite3* db) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function_v2(db, "greatest", -1, flags, nullptr, extreme<true>, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db, "least", -1, flags, nullptr, extreme<false>, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db, "strpos", 2, flags, nullptr, strpos, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(db, "string_agg", 2, flags, nullptr, nullptr, string_agg_step, string_agg_final, nullptr);
}

}  // namespace fairward::sql
