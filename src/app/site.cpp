#include "app/site.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/html.h"
#include "platform/api/response.h"

namespace fairward::app {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "q=0", "q=0.0": refused.
bool is_refused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  return trimmed(parameters.substr(q + 2)).find_first_not_of("0.") == std::string_view::npos;
}

std::string_view extension_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : name.substr(dot);
}

std::string_view type_of_extension(std::string_view extension) {
  static const std::unordered_map<std::string_view, std::string_view> types = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".webmanifest", "application/manifest+json"},
      {".woff2", "font/woff2"},
      {".png", "image/png"},
      {".webp", "image/webp"},
  };
  const auto found = types.find(extension);
  return found == types.end() ? "application/octet-stream" : found->second;
}

// The path of the target, decoded; "" when it is none that a file could have.
std::string file_path(std::string_view target) {
  bool ok = false;
  std::string path = http::url_decode(target.substr(0, target.find('?')), &ok);
  const bool is_odd = path.find("..") != std::string::npos || path.find('\\') != std::string::npos ||
                      path.find('\0') != std::string::npos || path.find("//") != std::string::npos;
  if (!ok || is_odd || !path.starts_with('/')) return "";
  return path == "/" ? "/index.html" : path;
}

}  // namespace

bool accepts_encoding(std::string_view header, std::string_view coding) {
  for (std::size_t start = 0; start < header.size();) {
    const std::size_t end = std::min(header.find(',', start), header.size());
    const std::string_view item = header.substr(start, end - start);
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (trimmed(item.substr(0, semicolon)) == coding) return !is_refused(item.substr(semicolon));
    start = end + 1;
  }
  return false;
}

Site::Site(SiteOptions options) : options_(std::move(options)) {
  for (const Asset& asset : options_.assets) by_path_.emplace(asset.path, &asset);
  if (const auto found = by_path_.find("/manifest.json"); found != by_path_.end())
    first_loads_ = FirstLoads(found->second->identity);
}

http::Response Site::answer(const http::Request& request) const {
  if (request.method != http::Method::get && request.method != http::Method::head) {
    http::Response refused = page(405, not_found_page());
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const std::string path = file_path(request.target);
  if (path == "/site.json") return facts();
  File file;
  if (find(path, file)) return send(request, path, std::move(file));
  if (path.empty() || !extension_of(path).empty() || path.starts_with("/assets/")) {
    if (path != "/index.html") return page(404, not_found_page());
  }
  if (find("/index.html", file)) return send(request, "/index.html", std::move(file));
  return page(200, bare_page());
}

http::Response Site::facts() const {
  http::Response response;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  headers_add(response);
  response.body = options_.facts.empty() ? "{}" : options_.facts;
  return response;
}

bool Site::has_ui() const {
  File file;
  return find("/index.html", file);
}

http::Response Site::page(int status, std::string html) const {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-cache"}};
  headers_add(response);
  response.body = std::move(html);
  return response;
}

bool Site::find(const std::string& path, File& file) const {
  if (path.empty()) return false;
  if (!options_.web_dir.empty()) return read_from_folder(path, file);
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return false;
  const Asset& asset = *found->second;
  file = {asset.type, asset.etag, asset.identity, asset.br, asset.gzip, {}};
  return true;
}

bool Site::read_from_folder(const std::string& path, File& file) const {
  const std::filesystem::path whole = std::filesystem::path(options_.web_dir) / path.substr(1);
  std::error_code error;
  if (!std::filesystem::is_regular_file(whole, error)) return false;
  std::ifstream in(whole, std::ios::binary);
  file.owned.assign(std::istreambuf_iterator<char>(in), {});
  file.type = type_of_extension(extension_of(path));
  return true;
}

http::Response Site::send(const http::Request& request, const std::string& path, File&& file) const {
  const std::string_view accepted = request.header("accept-encoding");
  std::string_view encoding;
  if (!file.br.empty() && accepts_encoding(accepted, "br")) encoding = "br";
  else if (!file.gzip.empty() && accepts_encoding(accepted, "gzip")) encoding = "gzip";
  http::Response response;
  // Names of files below /assets bear a hash of their content: what is there never changes.
  const bool is_immutable = path.starts_with("/assets/") && options_.web_dir.empty();
  response.headers = {{"Content-Type", std::string(file.type)},
                      {"Cache-Control", is_immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"Vary", "Accept-Encoding"}};
  headers_add(response);
  if (path == "/index.html") response.headers.emplace_back("Link", links(request.target));
  if (!encoding.empty()) response.headers.emplace_back("Content-Encoding", encoding);
  if (!file.etag.empty()) {
    const std::string etag = fmt::format("\"{}{}{}\"", file.etag, encoding.empty() ? "" : "-", encoding);
    response.headers.emplace_back("ETag", etag);
    if (api::etag_matches(request.header("if-none-match"), etag)) {
      response.status = 304;
      return response;
    }
  }
  if (options_.web_dir.empty())
    response.static_body = encoding == "br" ? file.br : encoding == "gzip" ? file.gzip : file.identity;
  else response.body = std::move(file.owned);
  return response;
}

// The files of a folder may change at any moment.
std::string Site::links(std::string_view target) const {
  if (options_.web_dir.empty()) return first_loads_.links(target);
  File manifest;
  find("/manifest.json", manifest);
  return FirstLoads(manifest.owned).links(target);
}

void Site::headers_add(http::Response& response) const {
  auto& headers = response.headers;
  headers.emplace_back("Content-Security-Policy", content_security_policy);
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  if (options_.is_behind_tls) headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

}  // namespace fairward::app
