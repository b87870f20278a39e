// Text from outside: is it UTF-8, how long is it, what must be cut or escaped. No I/O, no locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairward {

// Well-formed UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool utf8_valid(std::string_view text);

// How many code points valid UTF-8 has.
std::size_t code_point_count(std::string_view text);

// Without blanks at both ends: ASCII white space, no-break space, the spaces of U+2000 … U+200A, U+202F, U+205F and
// U+3000, and U+FEFF.
std::string_view trimmed(std::string_view text);

// Are there control characters: C0, delete, C1, line and paragraph separators, or those that change the writing
// direction?
// Line feed, carriage return and tab are let through when lines_allowed.
bool has_control_characters(std::string_view valid_utf8, bool lines_allowed);

// "~" → "~0", "/" → "~1" (RFC 6901).
std::string json_pointer_escape(std::string_view member);

// For text and attribute values of HTML.
std::string html_escaped(std::string_view text);

// ASCII letters only; for header names and tokens.
std::string ascii_lower(std::string_view text);
bool ascii_equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace fairward
