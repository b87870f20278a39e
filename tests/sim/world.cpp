// See the header. Here: how the world is made, how time passes, and how it is judged.
#include "world.h"

#include "modules/identity/tokens.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace fairward::sim {
namespace json = boost::json;

namespace {

constexpr const char* secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
constexpr const char* signing_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
constexpr const char* gateway_url = "http://gateway";
constexpr std::int64_t patients = 14, doctors = 2, admin = 100;
constexpr std::int64_t fee_minor = 50'000;

#define SIM_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
SIM_QUERY(city_add, "INSERT INTO directory_city (id, name, name_key) VALUES (1, 'Pune', 'pune')");
SIM_QUERY(speciality_add,
          "INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'Cardiologist', 'cardiologist')");
SIM_QUERY(hospital_add,
          "INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source) VALUES ($1, 1, $2, $2, $3, "
          "'test')");
SIM_QUERY(doctor_add,
          "INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES ($1, 'Asha', 'Asha "
          "Rao', 1, 'active')");
SIM_QUERY(practice_add,
          "INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES ($1, $2, $3, 'INR')");
SIM_QUERY(user_add,
          "INSERT INTO identity_user (id, role, status, name, name_key, created_at, changed_at) VALUES ($1, $2, "
          "'active', $3, $3, $4, $4)");
SIM_QUERY(session_add,
          "INSERT INTO identity_session (id, user_id, kind, created_at, seen_at, expires_at) VALUES ($1, $1, 'token', "
          "$2, $2, $3)");
#undef SIM_QUERY

// An ordinary day, the two days of the year when London's clocks change, the turn of the year.
Instant first_moment(std::uint64_t seed) {
  constexpr const char* moments[] = {"2026-12-01T01:00:00Z", "2027-03-27T21:00:00Z", "2027-10-30T20:30:00Z",
                                     "2026-12-31T17:00:00Z"};
  return *parse_rfc3339(moments[seed % std::size(moments)]);
}

// Few slots, so that people are in each other's way. No two shifts of a doctor meet, whatever the season.
std::vector<Shift> shifts_of(std::int64_t doctor) {
  if (doctor == 1) return {{1, 9 * 60, 10 * 60, 30}, {2, 14 * 60, 14 * 60 + 40, 20}};
  return {{2, 30, 3 * 60, 30}, {1, 9 * 60, 10 * 60, 20}};  // a night clinic: the hour that is missing, or there twice
}

json::value shifts_json(std::int64_t doctor) {
  json::array shifts;
  for (const Shift& s : shifts_of(doctor))
    shifts.push_back({{"hospital_id", s.hospital},
                      {"weekdays", {1, 2, 3, 4, 5, 6, 7}},
                      {"starts", to_iso(TimeOfDay{s.starts})},
                      {"ends", to_iso(TimeOfDay{s.ends})},
                      {"slot_minutes", s.slot_minutes}});
  return shifts;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

json::value hours_json(std::int64_t doctor, int horizon_days, int notice_minutes) {
  return {
      {"max_booking_days", horizon_days}, {"minimum_notice_minutes", notice_minutes}, {"shifts", shifts_json(doctor)}};
}

// The network between product and gateway, both ways: loses requests and replies, and says so to nobody. The product's
// process may die while it waits for an answer.
class World::Wire final : public http::Client {
 public:
  explicit Wire(World& world) : world_(world) {}

  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string* why) override {
    if (is_unlucky(8)) return lost("a request to the gateway was lost", why);
    die_sometimes();
    http::Request received{
        request.method, request.url.substr(std::string_view(gateway_url).size()), {}, request.body, ""};
    for (const auto& [name, value] : request.headers) received.headers.emplace_back(lower(name), value);
    const http::Response response = world_.gateway_->handle(received);
    die_sometimes();
    if (is_unlucky(8)) return lost("a reply of the gateway was lost", why);
    return http::OutgoingResponse{response.status, response.body};
  }

 private:
  bool is_unlucky(int percent) { return world_.is_hostile_ && world_.chance(percent); }
  void die_sometimes() {
    if (!is_unlucky(1)) return;
    world_.note("crash while the gateway is asked");
    world_.engine_.kill();
    throw Crashed{};
  }
  std::optional<http::OutgoingResponse> lost(const char* what, std::string* why) {
    world_.note(what);
    if (why) *why = "timed out";
    return std::nullopt;
  }
  World& world_;
};

Rules World::rules() const {
  // In every other world waits are shorter than holds: patience ends.
  return {seconds(300), seconds(5), options_.seed % 2 == 0 ? minutes(4) : hours(1), hours(2), fee_minor, 2};
}

World::World(WorldOptions options)
    : options_(std::move(options)),
      clock_(first_moment(options_.seed)),
      entropy_(make_seeded_entropy(options_.seed + 1'000'000)),
      engine_(clock_, chance_),
      wire_(std::make_unique<Wire>(*this)),
      judge_(clock_, rules(), trace_) {
  trace_.is_loud = options_.is_loud;
  log::configure(log::Level::off, log::Format::json);
  gateway_ = std::make_unique<billing::SandboxGateway>(
      billing::SandboxRules{secret, milliseconds(1500), seconds(10), 0.2, 0.2, 1'000'000}, clock_, chance_);
  judge_.gateway = [this](const std::string& reference) -> std::string {
    const http::Response response = gateway_->handle({http::Method::get,
                                                      "/payments/" + reference,
                                                      {{"authorization", "Bearer " + billing::gateway_api_key(secret)}},
                                                      "",
                                                      ""});
    if (response.status != 200) return "unknown";
    return std::string(json::parse(response.body).at("status").as_string());
  };
  chance_.begin(options_.seed, 0);
  populate();
}

World::~World() {
  engine_.restart();  // what is queued belongs to the product
  product_.reset();
}

void World::start() {
  app::ProductOptions options;
  options.identity.signing_key = signing_key;
  options.identity.access_ttl = days(60);
  options.billing = {gateway_url, secret, "http://fairward/api/payments/webhook"};
  options.booking.hold_ttl = rules().hold_ttl;
  options.booking.hold_grace = rules().hold_grace;
  options.booking.wait_ttl = rules().wait_ttl;
  options.booking.refund_notice = rules().refund_notice;
  options.dispatcher.prepare_threads = 0;
  options.dispatcher.per_address = {{0}, {0}, {0}};
  options.dispatcher.per_user = {{0}, {0}, {0}};
  product_ = std::make_unique<app::Product>(engine_, clock_, *entropy_, *wire_, options);
  product_->load();
}

// Whoever waits for a reply will not get one, and knows nothing.
void World::crash() {
  trace_.say("the process dies");
  note("crash");
  engine_.restart();
  product_.reset();
  for (auto& [origin, flight] : in_flight_) {
    judge_.forget(origin);
    if (flight.request.patient) flight.request.patient->unanswered = flight.request;
    note("request unanswered");
  }
  in_flight_.clear();
  polls_.clear();
  for (const auto& delivery : webhooks_out_) gateway_->delivered(delivery, false);
  webhooks_out_.clear();
  start();
  engine_.look([&](Snapshot& db) { judge_.check(db, false); });
}

void World::guarded(const std::function<void()>& part) {
  try {
    part();
  } catch (const Crashed&) { crash(); }
  judge_.verdict();
}

void World::populate() {
  engine_.migrate();
  const Instant now = clock_.now(), end = now + days(60);
  const SimEngine::Immediate immediate(engine_);
  engine_.write_now([&](Txn& txn) {
    txn.exec(city_add);
    txn.exec(speciality_add);
    txn.exec(hospital_add, std::int64_t{1}, "First", "Asia/Kolkata");
    txn.exec(hospital_add, std::int64_t{2}, "Second", "Europe/London");
    for (std::int64_t doctor = 1; doctor <= doctors; ++doctor) {
      txn.exec(doctor_add, doctor);
      for (std::int64_t hospital = 1; hospital <= 2; ++hospital)
        txn.exec(practice_add, doctor, hospital, hospital == rules().free_hospital ? std::int64_t{0} : fee_minor);
    }
    for (std::int64_t id = 1; id <= patients; ++id) txn.exec(user_add, id, "patient", "A patient", now);
    txn.exec(user_add, admin, "platform_admin", "The administrator", now);
    for (std::int64_t id = 1; id <= patients; ++id) txn.exec(session_add, id, now, end);
    txn.exec(session_add, admin, now, end);
    return true;
  });
  const identity::AccessTokens tokens({*crypto::SigningKey::from_seed(*crypto::base64url_decode(signing_key))});
  const auto token = [&](std::int64_t id, api::Role role) {
    return tokens.mint(
        {UserId{id}, role, {}, {}, identity::SessionId{id}, {now.ms / 1000 * 1000}, {end.ms / 1000 * 1000}});
  };
  staff_token_ = token(admin, api::Role::platform_admin);
  for (std::int64_t id = 1; id <= patients; ++id) {
    patients_.emplace_back();
    patients_.back().id = id;
    patients_.back().token = token(id, api::Role::patient);
  }
  start();
  for (std::int64_t doctor = 1; doctor <= doctors; ++doctor) {
    Request request;
    request.what = "first hours";
    request.method = http::Method::put;
    request.target = fmt::format("/api/doctors/{}/schedule", doctor);
    request.body = hours_json(doctor, 1, 0);
    request.token = staff_token_;
    request.if_match = "\"0\"";
    send(std::move(request));
    pump();
    judge_.model().hours[doctor] = {shifts_of(doctor), {}, 0, 1, 1};
  }
  judge_.starts();
  engine_.watch(&judge_);
  judge(false);
}

void World::run() {
  is_hostile_ = true;
  engine_.faults(true);
  for (int i = 1; i <= options_.steps; ++i) {
    if (options_.left_out.contains(i)) continue;
    chance_.begin(options_.seed, static_cast<std::uint64_t>(i));
    step(i);
    ++steps_done_;
    settle();
  }
  chance_.begin(options_.seed, 0);
  quiesce();
}

void World::step(int number) {
  trace_.say("step {} at {}", number, to_rfc3339(clock_.now()));
  const auto what = pick(100);
  if (what < 50) {
    for (auto people = 1 + pick(9); people > 0; --people) act();
    guarded([&] { pump(); });
  } else if (what < 68) {
    guarded([&] { pass_time(seconds(pick(60)), seconds(2)); });
  } else if (what < 72) {
    guarded([&] { pass_time(seconds(pick(1800)), seconds(5 + pick(25))); });
  } else if (what < 74) {
    midnight();
  } else if (what < 82) {
    // Nothing moves for a while, then everybody comes before the clockwork does.
    clock_.advance(milliseconds(pick(400'000)));
    note("stalled");
    for (auto people = 1 + pick(5); people > 0; --people) {
      if (chance(50)) take(anyone());
      else act();
    }
    guarded([&] { pump(); });
  } else if (what < 84) {
    clock_.advance(minutes(10 + pick(6 * 60)));
    note("clock jumps ahead");
    act();
    guarded([&] { pump(); });
  } else if (what < 87) {
    clock_.advance(milliseconds(0) - milliseconds(pick(20'000)));
    note("clock set back");
    act();
    guarded([&] { pump(); });
  } else if (what < 90) {
    for (auto people = pick(4); people > 0; --people) act();
    note("crash between two steps");
    crash();
  } else {
    guarded([&] {
      webhooks();
      pump();
    });
  }
}

// A day opens for booking: those who wait for it come before those who were quick.
void World::midnight() {
  const Place place = chance(50) ? Place::kolkata : Place::london;
  clock_.set(to_utc(place, today(place) + 1, 0) - seconds(1 + pick(60)));
  guarded([&] { ticks(); });
  for (auto people = 4 + pick(12); people > 0; --people) act();
  guarded([&] { pump(); });
  clock_.advance(seconds(60));
  note("midnight");
  for (auto people = 1 + pick(5); people > 0; --people) act();
  guarded([&] { pump(); });
}

void World::pump() {
  engine_.pump();
  judge_.verdict();
}

void World::ticks() {
  const SimEngine::Immediate immediate(engine_);
  for (int i = 0; i < 20 && product_->jobs().run_due(); ++i) judge_.verdict();
}

// Time passes in small steps, so that each thing happens about when it is due.
void World::pass_time(Duration by, Duration stride) {
  const Instant end = clock_.now() + by;
  do {
    clock_.set(std::min(end, clock_.now() + stride));
    ticks();
    webhooks();
    pump();
  } while (clock_.now() < end);
}

// The gateway's messages arrive, some of them later, in whatever order.
void World::webhooks() {
  auto due = std::exchange(webhooks_delayed_, {});
  for (auto& delivery : gateway_->take_due()) due.push_back(std::move(delivery));
  while (!due.empty()) {
    const auto at = due.begin() + pick(static_cast<std::int64_t>(due.size()));
    billing::SandboxDelivery delivery = std::move(*at);
    due.erase(at);
    if (is_hostile_ && chance(20)) {
      note("webhook delayed");
      webhooks_delayed_.push_back(std::move(delivery));
      continue;
    }
    http::Request webhook{
        http::Method::post, "/api/payments/webhook", {{"host", "fairward"}}, delivery.request.body, "127.0.0.1"};
    for (const auto& [name, value] : delivery.request.headers) webhook.headers.emplace_back(lower(name), value);
    webhooks_out_.push_back(delivery);
    product_->handle(std::move(webhook), [this, id = delivery.webhook_id, tries = delivery.tries](http::Response&& r) {
      trace_.say("webhook {} answered {}", id, r.status);
      if (r.status >= 500 && r.status != 503) judge_.accuse(fmt::format("a webhook was answered {}", r.status));
      const auto out = std::find_if(webhooks_out_.begin(), webhooks_out_.end(),
                                    [&](const auto& d) { return d.webhook_id == id && d.tries == tries; });
      if (out == webhooks_out_.end()) return;
      gateway_->delivered(*out, r.status >= 200 && r.status < 300);
      webhooks_out_.erase(out);
      note("webhook heard");
    });
  }
}

// What is due now gets its ticks; then nothing is left to excuse a difference.
void World::settle() {
  judge(false);
  engine_.faults(false);
  is_hostile_ = false;
  guarded([&] {
    pump();
    pass_time(milliseconds(100), milliseconds(50));
    pass_time(milliseconds(1100), milliseconds(1100));
  });
  judge(true);
  judge_memory();
  judge_.verdict();
  is_hostile_ = true;
  engine_.faults(true);
}

void World::quiesce() {
  is_hostile_ = false;
  engine_.faults(false);
  for (int i = 0; i < 40; ++i) guarded([&] { pass_time(minutes(1), seconds(15)); });
  for (int i = 0; i < 20; ++i) guarded([&] { pass_time(minutes(5), seconds(60)); });
  judge(true);
  judge_memory();
  const auto totals = gateway_->totals();
  engine_.look([&](Snapshot& db) { judge_.check_money(db, totals.captured_minor, totals.refunded_minor); });
  judge_.verdict();
  trace_.say("the end: {} appointments, {} waits, {} payments", judge_.model().state.appointments.size(),
             judge_.model().state.waits.size(), judge_.model().state.payments.size());
}

void World::judge(bool is_settled) {
  engine_.look([&](Snapshot& db) { judge_.check(db, is_settled); });
  judge_.verdict();
}

// Memory is a cache: what it answers is what the model says, which is what the database says.
void World::judge_memory() {
  const Model& model = judge_.model();
  const auto stats = product_->booking().stats();
  const auto holds =
      static_cast<std::size_t>(std::count_if(model.state.appointments.begin(), model.state.appointments.end(),
                                             [](const Appointment& a) { return a.status == "pending"; }));
  std::size_t waiting = 0;
  for (const auto& [doctor, hours] : model.hours) waiting += static_cast<std::size_t>(model.waiting(doctor));
  if (stats.holds_active != holds)
    judge_.accuse(fmt::format("ActiveReservations knows {} holds of {}", stats.holds_active, holds));
  if (stats.waiting != waiting) judge_.accuse(fmt::format("WaitingUsers knows {} waits of {}", stats.waiting, waiting));
  for (const auto& [doctor, hours] : model.hours) judge_slots(doctor);
  std::map<std::int64_t, std::int64_t> before;
  for (const Wait& w : model.state.waits) {
    if (w.status != "waiting") continue;
    const Reply reply = get(fmt::format("/api/waits/{}", w.id), staff_token_);
    const auto position = ++before[w.doctor];
    if (reply.status != 200 || reply.body.at("position").as_int64() != position)
      judge_.accuse(fmt::format("wait {} should be at place {}: {}", w.id, position, json::serialize(reply.body)));
  }
  judge_polls();
}

// Whoever still waits to be told has seen what there is.
void World::judge_polls() {
  for (const auto& [id, poll] : polls_) {
    if (get(poll.target, poll.token).etag != poll.etag)
      judge_.accuse(fmt::format("long poll {} was not told of a change of {}", id, poll.target));
    if (poll.until <= clock_.now()) judge_.accuse(fmt::format("long poll {} of {} does not end", id, poll.target));
  }
}

void World::judge_slots(std::int64_t doctor) {
  const Model& model = judge_.model();
  const Hours& hours = model.hours.at(doctor);
  const Instant now = clock_.now();
  const Reply reply = get(fmt::format("/api/doctors/{}/slots", doctor), "");
  std::string seen, wanted;
  for (const auto& item : reply.body.at("items").as_array()) {
    const auto* frees_by = item.as_object().if_contains("frees_by");
    seen += fmt::format("{} {} {};", item.at("starts_at").as_string().c_str(), item.at("status").as_string().c_str(),
                        frees_by && frees_by->is_string() ? frees_by->as_string().c_str() : "");
  }
  std::optional<Instant> first_free;
  for (const Slot& slot : hours.slots(hours.earliest(now), hours.latest(now))) {
    constexpr const char* words[] = {"free", "held", "booked"};
    const Model::Use use = model.use(doctor, slot.starts, slot.ends);
    if (use == Model::Use::free && !first_free) first_free = slot.starts;
    const Appointment* owner = model.owner(doctor, slot.starts);
    wanted += fmt::format("{} {} {};", to_rfc3339(slot.starts), words[static_cast<int>(use)],
                          use == Model::Use::held && owner ? to_rfc3339(owner->lapses) : "");
  }
  if (seen != wanted) judge_.accuse(fmt::format("memory of doctor {} shows {} instead of {}", doctor, seen, wanted));
  const auto found = product_->booking().free_times().first_free(DoctorId{doctor}, {}, now, hours.latest(now));
  if (found != first_free)
    judge_.accuse(fmt::format("the first free time of doctor {} is {}, not {}", doctor,
                              first_free ? to_rfc3339(*first_free) : "none", found ? to_rfc3339(*found) : "none"));
}

Coverage World::coverage() const {
  Coverage all = coverage_;
  for (const auto& [what, count] : engine_.happened()) all[what] += count;
  for (const auto& [what, count] : const_cast<World*>(this)->judge_.model().reached) all[what] += count;
  return all;
}

}  // namespace fairward::sim
