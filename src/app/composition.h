// The product put together from its modules, over whatever engine, clock, entropy and client it is given: the real ones
// by serve, simulated ones by tests/sim. Not for sockets, settings or signals: see serve.h.
#pragma once

#include <atomic>
#include <deque>
#include <memory>

#include "app/sandbox_messages.h"
#include "modules/billing/billing.h"
#include "modules/booking/booking.h"
#include "modules/directory/directory.h"
#include "modules/identity/identity.h"
#include "modules/notifications/notifications.h"
#include "modules/reception/reception.h"
#include "modules/records/records.h"
#include "modules/reporting/reporting.h"
#include "modules/reviews/reviews.h"
#include "platform/api/dispatcher.h"
#include "platform/api/hub.h"
#include "platform/api/routes.h"
#include "platform/audit/anchors.h"
#include "platform/audit/inspector.h"
#include "platform/audit/refusals.h"
#include "platform/errors/errors.h"
#include "platform/jobs/jobs.h"
#include "platform/metrics/metrics.h"
#include "platform/nodes/nodes.h"
#include "platform/sql/engine.h"

namespace fairward::app {

struct ProductOptions {
  identity::IdentityOptions identity;
  billing::BillingOptions billing;
  booking::BookingOptions booking;
  notifications::NotificationOptions notifications;
  records::RecordsOptions records;
  reporting::ReportingOptions reporting;
  api::DispatcherOptions dispatcher;
  // Of a node among others that share the database.
  std::string node_name;           // for people
  std::set<HospitalId> hospitals;  // that it serves, see api::DispatcherOptions::cell; empty: all
  audit::Anchors::Keep anchors_keep = {};
  std::string sandbox_messages;  // a file that messages to people go to; empty: nobody delivers them
};

class Product {
 public:
  // The tables are migrated before the first call of load. Throws std::logic_error when a route is declared wrongly.
  Product(sql::Engine& engine, const Clock& clock, Entropy& entropy, http::Client& client,
          const ProductOptions& options);
  ~Product();
  Product(const Product&) = delete;
  Product& operator=(const Product&) = delete;

  // Rebuilds from the database what is kept in memory. Until it has ended, calls are answered 503.
  // Throws sql::Error when the database does not answer.
  void load();
  bool is_loaded() const { return is_loaded_; }

  // Answers any request below /api and /auth, now or later, on any thread.
  void handle(http::Request&& request, http::Responder responder);

  // Starts the ticker and that many threads for what is outside; the simulation uses jobs().run_due() instead.
  void start(unsigned workers);
  // Before the server stops: those who wait for a change are answered, so that it need not wait for them.
  void drain();
  // After the server has stopped and before the engine stops.
  void stop();

  const api::Routes& routes() const { return routes_; }
  metrics::Metrics& metrics() { return *metrics_; }
  jobs::Jobs& jobs() { return *jobs_; }
  api::Hub& hub() { return *hub_; }
  booking::Booking& booking() { return *booking_; }
  errors::ErrorLog& errors() { return errors_; }

 private:
  void compose();
  void messages_wire();
  void topics();
  void ticks();
  void measure();
  void measure_pool(std::string_view kind, sql::PoolStats sql::EngineStats::*pool);
  void hear(const std::vector<sql::Event>& events, Instant at);
  void hear_directory(const std::vector<sql::Event>& events, Instant at);
  void practice_changed(const sql::Event& event);
  api::DispatcherOptions dispatcher_options(const ProductOptions& options);
  bool serves(std::string_view module) const { return modules_.empty() || modules_.contains(module); }
  void events_prune();
  void errors_prune();

  sql::Engine& engine_;
  const Clock& clock_;
  const std::set<std::string, std::less<>> modules_;
  const bool reaches_phones_, reaches_mail_;
  const std::shared_ptr<api::Hub> hub_;  // shared: the engine may outlive the product and still publish
  const std::unique_ptr<metrics::Metrics> metrics_;
  metrics::Histogram* event_lag_ = nullptr;
  nodes::Nodes nodes_;
  errors::ErrorLog errors_;
  audit::Anchors anchors_;
  audit::Refusals refusals_;
  const std::unique_ptr<jobs::Jobs> jobs_;
  std::unique_ptr<SandboxMessages> messages_;  // null: there is no sandbox
  const std::unique_ptr<identity::Identity> identity_;
  const std::unique_ptr<directory::Directory> directory_;
  const std::unique_ptr<billing::Billing> billing_;
  const std::unique_ptr<booking::Booking> booking_;
  const std::unique_ptr<reviews::Reviews> reviews_;
  const std::unique_ptr<reception::Reception> reception_;
  const std::unique_ptr<notifications::Notifications> notifications_;
  const std::unique_ptr<records::Records> records_;
  const std::unique_ptr<reporting::Reporting> reporting_;
  api::Routes routes_;
  audit::Inspector inspector_;
  std::unique_ptr<api::Dispatcher> dispatcher_;
  std::atomic<bool> is_loaded_{false};
  std::atomic<std::int64_t> newest_event_{0};  // of the log, as far as this node has heard
  struct LogMark {
    std::int64_t at_us, newest;
  };
  std::deque<LogMark> log_marks_;  // of the last hour, oldest first; the ticker's own
};

}  // namespace fairward::app
