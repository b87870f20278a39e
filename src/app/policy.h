// The permission matrix as text and JSON: every operation, every role, how far the right reaches. The text is committed
// as tests/policy/policy.txt, so that a change of rights is read in review.
#pragma once

#include <string>
#include <vector>

#include "platform/api/routes.h"

namespace fairward::app {

// The declared routes and those that the dispatcher serves itself, sorted by name.
std::vector<const api::RouteData*> all_routes(const api::Routes& routes);

std::string_view method_text(http::Method method);  // "POST"

std::string policy_text(const api::Routes& routes);
// [{operation, method, path, scopes: {anyone: "none", …}}]
std::string policy_json(const api::Routes& routes);

}  // namespace fairward::app
