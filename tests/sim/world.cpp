// See the header.
#include "world.h"

#include <fmt/format.h>

#include "platform/log/log.h"

namespace fairward::sim {
namespace json = boost::json;

namespace {

constexpr const char* secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
constexpr const char* zone = "Asia/Kolkata";

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
          "INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES ($1, $2, 50000, 'INR')");
#undef SIM_QUERY

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

// The network between product and gateway, both ways: loses requests and replies, and says so to nobody.
class World::Wire final : public http::Client {
 public:
  Wire(billing::SandboxGateway& gateway, Entropy& chance) : gateway_(gateway), chance_(chance) {}

  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string* why) override {
    if (is_unlucky()) return lost(why);
    http::Request received{
        request.method, request.url.substr(std::string_view("http://gateway").size()), {}, request.body, ""};
    for (const auto& [name, value] : request.headers) received.headers.emplace_back(lower(name), value);
    const http::Response response = gateway_.handle(received);
    if (is_unlucky()) return lost(why);
    return http::OutgoingResponse{response.status, response.body};
  }
  bool is_reliable = false;

 private:
  bool is_unlucky() { return !is_reliable && chance_.below(100) < 8; }
  static std::optional<http::OutgoingResponse> lost(std::string* why) {
    if (why) *why = "timed out";
    return std::nullopt;
  }
  billing::SandboxGateway& gateway_;
  Entropy& chance_;
};

std::string World::Reply::code() const {
  const auto* object = body.if_object();
  const auto* code = object ? object->if_contains("code") : nullptr;
  return code ? std::string(code->as_string()) : "";
}

std::int64_t World::Reply::id() const { return body.as_object().at("id").as_int64(); }

World::World(std::uint64_t seed, int steps)
    : steps_(steps),
      clock_(*parse_rfc3339("2026-12-01T01:00:00Z")),
      chance_(make_seeded_entropy(seed)),
      entropy_(make_seeded_entropy(seed + 1'000'000)),
      gateway_entropy_(make_seeded_entropy(seed + 2'000'000)),
      engine_(sql::open_sqlite_inline(":memory:", clock_)) {
  log::configure(log::Level::off, log::Format::json);
  sql::migrate_inline(*engine_);
  gateway_ = std::make_unique<billing::SandboxGateway>(
      billing::SandboxRules{secret, milliseconds(1500), seconds(10), 0.2, 0.2, 1'000'000}, clock_, *gateway_entropy_);
  wire_ = std::make_unique<Wire>(*gateway_, *gateway_entropy_);
  judge_ = std::make_unique<Judge>(*engine_);
  populate();
}

World::~World() = default;

void World::start() {
  app::ProductOptions options;
  options.identity.signing_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
  options.identity.access_ttl = days(60);
  options.billing = {"http://gateway", secret, "http://fairward/api/payments/webhook"};
  options.booking.hold_ttl = seconds(300);
  options.booking.wait_ttl = minutes(4);  // shorter than a hold, so that patience ends
  options.dispatcher.prepare_threads = 0;
  options.dispatcher.per_address = {{0}, {0}, {0}};
  options.dispatcher.per_user = {{0}, {0}, {0}};
  product_ = std::make_unique<app::Product>(*engine_, clock_, *entropy_, *wire_, options);
  product_->load();
}

void World::crash() {
  note("crash");
  product_.reset();
  start();
}

