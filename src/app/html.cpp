// Everything that comes from a declaration or a request is escaped on its way into a page.
#include "app/html.h"

#include <fmt/format.h>

#include <map>

#include "app/policy.h"
#include "base/text.h"
#include "platform/api/openapi.h"
#include "platform/api/problems.h"

namespace fairward::app {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#14282c;"
    "background:#f5f8f8;overflow-wrap:anywhere}code,pre{font:14px "
    "ui-monospace,monospace}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;border-bottom:1px solid #748588;padding:.3rem .6rem .3rem 0}"
    "a{color:#00727a}h2{margin-top:2.5rem}h3{margin:2rem 0 .3rem}"
    "@media(prefers-color-scheme:dark){body{color:#e4eef0;background:#0e1618}a{color:#4cc3c9}}";

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><style>{}</style></head>\n<body><main>\n{}\n"
      "</main></body></html>\n",
      html_escaped(title), style, body);
}

std::string type_name(const api::Type& type) {
  using Kind = api::Type::Kind;
  switch (type.kind) {
    case Kind::boolean: return "true or false";
    case Kind::int64:
    case Kind::int32: return "whole number";
    case Kind::real: return "number";
    case Kind::text: return "text";
    case Kind::currency: return "currency code";
    case Kind::id: return "id";
    case Kind::instant: return "instant, 2026-12-01T03:30:00Z";
    case Kind::date: return "date, 2026-12-01";
    case Kind::time_of_day: return "time, 09:30";
    case Kind::bounded_int: return fmt::format("{} … {}", type.minimum, type.maximum);
    case Kind::bounded_text: return fmt::format("text of {} … {} characters", type.minimum, type.maximum);
    case Kind::optional: return type_name(*type.item);
    case Kind::list: return "list of " + type_name(*type.item);
    case Kind::structure: return type.name;
    case Kind::raw_json: return "object";
    case Kind::enumeration: break;
  }
  std::string names;
  for (const api::TypeEnumerator& enumerator : type.enumerators)
    names += (names.empty() ? "" : " | ") + std::string(enumerator.name);
  return names;
}

std::string members_table(std::string_view caption, const api::Type* type) {
  if (!type || type->kind != api::Type::Kind::structure || type->members.empty()) return "";
  std::string rows;
  for (const api::TypeMember& member : type->members)
    rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>", html_escaped(member.name),
                        html_escaped(type_name(*member.type)), member.type->is_required() ? "" : "optional");
  return fmt::format("<table><caption>{}</caption>{}</table>", caption, rows);
}

std::string rights_line(const api::RouteData& route) {
  std::string line;
  for (int role = 0; role < static_cast<int>(api::Role::system); ++role) {
    const auto scope = route.scope(static_cast<api::Role>(role));
    if (scope == api::Scope::none) continue;
    const auto name = api::role_text(static_cast<api::Role>(role));
    line += fmt::format("{}{} ({})", line.empty() ? "" : ", ", name, api::scope_text(scope));
  }
  return line;
}

std::string problems_line(const api::RouteData& route) {
  std::string line;
  for (const Problem* problem : route.problems)
    line += fmt::format("{}<a href=\"/problems/{}\">{}</a>", line.empty() ? "<p>Problems: " : ", ", problem->code,
                        problem->code);
  return line.empty() ? "" : line + "</p>";
}

std::string operation(const api::RouteData& route) {
  std::string out = fmt::format("<h3 id=\"{0}\"><code>{1} {2}</code></h3><p>{3}. <a href=\"#{0}\">{0}</a></p>",
                                html_escaped(route.name), method_text(route.method), html_escaped(route.paths.front()),
                                html_escaped(route.summary));
  if (!route.description.empty()) out += fmt::format("<p>{}</p>", html_escaped(route.description));
  for (std::size_t i = 1; i < route.paths.size(); ++i)
    out += fmt::format("<p>Also <code>{}</code></p>", html_escaped(route.paths[i]));
  out += fmt::format("<p>Allowed: {}. Answers {}.</p>", html_escaped(rights_line(route)), route.status);
  out += members_table("Takes", route.input);
  out += members_table("Gives", route.body);
  return out + problems_line(route);
}

const Problem* problem_find(const api::Routes& routes, std::string_view code) {
  for (const Problem* problem : api::problems_of(routes))
    if (problem->code == code) return problem;
  return nullptr;
}

std::string_view retry_sentence(Retry retry) {
  switch (retry) {
    case Retry::never: return "The same request will be answered the same way: do not repeat it.";
    case Retry::after_change: return "Change what the reply names, then send it again.";
    case Retry::later: break;
  }
  return "Send the same request again later; Retry-After says when.";
}

constexpr std::string_view docs_head =
    "<h1>Fairward API</h1><p>Machine-readable: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1). "
    "Send <code>Authorization: Bearer …</code>; get a token from <a "
    "href=\"#auth_login\"><code>/api/auth/login</code></a>. "
    "Errors are <code>application/problem+json</code> (RFC 9457). On a POST that creates or pays, send an "
    "<code>Idempotency-Key</code>: a retry then does nothing twice. Instants are UTC.</p>";

}  // namespace

std::string docs_page(const api::Routes& routes) {
  std::map<std::string, std::string> sections;  // by module
  for (const api::RouteData* route : all_routes(routes))
    sections[route->tag.empty() ? "events" : route->tag] += operation(*route);
  std::string body(docs_head);
  for (const auto& [module, operations] : sections)
    body += fmt::format("<h2>{}</h2>{}", html_escaped(module), operations);
  return page("Fairward API", body);
}

std::optional<std::string> problem_page(const api::Routes& routes, std::string_view code) {
  const Problem* problem = problem_find(routes, code);
  if (!problem) return std::nullopt;
  const std::string body = fmt::format(
      "<h1><code>{}</code></h1><p>{}</p><p>HTTP status {}.</p><p>{}</p><p><a href=\"/docs\">All operations</a></p>",
      html_escaped(problem->code), html_escaped(problem->title), api::status_of(problem->kind),
      retry_sentence(problem->retry));
  return page(problem->code, body);
}

std::string bare_page() {
  return page(
      "Fairward",
      "<h1>Fairward</h1><p>This program was built without its web UI. The API is here: "
      "<a href=\"/docs\">reference</a>, <a href=\"/openapi.json\">OpenAPI</a>, <a href=\"/health\">health</a>.</p>");
}

std::string not_found_page() {
  return page("Not found", "<h1>Not found</h1><p>There is nothing at this address. <a href=\"/\">To the start</a></p>");
}

}  // namespace fairward::app
