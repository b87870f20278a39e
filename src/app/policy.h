// The routes as a list for pages and tests. The matrix that people read is api::policy_matrix.
#pragma once

#include <string>
#include <vector>

#include "platform/api/routes.h"

namespace fairward::app {

// The declared routes and those that the dispatcher serves itself, sorted by name.
std::vector<const api::RouteData*> all_routes(const api::Routes& routes);

std::string_view method_text(http::Method method);  // "POST"
// [{operation, method, path, scopes: {anyone: "none", …}}]
std::string policy_json(const api::Routes& routes);

}  // namespace fairward::app
