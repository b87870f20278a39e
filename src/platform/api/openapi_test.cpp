// The API document, the matrix of rights and the catalogue of problems of a small table.
#include "platform/api/openapi.h"

#include <gtest/gtest.h>

#include "platform/api/json_tree.h"

namespace fairward::api {
namespace openapi_test {

enum class State { open, closed };
BOOST_DESCRIBE_ENUM(State, open, closed)
struct Thing {
  DoctorId id;
  State state = State::open;
  std::optional<Instant> at;
  std::vector<Money> prices;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, state, at, prices))
namespace other {
struct Thing {
  BoundedText<1, 9> words;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (words))
}  // namespace other
struct ThingChange {
  DoctorId id;
  std::optional<BoundedInt<1, 5>> stars;
};
BOOST_DESCRIBE_STRUCT(ThingChange, (), (id, stars))
struct ThingList {
  std::optional<DoctorId> doctor_id;
  BoundedIntOr<1, 30, 10> limit;
};
BOOST_DESCRIBE_STRUCT(ThingList, (), (doctor_id, limit))
struct ThingGet {
  DoctorId id;
};
BOOST_DESCRIBE_STRUCT(ThingGet, (), (id))

constexpr Problem thing_taken{"test.thing_taken", ProblemKind::conflict, "It is taken."};

Result<Created<Thing>> create(Txn&, Call&, const other::Thing&) { return Created<Thing>{}; }
Result<NoContent> change(Txn&, Call&, const ThingChange&) { return NoContent{}; }
Result<Page<Thing>> list(Snapshot&, Call&, const ThingList&) { return Page<Thing>{}; }
Result<Serialized<std::vector<Thing>>> get(Call&, const ThingGet&) { return Serialized<std::vector<Thing>>{"[]"}; }

Routes table() {
  Routes routes;
  routes.module("things");
  routes.add(http::Method::post, "/api/things", "thing_create", &create)
      .summary("Makes one")
      .allow(Role::patient, Scope::own)
      .problems({&thing_taken});
  routes.add(http::Method::get, "/api/things", "thing_list", &list).allow_anyone();
  routes.add(http::Method::put, "/api/things/{id}", "thing_change", &change).allow_staff().if_match();
  routes.add(http::Method::get, "/api/things/{id}", "thing_get", &get)
      .allow_signed_in()
      .long_poll()
      .alias("/things/{id}");
  return routes;
}

// Follows a pointer of names and numbers through the document.
const JsonNode* at(const JsonNode& root, std::initializer_list<const char*> names) {
  const JsonNode* node = &root;
  for (const char* name : names) {
    if (!node) return nullptr;
    node = node->kind == JsonNode::Kind::list ? &node->items.at(std::stoul(name)) : node->member(name);
  }
  return node;
}
std::string text_at(const JsonNode& root, std::initializer_list<const char*> names) {
  const JsonNode* node = at(root, names);
  return node ? node->text : "(absent)";
}

TEST(openapi, describes_every_operation) {
  const Routes routes = table();
  const auto document = json_parse(openapi(routes, "1.2.3"));
  ASSERT_TRUE(document.has_value());
  const JsonNode& root = *document;
  EXPECT_EQ(text_at(root, {"openapi"}), "3.1.0");
  EXPECT_EQ(text_at(root, {"info", "version"}), "1.2.3");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "operationId"}), "thing_create");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "summary"}), "Makes one");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "tags", "0"}), "things");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "parameters", "0", "name"}), "Idempotency-Key");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "x-rights", "patient"}), "own");
  EXPECT_EQ(
      text_at(root, {"paths", "/api/things", "post", "requestBody", "content", "application/json", "schema", "$ref"}),
      "#/components/schemas/OtherThing");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "responses", "201", "content", "application/json", "schema",
                           "$ref"}),
            "#/components/schemas/OpenapiTestThing");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "responses", "409", "description"}), "It is taken.");
  EXPECT_EQ(text_at(root, {"paths", "/api/things", "post", "responses", "409", "content", "application/problem+json",
                           "schema", "allOf", "1", "properties", "code", "enum", "0"}),
            "test.thing_taken");
  EXPECT_EQ(text_at(root, {"paths", "/api/things/{id}", "put", "requestBody", "content", "application/json", "schema",
                           "$ref"}),
            "#/components/schemas/ThingChangeBody");
  EXPECT_EQ(text_at(root, {"paths", "/api/things/{id}", "put", "parameters", "1", "name"}), "If-Match");
  EXPECT_NE(at(root, {"paths", "/api/things/{id}", "put", "responses", "428"}), nullptr);
  EXPECT_EQ(text_at(root, {"paths", "/api/things/{id}", "get", "parameters", "1", "name"}), "wait");
  EXPECT_EQ(text_at(root, {"paths", "/api/things/{id}", "get", "responses", "200", "content", "application/json",
                           "schema", "type"}),
            "array");
  EXPECT_EQ(text_at(root, {"paths", "/api/events", "get", "operationId"}), "event_stream");
  EXPECT_EQ(at(root, {"paths", "/things/{id}"}), nullptr);
}

