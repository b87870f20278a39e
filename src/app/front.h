// Which request goes where: operation pages, the API, the UI. Serves from the first moment; the product joins when it
// is there.
#pragma once

#include <atomic>
#include <string>

#include "app/composition.h"
#include "app/site.h"
#include "platform/backup/schedule.h"

namespace fairward::app {

class Front {
 public:
  explicit Front(SiteOptions site) : site_(std::move(site)) {}

  // The product is loaded; all three live until `leave`.
  void join(Product& product, sql::Engine& engine, const backup::Schedule& backups);
  void leave() { product_ = nullptr; }
  void handle(http::Request&& request, http::Responder responder);

 private:
  http::Response health() const;
  void ready(http::Responder responder) const;
  http::Response operation_page(std::string_view path) const;
  http::Response document() const;

  const Site site_;
  std::string openapi_, openapi_gzip_, docs_;
  sql::Engine* engine_ = nullptr;
  const backup::Schedule* backups_ = nullptr;
  std::atomic<Product*> product_{nullptr};
};

}  // namespace fairward::app
