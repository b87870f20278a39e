// Reads like an inventory: what exists, who knows whom, what moves with time, what is measured.
#include "app/composition.h"

#include <fmt/format.h>

#include <algorithm>

#include "modules/directory/wiring.h"
#include "modules/identity/wiring.h"
#include "platform/api/problems.h"
#include "platform/audit/subjects.h"

namespace fairward::app {
namespace {

// The event log is for nodes that follow, and for streams that come back.
constexpr Duration events_kept = hours(1);
constexpr Duration errors_pruned_every = minutes(10);

// A node looks every second, and hears of commits in between: who has heard nothing for so long is cut off, and asks
// the database who may still do what.
constexpr std::uint64_t deaf_after_us = 2'500'000;

constexpr double second_ms = 1e3;
constexpr double second_us = 1e6;

// Somebody as the next call would be known.
audit::Inspector::Find known_by(bool is_factor_required) {
  return [is_factor_required](Snapshot& db, UserId user) -> std::optional<audit::Known> {
    const auto person = identity::person_find(db, user);
    const auto caller = identity::caller_find(db, user, is_factor_required);
    if (!person || !caller) return std::nullopt;
    return audit::Known{*caller, person->status};
  };
}

// What follows when a hospital that asked to be listed is approved or refused.
directory::Deciding deciding_by(identity::Identity& identity) {
  directory::Deciding deciding;
  deciding.invite = [&identity](Txn& txn, Call& call, const directory::Applicant& who) {
    return identity::administrator_invite(identity, txn, call, {who.hospital, who.name, who.email, who.language});
  };
  deciding.refuse = [&identity](Txn& txn, const directory::Applicant& who, const std::string& reason) {
    identity::Message message;
    message.kind = "hospital_refused";
    message.email = who.email;
    message.language = who.language;
    message.values = {{"name", who.name}, {"hospital", who.hospital_name}, {"reason", reason}};
    identity::tell(identity, txn, message);
  };
  return deciding;
}

}  // namespace

Product::Product(sql::Engine& engine, const Clock& clock, Entropy& entropy, http::Client& client,
                 const ProductOptions& options)
    : engine_(engine),
      clock_(clock),
      modules_(options.dispatcher.modules),
      reaches_phones_(options.notifications.is_sandbox || !options.notifications.sms_url.empty()),
      reaches_mail_(options.notifications.is_sandbox || options.notifications.mailer),
      hub_(api::make_hub()),
      metrics_(metrics::make_metrics()),
      nodes_(engine, clock, options.node_name),
      errors_(engine, clock, options.node_name),
      anchors_(engine, clock, options.anchors_keep),
      refusals_(engine, clock),
      jobs_(jobs::make_jobs(engine, clock, entropy)),
      messages_(options.sandbox_messages.empty() ? nullptr
                                                 : std::make_unique<SandboxMessages>(options.sandbox_messages)),
      identity_(identity::make_identity(engine, clock, entropy, options.identity)),
      directory_(directory::make_directory(engine, clock)),
      billing_(billing::make_billing(engine, options.billing, client)),
      booking_(booking::make_booking(engine, clock, entropy, *hub_, *billing_, options.booking, &nodes_)),
      reviews_(reviews::make_reviews(*directory_)),
      reception_(reception::make_reception(*booking_)),
      notifications_(notifications::make_notifications(engine, clock, entropy, client, *booking_, *billing_,
                                                       options.notifications)),
      records_(records::make_records(*booking_, options.records)),
      reporting_(reporting::make_reporting(engine, options.reporting)),
      inspector_(routes_, known_by(options.identity.second_factor_required), identity::names_of) {
  identity::passkeys_bind(*identity_, options.notifications.public_url);
  compose();
  dispatcher_ = std::make_unique<api::Dispatcher>(routes_, engine, clock, entropy, *identity_, *hub_, *metrics_,
                                                  dispatcher_options(options));
  topics();
  ticks();
  measure();
  engine.on_events([this, known = std::weak_ptr(hub_)](const std::vector<sql::Event>& events, Instant at) {
    if (const auto hub = known.lock()) hear(events, at);
  });
}

Product::~Product() { stop(); }

// Messages about accounts: to the file of the tests, or to who delivers them.
void Product::messages_wire() {
  notifications_->secret([this](std::string_view name, Instant now) { return identity_->secret(name, now); });
  if (messages_)
    return identity_->messenger([this](Txn& txn, const identity::Message& m) { messages_->take(txn, m); }, true);
  if (!reaches_phones_ && !reaches_mail_) return;
  const auto take = [this](Txn& txn, const identity::Message& m) {
    notifications_->take(txn, {m.kind, m.person, m.phone, m.email, m.language, m.values, m.secret});
  };
  identity_->messenger(take, reaches_phones_);
}

void Product::compose() {
  directory_->free_times(booking_->free_times());
  booking_->on_reload([this](DoctorId doctor) {
    directory_->free_times_changed(doctor);
    hub_->publish({{fmt::format("doctor/{}", doctor.value), "booking.slots_reloaded", "{}"}}, clock_.now());
  });
  booking_->review_find(reviews::review_of);
  booking_->on_past_change([this](Txn& txn, HospitalId hospital, Instant starts_at, Instant now) {
    if (const std::string* zone = directory_->time_zone(hospital))
      reporting::visit_changed(txn, hospital, *zone, starts_at, now);
  });
  identity_->practises([](Snapshot& db, DoctorId doctor, HospitalId hospital) {
    return directory::practice_find(db, doctor, hospital).has_value();
  });
  identity_->treated([](Snapshot& db, DoctorId doctor, Instant now, UserId after, std::int64_t limit) {
    std::vector<UserId> patients;
    for (const auto& treated :
         booking::patients_of_doctor(db, doctor, now - records::treating_reach, now, after, limit))
      patients.push_back(treated.patient);
    return patients;
  });
  directory::deciding(*directory_, deciding_by(*identity_));
  records_->seen_reader(
      [](Snapshot& db, UserId patient, Instant at, std::int64_t chain, std::int64_t number, std::int64_t blocks) {
        std::vector<records::Records::Seen> seen;
        for (auto& one : audit::disclosures_of(db, patient, at, chain, number, blocks))
          seen.push_back({one.at, one.chain, one.number, one.entry.user, std::move(one.entry.role),
                          std::move(one.entry.did), std::move(one.entry.why)});
        return seen;
      });
  reporting_->on_ready([this](Txn& txn, UserId person) {
    notifications_->take(txn, {"export_ready", person, {}, {}, "", {}, ""});
  });
  messages_wire();
  identity_->routes(routes_);
  directory_->routes(routes_);
  billing_->routes(routes_);
  booking_->routes(routes_);
  reviews_->routes(routes_);
  reception_->routes(routes_);
  notifications_->routes(routes_);
  records_->routes(routes_);
  reporting_->routes(routes_);
  errors_.routes(routes_);
  inspector_.routes(routes_);
  identity_->jobs(*jobs_);
  if (serves("billing")) billing_->jobs(*jobs_);
  booking_->jobs(*jobs_);
  if (serves("notifications")) notifications_->jobs(*jobs_);
  if (serves("reporting")) reporting_->jobs(*jobs_);
  notifications_->measure(*metrics_);
}

// Of several hospitals' doctors those whom a call names are served where one of their hospitals is.
api::DispatcherOptions Product::dispatcher_options(const ProductOptions& options) {
  api::DispatcherOptions dispatcher = options.dispatcher;
  dispatcher.refused = [this](const api::Refusal& refusal) { refusals_.note(refusal); };
  if (!options.hospitals.empty())
    dispatcher.cell = [directory = directory_.get(), hospitals = options.hospitals](DoctorId doctor,
                                                                                    HospitalId hospital) {
      if (hospital && !hospitals.contains(hospital)) return false;
      return !doctor || directory->practises_at(doctor, hospitals);
    };
  return dispatcher;
}

// Memory first, then those who wait for the news.
void Product::hear(const std::vector<sql::Event>& events, Instant at) {
  bool is_to_be_read = false;
  for (const sql::Event& event : events) {
    newest_event_ = std::max(newest_event_.load(), event.id);
    booking_->heard(event);
    if (const auto doctor = api::topic_id<DoctorId>(event.topic, "doctor")) directory_->free_times_changed(*doctor);
    if (event.is_foreign) identity_->heard(event);
    if (!event.kind.starts_with("directory.")) continue;
    if (event.is_foreign) directory_->heard(event);
    else practice_changed(event);
    is_to_be_read |= event.is_foreign;
  }
  if (is_to_be_read) hear_directory(events, at);
  else hub_->publish(events, at);
  if (events.front().is_foreign) event_lag_->observe(static_cast<double>((clock_.now() - at).ms) / second_ms);
}

// What another node has changed of the directory is read before anybody is told of it.
void Product::hear_directory(const std::vector<sql::Event>& events, Instant at) {
  engine_.read(
      [this](Snapshot& db) {
        if (directory_->is_in_doubt()) directory_->doubts_settle(db);
      },
      [this, events, at](sql::Outcome) {
        for (const sql::Event& event : events)
          if (event.kind.starts_with("directory.")) practice_changed(event);
        hub_->publish(events, at);
      });
}

// Perhaps bookings end with it, or begin.
void Product::practice_changed(const sql::Event& event) {
  if (const auto doctor = api::topic_id<DoctorId>(event.topic, "doctor")) booking_->doctor_changed(*doctor);
  if (const auto hospital = api::topic_id<HospitalId>(event.topic, "hospital")) booking_->hospital_changed(*hospital);
}

void Product::topics() {
  const auto may_follow = [booking = booking_.get()](const api::Caller& caller, const std::string& topic,
                                                     Snapshot& db) { return booking->may_follow(caller, topic, db); };
  for (const char* everyone : {"doctor", "queue", "display"}) dispatcher_->topic(everyone);
  for (const char* own : {"hold", "appointment", "wait"}) dispatcher_->topic(own, may_follow);
  for (const char* inbox : {"notification", "exports"})
    dispatcher_->topic(inbox, [inbox](const api::Caller& caller, const std::string& topic, Snapshot&) {
      return caller.user && api::topic_id<UserId>(topic, inbox) == caller.user;
    });
}

void Product::ticks() {
  jobs_->every("requests", seconds(1), [this](Instant now) { dispatcher_->tick(now); });
  jobs_->every("identity.deaf", milliseconds(250), [this](Instant) {
    if (engine_.stats().heard_us_ago > deaf_after_us) identity_->doubt_all();
  });
  jobs_->every("directory.doubts", seconds(1), [this](Instant) {
    if (!directory_->is_in_doubt()) return;
    engine_.read([this](Snapshot& db) { directory_->doubts_settle(db); }, [](sql::Outcome) {});
  });
  if (serves("records"))
    jobs_->every("records.codes", seconds(5), [this](Instant) {
      engine_.read([this](Snapshot& db) { records_->refresh(db); }, [](sql::Outcome) {});
    });
  if (serves("reporting"))
    jobs_->every("reporting.days", seconds(10), [this](Instant now) {
      if (!serves("booking") || nodes_.holds(0)) reporting_->tick(now);
    });
  if (serves("booking")) jobs_->every("nodes", nodes::tick_period, [this](Instant) { nodes_.tick(); });
  jobs_->every("errors", errors::tick_period, [this](Instant) { errors_.tick(); });
  jobs_->every("errors.prune", errors_pruned_every, [this](Instant) { errors_prune(); });
  jobs_->every("events.prune", seconds(10), [this](Instant) { events_prune(); });
  jobs_->every("audit.refusals", seconds(1), [this](Instant) { refusals_.tick(); });
  jobs_->every("audit.anchors", seconds(10), [this](Instant) { anchors_.tick(); });
  if (messages_)
    jobs_->every("messages.sandbox", milliseconds(50), [this](Instant now) { messages_->deliver(*identity_, now); });
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
  gauge("fairward_doctors_reloading", "Doctors whose memory is being read anew.",
        [this] { return double(booking_->stats().reloading); });
  gauge("fairward_nodes", "Nodes that share the database, this one included.",
        [this] { return double(nodes_.living()); });
  gauge("fairward_leases_held", "Parts of the doctors, of 64, whose holds and waits this node ends.",
        [this] { return double(nodes_.held()); });
  gauge("fairward_parked_clients", "Long polls and streams.", [this] { return double(hub_->parked()); });
  metrics_->gauge("fairward_errors_waiting", "Errors that are not stored yet.",
                  [this] { return double(errors_.waiting()); });
  metrics_->counter_from("fairward_errors_dropped_total", "Errors that were not kept because there were too many.",
                         [this] { return double(errors_.dropped()); });
  measure_pool("writer", &sql::EngineStats::writers);
  measure_pool("reader", &sql::EngineStats::readers);
  measure_pool("follower", &sql::EngineStats::follower);
  event_lag_ =
      &metrics_->histogram("fairward_event_lag_seconds",
                           "From another node's turn to this node's memory knowing it, by both nodes' clocks.");
  gauge("fairward_events_heard_age_seconds",
        "Since this node last looked for what others commit; 0 where it has its database for itself.",
        [this] { return double(engine_.stats().heard_us_ago) / second_us; });
}

// Calls that wait for a connection now are the queues of the engine.
void Product::measure_pool(std::string_view kind, sql::PoolStats sql::EngineStats::*pool) {
  const std::string labels = fmt::format("kind=\"{}\"", kind);
  const auto read = [this, pool](std::uint64_t sql::PoolStats::*member, double unit) {
    return [this, pool, member, unit] { return double(engine_.stats().*pool.*member) / unit; };
  };
  metrics_->gauge("fairward_database_connections", "Open connections to the database.", read(&sql::PoolStats::open, 1),
                  labels);
  metrics_->gauge("fairward_database_connections_busy", "Connections that run calls.", read(&sql::PoolStats::busy, 1),
                  labels);
  metrics_->counter_from("fairward_database_reconnects_total", "Connections made anew after a loss.",
                         read(&sql::PoolStats::reconnects, 1), labels);
  metrics_->counter_from("fairward_database_wait_seconds_total", "How long all calls together waited for a connection.",
                         read(&sql::PoolStats::waited_us, second_us), labels);
}

void Product::load() {
  engine_.read_now([this](Snapshot& db) {
    directory_->load(db);
    booking_->load(db);
    records_->refresh(db);
  });
  engine_.follow([this] {
    identity_->doubt_all();
    directory_->doubt_all();
    booking_->reload_all();
    hub_->doubt_all(clock_.now());
  });
  directory_->free_times_arrange();
  is_loaded_ = true;
}

void Product::handle(http::Request&& request, http::Responder responder) {
  if (is_loaded_.load(std::memory_order_acquire)) return dispatcher_->handle(std::move(request), std::move(responder));
  responder(api::problem_response(Failure{&api::server_unavailable, {}, {}, "still loading", 1}, ""));
}

void Product::start(unsigned workers) { jobs_->start(workers); }

// What was logged an hour ago, by a clock that nobody sets: a wall clock that jumps would take from the other nodes
// what they have not heard.
void Product::events_prune() {
  const std::int64_t now_us = clock_.steady_us();
  log_marks_.push_back({now_us, newest_event_});
  std::int64_t up_to = 0;
  for (; log_marks_.front().at_us <= now_us - events_kept.ms * 1000; log_marks_.pop_front())
    up_to = log_marks_.front().newest;
  if (up_to == 0 || !nodes_.holds(0)) return;
  engine_.write(
      0,
      [up_to](Txn& txn) {
        api::events_prune(txn, up_to);
        return true;
      },
      [](sql::Outcome) {});
}

void Product::errors_prune() {
  if (nodes_.holds(0)) errors_.prune();
}

void Product::drain() { dispatcher_->drain(); }

void Product::stop() {
  dispatcher_->stop();
  jobs_->stop();
  errors_.tick();  // what went wrong last
  refusals_.flush();
  nodes_.leave();
}

}  // namespace fairward::app
