// Values to JSON text, straight into a string: see codec.h.
#include <array>
#include <charconv>
#include <cmath>

#include "platform/api/codec.h"

namespace fairward::api {
namespace {

constexpr auto needs_escape = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[static_cast<std::size_t>(c)] = true;
  table['"'] = table['\\'] = table[0x7F] = true;
  return table;
}();

void escape(std::string& out, unsigned char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
  }
}

// Dates and times are written into a buffer: a list of slots is made of little else.
template <int width>
char* digits(char* to, std::int64_t value) {
  for (int i = width; i > 0; value /= 10) to[--i] = static_cast<char>('0' + value % 10);
  return to + width;
}

char* date(char* to, Date value) {
  const CivilDate civil = civil_from_date(value);
  const bool is_usual = civil.year >= 0 && civil.year <= 9999;
  to = is_usual ? digits<4>(to, civil.year) : std::to_chars(to, to + 12, civil.year).ptr;
  *to++ = '-';
  to = digits<2>(to, civil.month);
  *to++ = '-';
  return digits<2>(to, civil.day);
}

char* time_of_day(char* to, TimeOfDay value) {
  to = digits<2>(to, value.minute / 60);
  *to++ = ':';
  return digits<2>(to, value.minute % 60);
}

// Appends what `write` puts into a buffer, in quotes.
template <class F>
void quoted(std::string& out, F&& write) {
  char text[64];
  text[0] = '"';
  char* end = write(text + 1);
  *end++ = '"';
  out.append(text, end);
}

void real(std::string& out, double value) {
  if (!std::isfinite(value)) {  // JSON has no word for them
    out += "null";
    return;
  }
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void enumeration(std::string& out, const Type& type, std::int64_t value) {
  for (const TypeEnumerator& enumerator : type.enumerators)
    if (enumerator.value == value) return encode_text(out, enumerator.name);
  out += "null";
}

void list(std::string& out, const Type& type, const void* value) {
  out += '[';
  const std::size_t size = type.list_size(value);
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    encode(out, *type.item, type.list_at(value, i));
  }
  out += ']';
}

void structure(std::string& out, const Type& type, const void* value) {
  out += '{';
  bool is_first = true;
  for (const TypeMember& member : type.members) {
    const void* part = static_cast<const char*>(value) + member.offset;
    const Type* part_type = member.type;
    if (part_type->kind == Type::Kind::optional) {
      part = part_type->optional_value(part);
      part_type = part_type->item;
      if (part == nullptr) continue;  // absent, not null
    }
    if (!is_first) out += ',';
    is_first = false;
    out += '"';
    out += member.name;
    out += "\":";
    encode(out, *part_type, part);
  }
  out += '}';
}

}  // namespace

void encode_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t clean = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (!needs_escape[c]) continue;
    out.append(text.data() + clean, i - clean);
    escape(out, c);
    clean = i + 1;
  }
  out.append(text.data() + clean, text.size() - clean);
  out += '"';
}

void encode_integer(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

char* instant_write(char* to, Instant at) {
  constexpr std::int64_t day_ms = 86'400'000;
  std::int64_t day = at.ms / day_ms;
  auto ms = static_cast<std::int32_t>(at.ms % day_ms);
  if (ms < 0) {
    ms += static_cast<std::int32_t>(day_ms);
    --day;
  }
  to = date(to, Date{static_cast<std::int32_t>(day)});
  *to++ = 'T';
  to = time_of_day(to, TimeOfDay{ms / 60'000});
  *to++ = ':';
  to = digits<2>(to, ms / 1000 % 60);
  if (ms % 1000 != 0) {
    *to++ = '.';
    to = digits<3>(to, ms % 1000);
  }
  *to++ = 'Z';
  return to;
}

void encode_instant(std::string& out, Instant at) {
  quoted(out, [&](char* to) { return instant_write(to, at); });
}

void encode(std::string& out, const Type& type, const void* value) {
  using Kind = Type::Kind;
  switch (type.kind) {
    case Kind::boolean: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
    case Kind::int32: return encode_integer(out, *static_cast<const std::int32_t*>(value));
    case Kind::int64:
    case Kind::id:
    case Kind::bounded_int: return encode_integer(out, *static_cast<const std::int64_t*>(value));
    case Kind::real: return real(out, *static_cast<const double*>(value));
    case Kind::text:
    case Kind::currency:
    case Kind::bounded_text: return encode_text(out, *static_cast<const std::string*>(value));
    case Kind::instant: return encode_instant(out, *static_cast<const Instant*>(value));
    case Kind::date: return quoted(out, [&](char* to) { return date(to, *static_cast<const Date*>(value)); });
    case Kind::time_of_day:
      return quoted(out, [&](char* to) { return time_of_day(to, *static_cast<const TimeOfDay*>(value)); });
    case Kind::enumeration: return enumeration(out, type, type.enum_read(value));
    case Kind::optional:
      if (const void* inner = type.optional_value(value)) return encode(out, *type.item, inner);
      out += "null";
      return;
    case Kind::list: return list(out, type, value);
    case Kind::structure: return structure(out, type, value);
    case Kind::raw_json: out += static_cast<const RawJson*>(value)->text; return;
  }
}

const TypeMember* Type::member(std::string_view wanted) const {
  for (const TypeMember& member : members)
    if (member.name == wanted) return &member;
  return nullptr;
}

}  // namespace fairward::api
