// See the header.
#include "world.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <future>

#include "platform/log/log.h"

namespace fairward::powercut {
namespace json = boost::json;

namespace {

constexpr const char* path = "/disk/fairward.db";
constexpr const char* secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
constexpr int doctors = 4;
constexpr int narrow_doctor = doctors;  // has two slots a day, so that people queue
constexpr int patients = 24;
constexpr int booking_days = 20;
constexpr std::uint64_t work_operations_max = 400;  // a cut comes at one of them, or else when the server stops
constexpr std::uint64_t stop_operations_max = 60;   // of the last checkpoint
constexpr std::uint64_t first_operations = 12;      // those after a recovery, when the log may begin anew

#define POWERCUT_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
POWERCUT_QUERY(city_add, "INSERT INTO directory_city (id, name, name_key) VALUES (1, 'Pune', 'pune')");
POWERCUT_QUERY(speciality_add,
               "INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'Cardiologist', 'cardiologist')");
POWERCUT_QUERY(hospital_add,
               "INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source) VALUES (1, 1, 'First', "
               "'first', 'Asia/Kolkata', 'test')");
POWERCUT_QUERY(doctor_add,
               "INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES ($1, 'Asha', "
               "'Asha Rao', 1, 'active')");
POWERCUT_QUERY(practice_add,
               "INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES ($1, 1, 50000, "
               "'INR')");
#undef POWERCUT_QUERY

Instant opening() { return *parse_rfc3339("2026-12-01T01:00:00Z"); }

app::ProductOptions product_options() {
  app::ProductOptions options;
  options.identity.signing_key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
  options.identity.access_ttl = days(60);
  options.billing = {"http://gateway", secret, "http://fairward/api/payments/webhook"};
  options.booking.open_holds_per_patient = powercut::open_holds_per_patient;
  options.dispatcher.prepare_threads = 0;
  options.dispatcher.per_address = {{0}, {0}, {0}};
  options.dispatcher.per_user = {{0}, {0}, {0}};
  return options;
}

struct Answer {
  int status = 0;
  std::string body;
};

// One call, waited for; for the preparation.
json::value call(app::Product& product, http::Method method, std::string target, const json::value& body,
                 const std::string& token, int wanted) {
  http::Request request{method,
                        std::move(target),
                        {{"host", "x"}, {"content-type", "application/json"}, {"if-match", "\"0\""}},
                        json::serialize(body),
                        "127.0.0.1"};
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  std::promise<Answer> answered;
  product.handle(std::move(request), [&](http::Response&& r) { answered.set_value({r.status, r.body}); });
  const Answer answer = answered.get_future().get();
  if (answer.status != wanted) throw Violation(fmt::format("preparing: {} {}", answer.status, answer.body));
  return json::parse(answer.body);
}

// The planted program acknowledges before it commits: what was written is there when the next write runs.
void settle(sql::Engine& engine) {
  engine.write_now([](Txn&) { return true; });
}

void directory_fill(sql::Engine& engine) {
  engine.write_now([](Txn& txn) {
    txn.exec(city_add);
    txn.exec(speciality_add);
    txn.exec(hospital_add);
    for (std::int64_t doctor = 1; doctor <= doctors; ++doctor) {
      txn.exec(doctor_add, doctor);
      txn.exec(practice_add, doctor);
    }
    return true;
  });
}

json::value schedule_of(int doctor) {
  const bool is_narrow = doctor == narrow_doctor;
  return {{"max_booking_days", booking_days},
          {"shifts",
           {{{"hospital_id", 1},
             {"weekdays", {1, 2, 3, 4, 5, 6, 7}},
             {"starts", "09:00"},
             {"ends", is_narrow ? "10:00" : "21:00"},
             {"slot_minutes", is_narrow ? 30 : 5}}}}};
}

std::vector<Start::Patient> patients_register(app::Product& product) {
  std::vector<Start::Patient> registered;
  for (int i = 0; i < patients; ++i) {
    const auto reply = call(product, http::Method::post, "/api/auth/register",
                            {{"role", "patient"},
                             {"name", fmt::format("Patient {}", i)},
                             {"logon_id", fmt::format("patient{}", i)},
                             {"password", "correct horse battery"}},
                            "", 201);
    registered.push_back({reply.at("user").at("id").as_int64(), std::string(reply.at("access_token").as_string())});
  }
  return registered;
}

}  // namespace

// The gateway: never answers.
class World::Silence final : public http::Client {
 public:
  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest&, std::string* why) override {
    if (why) *why = "timed out";
    return std::nullopt;
  }
};

