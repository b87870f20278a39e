// See the header. Here: how the world is made, and how time passes.
#include "world.h"

#include <cctype>

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
constexpr Duration session_ttl = days(60);

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

// Rows that the product has no calls for, or that come with its installation.
void fill(Txn& txn, Instant now, std::int64_t free_hospital) {
  txn.exec(city_add);
  txn.exec(speciality_add);
  txn.exec(hospital_add, std::int64_t{1}, "First", "Asia/Kolkata");
  txn.exec(hospital_add, std::int64_t{2}, "Second", "Europe/London");
  for (std::int64_t doctor = 1; doctor <= doctors; ++doctor) {
    txn.exec(doctor_add, doctor);
    for (std::int64_t hospital = 1; hospital <= 2; ++hospital)
      txn.exec(practice_add, doctor, hospital, hospital == free_hospital ? std::int64_t{0} : fee_minor);
  }
  for (std::int64_t id = 1; id <= patients; ++id) txn.exec(user_add, id, "patient", "A patient", now);
  txn.exec(user_add, admin, "platform_admin", "The administrator", now);
  for (std::int64_t id = 1; id <= patients; ++id) txn.exec(session_add, id, now, now + session_ttl);
  txn.exec(session_add, admin, now, now + session_ttl);
}

}  // namespace

json::value hours_json(std::int64_t doctor, int horizon_days, int notice_minutes) {
  return {
      {"max_booking_days", horizon_days}, {"minimum_notice_minutes", notice_minutes}, {"shifts", shifts_json(doctor)}};
}

Rules World::rules() const {
  // In every other world waits are shorter than holds: patience ends.
  return {seconds(300), seconds(5), options_.seed % 2 == 0 ? minutes(4) : hours(1), hours(2), fee_minor, 2};
}

World::World(WorldOptions options)
    : options_(std::move(options)),
      stage_(first_moment(options_.seed)),
      database_clock_(stage_.clock),
      database_(database_clock_),
      judge_(database_, rules(), stage_.trace) {
  stage_.trace.is_loud = options_.is_loud;
  log::configure(log::Level::off, log::Format::json);
  gateway_ = std::make_unique<billing::SandboxGateway>(
      billing::SandboxRules{secret, milliseconds(1500), seconds(10), 0.2, 0.2, 1'000'000}, stage_.clock, stage_.chance);
  judge_.gateway = [this](const std::string& reference) -> std::string {
    const http::Response response = gateway_->handle({http::Method::get,
                                                      "/payments/" + reference,
                                                      {{"authorization", "Bearer " + billing::gateway_api_key(secret)}},
                                                      "",
                                                      ""});
    if (response.status != 200) return "unknown";
    return std::string(json::parse(response.body).at("status").as_string());
  };
  judge_.note = [this](const std::string& what) { note(what); };
  stage_.chance.begin(options_.seed, 0);
  populate();
}

World::~World() = default;

app::ProductOptions World::product_options() const {
  app::ProductOptions options;
  options.identity.signing_key = signing_key;
  options.identity.access_ttl = session_ttl;
  options.billing = {gateway_url, secret, "http://fairward/api/payments/webhook"};
  options.booking.hold_ttl = rules().hold_ttl;
  options.booking.hold_grace = rules().hold_grace;
  options.booking.wait_ttl = rules().wait_ttl;
  options.booking.refund_notice = rules().refund_notice;
  options.dispatcher.prepare_threads = 0;
  options.dispatcher.per_address = {{0}, {0}, {0}};
  options.dispatcher.per_user = {{0}, {0}, {0}};
  return options;
}

void World::populate() {
  database_.migrate();
  database_.fill([&](Txn& txn) { fill(txn, stage_.clock.now(), rules().free_hospital); });
  people_come();
  nodes_come();
  first_hours();
  come_to_rest();
  judge_.starts();
  for (auto& node : nodes_) node->watch(&judge_);
  judge();
}