void World::populate() {
  doctors_ = {1, 2};
  engine_->write_now([&](Txn& txn) {
    txn.exec(city_add);
    txn.exec(speciality_add);
    txn.exec(hospital_add, std::int64_t{1}, "First", zone);
    txn.exec(hospital_add, std::int64_t{2}, "Second", "Europe/London");
    for (const auto doctor : doctors_) {
      txn.exec(doctor_add, doctor);
      txn.exec(practice_add, doctor, std::int64_t{1});
      txn.exec(practice_add, doctor, std::int64_t{2});
    }
    return true;
  });
  start();
  const auto admin =
      identity::user_add(*engine_, {api::Role::platform_admin, "Admin", "admin", "correct horse battery", {}, {}},
                         clock_.now(), *entropy_);
  if (!admin) throw Violation("the administrator could not be added");
  staff_token_ = std::string(
      call(http::Method::post, "/api/auth/login", {{"login", "admin"}, {"password", "correct horse battery"}}, "")
          .body.at("access_token")
          .as_string());
  for (const auto doctor : doctors_) {
    http::Request put{http::Method::put,
                      fmt::format("/api/doctors/{}/schedule", doctor),
                      {{"authorization", "Bearer " + staff_token_},
                       {"content-type", "application/json"},
                       {"if-match", "\"0\""},
                       {"host", "x"}},
                      json::serialize(json::value{{"max_booking_days", 1},
                                                  {"shifts",
                                                   {{{"hospital_id", 1},
                                                     {"weekdays", {1, 2, 3, 4, 5, 6, 7}},
                                                     {"starts", "09:00"},
                                                     {"ends", "10:00"},
                                                     {"slot_minutes", 30}},
                                                    {{"hospital_id", 2},
                                                     {"weekdays", {1, 2, 3, 4, 5, 6, 7}},
                                                     {"starts", "14:00"},
                                                     {"ends", "14:40"},
                                                     {"slot_minutes", 20}}}}}),
                      "127.0.0.1"};
    int status = 0;
    std::string text;
    product_->handle(std::move(put), [&](http::Response&& r) { status = r.status, text = r.body; });
    if (status != 200) throw Violation(fmt::format("schedule refused: {} {}", status, text));
  }
  for (int i = 0; i < 9; ++i) {
    const auto reply = call(http::Method::post, "/api/auth/register",
                            {{"role", "patient"},
                             {"name", fmt::format("Patient {}", i)},
                             {"logon_id", fmt::format("patient{}", i)},
                             {"password", "correct horse battery"}},
                            "");
    if (reply.status != 201) throw Violation("a patient could not register: " + json::serialize(reply.body));
    patients_.push_back(
        {reply.body.at("user").at("id").as_int64(), std::string(reply.body.at("access_token").as_string()), 0, 0, {}});
  }
}

World::Reply World::call(http::Method method, const std::string& target, const json::value& body,
                         const std::string& token, const std::string& key) {
  http::Request request{method, target, {{"host", "fairward"}}, "", "127.0.0.1"};
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  if (!key.empty()) request.headers.emplace_back("idempotency-key", key);
  if (!body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = json::serialize(body);
  }
  std::optional<Reply> reply;
  product_->handle(std::move(request), [&](http::Response&& response) {
    reply = Reply{response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body)};
  });
  if (!reply) throw Violation("no reply to " + target);
  if (reply->status >= 500)
    throw Violation(fmt::format("{} answered {}: {}", target, reply->status, json::serialize(reply->body)));
  return *reply;
}

void World::run() {
  for (int i = 0; i < steps_; ++i) {
    step();
    judge();
  }
  quiesce();
  judge();
  const auto totals = gateway_->totals();
  judge_->check_money(totals.captured_minor, totals.refunded_minor);
  if (totals.refunded_minor > 0) note("refunded");
  for (const auto& [kind, count] : judge_->ledger_counts()) coverage_[kind] += count;
}

void World::judge() {
  judge_->check(clock_.now(), false);
  pass_time(milliseconds(100));  // what is due now gets its tick
  judge_->check(clock_.now(), true);
  judge_->check_booked(booked_, ended_by_us_);
}

void World::step() {
  const auto what = pick(100);
  if (what < 60) act(patients_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patients_.size())))]);
  else if (what < 88) pass_time(seconds(pick(60)));
  else if (what < 92) pass_time(seconds(pick(1800)));
  else if (what < 94) staff_books();
  else if (what < 95) doctor_on_leave();
  else if (what < 97) crash();
  else deliver_webhooks();
}