struct World::Request {
  enum class Kind : std::uint8_t { hold, release, pay, join, leave };
  Kind kind = Kind::hold;
  const Start::Patient* patient = nullptr;
  std::int64_t id = 0;  // of what is released, paid or left
  Instant starts_at;    // of the hold
  http::Method method = http::Method::post;
  std::string target, body, key;

  http::Request message() const {
    http::Request message{method, target, {{"host", "x"}}, body, "127.0.0.1"};
    message.headers.emplace_back("authorization", "Bearer " + patient->token);
    if (!body.empty()) message.headers.emplace_back("content-type", "application/json");
    if (!key.empty()) message.headers.emplace_back("idempotency-key", key);
    return message;
  }
};

struct World::Reply : Answer {
  bool is_replayed = false;
};

void Tally::add(const Tally& other) {
  if (seed_of_first_loss == 0) seed_of_first_loss = other.seed_of_first_loss;
  for (const auto member : {&Tally::cuts, &Tally::acknowledged, &Tally::unanswered, &Tally::lost, &Tally::replayed,
                            &Tally::integrity_checks, &Tally::in_work, &Tally::at_shutdown, &Tally::after_shutdown,
                            &Tally::calls, &Tally::batches, &Tally::waits, &Tally::payments, &Tally::releases})
    this->*member += other.*member;
}

Start World::prepare(Disk& disk) {
  log::configure(log::Level::off, log::Format::json);
  const ManualClock clock(opening());
  const auto entropy = make_seeded_entropy(1);
  Silence silence;
  Start start;
  sql::migrate_sqlite(path, [](const std::string&) {});
  {
    const auto engine = sql::open_sqlite({.path = path, .sync = sql::SqliteSync::off}, clock);
    directory_fill(*engine);
    app::Product product(*engine, clock, *entropy, silence, product_options());
    product.load();
    if (!identity::user_add(*engine, {api::Role::platform_admin, "Admin", "admin", "correct horse battery", {}, {}},
                            clock.now(), *entropy))
      throw Violation("preparing: no administrator");
    settle(*engine);
    const auto login = call(product, http::Method::post, "/api/auth/login",
                            {{"login", "admin"}, {"password", "correct horse battery"}}, "", 200);
    settle(*engine);
    for (int doctor = 1; doctor <= doctors; ++doctor)
      call(product, http::Method::put, fmt::format("/api/doctors/{}/schedule", doctor), schedule_of(doctor),
           std::string(login.at("access_token").as_string()), 200);
    start.patients = patients_register(product);
    product.stop();
    engine->stop();
  }
  start.image = disk.image();
  return start;
}