// One that has its database for itself, or two or three that share it; their clocks are a little apart.
void World::nodes_come() {
  const auto count = 1 + static_cast<int>(options_.seed % 3);
  for (int place = 1; place <= count; ++place) {
    Node::Setup setup{product_options(), options_.seed + static_cast<std::uint64_t>(place) * 1'000'000, count > 1};
    nodes_.push_back(std::make_unique<Node>(place, std::move(setup), stage_, database_, *gateway_));
    if (count > 1) nodes_.back()->clock().set(milliseconds(pick(6000) - 3000));
  }
  for (auto& node : nodes_) start(*node);
}

void World::people_come() {
  staff_token_ = token(admin, api::Role::platform_admin, admin);
  for (std::int64_t id = 1; id <= patients; ++id) {
    patients_.emplace_back();
    patients_.back().id = id;
    patients_.back().token = token(id, api::Role::patient, id);
  }
  guests_come();
}

std::string World::token(std::int64_t user, api::Role role, std::int64_t session) const {
  const identity::AccessTokens tokens({*crypto::SigningKey::from_seed(*crypto::base64url_decode(signing_key))});
  const Instant now = stage_.clock.now(), end = now + session_ttl;
  return tokens.mint(
      {UserId{user}, role, {}, {}, identity::SessionId{session}, {now.ms / 1000 * 1000}, {end.ms / 1000 * 1000}});
}

void World::first_hours() {
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
}

void World::run() {
  stage_.is_hostile = true;
  for (int i = 1; i <= options_.steps; ++i) {
    if (options_.left_out.contains(i)) continue;
    stage_.chance.begin(options_.seed, static_cast<std::uint64_t>(i));
    step(i);
    ++steps_done_;
    settle();
  }
  stage_.chance.begin(options_.seed, 0);
  quiesce();
}

std::vector<Node*> World::nodes_that(bool (Node::*is_so)() const) const {
  std::vector<Node*> found;
  for (const auto& node : nodes_)
    if ((*node.*is_so)()) found.push_back(node.get());
  return found;
}

// There always is one.
Node& World::a_running_node() {
  const auto running = nodes_that(&Node::runs);
  return *running.at(static_cast<std::size_t>(pick(static_cast<std::int64_t>(running.size()))));
}

