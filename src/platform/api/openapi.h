// What the route table says of itself: the API document, the matrix of rights, the catalogue of problems.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/api/routes.h"

namespace fairward::api {

// OpenAPI 3.1, indented, the same text for the same routes.
std::string openapi(const Routes& routes, std::string_view version);

// One line for each action: which role reaches how far.
std::string policy_matrix(const Routes& routes);

// Every problem that a client can meet, by code; for /problems/{code}.
std::vector<const Problem*> problems_of(const Routes& routes);

}  // namespace fairward::api
