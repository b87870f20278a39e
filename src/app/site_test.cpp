// Which file, which encoding, which headers; and that no path leads out of the folder.
#include "app/site.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace fairward::app {
namespace {

Site site(bool is_behind_tls = false) {
  SiteOptions options;
  options.is_behind_tls = is_behind_tls;
  options.assets = {{"/assets/a-1.js", "text/javascript", "e1", "plain", "brotli", "zipped"},
                    {"/index.html", "text/html; charset=utf-8", "e2", "<p>start</p>", "", ""}};
  return Site(std::move(options));
}

http::Request get(std::string target, std::vector<std::pair<std::string, std::string>> headers = {}) {
  http::Request request;
  request.target = std::move(target);
  request.headers = std::move(headers);
  return request;
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

std::string body(const http::Response& response) {
  return response.static_body.empty() ? response.body : std::string(response.static_body);
}

TEST(site_answer, chooses_the_encoding_that_the_client_takes) {
  struct Case {
    std::string_view accepted, encoding, body, etag;
  };
  const Case cases[] = {
      {"", "", "plain", "\"e1\""},
      {"gzip", "gzip", "zipped", "\"e1-gzip\""},
      {"gzip, deflate, br", "br", "brotli", "\"e1-br\""},
      {"br;q=0, gzip;q=0.5", "gzip", "zipped", "\"e1-gzip\""},
      {"br;q=0.0,gzip;q=0", "", "plain", "\"e1\""},
      {"brotli", "", "plain", "\"e1\""},
  };
  for (const auto& [accepted, encoding, text, etag] : cases) {
    const auto response = site().answer(get("/assets/a-1.js", {{"accept-encoding", std::string(accepted)}}));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header(response, "Content-Encoding"), encoding) << accepted;
    EXPECT_EQ(body(response), text) << accepted;
    EXPECT_EQ(header(response, "ETag"), etag);
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
  }
}

TEST(site_answer, caches_hashed_names_for_ever_and_the_start_page_never) {
  EXPECT_EQ(header(site().answer(get("/assets/a-1.js")), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(site().answer(get("/")), "Cache-Control"), "no-cache");
}

TEST(site_answer, says_not_modified) {
  const auto response = site().answer(get("/index.html", {{"if-none-match", "\"e2\""}}));
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(body(response), "");
}

TEST(site_answer, gives_the_start_page_for_paths_and_404_for_files) {
  struct Case {
    std::string target;
    int status;
  };
  const Case cases[] = {
      {"/", 200},
      {"/d/17", 200},
      {"/book/3?x=1.5", 200},
      {"/none.js", 404},
      {"/assets/none", 404},
      {"/../etc/passwd", 404},
      {"/%2e%2e/etc/passwd", 404},
      {"/..%5cx", 404},
      {"/%zz", 404},
      {"//evil", 404},
      {"*", 404},
  };
  for (const auto& [target, status] : cases) EXPECT_EQ(site().answer(get(target)).status, status) << target;
}

TEST(site_answer, bears_the_headers_that_keep_a_browser_safe) {
  for (const char* target : {"/", "/none.js", "/assets/a-1.js"}) {
    const auto response = site().answer(get(target));
    EXPECT_NE(header(response, "Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(response, "Strict-Transport-Security"), "");
  }
  EXPECT_NE(header(site(true).answer(get("/")), "Strict-Transport-Security"), "");
}

TEST(site_answer, knows_no_method_that_changes) {
  http::Request request = get("/");
  request.method = http::Method::post;
  const auto response = site().answer(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
}

TEST(site_answer, without_a_ui_names_the_api) {
  const auto response = Site(SiteOptions{}).answer(get("/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("/docs"), std::string::npos);
}

TEST(site_answer, reads_from_a_folder_when_told) {
  const auto folder = std::filesystem::temp_directory_path() / ("fairward_site_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "index.html") << "from the folder";
  SiteOptions options;
  options.web_dir = folder.string();
  const Site from_folder(std::move(options));
  EXPECT_EQ(from_folder.answer(get("/")).body, "from the folder");
  EXPECT_EQ(from_folder.answer(get("/deep/link")).body, "from the folder");
  EXPECT_EQ(from_folder.answer(get("/none.css")).status, 404);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fairward::app