// Time passes in small steps, so that each thing happens about when it is due.
void World::pass_time(Duration by) {
  const Instant end = clock_.now() + by;
  do {
    clock_.set(std::min(end, clock_.now() + seconds(2)));
    for (int i = 0; i < 20 && product_->jobs().run_due(); ++i) judge_->check(clock_.now(), false);
    deliver_webhooks();
  } while (clock_.now() < end);
}

void World::deliver_webhooks() {
  for (const auto& delivery : gateway_->take_due()) {
    http::Request webhook{
        http::Method::post, "/api/payments/webhook", {{"host", "fairward"}}, delivery.request.body, "127.0.0.1"};
    for (const auto& [name, value] : delivery.request.headers) webhook.headers.emplace_back(lower(name), value);
    int status = 0;
    product_->handle(std::move(webhook), [&](http::Response&& response) { status = response.status; });
    gateway_->delivered(delivery, status >= 200 && status < 300);
    judge_->check(clock_.now(), false);
    if (status >= 500) throw Violation(fmt::format("the webhook was answered {}", status));
  }
}

void World::quiesce() {
  wire_->is_reliable = true;
  for (int i = 0; i < 120; ++i) pass_time(seconds(60));
}

void World::act(Patient& patient) {
  look(patient);
  switch (pick(10)) {
    case 0:
    case 1: take(patient); break;
    case 2:
    case 3:
    case 4: join(patient); break;
    case 5:
    case 6:
    case 7: pay(patient); break;
    case 8: release(patient); break;
    case 9: change(patient); break;
  }
}

std::string World::slot_time(std::int64_t doctor) {
  const auto reply = call(http::Method::get, fmt::format("/api/doctors/{}/slots", doctor), nullptr, "");
  const auto& items = reply.body.at("items").as_array();
  if (items.empty()) return "";
  return std::string(
      items[static_cast<std::size_t>(pick(static_cast<std::int64_t>(items.size())))].at("starts_at").as_string());
}

void World::take(Patient& patient) {
  const auto doctor = doctors_[static_cast<std::size_t>(pick(2))];
  const std::string starts_at = slot_time(doctor);
  if (starts_at.empty()) return;
  json::object body{{"doctor_id", doctor}, {"starts_at", starts_at}, {"slots", 1 + pick(4) / 3}};
  const std::string key = chance(30) ? fmt::format("key-{}-{}", patient.id, clock_.now().ms) : "";
  const Reply reply = call(http::Method::post, "/api/holds", body, patient.token, key);
  note(reply.status == 201 ? "201 hold" : fmt::format("{} {}", reply.status, reply.code()));
  if (reply.status == 201) patient.hold = reply.id();
  if (reply.status == 201 && !key.empty()) {
    const Reply again = call(http::Method::post, "/api/holds", body, patient.token, key);
    if (again.status != 201 || again.id() != reply.id()) throw Violation("the same key made another hold");
    note("key replayed");
  }
}

void World::join(Patient& patient) {
  const auto doctor = doctors_[static_cast<std::size_t>(pick(2))];
  const Date today{static_cast<std::int32_t>((clock_.now() + minutes(330)).ms / days(1).ms)};
  const Date from = today + static_cast<int>(pick(2));
  json::object body{{"doctor_id", doctor},
                    {"from", to_iso(from)},
                    {"to", to_iso(from + static_cast<int>(pick(2)))},
                    {"slots", 1 + pick(3) / 2}};
  if (chance(40)) body["hospital_id"] = 1 + pick(2);
  const Reply reply = call(http::Method::post, "/api/waits", body, patient.token);
  note(reply.status == 201 ? "201 wait" : fmt::format("{} {}", reply.status, reply.code()));
  if (reply.status == 201) patient.wait = reply.id();
}