World::World(Disk& disk, const Start& start, std::uint64_t seed, sql::SqliteSync sync)
    : disk_(disk),
      start_(start),
      seed_(seed),
      sync_(sync),
      clock_(opening()),
      chance_(make_seeded_entropy(seed)),
      entropy_(make_seeded_entropy(seed + 1'000'000'000)),
      silence_(std::make_unique<Silence>()) {
  disk_.load(start.image, seed + 2'000'000'000);
}

World::~World() { leave(); }

Tally World::run(int cuts) {
  while (tally_.cuts < cuts) cut_once();
  boot();
  judge();
  leave();
  return tally_;
}

void World::cut_once() {
  boot();
  judge();
  ask_again();
  if (chance(80))
    disk_.cut_after(static_cast<std::int64_t>(chance_->below(chance(30) ? first_operations : work_operations_max)) + 1);
  work();
  const bool is_in_work = disk_.is_off();
  const auto stats = engine_->stats();
  if (!is_in_work && chance(60)) disk_.cut_after(static_cast<std::int64_t>(chance_->below(stop_operations_max)) + 1);
  leave();
  const bool is_at_shutdown = !is_in_work && disk_.is_off();
  if (!disk_.is_off()) disk_.cut_now();
  tally_.in_work += is_in_work;
  tally_.at_shutdown += is_at_shutdown;
  tally_.after_shutdown += !is_in_work && !is_at_shutdown;
  tally_.calls += static_cast<std::int64_t>(stats.write_calls);
  tally_.batches += static_cast<std::int64_t>(stats.write_batches);
  ++tally_.cuts;
  disk_.reboot();
  clock_.advance(seconds(static_cast<std::int64_t>(chance_->below(60))));
}

void World::boot() {
  try {
    sql::SqliteOptions options;
    options.path = path;
    options.readers = 1;
    options.sync = sync_;
    options.recorder = audit::recorder(audit_key);
    options.checkpoint_pages = static_cast<int>(4 + chance_->below(60));  // small, so that every cut may meet one
    engine_ = sql::open_sqlite(options, clock_);
    product_ = std::make_unique<app::Product>(*engine_, clock_, *entropy_, *silence_, product_options());
    product_->load();
  } catch (const sql::Error& error) { throw Violation(fmt::format("the server does not start: {}", error.what())); }
}

void World::leave() {
  if (product_) product_->stop();
  if (engine_) engine_->stop();
  product_.reset();
  engine_.reset();
}

void World::judge() {
  judge_invariants(*engine_);
  if (chance(5)) {
    judge_integrity(*engine_);
    ++tally_.integrity_checks;
  }
  std::string first;
  const auto lost = judge_told(*engine_, clock_.now(), told_, first);
  if (lost > 0 && sync_ == sql::SqliteSync::full) throw Violation(first);
  if (lost > 0 && tally_.seed_of_first_loss == 0) tally_.seed_of_first_loss = static_cast<std::int64_t>(seed_);
  tally_.lost += lost;
}

// Whoever got no answer asks again with the same key: it was done, or it is done now, and it is done once.
void World::ask_again() {
  auto requests = std::exchange(unanswered_, {});
  std::erase_if(requests, [](const Request& request) { return request.key.empty(); });
  if (requests.empty()) return;
  const auto replies = send(requests, false);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    tally_.replayed += replies[i].is_replayed;
    learn(requests[i], replies[i]);
  }
}

void World::work() {
  const auto bursts = 1 + pick(8);
  for (std::size_t i = 0; i < bursts && !disk_.is_off(); ++i) {
    burst();
    try {
      if (chance(10)) product_->jobs().run_due();
    } catch (const sql::Error&) {
      if (!disk_.is_off()) throw;
    }
  }
}

// Some patients at once, each with one request.
void World::burst() {
  std::vector<std::size_t> everyone(start_.patients.size());
  for (std::size_t i = 0; i < everyone.size(); ++i) everyone[i] = i;
  const auto count = 1 + pick(chance(50) ? 4 : everyone.size());
  std::vector<Request> requests;
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(everyone[i], everyone[i + pick(everyone.size() - i)]);
    requests.push_back(draw(start_.patients[everyone[i]]));
  }
  const auto replies = send(requests, chance(60));
  for (std::size_t i = 0; i < requests.size(); ++i) learn(requests[i], replies[i]);
}

World::Request World::draw(const Start::Patient& patient) {
  const auto what = pick(100);
  std::vector<std::int64_t> own;
  for (const auto& [id, hold] : told_.holds)
    if (hold.patient == patient.id && !hold.is_released && !hold.may_be_released && hold.expires_at > clock_.now())
      own.push_back(id);
  if (what < 50 || own.empty()) return what % 8 == 0 ? draw_wait(patient) : draw_hold(patient);
  const auto id = own[pick(own.size())];
  if (what < 75)
    return {Request::Kind::release, &patient, id, {}, http::Method::del, fmt::format("/api/holds/{}", id), "", ""};
  return {Request::Kind::pay,
          &patient,
          id,
          {},
          http::Method::post,
          fmt::format("/api/holds/{}/payments", id),
          R"({"method":"sandbox"})",
          fmt::format("pay-{}", ++keys_)};
}

World::Request World::draw_hold(const Start::Patient& patient) {
  const bool is_narrow = chance(10);
  const auto doctor = is_narrow ? narrow_doctor : 1 + pick(doctors - 1);
  const auto day = static_cast<std::int64_t>(1 + pick(is_narrow ? 1 : booking_days - 2));
  const Instant nine = opening() + days(day) + minutes(150);  // 09:00 in Pune
  const Instant starts_at = nine + minutes(static_cast<std::int64_t>(is_narrow ? pick(2) * 30 : pick(144) * 5));
  return {Request::Kind::hold,
          &patient,
          0,
          starts_at,
          http::Method::post,
          "/api/holds",
          fmt::format(R"({{"doctor_id":{},"starts_at":"{}"}})", doctor, to_rfc3339(starts_at)),
          fmt::format("hold-{}", ++keys_)};
}

World::Request World::draw_wait(const Start::Patient& patient) {
  for (const auto& [id, wait] : told_.waits)
    if (wait.patient == patient.id && !wait.is_left && chance(50))
      return {Request::Kind::leave, &patient, id, {}, http::Method::del, fmt::format("/api/waits/{}", id), "", ""};
  return {Request::Kind::join,
          &patient,
          0,
          {},
          http::Method::post,
          "/api/waits",
          fmt::format(R"({{"doctor_id":{},"from":"2026-12-02","to":"2026-12-02"}})", narrow_doctor),
          fmt::format("wait-{}", ++keys_)};
}

// Together: the writer is held up until all have arrived, so that they share a commit.
std::vector<World::Reply> World::send(std::vector<Request>& requests, bool together) {
  struct Board {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Reply> replies;
    std::size_t missing;
  };
  const auto board = std::make_shared<Board>();
  board->replies.resize(requests.size());
  board->missing = requests.size();
  auto gate = std::make_shared<std::promise<void>>();
  if (together)
    engine_->write(
        0,
        [opened = gate->get_future().share()](Txn&) {
          opened.wait();
          return false;
        },
        [](sql::Outcome) {});
  for (std::size_t i = 0; i < requests.size(); ++i)
    product_->handle(requests[i].message(), [board, i](http::Response&& response) {
      const std::lock_guard lock(board->mutex);
      Reply& reply = board->replies[i];
      reply.status = response.status;
      reply.body = std::move(response.body);
      for (const auto& [name, value] : response.headers) reply.is_replayed |= name == "Idempotency-Replayed";
      if (--board->missing == 0) board->changed.notify_one();
    });
  gate->set_value();
  std::unique_lock lock(board->mutex);
  board->changed.wait(lock, [&] { return board->missing == 0; });
  return std::move(board->replies);
}

void World::learn(const Request& request, const Reply& reply) {
  if (reply.status >= 500) {
    if (!disk_.is_off()) throw Violation(fmt::format("{} answered {}: {}", request.target, reply.status, reply.body));
    ++tally_.unanswered;
    unanswered_.push_back(request);
    if (request.kind == Request::Kind::release) told_.holds.at(request.id).may_be_released = true;
    return;
  }
  if (reply.status >= 400) {
    if (reply.status == 409 || reply.status == 404) return;
    throw Violation(fmt::format("{} answered {}: {}", request.target, reply.status, reply.body));
  }
  ++tally_.acknowledged;
  switch (request.kind) {
    case Request::Kind::hold:
    case Request::Kind::join: return learn_created(request, reply);
    case Request::Kind::release:
      told_.holds.at(request.id).is_released = true;
      ++tally_.releases;
      return;
    case Request::Kind::pay:
      if (const auto hold = told_.holds.find(request.id); hold != told_.holds.end())
        hold->second.is_payment_asked = true;
      ++tally_.payments;
      return;
    case Request::Kind::leave: told_.waits.at(request.id).is_left = true; return;
  }
}

void World::learn_created(const Request& request, const Reply& reply) {
  const auto body = json::parse(reply.body);
  const auto id = body.at("id").as_int64();
  if (request.kind == Request::Kind::join) {
    told_.waits[id] = {request.patient->id, body.at("ticket").as_int64(), false};
    ++tally_.waits;
    return;
  }
  const auto expires_at = parse_rfc3339(std::string(body.at("expires_at").as_string()));
  if (!expires_at) throw Violation("a hold without an end: " + reply.body);
  told_.holds.try_emplace(id, ToldHold{request.patient->id, request.starts_at, *expires_at, false, false, false});
}

}  // namespace fairward::powercut