void World::step(int number) {
  stage_.trace.say("step {} at {}", number, to_rfc3339(stage_.clock.now()));
  if (is_shared()) trouble();
  const auto what = pick(100);
  if (what < 50) {
    for (auto people = 1 + pick(9); people > 0; --people) act();
    if (chance(30)) ticks();
    pump();
  } else if (what < 68) {
    pass_time(seconds(pick(60)), seconds(2));
  } else if (what < 72) {
    pass_time(seconds(pick(1800)), seconds(5 + pick(25)));
  } else if (what < 74) {
    midnight();
  } else if (what < 82) {
    // Nothing moves for a while, then everybody comes before the clockwork does.
    stage_.clock.pass(milliseconds(pick(400'000)));
    note("stalled");
    for (auto people = 1 + pick(5); people > 0; --people) {
      if (chance(50)) take(anyone());
      else act();
    }
    pump();
  } else if (what < 87) {
    all_clocks_set(what < 84 ? minutes(10 + pick(6 * 60)) : milliseconds(0) - milliseconds(pick(20'000)));
    act();
    pump();
  } else if (what < 90) {
    for (auto people = pick(4); people > 0; --people) act();
    note("crash between two steps");
    crash(a_running_node());
  } else {
    webhooks();
    pump();
  }
}

void World::all_clocks_set(Duration by) {
  wake_before_keys_end(by);
  stage_.clock.set_by(by);
  note(by > Duration{} ? "clock jumps ahead" : "clock set back");
  if (by > Duration{}) set_ahead_at_us_ = stage_.clock.steady_us();
  if (by < Duration{}) database_set_back_ = database_set_back_ - by;
}

// A day opens for booking: those who wait for it come before those who were quick.
void World::midnight() {
  const Place place = chance(50) ? Place::kolkata : Place::london;
  const Duration left = to_utc(place, today(place) + 1, 0) - seconds(1 + pick(60)) - stage_.clock.now();
  wake_before_keys_end(left);
  if (left > Duration{}) stage_.clock.pass(left);
  ticks();
  for (auto people = 4 + pick(12); people > 0; --people) act();
  pump();
  stage_.clock.pass(seconds(60));
  note("midnight");
  for (auto people = 1 + pick(5); people > 0; --people) act();
  pump();
}

// Whoever has something to do does some of it, in any order.
void World::pump() {
  for (auto busy = nodes_that(&Node::has_work); !busy.empty(); busy = nodes_that(&Node::has_work)) {
    Node& node = *busy[static_cast<std::size_t>(pick(static_cast<std::int64_t>(busy.size())))];
    guarded(node, [&] { node.engine().step(); });
  }
  judge_.verdict();
}

// What a node has begun in a tick it may end much later.
void World::ticks() {
  for (Node* node : nodes_that(&Node::runs)) {
    guarded(*node, [&] { node->tick(); });
    if (is_shared() && stage_.is_hostile && pick(300) == 0) freeze(*node);
  }
}

// Time passes in small steps, so that each thing happens about when it is due.
void World::pass_time(Duration by, Duration stride) {
  do {
    const Duration step = std::min(by, stride);
    by = by - step;
    pass_step(step);
    // Leases that ended in a long step are taken again in it; then there is work to be done.
    if (is_shared() && step > nodes::lease_ttl) pass_step(milliseconds(25));
  } while (by > Duration{});
}

void World::pass_step(Duration step) {
  stage_.clock.pass(step);
  returns();
  ticks();
  webhooks();
  pump();
}

// The gateway's messages arrive, some of them later, in whatever order.
void World::webhooks() {
  auto due = std::exchange(webhooks_delayed_, {});
  for (auto& delivery : gateway_->take_due()) due.push_back(std::move(delivery));
  while (!due.empty()) {
    const auto at = due.begin() + pick(static_cast<std::int64_t>(due.size()));
    billing::SandboxDelivery delivery = std::move(*at);
    due.erase(at);
    if (stage_.is_unlucky(20)) {
      note("webhook delayed");
      webhooks_delayed_.push_back(std::move(delivery));
      continue;
    }
    webhook_send(delivery);
  }
}

void World::webhook_send(const billing::SandboxDelivery& delivery) {
  http::Request webhook{
      http::Method::post, "/api/payments/webhook", {{"host", "fairward"}}, delivery.request.body, "127.0.0.1"};
  for (const auto& [name, value] : delivery.request.headers) webhook.headers.emplace_back(name, value);
  for (auto& [name, value] : webhook.headers)
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  Node& node = a_running_node();
  webhooks_out_.push_back({&node, delivery});
  node.handle(0, std::move(webhook), [this, id = delivery.webhook_id, tries = delivery.tries](http::Response&& r) {
    stage_.trace.say("webhook {} answered {}", id, r.status);
    if (r.status >= 500 && r.status != 503) judge_.accuse(fmt::format("a webhook was answered {}", r.status));
    const auto out = std::find_if(webhooks_out_.begin(), webhooks_out_.end(), [&](const WebhookOut& out) {
      return out.delivery.webhook_id == id && out.delivery.tries == tries;
    });
    if (out == webhooks_out_.end()) return;
    gateway_->delivered(out->delivery, r.status >= 200 && r.status < 300);
    webhooks_out_.erase(out);
    note("webhook heard");
  });
}

Coverage World::coverage() const {
  Coverage all = stage_.coverage;
  for (const auto& [what, count] : judge_.model().reached) all[what] += count;
  return all;
}

}  // namespace fairward::sim