void World::pay(Patient& patient) {
  if (!patient.hold) return;
  constexpr const char* outcomes[] = {"success", "success", "success", "fail", "late"};
  const std::string outcome = outcomes[pick(5)];
  const Reply reply = call(http::Method::post, fmt::format("/api/holds/{}/payments", patient.hold),
                           {{"method", "sandbox"}, {"outcome", outcome}}, patient.token);
  note(reply.status == 202 ? "payment " + outcome : fmt::format("{} {}", reply.status, reply.code()));
}

void World::release(Patient& patient) {
  if (patient.hold) {
    const Reply reply = call(http::Method::del, fmt::format("/api/holds/{}", patient.hold), nullptr, patient.token);
    note(reply.status == 204 ? "released" : fmt::format("{} {}", reply.status, reply.code()));
    if (reply.status == 204) ended_by_us_.insert(patient.hold);
  } else if (patient.wait) {
    const Reply reply = call(http::Method::del, fmt::format("/api/waits/{}", patient.wait), nullptr, patient.token);
    note(reply.status == 204 ? "left" : fmt::format("{} {}", reply.status, reply.code()));
  }
}

// What a patient's browser does: sees what became of the hold and the wait.
void World::look(Patient& patient) {
  if (patient.wait) {
    const Reply reply = get(fmt::format("/api/waits/{}", patient.wait), patient);
    const std::string status(reply.body.at("status").as_string());
    if (status == "offered") patient.hold = reply.body.at("offer").at("hold_id").as_int64();
    if (status != "waiting") patient.wait = 0;
  }
  if (!patient.hold) return;
  const Reply reply = get(fmt::format("/api/appointments/{}", patient.hold), patient);
  const std::string status(reply.body.at("status").as_string());
  if (status == "booked") {
    booked_.insert(patient.hold);
    patient.appointments.push_back(patient.hold);
    note("seen booked");
  }
  if (status != "pending") patient.hold = 0;
}

void World::change(Patient& patient) {
  if (patient.appointments.empty()) return;
  const auto id =
      patient.appointments[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patient.appointments.size())))];
  if (chance(50)) {
    const Reply reply =
        call(http::Method::put, fmt::format("/api/appointments/{}/cancel", id), json::object(), patient.token);
    note(reply.status == 200 ? "cancelled" : fmt::format("{} {}", reply.status, reply.code()));
    if (reply.status == 200) ended_by_us_.insert(id);
    return;
  }
  const auto doctor = get(fmt::format("/api/appointments/{}", id), patient).body.at("doctor_id").as_int64();
  const std::string starts_at = slot_time(doctor);
  if (starts_at.empty()) return;
  const Reply reply =
      call(http::Method::put, fmt::format("/api/appointments/{}", id), {{"starts_at", starts_at}}, patient.token);
  note(reply.status == 200 ? "moved" : fmt::format("{} {}", reply.status, reply.code()));
}

void World::staff_books() {
  const auto doctor = doctors_[static_cast<std::size_t>(pick(2))];
  const std::string starts_at = slot_time(doctor);
  if (starts_at.empty()) return;
  const auto& patient = patients_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patients_.size())))];
  const Reply reply = call(http::Method::post, "/api/appointments",
                           {{"doctor_id", doctor}, {"starts_at", starts_at}, {"patient_id", patient.id}}, staff_token_);
  note(reply.status == 201 ? "staff booked" : fmt::format("{} {}", reply.status, reply.code()));
  if (reply.status == 201) booked_.insert(reply.id());
}

void World::doctor_on_leave() {
  const auto doctor = doctors_[static_cast<std::size_t>(pick(2))];
  const Date today{static_cast<std::int32_t>(clock_.now().ms / days(1).ms)};
  const Reply reply = call(
      http::Method::post, fmt::format("/api/doctors/{}/exceptions", doctor),
      {{"kind", "leave"}, {"on", to_iso(today + static_cast<int>(pick(3)))}, {"starts", "09:00"}, {"ends", "09:30"}},
      staff_token_);
  note(reply.status == 201 ? "leave" : fmt::format("{} {}", reply.status, reply.code()));
}

std::string World::fingerprint() { return judge_->fingerprint(); }

}  // namespace fairward::sim