TEST(openapi, describes_every_schema_with_its_bounds) {
  const Routes routes = table();
  const auto document = json_parse(openapi(routes, "1"));
  const JsonNode& root = *document;
  const auto schema = [&](std::initializer_list<const char*> names) {
    const JsonNode* node = at(root, {"components", "schemas"});
    for (const char* name : names) node = node ? at(*node, {name}) : nullptr;
    return node;
  };
  EXPECT_EQ(schema({"OpenapiTestThing", "required"})->items.size(), 3u);
  EXPECT_EQ(schema({"OpenapiTestThing", "properties", "at", "format"})->text, "date-time");
  EXPECT_EQ(schema({"OpenapiTestThing", "properties", "prices", "items", "$ref"})->text, "#/components/schemas/Money");
  EXPECT_EQ(schema({"State", "enum", "1"})->text, "closed");
  EXPECT_EQ(schema({"OtherThing", "properties", "words", "maxLength"})->integer, 9);
  EXPECT_EQ(schema({"ThingChangeBody", "properties", "id"}), nullptr);
  EXPECT_EQ(schema({"ThingChangeBody", "properties", "stars", "maximum"})->integer, 5);
  EXPECT_NE(schema({"ThingPage", "properties", "next"}), nullptr);
  EXPECT_NE(schema({"Problem"}), nullptr);
}

TEST(openapi, is_the_same_text_each_time) {
  const Routes one = table(), two = table();
  EXPECT_EQ(openapi(one, "1"), openapi(two, "1"));
}

TEST(policy_matrix, prints_who_reaches_how_far) {
  const Routes routes = table();
  EXPECT_EQ(
      policy_matrix(routes),
      "action        anyone    patient   doctor    front_desk  ward_admin  hospital_admin  platform_admin  system\n"
      "event_stream  all       all       all       all         all         all             all             all\n"
      "thing_change  -         -         -         hospital    hospital    hospital        all             -\n"
      "thing_create  -         own       -         -           -           -               -               -\n"
      "thing_get     -         own       own       hospital    hospital    hospital        all             -\n"
      "thing_list    all       all       all       all         all         all             all             all\n");
}

TEST(problems_of, lists_each_code_once) {
  const Routes routes = table();
  const auto problems = problems_of(routes);
  EXPECT_TRUE(
      std::any_of(problems.begin(), problems.end(), [](const Problem* p) { return p->code == "test.thing_taken"; }));
  EXPECT_TRUE(std::is_sorted(problems.begin(), problems.end(),
                             [](const Problem* a, const Problem* b) { return a->code < b->code; }));
}

}  // namespace openapi_test
}  // namespace fairward::api
