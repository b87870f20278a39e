// Paths and the faults of a route table.
#include "platform/api/router.h"

#include <gtest/gtest.h>

namespace fairward::api {
namespace router_test {

struct ById {
  DoctorId id;
};
BOOST_DESCRIBE_STRUCT(ById, (), (id))
struct ByTwo {
  DoctorId id;
  std::int64_t exception_id;
};
BOOST_DESCRIBE_STRUCT(ByTwo, (), (id, exception_id))

Result<NoContent> by_id(Call&, const ById&) { return NoContent{}; }
Result<NoContent> by_two(Call&, const ByTwo&) { return NoContent{}; }
Result<NoContent> plain(Call&, const Empty&) { return NoContent{}; }
Result<NoContent> write_by_id(Txn&, Call&, const ById&) { return NoContent{}; }

using http::Method;

Routes table() {
  Routes routes;
  routes.module("test");
  routes.add(Method::get, "/api/doctors", "list", &plain).allow_anyone();
  routes.add(Method::post, "/api/doctors", "create", &plain).allow_anyone();
  routes.add(Method::get, "/api/doctors/search", "search", &plain).allow_anyone();
  routes.add(Method::get, "/api/doctors/{id}", "get", &by_id).allow_anyone().alias("/doctors/{id}");
  routes.add(Method::get, "/api/doctors/{id}/slots", "slots", &by_id).allow_anyone();
  routes.add(Method::del, "/api/doctors/{id}/exceptions/{exception_id}", "remove", &by_two).allow_anyone();
  return routes;
}

TEST(router, finds_the_route_of_a_path) {
  struct {
    Method method;
    const char* path;
    const char* name;
    const char* allow;
  } cases[] = {
      {Method::get, "/api/doctors", "list", "GET, HEAD, POST, OPTIONS"},
      {Method::head, "/api/doctors", "list", "GET, HEAD, POST, OPTIONS"},
      {Method::post, "/api/doctors", "create", "GET, HEAD, POST, OPTIONS"},
      {Method::put, "/api/doctors", "", "GET, HEAD, POST, OPTIONS"},
      {Method::get, "/api/doctors/search", "search", "GET, HEAD, OPTIONS"},
      {Method::get, "/api/doctors/7", "get", "GET, HEAD, OPTIONS"},
      {Method::get, "/doctors/7", "get", "GET, HEAD, OPTIONS"},
      {Method::get, "/api/doctors/search/slots", "slots", "GET, HEAD, OPTIONS"},  // back from the written segment
      {Method::get, "/api/doctors/7/slots", "slots", "GET, HEAD, OPTIONS"},
      {Method::del, "/api/doctors/7/exceptions/9", "remove", "DELETE, OPTIONS"},
      {Method::get, "/api/doctors/", "", ""},
      {Method::get, "/api//doctors", "", ""},
      {Method::get, "/api/doctors/7/nothing", "", ""},
      {Method::get, "/api/doctors/%zz", "", ""},
      {Method::get, "/", "", ""},
      {Method::get, "", "", ""},
      {Method::get, "*", "", ""},
  };
  const Routes routes = table();
  const Router router(routes);
  for (const auto& c : cases) {
    const Router::Match match = router.match(c.method, c.path);
    EXPECT_EQ(match.route ? match.route->name : "", c.name) << c.path;
    EXPECT_EQ(match.allow, c.allow) << c.path;
  }
}

TEST(router, gives_the_parameters_by_name_and_decoded) {
  const Routes routes = table();
  const auto match = Router(routes).match(Method::del, "/api/doctors/a%2Fb/exceptions/9");
  EXPECT_EQ(match.parameters, (std::vector<std::pair<std::string, std::string>>{{"id", "a/b"}, {"exception_id", "9"}}));
}

struct Nested {
  ById inner;
};
BOOST_DESCRIBE_STRUCT(Nested, (), (inner))
Result<NoContent> nested(Call&, const Nested&) { return NoContent{}; }

TEST(routes, a_sound_table_has_no_faults) { EXPECT_EQ(table().faults(), std::vector<std::string>{}); }

TEST(routes, names_every_fault_of_a_table) {
  Routes routes;
  routes.module("test");
  routes.add(Method::get, "/a", "without_rights", &plain);
  routes.add(Method::get, "/b/{name}", "without_member", &by_id).allow_anyone();
  routes.add(Method::get, "/c", "nested", &nested).allow_anyone();
  routes.add(Method::get, "/d", "twice", &plain).allow_anyone();
  routes.add(Method::post, "/d", "twice", &plain).allow_anyone();
  routes.add(Method::post, "/e/{id}", "first", &by_id).allow_anyone();
  routes.add(Method::post, "/e/{id}", "second", &write_by_id).allow_anyone().order_by(&ByTwo::exception_id);
  EXPECT_EQ(routes.faults(), (std::vector<std::string>{
                                 "without_rights: no line says who may call it (allow)",
                                 "without_member: its input has no member for the path's {name}",
                                 "nested: the member inner cannot come from a query string",
                                 "twice: two routes have this name",
                                 "second: order_by reads another struct than the operation's input",
                                 "second: another route has this method and path",
                             }));
}

}  // namespace router_test
}  // namespace fairward::api
