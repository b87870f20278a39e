// Which calls and files a page's header names.
#include "app/first_loads.h"

#include <gtest/gtest.h>

namespace fairward::app {
namespace {

constexpr const char* manifest = R"({
  "index.html": {"file": "assets/index.js", "imports": ["_vendor.js"], "css": ["assets/index.css"]},
  "_vendor.js": {"file": "assets/vendor.js"},
  "_slots.js": {"file": "assets/slots.js", "imports": ["_vendor.js"], "css": ["assets/slots.css"]},
  "src/features/doctor/doctor_page.tsx": {"file": "assets/doctor.js",
    "imports": ["_vendor.js", "_slots.js", "_slots.js"], "css": ["assets/doctor.css"]},
  "src/i18n/en_pages.json": {"file": "assets/words.js"}})";

bool has(const std::string& links, const std::string& text) { return links.find(text) != std::string::npos; }

TEST(first_loads, names_the_calls_of_the_page) {
  const FirstLoads loads;
  const struct {
    const char* target;
    const char* calls;
  } cases[] = {
      {"/", "</api/session> </api/cities?limit=500> </api/doctors?limit=10> </api/specialities>"},
      {"/?q=heart", "</api/session> </api/cities?limit=500>"},
      {"/d/17", "</api/session> </api/doctors/17>"},
      {"/d/17?on=2026-12-01", "</api/session> </api/doctors/17>"},
      {"/d/17/x", "</api/session>"},
      {"/d/>;rel=x", "</api/session>"},
      {"/d/", "</api/session>"},
      {"/login?next=/d/3", "</api/session>"},
      {"/admin", "</api/session>"},
  };
  for (const auto& [target, calls] : cases) {
    std::string named;
    const std::string links = loads.links(target);
    for (std::size_t at = links.find('<'); at != std::string::npos; at = links.find('<', at + 1))
      named += (named.empty() ? "" : " ") + links.substr(at, links.find('>', at) + 1 - at);
    EXPECT_EQ(named, calls) << target;
  }
}

TEST(first_loads, names_each_file_of_the_page_once_and_none_that_the_entry_brings) {
  const std::string links = FirstLoads(manifest).links("/d/17");
  EXPECT_TRUE(has(links, "</assets/doctor.js>; rel=modulepreload"));
  EXPECT_TRUE(has(links, "</assets/slots.css>; rel=preload; as=style; crossorigin"));
  EXPECT_TRUE(has(links, "</assets/words.js>; rel=modulepreload"));
  EXPECT_FALSE(has(links, "vendor.js"));
  EXPECT_EQ(links.find("slots.js"), links.rfind("slots.js"));
  EXPECT_FALSE(has(FirstLoads(manifest).links("/"), "/assets/"));
  for (const char* broken : {"", "[]", "{", R"({"src/features/doctor/doctor_page.tsx": 3})"})
    EXPECT_FALSE(has(FirstLoads(broken).links("/d/17"), "/assets/")) << broken;
}

}  // namespace
}  // namespace fairward::app
