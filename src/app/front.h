// Which request goes where: operation pages, the API, the UI. Serves from the first moment; the product joins when it
// is there.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "app/composition.h"
#include "app/site.h"
#include "platform/api/limiter.h"
#include "platform/backup/schedule.h"

namespace fairward::app {

class Front {
 public:
  // pages: how much one address may ask for beside the API, which counts for itself. Both outlive the front.
  Front(SiteOptions site, api::RateLimit pages, const Clock& clock, Entropy& entropy)
      : site_(std::move(site)), pages_(pages), clock_(clock), limiter_(addresses_remembered, entropy) {}

  // The product is loaded; all three live until `leave`.
  void join(Product& product, sql::Engine& engine, const backup::Schedule& backups);
  void leave() { product_ = nullptr; }
  void handle(http::Request&& request, http::Responder responder);

 private:
  http::Response health() const;
  void ready(http::Responder responder) const;
  http::Response operation_page(std::string_view path) const;
  http::Response document() const;

  static constexpr std::size_t addresses_remembered = 65'536;  // 16 bytes each

  std::optional<http::Response> too_many(const http::Request& request);

  const Site site_;
  const api::RateLimit pages_;
  const Clock& clock_;
  api::Limiter limiter_;
  std::string openapi_, openapi_gzip_, docs_;
  sql::Engine* engine_ = nullptr;
  const backup::Schedule* backups_ = nullptr;
  std::atomic<Product*> product_{nullptr};
};

}  // namespace fairward::app
