// Finds the route of a path: see router.h.
#include "platform/api/router.h"

namespace fairward::api {
namespace {

// Takes the first segment off "/a/b": "a", leaving "/b".
std::string_view segment_take(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
std::string parameter_name(std::string_view segment) { return std::string(segment.substr(1, segment.size() - 2)); }

}  // namespace

std::vector<std::string> path_parameters(std::string_view path) {
  std::vector<std::string> names;
  while (path.starts_with('/'))
    if (const std::string_view segment = segment_take(path); is_parameter(segment))
      names.push_back(parameter_name(segment));
  return names;
}

std::string path_shape(std::string_view path) {
  std::string shape;
  while (path.starts_with('/')) {
    const std::string_view segment = segment_take(path);
    shape += '/';
    shape += is_parameter(segment) ? std::string_view("{}") : segment;
  }
  return shape;
}

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

Router::Router(const Routes& routes) {
  for (const auto& route : routes.all()) add(*route);
}

void Router::add(const RouteData& route) {
  for (const std::string& path : route.paths) add_path(route, path);
}

void Router::add_path(const RouteData& route, std::string_view path) {
  Node* node = &root_;
  std::string_view rest = path;
  while (rest.starts_with('/')) {
    const std::string_view segment = segment_take(rest);
    auto& next = is_parameter(segment) ? node->parameter : node->written[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  node->places[route.method] = {&route, path_parameters(path)};
}

// The node of the path, its parameters' values in order; goes back where a written segment leads nowhere.
const Router::Node* Router::find(const Node& node, std::string_view rest, Values& values) {
  if (!rest.starts_with('/')) return node.places.empty() ? nullptr : &node;
  const std::string_view segment = segment_take(rest);
  if (const auto written = node.written.find(segment); written != node.written.end())
    if (const Node* found = find(*written->second, rest, values)) return found;
  if (!node.parameter || segment.empty()) return nullptr;
  bool is_good = true;
  values.push_back(http::url_decode(segment, &is_good));
  if (const Node* found = is_good ? find(*node.parameter, rest, values) : nullptr) return found;
  values.pop_back();
  return nullptr;
}

std::string Router::allowed(const Node& node) {
  std::string text;
  for (const auto& [method, place] : node.places) {
    text += method_text(method);
    text += ", ";
    if (method == http::Method::get) text += "HEAD, ";
  }
  return text + "OPTIONS";
}

Router::Match Router::match(http::Method method, std::string_view path) const {
  Match match;
  Values values;
  const Node* node = find(root_, path, values);
  if (!node) return match;
  match.allow = allowed(*node);
  const auto place = node->places.find(method == http::Method::head ? http::Method::get : method);
  if (place == node->places.end()) return match;
  match.route = place->second.route;
  for (std::size_t i = 0; i < values.size(); ++i)
    match.parameters.emplace_back(place->second.names[i], std::move(values[i]));
  return match;
}

}  // namespace fairward::api
