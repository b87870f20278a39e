// Plain pages for people: the API reference and the meaning of each problem. No script, nothing from outside.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/api/routes.h"

namespace fairward::app {

// The API reference from the route table.
std::string docs_page(const api::Routes& routes);
// What a problem code means and what to do; nullopt when no operation declares it.
std::optional<std::string> problem_page(const api::Routes& routes, std::string_view code);
// The start page of a program that was built without the UI.
std::string bare_page();
std::string not_found_page();

}  // namespace fairward::app
