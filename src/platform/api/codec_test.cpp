// Described structs from and to JSON: every type, every kind of error with its exact pointer.
#include "platform/api/codec.h"
#include "platform/api/json_tree.h"

#include <gtest/gtest.h>

#include "platform/api/problems.h"

namespace fairward::api {
namespace codec_test {

enum class Kind { leave, holiday };
BOOST_DESCRIBE_ENUM(Kind, leave, holiday)

struct Shift {
  TimeOfDay starts;
  BoundedInt<5, 120> slot_minutes;
};
BOOST_DESCRIBE_STRUCT(Shift, (), (starts, slot_minutes))

struct Everything {
  bool yes = false;
  std::int64_t big = 0;
  std::int32_t small = 0;
  double real = 0;
  std::string free;
  DoctorId doctor_id;
  Instant at;
  Date on;
  TimeOfDay time;
  Money price;
  BoundedInt<1, 30> limit;
  BoundedText<1, 5> name;
  Kind kind = Kind::leave;
  std::optional<std::string> note;
  std::vector<Shift> shifts;
  BoundedIntOr<1, 9, 4> preset;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (yes, big, small, real, free, doctor_id, at, on, time, price, limit, name, kind, note, shifts,
                       preset))

constexpr const char* good =
    R"({"yes":true,"big":-9223372036854775808,"small":7,"real":0.1,"free":"a\"b\u00e9\n","doctor_id":9,)"
    R"("at":"2026-12-01T09:00:00+05:30","on":"2026-12-01","time":"09:05",)"
    R"("price":{"amount_minor":50000,"currency":"INR"},)"
    R"("limit":30,"name":" Asha ","kind":"holiday","shifts":[{"starts":"24:00","slot_minutes":15}]})";

TEST(codec, reads_and_writes_every_type) {
  const auto read = decode<Everything>(good);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name.value, "Asha");
  EXPECT_EQ(read->preset, 4);
  EXPECT_EQ(read->kind, Kind::holiday);
  std::string out;
  encode(out, *read);
  EXPECT_EQ(
      out,
      R"({"yes":true,"big":-9223372036854775808,"small":7,"real":0.1,"free":"a\"bé\n","doctor_id":9,)"
      R"("at":"2026-12-01T03:30:00Z","on":"2026-12-01","time":"09:05","price":{"amount_minor":50000,"currency":"INR"},)"
      R"("limit":30,"name":"Asha","kind":"holiday","shifts":[{"starts":"24:00","slot_minutes":15}],"preset":4})");
}

struct One {
  std::optional<bool> yes;
  std::optional<std::int64_t> big;
  std::optional<std::int32_t> small;
  std::optional<double> real;
  std::optional<std::string> free;
  std::optional<DoctorId> id;
  std::optional<Instant> at;
  std::optional<Date> on;
  std::optional<TimeOfDay> time;
  std::optional<Money> price;
  std::optional<BoundedInt<1, 30>> limit;
  std::optional<BoundedText<2, 5>> name;
  std::optional<Kind> kind;
  std::optional<std::vector<Shift>> shifts;
};
BOOST_DESCRIBE_STRUCT(One, (), (yes, big, small, real, free, id, at, on, time, price, limit, name, kind, shifts))

constexpr const char* int64_range = "must be a whole number from -9223372036854775808 to 9223372036854775807";
constexpr const char* instant_form = "must be an instant such as 2026-12-01T03:30:00Z";

TEST(codec, names_each_wrong_member_and_why) {
  struct {
    const char* json;
    const char* pointer;
    const char* detail;
  } cases[] = {
      {R"({"yes":1})", "/yes", "must be true or false"},
      {R"({"yes":"true"})", "/yes", "must be true or false"},
      {R"({"big":"1"})", "/big", int64_range},
      {R"({"big":1.0})", "/big", int64_range},
      {R"({"big":9223372036854775808})", "/big", int64_range},
      {R"({"big":-99999999999999999999})", "/big", int64_range},
      {R"({"small":2147483648})", "/small", "must be a whole number from -2147483648 to 2147483647"},
      {R"({"real":"x"})", "/real", "must be a number"},
      {R"({"free":5})", "/free", "must be text"},
      {R"({"free":"a\u0000b"})", "/free", "must not contain control characters"},
      {R"({"free":"a\u001bb"})", "/free", "must not contain control characters"},
      {R"({"id":0})", "/id", "must be a positive whole number"},
      {R"({"id":"3"})", "/id", "must be a positive whole number"},
      {R"({"at":"2026-02-30T00:00:00Z"})", "/at", instant_form},
      {R"({"at":5})", "/at", instant_form},
      {R"({"on":"2026-2-3"})", "/on", "must be a date such as 2026-12-01"},
      {R"({"time":"9:00"})", "/time", "must be a time such as 09:30"},
      {R"({"price":{"amount_minor":1,"currency":"inr"}})", "/price/currency", "must be a currency code such as INR"},
      {R"({"price":{"amount_minor":1}})", "/price/currency", "is missing"},
      {R"({"price":[]})", "/price", "must be an object"},
      {R"({"limit":31})", "/limit", "must be a whole number from 1 to 30"},
      {R"({"limit":0})", "/limit", "must be a whole number from 1 to 30"},
      {R"({"name":" a "})", "/name", "must have at least 2 characters"},
      {R"({"name":"abcdef"})", "/name", "must have at most 5 characters"},
      {R"({"name":"a\nb"})", "/name", "must not contain control characters"},
      {R"({"kind":"Leave"})", "/kind", "must be one of: leave, holiday"},
      {R"({"shifts":{}})", "/shifts", "must be a list"},
      {R"({"shifts":[{"starts":"09:00","slot_minutes":5},{"starts":"9","slot_minutes":5}]})", "/shifts/1/starts",
       "must be a time such as 09:30"},
      {R"({"shifts":[{"starts":"09:00","slot_minutes":5,"a/b~":1}]})", "/shifts/0/a~1b~0", "is not known here"},
      {R"({"unknown":1})", "/unknown", "is not known here"},
      {R"({"limit":1,"limit":2})", "/limit", "is given twice"},
      {R"([])", "", "must be an object"},
      {R"(null)", "", "must be an object"},
  };
  for (const auto& c : cases) {
    const auto read = decode<One>(c.json);
    ASSERT_FALSE(read.has_value()) << c.json;
    EXPECT_EQ(read.error().problem, &request_invalid) << c.json;
    ASSERT_EQ(read.error().errors.size(), 1u) << c.json;
    EXPECT_EQ(read.error().errors[0], (FieldError{c.pointer, c.detail})) << c.json;
  }
}

