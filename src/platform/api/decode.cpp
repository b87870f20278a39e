// Requests and JSON text to described structs, with every error at once: see codec.h.
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include "base/text.h"
#include "platform/api/codec.h"
#include "platform/api/json_tree.h"
#include "platform/api/problems.h"
#include "platform/http/http.h"

namespace fairward::api {
namespace {

constexpr std::size_t list_items_max = 1000;
constexpr std::size_t text_code_points_max = 4096;  // of a std::string, which names no bound itself
constexpr std::size_t errors_max = 50;
constexpr std::size_t query_parameters_max = 100;
constexpr std::int64_t text_with_lines_min = 500;  // a longer BoundedText may have several lines

using Kind = Type::Kind;

void* part_of(void* object, const TypeMember& member) { return static_cast<char*>(object) + member.offset; }

template <class T>
void set(void* into, T value) {
  *static_cast<T*>(into) = std::move(value);
}

template <class T>
bool whole_text(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Fills objects and collects what is wrong with their parts.
class Decoder {
 public:
  void body(const JsonNode& node, const Type& type, void* into, const RequestParts* parts);
  void request_texts(const RequestParts& parts, const Type& type, void* into);
  void value(const JsonNode& node, const Type& type, void* into);
  Result<void> result();

 private:
  void refuse(std::string detail) { refuse_at(pointer_, std::move(detail)); }
  void refuse_at(std::string pointer, std::string detail) {
    if (errors_.size() < errors_max) errors_.push_back({std::move(pointer), std::move(detail)});
  }
  void integer(std::int64_t value, const Type& type, void* into);
  void number(const JsonNode& node, const Type& type, void* into);
  void scalar_text(std::string_view text, const Type& type, void* into);
  void text(std::string_view text, const Type& type, void* into);
  void enumeration(std::string_view text, const Type& type, void* into);
  void list(const JsonNode& node, const Type& type, void* into);
  void list_text(std::string_view text, const Type& type, void* into);
  void member(const JsonNode& object, const TypeMember& member, void* into);
  void member_text(std::string_view text, const TypeMember& member, void* into);
  void query(const RequestParts& parts, const Type& type, void* into);
  template <class F>
  void below(std::string_view name, F&& work) {
    const std::size_t length = pointer_.size();
    pointer_ += '/';
    pointer_ += json_pointer_escape(name);
    work();
    pointer_.resize(length);
  }

  std::string pointer_;
  std::vector<FieldError> errors_;
};

using Texts = std::span<const std::pair<std::string, std::string>>;

bool is_in(Texts texts, std::string_view name) {
  for (const auto& [own, value] : texts)
    if (own == name) return true;
  return false;
}

std::string range_text(std::int64_t low, std::int64_t high) {
  return "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high);
}

std::string integer_expected(const Type& type) {
  switch (type.kind) {
    case Kind::id: return "must be a positive whole number";
    case Kind::bounded_int: return range_text(type.minimum, type.maximum);
    case Kind::int32:
      return range_text(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    default: return range_text(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  }
}

bool is_integer(Kind kind) {
  return kind == Kind::int64 || kind == Kind::int32 || kind == Kind::id || kind == Kind::bounded_int;
}

std::string_view expected(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "must be true or false";
    case Kind::real: return "must be a number";
    case Kind::currency: return "must be a currency code such as INR";
    case Kind::instant: return "must be an instant such as 2026-12-01T03:30:00Z";
    case Kind::date: return "must be a date such as 2026-12-01";
    case Kind::time_of_day: return "must be a time such as 09:30";
    case Kind::list: return "must be a list";
    case Kind::structure: return "must be an object";
    case Kind::raw_json: return "cannot be sent";
    default: return "must be text";
  }
}

void Decoder::integer(std::int64_t value, const Type& type, void* into) {
  switch (type.kind) {
    case Kind::id:
      if (value < 1) return refuse(integer_expected(type));
      return set<std::int64_t>(into, value);
    case Kind::bounded_int:
      if (value < type.minimum || value > type.maximum) return refuse(integer_expected(type));
      return set<std::int64_t>(into, value);
    case Kind::int32:
      if (value != static_cast<std::int32_t>(value)) return refuse(integer_expected(type));
      return set<std::int32_t>(into, static_cast<std::int32_t>(value));
    default: return set<std::int64_t>(into, value);
  }
}

void Decoder::number(const JsonNode& node, const Type& type, void* into) {
  const bool is_number = node.kind == JsonNode::Kind::integer || node.kind == JsonNode::Kind::real;
  if (type.kind == Kind::real) {
    if (!is_number || !std::isfinite(node.real)) return refuse(std::string(expected(type.kind)));
    return set<double>(into, node.real);
  }
  if (node.kind != JsonNode::Kind::integer) return refuse(integer_expected(type));
  integer(node.integer, type, into);
}

void Decoder::enumeration(std::string_view text, const Type& type, void* into) {
  std::string names;
  for (const TypeEnumerator& enumerator : type.enumerators) {
    if (enumerator.name == text) return type.enum_write(into, enumerator.value);
    names += names.empty() ? " " : ", ";
    names += enumerator.name;
  }
  refuse("must be one of:" + names);
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

// Text that is valid UTF-8, from JSON or from the query.
void Decoder::text(std::string_view raw, const Type& type, void* into) {
  const bool is_bounded = type.kind == Kind::bounded_text;
  if (has_control_characters(raw, !is_bounded || type.maximum > text_with_lines_min))
    return refuse("must not contain control characters");
  const std::string_view text = is_bounded ? trimmed(raw) : raw;
  const auto length = static_cast<std::int64_t>(code_point_count(text));
  const std::int64_t maximum = is_bounded ? type.maximum : static_cast<std::int64_t>(text_code_points_max);
  if (is_bounded && length < type.minimum)
    return refuse("must have at least " + std::to_string(type.minimum) +
                  (type.minimum == 1 ? " character" : " characters"));
  if (length > maximum) return refuse("must have at most " + std::to_string(maximum) + " characters");
  set<std::string>(into, std::string(text));
}

template <class T>
bool set_if(void* into, const std::optional<T>& value) {
  if (value) set<T>(into, *value);
  return value.has_value();
}

// What is written as text in JSON too.
void Decoder::scalar_text(std::string_view raw, const Type& type, void* into) {
  bool is_good = true;
  switch (type.kind) {
    case Kind::text:
    case Kind::bounded_text: return text(raw, type, into);
    case Kind::enumeration: return enumeration(raw, type, into);
    case Kind::currency:
      is_good = is_currency(raw);
      if (is_good) set<std::string>(into, std::string(raw));
      break;
    case Kind::instant: is_good = set_if(into, parse_rfc3339(raw)); break;
    case Kind::date: is_good = set_if(into, parse_date(raw)); break;
    case Kind::time_of_day: is_good = set_if(into, parse_time_of_day(raw)); break;
    default: is_good = false;
  }
  if (!is_good) refuse(std::string(expected(type.kind)));
}

void Decoder::list(const JsonNode& node, const Type& type, void* into) {
  if (node.kind != JsonNode::Kind::list) return refuse(std::string(expected(type.kind)));
  if (node.items.size() > list_items_max)
    return refuse("must have at most " + std::to_string(list_items_max) + " items");
  for (std::size_t i = 0; i < node.items.size(); ++i)
    below(std::to_string(i), [&] { value(node.items[i], *type.item, type.list_append(into)); });
}

void Decoder::value(const JsonNode& node, const Type& type, void* into) {
  switch (type.kind) {
    case Kind::optional:
      if (node.kind != JsonNode::Kind::null) value(node, *type.item, type.optional_emplace(into));
      return;
    case Kind::list: return list(node, type, into);
    case Kind::structure: return body(node, type, into, nullptr);
    case Kind::boolean:
      if (node.kind != JsonNode::Kind::boolean) return refuse(std::string(expected(type.kind)));
      return set<bool>(into, node.boolean);
    default: break;
  }
  if (is_integer(type.kind) || type.kind == Kind::real) return number(node, type, into);
  if (node.kind != JsonNode::Kind::text) return refuse(std::string(expected(type.kind)));
  scalar_text(node.text, type, into);
}

void Decoder::member(const JsonNode& object, const TypeMember& member, void* into) {
  const JsonNode* node = object.member(member.name);
  below(member.name, [&] {
    if (node) value(*node, *member.type, part_of(into, member));
    else if (member.type->is_required()) refuse("is missing");
  });
}

// The members of an object, but those that the path already gave.
void Decoder::body(const JsonNode& node, const Type& type, void* into, const RequestParts* parts) {
  if (node.kind != JsonNode::Kind::object) return refuse(std::string(expected(Kind::structure)));
  const auto is_from_path = [&](std::string_view name) { return parts && is_in(parts->path, name); };
  for (const TypeMember& described : type.members)
    if (!is_from_path(described.name)) member(node, described, into);
  for (const auto& [name, value] : node.members)
    if (!type.member(name) || is_from_path(name)) below(name, [&] { refuse("is not known here"); });
  for (const std::string& name : node.duplicates) below(name, [&] { refuse("is given twice"); });
}

// Lists in a query are written with commas: topics=a,b
void Decoder::list_text(std::string_view text, const Type& type, void* into) {
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == list_items_max) return refuse("must have at most " + std::to_string(list_items_max) + " items");
    const std::size_t comma = text.find(',');
    member_text(text.substr(0, comma), {{}, type.item, 0}, type.list_append(into));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
}

void Decoder::member_text(std::string_view text, const TypeMember& member, void* into) {
  const Type& type = *member.type;
  void* part = part_of(into, member);
  if (!utf8_valid(text)) return refuse("must be valid UTF-8");
  if (type.kind == Kind::optional) return member_text(text, {member.name, type.item, 0}, type.optional_emplace(part));
  if (type.kind == Kind::list) return list_text(text, type, part);
  if (type.kind == Kind::boolean) {
    if (text != "true" && text != "false") return refuse(std::string(expected(type.kind)));
    return set<bool>(part, text == "true");
  }
  if (type.kind == Kind::real) {
    double value = 0;
    if (!whole_text(text, value) || !std::isfinite(value)) return refuse(std::string(expected(type.kind)));
    return set<double>(part, value);
  }
  if (is_integer(type.kind)) {
    std::int64_t value = 0;
    if (!whole_text(text, value)) return refuse(integer_expected(type));
    return integer(value, type, part);
  }
  scalar_text(text, type, part);
}

void Decoder::request_texts(const RequestParts& parts, const Type& type, void* into) {
  for (const auto& [name, text] : parts.path) {
    pointer_ = "?" + name;
    if (const TypeMember* member = type.member(name)) member_text(text, *member, into);
  }
  query(parts, type, into);
  pointer_.clear();
}

void Decoder::query(const RequestParts& parts, const Type& type, void* into) {
  for (const TypeMember& member : type.members) {
    if (parts.body || is_in(parts.path, member.name)) continue;
    pointer_ = "?" + std::string(member.name);
    if (!is_in(parts.query, member.name)) {
      if (member.type->is_required()) refuse("is missing");
      continue;
    }
    for (const auto& [name, text] : parts.query)
      if (name == member.name) {
        member_text(text, member, into);
        break;
      }
  }
  for (std::size_t i = 0; i < parts.query.size(); ++i) {
    const std::string& name = parts.query[i].first;
    const bool is_known = !parts.body && type.member(name) && !is_in(parts.path, name);
    if (!utf8_valid(name) || has_control_characters(name, false)) refuse_at("?", "a parameter's name cannot be read");
    else if (!is_known) refuse_at("?" + name, "is not known here");
    else if (is_in(Texts(parts.query).first(i), name)) refuse_at("?" + name, "is given twice");
  }
}

Result<void> Decoder::result() {
  if (errors_.empty()) return {};
  return fail(request_invalid, std::move(errors_));
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Whether the struct can be made without a body at all.
bool needs_body(const RequestParts& parts, const Type& type) {
  for (const TypeMember& member : type.members)
    if (member.type->is_required() && !is_in(parts.path, member.name)) return true;
  return false;
}

}  // namespace

Result<void> decode(std::string_view json, const Type& type, void* into) {
  FAIRWARD_TRY_AS(root, json_parse(json));
  Decoder decoder;
  decoder.value(root, type, into);
  return decoder.result();
}

Result<void> decode(const RequestParts& parts, const Type& type, void* into) {
  JsonNode root{JsonNode::Kind::object};
  if (parts.body && (!is_blank(*parts.body) || needs_body(parts, type))) {
    auto parsed = json_parse(*parts.body);
    if (!parsed) return Failed(std::move(parsed).error());
    root = std::move(*parsed);
  }
  Decoder decoder;
  decoder.request_texts(parts, type, into);
  if (parts.body) decoder.body(root, type, into, &parts);
  return decoder.result();
}

Result<std::vector<std::pair<std::string, std::string>>> decode_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const auto decoded = [](std::string_view text, bool& is_good) {
    std::string blanks(text);
    for (char& c : blanks)
      if (c == '+') c = ' ';
    bool ok = true;
    std::string result = http::url_decode(blanks, &ok);
    is_good = is_good && ok;
    return result;
  };
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (parameters.size() == query_parameters_max)
      return fail(request_malformed, {{"?", "there are too many parameters"}});
    const std::size_t equals = pair.find('=');
    bool is_good = true;
    std::string name = decoded(pair.substr(0, equals), is_good);
    std::string value = equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), is_good);
    if (!is_good) return fail(request_malformed, {{"?", "a parameter has a broken escape"}});
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

}  // namespace fairward::api
