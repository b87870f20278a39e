// The API document: see openapi.h.
#include "platform/api/openapi.h"

#include <algorithm>
#include <map>
#include <set>

#include "platform/api/dispatcher.h"
#include "platform/api/json_writer.h"
#include "platform/api/problems.h"
#include "platform/api/router.h"

namespace fairward::api {
namespace {

using Kind = Type::Kind;

// The routes in the order of the document, the dispatcher's own included.
std::vector<const RouteData*> routes_sorted(const Routes& routes) {
  std::vector<const RouteData*> sorted{&event_stream_route()};
  for (const auto& route : routes.all()) sorted.push_back(route.get());
  std::sort(sorted.begin(), sorted.end(), [](const RouteData* a, const RouteData* b) {
    return std::tie(a->paths.front(), a->method) < std::tie(b->paths.front(), b->method);
  });
  return sorted;
}

bool is_from_path(const RouteData& route, std::string_view name) {
  const auto names = path_parameters(route.paths.front());
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool allows_anyone(const RouteData& route) { return route.scope(Role::anyone) != Scope::none; }

// The problems of a route: its own and those of the steps before it.
std::vector<const Problem*> problems_of_route(const RouteData& route) {
  std::vector<const Problem*> problems{&request_malformed, &request_invalid,    &rate_exceeded,
                                       &server_busy,       &server_unavailable, &server_fault};
  if (!allows_anyone(route)) problems.insert(problems.end(), {&login_required, &right_missing});
  if (route.is_if_match) problems.insert(problems.end(), {&if_match_required, &precondition_failed});
  if (route.has_body() && !route.is_raw_body) problems.push_back(&media_unsupported);
  if (route.is_idempotent_write())
    problems.insert(problems.end(), {&idempotency_key_malformed, &idempotency_key_reused});
  problems.insert(problems.end(), route.problems.begin(), route.problems.end());
  return problems;
}

// "hold_create" → "HoldCreate"
std::string title_case(std::string_view words) {
  std::string name;
  bool is_upper = true;
  for (const char c : words) {
    if (c != '_') name += is_upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    is_upper = c == '_';
  }
  return name;
}

// Names of schemas: the struct's own; where two structs share one, with their namespace before it.
class SchemaNames {
 public:
  void add(const Type& type) {
    if (!seen_.insert(&type).second) return;
    if (type.kind == Kind::structure || type.kind == Kind::enumeration) named_[type.name].insert(type.qualified_name);
    if (type.item) add(*type.item);
    for (const TypeMember& member : type.members) add(*member.type);
  }
  std::string of(const Type& type) const {
    const auto found = named_.find(type.name);
    if (found == named_.end() || found->second.size() < 2) return type.name;
    std::string_view space = type.qualified_name;  // "fairward::booking::Slot"
    space.remove_suffix(std::min(space.size(), type.name.size() + 2));
    if (const std::size_t colon = space.rfind(':'); colon != std::string_view::npos) space.remove_prefix(colon + 1);
    return title_case(space) + type.name;
  }
  // The named types by schema name.
  std::map<std::string, const Type*> all() const {
    std::map<std::string, const Type*> types;
    for (const Type* type : seen_)
      if ((type->kind == Kind::structure || type->kind == Kind::enumeration) && !type->name.empty())
        types[of(*type)] = type;
    return types;
  }

 private:
  std::set<const Type*> seen_;
  std::map<std::string, std::set<std::string>> named_;
};

class Document {
 public:
  Document(const Routes& routes, std::string_view version) : routes_(routes_sorted(routes)), version_(version) {
    for (const RouteData* route : routes_) {
      if (route->body) names_.add(*route->body);
      if (uses_whole_input(*route)) names_.add(*route->input);
      else
        for (const TypeMember& member : route->input->members) names_.add(*member.type);
    }
  }

  std::string text() {
    out_.object([&] {
      out_.text("openapi", "3.1.0");
      info();
      out_.list("servers", [&] { out_.object([&] { out_.text("url", "/"); }); });
      tags();
      out_.object("paths", [&] { paths(); });
      out_.object("components", [&] { components(); });
    });
    return out_.take() + "\n";
  }

 private:
  static bool has_json_body(const RouteData& route) { return route.has_body() && !route.is_raw_body; }
  static bool uses_whole_input(const RouteData& route) {
    return has_json_body(route) && path_parameters(route.paths.front()).empty() && !route.input->members.empty();
  }
  static bool uses_part_of_input(const RouteData& route) {
    return has_json_body(route) && !path_parameters(route.paths.front()).empty() && body_members(route) > 0;
  }
  static std::ptrdiff_t body_members(const RouteData& route) {
    return std::count_if(route.input->members.begin(), route.input->members.end(),
                         [&](const TypeMember& m) { return !is_from_path(route, m.name); });
  }
  static std::string part_name(const RouteData& route) { return title_case(route.name) + "Body"; }

  void info() {
    out_.object("info", [&] {
      out_.text("title", "Fairward");
      out_.text("version", version_);
      out_.text("description",
                "Hospital and fair appointment booking. Instants are RFC 3339 in UTC, dates are local to the hospital; "
                "money is in minor "
                "units. Failures are application/problem+json (RFC 9457) with a stable code.");
    });
  }
  void tags() {
    std::set<std::string> tags;
    for (const RouteData* route : routes_) tags.insert(route->tag);
    out_.list("tags", [&] {
      for (const std::string& tag : tags) out_.object([&] { out_.text("name", tag); });
    });
  }
  void paths() {
    for (std::size_t i = 0; i < routes_.size();) {
      const std::string& path = routes_[i]->paths.front();
      out_.object(path, [&] {
        for (; i < routes_.size() && routes_[i]->paths.front() == path; ++i) operation(*routes_[i]);
      });
    }
  }
  static std::string method_name(http::Method method) {
    std::string name(method_text(method));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    return name;
  }
  void operation(const RouteData& route) {
    out_.object(method_name(route.method), [&] {
      out_.text("operationId", route.name);
      if (!route.summary.empty()) out_.text("summary", route.summary);
      if (!route.description.empty()) out_.text("description", route.description);
      out_.list("tags", [&] { out_.text(route.tag); });
      security(route);
      rights(route);
      out_.list("parameters", [&] { parameters(route); });
      request_body(route);
      out_.object("responses", [&] { responses(route); });
    });
  }
  void security(const RouteData& route) {
    out_.list("security", [&] {
      if (allows_anyone(route)) out_.object([] {});
      if (allows_anyone(route) && route.credentials == Credentials::forgiven) return;
      for (const char* scheme : {"bearer", "cookie"}) out_.object([&] { out_.list(scheme, [] {}); });
    });
  }
  void rights(const RouteData& route) {
    out_.object("x-rights", [&] {
      for (std::size_t i = 0; i < route.scopes.size(); ++i)
        if (route.scopes[i] != Scope::none) out_.text(role_text(static_cast<Role>(i)), scope_text(route.scopes[i]));
    });
  }

  void parameter(std::string_view name, std::string_view in, bool is_required, std::string_view description,
                 const Type& type) {
    out_.object([&] {
      out_.text("name", name);
      out_.text("in", in);
      out_.boolean("required", is_required);
      if (!description.empty()) out_.text("description", description);
      if (type.kind == Kind::list || (type.item && type.item->kind == Kind::list)) {
        out_.text("style", "form");
        out_.boolean("explode", false);
      }
      out_.object("schema", [&] { schema(type); });
    });
  }
  void parameters(const RouteData& route) {
    for (const std::string& name : path_parameters(route.paths.front()))
      parameter(name, "path", true, "", *route.input->member(name)->type);
    if (!route.has_body() || route.is_raw_body)
      for (const TypeMember& member : route.input->members)
        if (!is_from_path(route, member.name))
          parameter(member.name, "query", member.type->is_required(), "", *member.type);
    if (route.is_long_poll)
      parameter("wait", "query", false, "Long poll: with If-None-Match the reply waits that many seconds for a change.",
                type_of<BoundedInt<0, 60>>());
    if (route.is_long_poll || route.is_public)
      parameter("If-None-Match", "header", false, "The ETag of the reply that the client has.", type_of<std::string>());
    if (route.is_if_match)
      parameter("If-Match", "header", true, "The ETag of the version that was read.", type_of<std::string>());
    if (route.is_idempotent_write())
      parameter("Idempotency-Key", "header", false,
                "The same key with the same request happens once; the first reply is sent again.",
                type_of<BoundedText<1, 255>>());
    if (&route == &event_stream_route())
      parameter("Last-Event-ID", "header", false, "The id of the last event that the client saw.",
                type_of<std::string>());
  }
  void content(std::string_view media_type, const std::function<void()>& schema_of) {
    out_.object("content", [&] { out_.object(media_type, [&] { out_.object("schema", schema_of); }); });
  }
  void reference(const std::string& name) { out_.text("$ref", "#/components/schemas/" + name); }

  void request_body(const RouteData& route) {
    const bool is_whole = uses_whole_input(route);
    if (!is_whole && !uses_part_of_input(route) && !route.is_raw_body) return;
    out_.object("requestBody", [&] {
      out_.boolean("required", needs_body(route));
      content("application/json", [&] {
        if (is_whole) reference(names_.of(*route.input));
        else if (!route.is_raw_body) reference(part_name(route));
      });
    });
  }
  static bool needs_body(const RouteData& route) {
    return route.is_raw_body ||
           std::any_of(route.input->members.begin(), route.input->members.end(),
                       [&](const TypeMember& m) { return m.type->is_required() && !is_from_path(route, m.name); });
  }

  void responses(const RouteData& route) {
    out_.object(std::to_string(route.status), [&] { success(route); });
    if (route.is_long_poll || route.is_public)
      out_.object("304", [&] { out_.text("description", "Nothing has changed."); });
    std::map<int, std::vector<const Problem*>> by_status;
    for (const Problem* problem : problems_of_route(route)) by_status[status_of(problem->kind)].push_back(problem);
    for (const auto& by : by_status) out_.object(std::to_string(by.first), [&] { problem_response(by.second); });
  }
  void success(const RouteData& route) {
    out_.text("description", route.status == 204   ? "Done."
                             : route.status == 202 ? "Accepted; it goes on."
                             : route.status == 201 ? "Created."
                                                   : "The answer.");
    if (route.status == 201)
      out_.object("headers", [&] {
        out_.object("Location", [&] { out_.object("schema", [&] { out_.text("type", "string"); }); });
      });
    if (&route == &event_stream_route()) content("text/event-stream", [&] { out_.text("type", "string"); });
    else if (route.body) content(route.media_type, [&] { schema(*route.body); });
  }
  void problem_response(const std::vector<const Problem*>& problems) {
    std::string titles;
    std::set<std::string_view> codes;
    for (const Problem* problem : problems)
      if (codes.insert(problem->code).second) titles += (titles.empty() ? "" : " | ") + std::string(problem->title);
    out_.text("description", titles);
    content("application/problem+json", [&] {
      out_.list("allOf", [&] {
        out_.object([&] { reference("Problem"); });
        out_.object([&] {
          out_.object("properties", [&] {
            out_.object("code", [&] {
              out_.list("enum", [&] {
                for (const auto code : codes) out_.text(code);
              });
            });
          });
        });
      });
    });
  }

  void schema(const Type& type) {
    switch (type.kind) {
      case Kind::boolean: return out_.text("type", "boolean");
      case Kind::int64: return number("integer", "int64");
      case Kind::int32: return number("integer", "int32");
      case Kind::real: return number("number", "double");
      case Kind::text: return out_.text("type", "string");
      case Kind::currency: return pattern("^[A-Z]{3}$");
      case Kind::id: number("integer", "int64"); return out_.integer("minimum", 1);
      case Kind::instant: return number("string", "date-time");
      case Kind::date: return number("string", "date");
      case Kind::time_of_day: return pattern("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$");
      case Kind::bounded_int:
        number("integer", "int64");
        bounds("minimum", "maximum", type);
        if (type.preset) out_.integer("default", *type.preset);
        return;
      case Kind::bounded_text: out_.text("type", "string"); return bounds("minLength", "maxLength", type);
      case Kind::enumeration: return reference(names_.of(type));
      case Kind::optional: return schema(*type.item);
      case Kind::list: out_.text("type", "array"); return out_.object("items", [&] { schema(*type.item); });
      case Kind::structure:
        if (!type.name.empty() && !type.members.empty()) return reference(names_.of(type));
        return out_.text("type", "object");
      case Kind::raw_json: return;
    }
  }
  void number(std::string_view type, std::string_view format) {
    out_.text("type", type);
    out_.text("format", format);
  }
  void pattern(std::string_view pattern) {
    out_.text("type", "string");
    out_.text("pattern", pattern);
  }
  void bounds(std::string_view low, std::string_view high, const Type& type) {
    out_.integer(low, type.minimum);
    out_.integer(high, type.maximum);
  }

  void components() {
    out_.object("securitySchemes", [&] {
      out_.object("bearer", [&] {
        out_.text("type", "http");
        out_.text("scheme", "bearer");
        out_.text("bearerFormat", "JWT");
      });
      out_.object("cookie", [&] {
        out_.text("type", "apiKey");
        out_.text("in", "cookie");
        out_.text("name", "fw_session");
        out_.text("description", "Unsafe methods also need X-CSRF-Token, the value of the cookie fw_csrf.");
      });
    });
    out_.object("schemas", [&] { schemas(); });
  }
  void schemas() {
    std::map<std::string, std::function<void()>> by_name;
    by_name["Problem"] = [&] { problem_schema(); };
    for (const auto& [name, type] : names_.all())
      if (type->kind == Kind::enumeration || !type->members.empty())
        by_name[name] = [this, type = type] { definition(*type, nullptr); };
    for (const RouteData* route : routes_)
      if (uses_part_of_input(*route)) by_name[part_name(*route)] = [this, route] { definition(*route->input, route); };
    for (const auto& [name, define] : by_name) out_.object(name, define);
  }
  // Without the members that come from the path, when it is the body of a route.
  void definition(const Type& type, const RouteData* route) {
    if (type.kind == Kind::enumeration) {
      out_.text("type", "string");
      out_.list("enum", [&] {
        for (const TypeEnumerator& e : type.enumerators) out_.text(e.name);
      });
      return;
    }
    const auto is_shown = [&](const TypeMember& m) { return !route || !is_from_path(*route, m.name); };
    out_.text("type", "object");
    out_.list("required", [&] {
      for (const TypeMember& m : type.members)
        if (is_shown(m) && m.type->is_required()) out_.text(m.name);
    });
    out_.object("properties", [&] {
      for (const TypeMember& m : type.members)
        if (is_shown(m)) out_.object(m.name, [&] { schema(*m.type); });
    });
  }
  void problem_schema() {
    out_.text("type", "object");
    out_.list("required", [&] {
      for (const char* name : {"type", "title", "status", "code"}) out_.text(name);
    });
    out_.object("properties", [&] {
      for (const char* name : {"type", "title", "code", "request_id", "trace_id", "outcome"})
        out_.object(name, [&] { out_.text("type", "string"); });
      out_.object("status", [&] { out_.text("type", "integer"); });
      out_.object("errors", [&] {
        out_.text("type", "array");
        out_.object("items", [&] {
          out_.text("type", "object");
          out_.object("properties", [&] {
            for (const char* name : {"pointer", "detail"}) out_.object(name, [&] { out_.text("type", "string"); });
          });
        });
      });
    });
  }

  std::vector<const RouteData*> routes_;
  std::string_view version_;
  SchemaNames names_;
  JsonWriter out_;
};

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, text.size()), ' ');
  return cell;
}