TEST(codec, reports_all_errors_at_once_in_the_order_of_the_members) {
  const auto read = decode<Shift>(R"({"x":1,"slot_minutes":4})");
  ASSERT_FALSE(read.has_value());
  const std::vector<FieldError> expected{{"/starts", "is missing"},
                                         {"/slot_minutes", "must be a whole number from 5 to 120"},
                                         {"/x", "is not known here"}};
  EXPECT_EQ(read.error().errors, expected);
}

TEST(codec, refuses_what_is_not_json) {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  std::string wide = "[0";
  for (int i = 0; i < 30'000; ++i) wide += ",0";
  for (const std::string& text :
       {std::string("{"), std::string("{}x"), std::string(""), std::string("{'a':1}"), std::string("{\"a\":1,}"),
        std::string("{\"free\":\"\xC0\xAF\"}"), std::string("{\"free\":\"\\ud800\"}"), std::string("{\"big\":01}"),
        std::string("{\"free\":\"a\nb\"}"), std::string("NaN"), deep, wide + "]"}) {
    const auto read = decode<One>(text);
    ASSERT_FALSE(read.has_value()) << text.substr(0, 40);
    EXPECT_EQ(read.error().problem, &request_malformed) << text.substr(0, 40);
  }
}

TEST(codec, reads_a_number_as_the_nearest_double) {
  for (const char* text : {"0.30000000000000004", "12.971598700000001", "1.8777770000000000007445842779825212981e37",
                           "2.2250738585072014e-308", "9007199254740993.0", "123456789012345678901",
                           "1.1111111111111111e+139", "1.1111111111111112e+139"}) {
    const auto node = json_parse(text);
    ASSERT_TRUE(node) << text;
    EXPECT_EQ(node->real, std::strtod(text, nullptr)) << text;
  }
}

TEST(codec, bounds_the_number_of_errors_and_of_items) {
  std::string many = "{\"shifts\":[0";
  for (int i = 0; i < 999; ++i) many += ",0";
  EXPECT_EQ(decode<One>(many + "]}").error().errors.size(), 50u);
  const auto more = decode<One>(many + ",0]}");
  EXPECT_EQ(more.error().errors, (std::vector<FieldError>{{"/shifts", "must have at most 1000 items"}}));
}

TEST(codec, null_is_the_same_as_absent_for_optional_members) {
  const auto read = decode<One>(R"({"limit":null,"free":null})");
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->limit.has_value());
  std::string out;
  encode(out, *read);
  EXPECT_EQ(out, "{}");
}

struct Search {
  DoctorId id;
  std::optional<BoundedText<1, 20>> keyword;
  std::optional<double> radius_km;
  std::optional<bool> open;
  std::vector<Kind> kinds;
  BoundedIntOr<1, 30, 10> limit;
};
BOOST_DESCRIBE_STRUCT(Search, (), (id, keyword, radius_km, open, kinds, limit))

Result<Search> search(RequestParts parts, const std::string& query) {
  auto parameters = decode_query(query);
  if (!parameters) return Failed(std::move(parameters).error());
  parts.query = *parameters;
  Search value;
  FAIRWARD_TRY(decode(parts, type_of<Search>(), &value));
  return value;
}

TEST(decode_request, takes_members_from_path_and_query) {
  const auto read =
      search({{{"id", "7"}}, {}, {}}, "keyword=heart+care%2Fx&radius_km=2.5&open=true&kinds=leave,holiday");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->id.value, 7);
  EXPECT_EQ(read->keyword->value, "heart care/x");
  EXPECT_EQ(read->radius_km, 2.5);
  EXPECT_EQ(read->kinds, (std::vector<Kind>{Kind::leave, Kind::holiday}));
  EXPECT_EQ(read->limit, 10);
}

