#include "app/front.h"

#include "app/html.h"
#include "app/version.h"
#include "platform/api/compress.h"
#include "platform/api/openapi.h"
#include "platform/api/problems.h"

namespace fairward::app {
namespace {

http::Response text(int status, std::string type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {
      {"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

http::Response state(int status, std::string_view word) {
  return text(status, "application/json", "{\"status\":\"" + std::string(word) + "\"}\n");
}

bool is_api(std::string_view path) { return path.starts_with("/api/") || path == "/api" || path.starts_with("/auth/"); }

bool is_operation_page(std::string_view path) {
  return path == "/metrics" || path == "/openapi.json" || path == "/docs/plain" || path.starts_with("/problems/");
}

}  // namespace

void Front::join(Product& product, sql::Engine& engine, const backup::Schedule& backups) {
  openapi_ = api::openapi(product.routes(), version);
  openapi_gzip_ = api::gzip(openapi_);
  docs_ = docs_page(product.routes());
  engine_ = &engine;
  backups_ = &backups;
  product_.store(&product, std::memory_order_release);
}

void Front::handle(http::Request&& request, http::Responder responder) {
  const std::string path(std::string_view(request.target).substr(0, request.target.find('?')));
  if (path == "/health") return responder(health());
  if (path == "/ready") return ready(std::move(responder));
  if (!is_api(path))
    if (auto refusal = too_many(request)) return responder(std::move(*refusal));
  Product* product = product_.load(std::memory_order_acquire);
  // The UI brings a reference of its own; the plain page is for those who have no UI or run no scripts.
  const bool is_page = is_operation_page(path) || (path == "/docs" && !site_.has_ui());
  if (!is_api(path) && !is_page) return responder(site_.answer(request));
  if (!product) return responder(api::problem_response(Failure{&api::server_unavailable, {}, {}, "starting", 1}, ""));
  if (is_api(path)) return product->handle(std::move(request), std::move(responder));
  if (path == "/openapi.json" && api::accepts_gzip(request.header("accept-encoding"))) return responder(document());
  responder(operation_page(path));
}

// Pages come from memory and cost little, but whoever asks for nothing else all day takes a processor with it. /health
// and /ready are not counted: a balancer asks them for everybody.
std::optional<http::Response> Front::too_many(const http::Request& request) {
  const auto verdict = limiter_.take(api::address_key(request.peer), api::RateClass::normal, pages_, clock_.now());
  if (verdict.is_allowed) return std::nullopt;
  Failure failure{&api::rate_exceeded, {}, {}, {}, static_cast<int>(verdict.wait_seconds)};
  return api::problem_response(failure, "");
}

// Half a megabyte, a thirtieth of it compressed.
http::Response Front::document() const {
  http::Response response = text(200, "application/json", openapi_gzip_);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  return response;
}

// The program answers; a detail says when nobody looks after the backups. A node without good backups serves all the
// same: the status is 200.
http::Response Front::health() const {
  const bool is_joined = product_.load(std::memory_order_acquire) != nullptr;
  if (!is_joined || !backups_->is_overdue()) return state(200, "ok");
  return text(200, "application/json", "{\"status\":\"ok\",\"backup\":\"overdue\"}\n");
}

// The database answers and the memory is rebuilt.
void Front::ready(http::Responder responder) const {
  const Product* product = product_.load(std::memory_order_acquire);
  if (!product || !product->is_loaded()) return responder(state(503, "loading"));
  auto done = [answer = std::move(responder)](sql::Outcome outcome) mutable {
    answer(outcome == sql::Outcome::done ? state(200, "ready") : state(503, "database"));
  };
  engine_->read([](Snapshot& db) { directory::practices_of(db, DoctorId{1}); }, std::move(done));
}

http::Response Front::operation_page(std::string_view path) const {
  Product& product = *product_.load(std::memory_order_acquire);
  if (path == "/metrics") return text(200, "text/plain; version=0.0.4; charset=utf-8", product.metrics().exposition());
  if (path == "/openapi.json") return text(200, "application/json", openapi_);
  if (path.starts_with("/docs")) return site_.page(200, docs_);
  const auto found = problem_page(product.routes(), path.substr(std::string_view("/problems/").size()));
  return found ? site_.page(200, *found) : site_.page(404, not_found_page());
}

}  // namespace fairward::app
