// Reads like an inventory: what exists, who knows whom, what moves with time, what is measured.
#include "app/composition.h"

#include <charconv>

#include "platform/api/problems.h"

namespace fairward::app {
namespace {

constexpr std::string_view doctor_topic = "doctor/", hospital_topic = "hospital/";

// "doctor/17": whose slots or entry changed.
template <class Id>
std::optional<Id> id_of(std::string_view topic, std::string_view prefix) {
  if (!topic.starts_with(prefix)) return std::nullopt;
  topic.remove_prefix(prefix.size());
  Id id;
  const auto [end, error] = std::from_chars(topic.data(), topic.data() + topic.size(), id.value);
  return error == std::errc() && end == topic.data() + topic.size() ? std::optional(id) : std::nullopt;
}

}  // namespace

Product::Product(sql::Engine& engine, const Clock& clock, Entropy& entropy, http::Client& client,
                 const ProductOptions& options)
    : engine_(engine),
      hub_(api::make_hub()),
      metrics_(metrics::make_metrics()),
      jobs_(jobs::make_jobs(engine, clock, entropy)),
      identity_(identity::make_identity(engine, clock, entropy, options.identity)),
      directory_(directory::make_directory(engine, clock)),
      billing_(billing::make_billing(engine, options.billing, client)),
      booking_(booking::make_booking(engine, clock, entropy, *hub_, *billing_, options.booking)),
      reviews_(reviews::make_reviews(*directory_)) {
  compose();
  dispatcher_ = std::make_unique<api::Dispatcher>(routes_, engine, clock, entropy, *identity_, *hub_, *metrics_,
                                                  options.dispatcher);
  topics();
  ticks();
  measure();
  engine.on_events([known = std::weak_ptr(hub_), directory = directory_.get(), booking = booking_.get()](
                       const std::vector<sql::Event>& events, Instant at) {
    const auto hub = known.lock();
    if (!hub) return;
    for (const sql::Event& event : events) {
      const bool is_of_directory = event.kind.starts_with("directory.");
      if (const auto doctor = id_of<DoctorId>(event.topic, doctor_topic)) {
        directory->free_times_changed(*doctor);
        if (is_of_directory) booking->doctor_changed(*doctor);
      }
      if (const auto hospital = id_of<HospitalId>(event.topic, hospital_topic); hospital && is_of_directory)
        booking->hospital_changed(*hospital);
    }
    hub->publish(events, at);
  });
}

Product::~Product() { stop(); }

void Product::compose() {
  directory_->free_times(booking_->free_times());
  booking_->review_find(reviews::review_of);
  identity_->practises([](Snapshot& db, DoctorId doctor, HospitalId hospital) {
    return directory::practice_find(db, doctor, hospital).has_value();
  });
  identity_->routes(routes_);
  directory_->routes(routes_);
  billing_->routes(routes_);
  booking_->routes(routes_);
  reviews_->routes(routes_);
  identity_->jobs(*jobs_);
  billing_->jobs(*jobs_);
  booking_->jobs(*jobs_);
}

void Product::topics() {
  const auto may_follow = [booking = booking_.get()](const api::Caller& caller, const std::string& topic,
                                                     Snapshot& db) { return booking->may_follow(caller, topic, db); };
  for (const char* everyone : {"doctor", "queue"}) dispatcher_->topic(everyone);
  for (const char* own : {"hold", "appointment", "wait"}) dispatcher_->topic(own, may_follow);
}

void Product::ticks() {
  jobs_->every("requests", seconds(1), [this](Instant now) { dispatcher_->tick(now); });
  jobs_->every("directory.doubts", seconds(1), [this](Instant) {
    if (!directory_->is_in_doubt()) return;
    engine_.read([this](Snapshot& db) { directory_->doubts_settle(db); }, [](sql::Outcome) {});
  });
  jobs_->every("long_polls", milliseconds(100), [this](Instant now) { hub_->tick(now); });
}

void Product::measure() {
  const auto count = [this](const char* name, const char* help, std::uint64_t sql::EngineStats::*member) {
    metrics_->counter_from(name, help, [this, member] { return static_cast<double>(engine_.stats().*member); });
  };
  const auto gauge = [this](const char* name, const char* help, auto read) { metrics_->gauge(name, help, read); };
  count("fairward_engine_write_calls_total", "Calls that wrote.", &sql::EngineStats::write_calls);
  count("fairward_engine_write_batches_total", "Commits; several calls share one.", &sql::EngineStats::write_batches);
  count("fairward_engine_read_calls_total", "Calls that read.", &sql::EngineStats::read_calls);
  count("fairward_engine_refused_total", "Calls refused because a queue was full.", &sql::EngineStats::refused_full);
  count("fairward_engine_retries_total", "Calls run again after a conflict.", &sql::EngineStats::retries);
  gauge("fairward_engine_write_queue", "Calls waiting to write.",
        [this] { return double(engine_.stats().write_queue); });
  gauge("fairward_engine_read_queue", "Calls waiting to read.", [this] { return double(engine_.stats().read_queue); });
  gauge("fairward_holds_active", "Slots held for payment.", [this] { return double(booking_->stats().holds_active); });
  gauge("fairward_waitlist_length", "Patients waiting.", [this] { return double(booking_->stats().waiting); });
  gauge("fairward_doctors_loaded", "Doctors in memory.", [this] { return double(booking_->stats().doctors); });
  gauge("fairward_parked_clients", "Long polls and streams.", [this] { return double(hub_->parked()); });
}

void Product::load() {
  engine_.read_now([this](Snapshot& db) {
    directory_->load(db);
    booking_->load(db);
  });
  directory_->free_times_arrange();
  is_loaded_ = true;
}

void Product::handle(http::Request&& request, http::Responder responder) {
  if (is_loaded_.load(std::memory_order_acquire)) return dispatcher_->handle(std::move(request), std::move(responder));
  responder(api::problem_response(Failure{&api::server_unavailable, {}, {}, "still loading", 1}, ""));
}

void Product::start(unsigned workers) { jobs_->start(workers); }

void Product::drain() { dispatcher_->drain(); }

void Product::stop() {
  dispatcher_->stop();
  jobs_->stop();
}

}  // namespace fairward::app