TEST(decode_request, names_parameters_with_a_question_mark) {
  struct {
    const char* id;
    const char* query;
    std::vector<FieldError> errors;
  } cases[] = {
      {"x", "kinds=leave", {{"?id", "must be a positive whole number"}}},
      {"7", "", {{"?kinds", "is missing"}}},
      {"7", "kinds=leave&limit=31", {{"?limit", "must be a whole number from 1 to 30"}}},
      {"7", "kinds=leave&limit=", {{"?limit", "must be a whole number from 1 to 30"}}},
      {"7", "kinds=leave&limit=1x", {{"?limit", "must be a whole number from 1 to 30"}}},
      {"7", "kinds=leave&limit=99999999999999999999", {{"?limit", "must be a whole number from 1 to 30"}}},
      {"7", "kinds=leave&open=1", {{"?open", "must be true or false"}}},
      {"7", "kinds=leave&radius_km=nan", {{"?radius_km", "must be a number"}}},
      {"7", "kinds=leave&keyword=%C0%AF", {{"?keyword", "must be valid UTF-8"}}},
      {"7", "kinds=leave&keyword=a%00", {{"?keyword", "must not contain control characters"}}},
      {"7", "kinds=leave&zoom=1", {{"?zoom", "is not known here"}}},
      {"7", "kinds=leave&id=8", {{"?id", "is not known here"}}},
      {"7", "kinds=leave&limit=1&limit=2", {{"?limit", "is given twice"}}},
  };
  for (const auto& c : cases) {
    const auto read = search({{{"id", c.id}}, {}, {}}, c.query);
    ASSERT_FALSE(read.has_value()) << c.query;
    EXPECT_EQ(read.error().errors, c.errors) << c.query;
  }
  EXPECT_EQ(search({{{"id", "7"}}, {}, {}}, "keyword=%zz").error().problem, &request_malformed);
}

struct Change {
  AppointmentId id;
  std::optional<BoundedText<1, 50>> reason;
};
BOOST_DESCRIBE_STRUCT(Change, (), (id, reason))
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

template <class T>
Result<T> body(const RequestParts& parts) {
  T value;
  FAIRWARD_TRY(decode(parts, type_of<T>(), &value));
  return value;
}

TEST(decode_request, takes_the_rest_from_the_body) {
  EXPECT_EQ(body<Change>({{{"id", "3"}}, {}, R"({"reason":"x"})"})->reason->value, "x");
  EXPECT_TRUE(body<Change>({{{"id", "3"}}, {}, ""}).has_value());
  EXPECT_TRUE(body<Change>({{{"id", "3"}}, {}, "{}"}).has_value());
  EXPECT_EQ(body<Change>({{{"id", "3"}}, {}, R"({"id":4})"}).error().errors,
            (std::vector<FieldError>{{"/id", "is not known here"}}));
  EXPECT_EQ(body<Change>({{{"id", "3"}}, {{"reason", "x"}}, "{}"}).error().errors,
            (std::vector<FieldError>{{"?reason", "is not known here"}}));
  EXPECT_EQ(body<Shift>({{}, {}, ""}).error().problem, &request_malformed);
}

TEST(decode_request, an_empty_struct_takes_no_members) {
  EXPECT_TRUE(body<Nothing>({{}, {}, ""}).has_value());
  EXPECT_TRUE(body<Nothing>({{}, {}, " {} "}).has_value());
  EXPECT_FALSE(body<Nothing>({{}, {}, R"({"a":1})"}).has_value());
  EXPECT_FALSE(body<Nothing>({{}, {}, "[]"}).has_value());
}

TEST(encode_text, escapes_what_json_forbids) {
  std::string out;
  encode_text(out, std::string_view("\"\\\n\r\t\x01\x7Fé/", 10));
  EXPECT_EQ(out, R"("\"\\\n\r\t\u0001\u007fé/")");
}

TEST(encode, writes_instants_with_what_they_need) {
  struct {
    Instant at;
    const char* text;
  } cases[] = {{{0}, "\"1970-01-01T00:00:00Z\""},
               {{-1}, "\"1969-12-31T23:59:59.999Z\""},
               {{1'796'095'800'000}, "\"2026-12-01T03:30:00Z\""},
               {{951'782'400'007}, "\"2000-02-29T00:00:00.007Z\""}};
  for (const auto& c : cases) {
    std::string out;
    encode_instant(out, c.at);
    EXPECT_EQ(out, c.text);
    EXPECT_EQ(out, "\"" + to_rfc3339(c.at) + "\"");
  }
}

TEST(encode, pages_carry_items_and_the_next_cursor) {
  std::string out;
  encode(out, Page<Shift>{{{TimeOfDay{540}, {15}}}, "c1"});
  EXPECT_EQ(out, R"({"items":[{"starts":"09:00","slot_minutes":15}],"next":"c1"})");
}

}  // namespace codec_test
}  // namespace fairward::api
