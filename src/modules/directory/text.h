// Names as people type them: folded words, misspelt words, JSON text. Pure functions over bytes that nobody trusts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/spelling.h"

namespace fairward::directory {

// The next code point of `text` at `at`, which moves on; broken UTF-8 gives U+FFFD and moves one byte.
char32_t code_point_next(std::string_view text, std::size_t& at);
void code_point_append(std::string& out, char32_t code);
bool is_utf8(std::string_view text);

// Small letters without diacritics for Latin (Müller is muller), small letters for Greek and Cyrillic, other scripts
// as they are; everything that is neither letter, digit nor mark becomes one blank; no blanks at the ends.
std::string folded(std::string_view text);

// The words of a folded text, in order.
std::vector<std::string_view> words_of(std::string_view folded_text);

// Appends the text as a JSON string with its quotes; broken UTF-8 becomes U+FFFD.
void json_string_append(std::string& out, std::string_view text);
// The same without the quotes.
void json_text_append(std::string& out, std::string_view text);
void integer_append(std::string& out, std::int64_t value);
// At most two decimals, without trailing zeros: 4.5, 12, 0.07.
void hundredths_append(std::string& out, std::int64_t hundredths);

// A 64-bit hash that is the same on every machine and in every run (FNV-1a), for cursors and keys.
std::uint64_t text_hash(std::string_view text);

}  // namespace fairward::directory
