#include "app/policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/api/codec.h"
#include "platform/api/dispatcher.h"

namespace fairward::app {
namespace {

constexpr api::Role roles[] = {api::Role::anyone,        api::Role::patient,    api::Role::doctor,
                               api::Role::front_desk,    api::Role::ward_admin, api::Role::hospital_admin,
                               api::Role::platform_admin};

}  // namespace

std::string_view method_text(http::Method method) {
  switch (method) {
    case http::Method::get: return "GET";
    case http::Method::head: return "HEAD";
    case http::Method::post: return "POST";
    case http::Method::put: return "PUT";
    case http::Method::patch: return "PATCH";
    case http::Method::del: return "DELETE";
    case http::Method::options: return "OPTIONS";
    case http::Method::other: break;
  }
  return "OTHER";
}

std::vector<const api::RouteData*> all_routes(const api::Routes& routes) {
  std::vector<const api::RouteData*> all{&api::event_stream_route()};
  for (const auto& route : routes.all()) all.push_back(route.get());
  std::ranges::sort(all, {}, [](const api::RouteData* route) -> const std::string& { return route->name; });
  return all;
}

std::string policy_json(const api::Routes& routes) {
  std::string out = "[";
  for (const api::RouteData* route : all_routes(routes)) {
    out += out.size() > 1 ? ",\n{\"operation\":" : "\n{\"operation\":";
    api::encode_text(out, route->name);
    out += fmt::format(",\"method\":\"{}\",\"path\":", method_text(route->method));
    api::encode_text(out, route->paths.front());
    out += ",\"scopes\":{";
    for (const api::Role role : roles) {
      const char* comma = role == api::Role::anyone ? "" : ",";
      out += fmt::format("{}\"{}\":\"{}\"", comma, api::role_text(role), api::scope_text(route->scope(role)));
    }
    out += "}}";
  }
  return out + "\n]\n";
}

}  // namespace fairward::app
