#include "modules/directory/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "modules/directory/latin_fold.h"

namespace fairward::directory {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

char32_t sequence_decode(std::string_view text, std::size_t& at, int more, char32_t lead, char32_t least) {
  char32_t code = lead;
  for (int i = 0; i < more; ++i) {
    if (!is_continuation(text, at + i)) return replacement;
    code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
  }
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return replacement;
  at += static_cast<std::size_t>(more);
  return code;
}

bool is_ascii_word(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Marks that only colour a Latin letter, and joiners that show nothing.
bool is_ignored(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200D) || c == 0xFEFF || c == 0xAD || c == '\'' ||
         c == 0x2019;
}

// Blanks and punctuation beyond ASCII; what is left is taken for letters.
bool is_separator(char32_t c) {
  return c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
         c == 0x964 || c == 0x965 || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F) ||
         (c >= 0xE000 && c <= 0xF8FF) || c == 0x0589 || c == 0x060C || c == 0x061B || c == 0x061F || c == replacement;
}

char32_t small_letter(char32_t c) {
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

std::string_view latin_letters(char32_t c) {
  std::string_view two;
  if (c >= 0xC0 && c <= 0x24F) two = latin_extended_fold.substr((c - 0xC0) * 2, 2);
  if (c >= 0x1E00 && c <= 0x1EFF) two = latin_additional_fold.substr((c - 0x1E00) * 2, 2);
  while (!two.empty() && two.back() == ' ') two.remove_suffix(1);
  return two;
}

void letter_append(std::string& out, char32_t c) {
  const auto letters = latin_letters(c);
  if (letters.empty()) code_point_append(out, small_letter(c));
  else out += letters;
}

}  // namespace

char32_t code_point_next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  if (lead >= 0xC2 && lead <= 0xDF) return sequence_decode(text, at, 1, lead & 0x1F, 0x80);
  if (lead >= 0xE0 && lead <= 0xEF) return sequence_decode(text, at, 2, lead & 0x0F, 0x800);
  if (lead >= 0xF0 && lead <= 0xF4) return sequence_decode(text, at, 3, lead & 0x07, 0x10000);
  return replacement;
}

void code_point_append(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    if (code_point_next(text, at) == replacement && text.substr(before, at - before) != "\xEF\xBF\xBD") return false;
  }
  return true;
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool is_word_open = false;
  for (std::size_t at = 0; at < text.size();) {
    char32_t c = code_point_next(text, at);
    if (c >= 'A' && c <= 'Z') c += 32;
    if (is_ignored(c)) continue;
    if (!is_ascii_word(c) && is_separator(c)) {
      is_word_open = false;
      continue;
    }
    if (!is_word_open && !out.empty()) out += ' ';
    is_word_open = true;
    if (c < 0x80) out += static_cast<char>(c);
    else letter_append(out, c);
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

void json_text_append(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
      out += text[at++];
      continue;
    }
    const char32_t c = code_point_next(text, at);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20) {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    } else {
      code_point_append(out, c);
    }
  }
}

void json_string_append(std::string& out, std::string_view text) {
  out += '"';
  json_text_append(out, text);
  out += '"';
}

void integer_append(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void hundredths_append(std::string& out, std::int64_t hundredths) {
  if (hundredths < 0) {
    out += '-';
    hundredths = -hundredths;
  }
  integer_append(out, hundredths / 100);
  const auto rest = hundredths % 100;
  if (rest == 0) return;
  out += '.';
  out += static_cast<char>('0' + rest / 10);
  if (rest % 10 != 0) out += static_cast<char>('0' + rest % 10);
}

std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ull;
  return hash;
}

}  // namespace fairward::directory
