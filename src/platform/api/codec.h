// Described structs to JSON and back. A struct that is described (BOOST_DESCRIBE_STRUCT) has a Type: a table of its
// members at run time. Decoding, encoding and the API document all walk that table, so that they cannot disagree and a
// module's route unit compiles no JSON code.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/reply.h"

namespace fairward::api {

// JSON text that goes into a reply as it is: `RawJson{"{\"a\":1}"}`. For replies only.
struct RawJson {
  std::string text;
};

struct Type;

struct TypeMember {
  std::string_view name;
  const Type* type;
  std::size_t offset;
};

struct TypeEnumerator {
  std::string_view name;
  std::int64_t value;
};

// What is known of a type at run time. Every object is reached through void pointers that came from this very type.
struct Type {
  enum class Kind : std::uint8_t {
    boolean,
    int64,
    int32,
    real,
    text,
    currency,
    id,
    instant,
    date,
    time_of_day,
    bounded_int,
    bounded_text,
    enumeration,
    optional,
    list,
    structure,
    raw_json
  };
  Kind kind;
  std::string name;  // unqualified; of structures and enumerations
  std::string qualified_name;
  std::int64_t minimum = 0;  // of bounded_int; code points of bounded_text
  std::int64_t maximum = 0;
  std::optional<std::int64_t> preset;  // taken when the member is absent
  const Type* item = nullptr;          // of optional and list
  std::vector<TypeMember> members;
  std::vector<TypeEnumerator> enumerators;

  // How to get inside, for the kinds that need it.
  const void* (*optional_value)(const void*) = nullptr;  // nullptr when empty
  void* (*optional_emplace)(void*) = nullptr;
  std::size_t (*list_size)(const void*) = nullptr;
  const void* (*list_at)(const void*, std::size_t) = nullptr;
  void* (*list_append)(void*) = nullptr;
  std::int64_t (*enum_read)(const void*) = nullptr;
  void (*enum_write)(void*, std::int64_t) = nullptr;

  bool is_required() const { return kind != Kind::optional && !preset; }
  const TypeMember* member(std::string_view name) const;  // nullptr when there is none
};

// The Type of T; made once.
template <class T>
const Type& type_of();

// Appends the JSON of a value.
void encode(std::string& out, const Type& type, const void* value);
template <class T>
void encode(std::string& out, const T& value) {
  encode(out, type_of<T>(), &value);
}
// Appends a JSON string, quotes included.
void encode_text(std::string& out, std::string_view text);
void encode_integer(std::string& out, std::int64_t value);
void encode_instant(std::string& out, Instant at);  // quotes included
// Puts the instant at `to`, without quotes, and returns its end. At most instant_bytes_max.
constexpr std::size_t instant_bytes_max = 40;
char* instant_write(char* to, Instant at);

// Reads JSON text into an object of that type. Bounds: nesting, members, list lengths, see decode.cpp.
// Errors: request_malformed when it is not JSON; request_invalid with every field error and its JSON pointer.
Result<void> decode(std::string_view json, const Type& type, void* into);
template <class T>
Result<T> decode(std::string_view json) {
  T value{};
  FAIRWARD_TRY(decode(json, type_of<T>(), &value));
  return value;
}

// The parts of a request that members can come from. Names in path and query are percent-decoded already.
struct RequestParts {
  std::vector<std::pair<std::string, std::string>> path;
  std::vector<std::pair<std::string, std::string>> query;
  std::optional<std::string_view> body;  // nullopt: the rest of the members comes from the query
};
// Reads a request. Members named in the path come from there, the others from the body, or from the query when there
// is none.
Result<void> decode(const RequestParts& parts, const Type& type, void* into);

// "a=1&b=x%20y" to pairs; '+' is a blank. Errors: request_malformed for broken escapes or too many parameters.
Result<std::vector<std::pair<std::string, std::string>>> decode_query(std::string_view query);

namespace detail {

template <class T>
constexpr std::string_view qualified_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}

template <class T>
void name_set(Type& type) {
  type.qualified_name = qualified_name<T>();
  const std::size_t colon = type.qualified_name.rfind("::");
  type.name = colon == std::string::npos ? type.qualified_name : type.qualified_name.substr(colon + 2);
}

template <class T>
void structure_describe(Type& type) {
  type.kind = Type::Kind::structure;
  name_set<T>(type);
  const T sample{};
  const auto* base = reinterpret_cast<const char*>(&sample);
  boost::mp11::mp_for_each<
      boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto d) {
    const auto& member = sample.*d.pointer;
    type.members.push_back({d.name, &type_of<std::remove_cvref_t<decltype(member)>>(),
                            static_cast<std::size_t>(reinterpret_cast<const char*>(&member) - base)});
  });
}

template <class T>
void enumeration_describe(Type& type) {
  type.kind = Type::Kind::enumeration;
  name_set<T>(type);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) {
    type.enumerators.push_back({d.name, static_cast<std::int64_t>(d.value)});
  });
  type.enum_read = [](const void* e) { return static_cast<std::int64_t>(*static_cast<const T*>(e)); };
  type.enum_write = [](void* e, std::int64_t v) { *static_cast<T*>(e) = static_cast<T>(v); };
}