// A line of the matrix: the action's cell, then one for each role.
template <class F>
std::string matrix_line(std::string_view action, std::size_t width, F&& cell_of) {
  constexpr std::size_t gap = 2;
  std::string line = padded(action, width + gap);
  for (int role = 0; role <= static_cast<int>(Role::system); ++role) {
    const std::size_t cell_width =
        std::max(role_text(static_cast<Role>(role)).size(), scope_text(Scope::hospital).size());
    line += padded(cell_of(static_cast<Role>(role)), cell_width + gap);
  }
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string openapi(const Routes& routes, std::string_view version) { return Document(routes, version).text(); }

std::string policy_matrix(const Routes& routes) {
  std::vector<const RouteData*> sorted = routes_sorted(routes);
  std::sort(sorted.begin(), sorted.end(), [](const RouteData* a, const RouteData* b) { return a->name < b->name; });
  std::size_t width = 0;
  for (const RouteData* route : sorted) width = std::max(width, route->name.size());
  std::string table = matrix_line("action", width, role_text);
  for (const RouteData* route : sorted)
    table += matrix_line(route->name, width, [&](Role role) {
      return route->scope(role) == Scope::none ? std::string_view("-") : scope_text(route->scope(role));
    });
  return table;
}

std::vector<const Problem*> problems_of(const Routes& routes) {
  std::map<std::string_view, const Problem*> by_code;
  for (const Problem* problem : {&route_not_found, &method_not_allowed, &request_too_large, &second_factor_missing,
                                 &key_scope_missing, &key_quota_exceeded})
    by_code[problem->code] = problem;
  for (const RouteData* route : routes_sorted(routes))
    for (const Problem* problem : problems_of_route(*route)) by_code[problem->code] = problem;
  std::vector<const Problem*> problems;
  problems.reserve(by_code.size());
  for (const auto& [code, problem] : by_code) problems.push_back(problem);
  return problems;
}

}  // namespace fairward::api
