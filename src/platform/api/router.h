// Finds the route of a path, segment by segment. A written segment wins over a parameter: /doctors/search before
// /doctors/{id}.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/api/routes.h"

namespace fairward::api {

std::vector<std::string> path_parameters(std::string_view path);  // "/a/{id}/b/{x}" → id, x
std::string path_shape(std::string_view path);      // "/a/{}/b/{}": equal for paths that cannot be told apart
std::string_view method_text(http::Method method);  // "GET"

class Router {
 public:
  struct Match {
    const RouteData* route = nullptr;                             // nullptr: not found, or only with other methods
    std::vector<std::pair<std::string, std::string>> parameters;  // by name, percent-decoded
    std::string allow;                                            // "GET, HEAD, OPTIONS" when the path exists
  };

  explicit Router(const Routes& routes);
  // HEAD finds the GET route. A parameter with a broken escape or an empty one does not match.
  Match match(http::Method method, std::string_view path) const;
  void add(const RouteData& route);

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> written;
    std::unique_ptr<Node> parameter;
    struct Place {
      const RouteData* route;
      std::vector<std::string> names;
    };
    std::map<http::Method, Place> places;
  };
  using Values = std::vector<std::string>;

  void add_path(const RouteData& route, std::string_view path);
  static const Node* find(const Node& node, std::string_view rest, Values& values);
  static std::string allowed(const Node& node);

  Node root_;
};

}  // namespace fairward::api