// Described structs and enumerations; the specialisations below are the types that have a form of their own.
template <class T>
struct TypeMaker {
  static constexpr bool is_enumeration = boost::describe::has_describe_enumerators<T>::value;
  static_assert(boost::describe::has_describe_members<T>::value || is_enumeration,
                "this type has no JSON form: describe the struct with BOOST_DESCRIBE_STRUCT, or use one of the types "
                "named in platform/api/codec.h");
  static Type make() {
    Type type{};
    if constexpr (is_enumeration) enumeration_describe<T>(type);
    else structure_describe<T>(type);
    return type;
  }
};

inline Type scalar(Type::Kind kind) {
  Type type{};
  type.kind = kind;
  return type;
}
inline Type bounded(Type::Kind kind, std::int64_t minimum, std::int64_t maximum) {
  Type type = scalar(kind);
  type.minimum = minimum;
  type.maximum = maximum;
  return type;
}

template <>
struct TypeMaker<bool> {
  static Type make() { return scalar(Type::Kind::boolean); }
};
template <>
struct TypeMaker<std::int64_t> {
  static Type make() { return scalar(Type::Kind::int64); }
};
template <>
struct TypeMaker<std::int32_t> {
  static Type make() { return scalar(Type::Kind::int32); }
};
template <>
struct TypeMaker<double> {
  static Type make() { return scalar(Type::Kind::real); }
};
template <>
struct TypeMaker<std::string> {
  static Type make() { return scalar(Type::Kind::text); }
};
template <>
struct TypeMaker<Instant> {
  static Type make() { return scalar(Type::Kind::instant); }
};
template <>
struct TypeMaker<Date> {
  static Type make() { return scalar(Type::Kind::date); }
};
template <>
struct TypeMaker<TimeOfDay> {
  static Type make() { return scalar(Type::Kind::time_of_day); }
};
template <>
struct TypeMaker<RawJson> {
  static Type make() { return scalar(Type::Kind::raw_json); }
};
template <class Tag>
struct TypeMaker<Id<Tag>> {
  static Type make() { return scalar(Type::Kind::id); }
};
template <std::int64_t low, std::int64_t high>
struct TypeMaker<BoundedInt<low, high>> {
  static Type make() { return bounded(Type::Kind::bounded_int, low, high); }
};
template <std::int64_t low, std::int64_t high, std::int64_t preset>
struct TypeMaker<BoundedIntOr<low, high, preset>> {
  static Type make() {
    Type type = bounded(Type::Kind::bounded_int, low, high);
    type.preset = preset;
    return type;
  }
};
template <std::size_t min, std::size_t max>
struct TypeMaker<BoundedText<min, max>> {
  static Type make() {
    return bounded(Type::Kind::bounded_text, static_cast<std::int64_t>(min), static_cast<std::int64_t>(max));
  }
};

template <class T>
struct TypeMaker<std::optional<T>> {
  static Type make() {
    Type type = scalar(Type::Kind::optional);
    type.item = &type_of<T>();
    type.optional_value = [](const void* o) -> const void* {
      const auto& value = *static_cast<const std::optional<T>*>(o);
      return value ? &*value : nullptr;
    };
    type.optional_emplace = [](void* o) -> void* { return &static_cast<std::optional<T>*>(o)->emplace(); };
    return type;
  }
};

template <class T>
struct TypeMaker<std::vector<T>> {
  static_assert(!std::is_same_v<T, bool>, "vector<bool> has no elements to point to");
  static Type make() {
    Type type = scalar(Type::Kind::list);
    type.item = &type_of<T>();
    type.list_size = [](const void* v) { return static_cast<const std::vector<T>*>(v)->size(); };
    type.list_at = [](const void* v, std::size_t i) -> const void* {
      return &(*static_cast<const std::vector<T>*>(v))[i];
    };
    type.list_append = [](void* v) -> void* { return &static_cast<std::vector<T>*>(v)->emplace_back(); };
    return type;
  }
};

// The currency is checked: three capital letters.
template <>
struct TypeMaker<Money> {
  static Type make() {
    static const Type currency = scalar(Type::Kind::currency);
    Type type{};
    structure_describe<Money>(type);
    type.members.back().type = &currency;
    return type;
  }
};

// {items, next?}
template <class T>
struct TypeMaker<Page<T>> {
  static Type make() {
    Type type = scalar(Type::Kind::structure);
    type.name = type_of<T>().name + "Page";
    type.qualified_name = type_of<T>().qualified_name + "Page";
    const Page<T> sample{};
    const auto offset = [&](const void* member) {
      return static_cast<std::size_t>(static_cast<const char*>(member) - reinterpret_cast<const char*>(&sample));
    };
    type.members.push_back({"items", &type_of<std::vector<T>>(), offset(&sample.items)});
    type.members.push_back({"next", &type_of<std::optional<std::string>>(), offset(&sample.next)});
    return type;
  }
};

}  // namespace detail

template <class T>
const Type& type_of() {
  static const Type type = detail::TypeMaker<T>::make();
  return type;
}

}  // namespace fairward::api
