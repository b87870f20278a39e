#include "scenarios.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>
#include <random>
#include <stdexcept>

namespace fairward::bench {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t warm_up_us = second_us / 2;
constexpr int doctors_of_the_demo = 6000;

struct Slot {
  int doctor;
  std::string starts_at;
};

class Latencies {
 public:
  void add(std::int64_t us) { all_.push_back(us); }
  std::size_t count() const { return all_.size(); }
  double ms(double quantile) {
    if (all_.empty()) return 0;
    const auto rank = static_cast<std::ptrdiff_t>(quantile * static_cast<double>(all_.size() - 1));
    std::nth_element(all_.begin(), all_.begin() + rank, all_.end());
    return static_cast<double>(all_[static_cast<std::size_t>(rank)]) / 1000;
  }
  std::string json() {
    return fmt::format(R"("count":{},"p50_ms":{:.3f},"p99_ms":{:.3f})", count(), ms(0.5), ms(0.99));
  }

 private:
  std::vector<std::int64_t> all_;
};

// The local date some days from now, in the zone of the demo (UTC + 5:30).
std::string date_in(int days) {
  const std::time_t then = std::time(nullptr) + 19'800 + 86'400LL * days;
  std::tm parts{};
  gmtime_r(&then, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::vector<Slot> slots_of(Crowd& crowd, int doctor, int from_day, int to_day) {
  const auto target = fmt::format("/api/doctors/{}/slots?from={}&to={}", doctor, date_in(from_day), date_in(to_day));
  const Reply reply = crowd.ask(0, get_request(target));
  std::vector<Slot> slots;
  for (std::size_t at = reply.body.find("{\"starts_at\""); at != std::string_view::npos;
       at = reply.body.find("{\"starts_at\"", at + 1))
    if (member(reply.body, "status", at) == "free")
      slots.push_back({doctor, std::string(member(reply.body, "starts_at", at))});
  return slots;
}

// At least `wanted` slots of the coming month, spread over the doctors, in no order.
std::vector<Slot> slots_everywhere(Crowd& crowd, std::size_t wanted) {
  std::mt19937 random(1);
  std::vector<Slot> slots;
  for (int i = 1; slots.size() < wanted && i < doctors_of_the_demo; ++i) {
    const auto more = slots_of(crowd, i * 7 % doctors_of_the_demo + 1, 1, 10);
    slots.insert(slots.end(), more.begin(), more.end());
  }
  std::shuffle(slots.begin(), slots.end(), random);
  return slots;
}

std::string hold_request(const Slot& slot, std::string_view token) {
  static const auto run = std::random_device{}();
  static std::uint64_t number = 0;
  const auto key = fmt::format("Idempotency-Key: bench-{:08x}-{}\r\n", run, ++number);
  return post_request("/api/holds", token,
                      fmt::format(R"({{"doctor_id":{},"starts_at":"{}"}})", slot.doctor, slot.starts_at), key);
}

const std::string& token_at(const Options& options, std::size_t index) {
  return options.tokens[index % options.tokens.size()];
}

std::string rate_json(const std::map<int, std::int64_t>& statuses, Latencies& latencies, int wanted, double seconds) {
  std::string by_status;
  for (const auto& [status, count] : statuses)
    by_status += fmt::format("{}\"{}\":{}", by_status.empty() ? "" : ",", status, count);
  const auto good = statuses.contains(wanted) ? statuses.at(wanted) : 0;
  return fmt::format(R"({{"per_second":{:.0f},"statuses":{{{}}},{}}})", static_cast<double>(good) / seconds, by_status,
                     latencies.json());
}

// Runs `request` on every connection, again and again, and counts after a warm-up.
std::string rate_measure(Crowd& crowd, const Options& options, int wanted,
                         const std::function<std::string()>& request) {
  std::map<int, std::int64_t> statuses;
  Latencies latencies;
  const std::int64_t counted_from = now_us() + warm_up_us;
  const std::int64_t until = counted_from + static_cast<std::int64_t>(options.seconds * second_us);
  for (int i = 0; i < crowd.size(); ++i) crowd.send(i, request());
  crowd.run(until, [&](int connection, const Reply& reply) {
    const std::int64_t now = now_us();
    if (now >= counted_from) {
      ++statuses[reply.status];
      latencies.add(now - crowd.sent_at_us(connection));
    }
    crowd.send(connection, request());
  });
  return rate_json(statuses, latencies, wanted, options.seconds);
}

// Requests that begin when they are due. One that finds no connection free waits, and its waiting counts.
class OpenLoop {
 public:
  OpenLoop(Crowd& crowd, double per_second, int wanted, std::function<std::string()> request)
      : crowd_(crowd),
        gap_(per_second / second_us),
        wanted_(wanted),
        request_(std::move(request)),
        due_us_(static_cast<std::size_t>(crowd.size())) {
    for (int i = 0; i < crowd.size(); ++i) idle_.push_back(i);
  }

  std::string run(double seconds) {
    const std::int64_t begin = now_us();
    counted_from_us_ = begin + warm_up_us;
    ends_us_ = counted_from_us_ + static_cast<std::int64_t>(seconds * second_us);
    next_us_ = static_cast<double>(begin);
    crowd_.run(
        ends_us_ + patience_us, [this](int connection, const Reply& reply) { answered(connection, reply); },
        [this](std::int64_t now) { return pace(now); });
    const auto unanswered = static_cast<std::size_t>(crowd_.size()) - idle_.size() + waiting_us_.size();
    return fmt::format(R"({{"asked_per_second":{:.0f},"failed":{},"unanswered":{},"p999_ms":{:.3f},{}}})",
                       gap_.lambda() * second_us, failed_, unanswered, latencies_.ms(0.999), latencies_.json());
  }

 private:
  static constexpr std::int64_t patience_us = 10 * second_us;

  std::int64_t pace(std::int64_t now) {
    for (; next_us_ <= static_cast<double>(now) && next_us_ < static_cast<double>(ends_us_); next_us_ += gap_(random_))
      waiting_us_.push_back(static_cast<std::int64_t>(next_us_));
    for (; !waiting_us_.empty() && !idle_.empty(); waiting_us_.pop_front(), idle_.pop_back()) {
      due_us_[static_cast<std::size_t>(idle_.back())] = waiting_us_.front();
      crowd_.send(idle_.back(), request_());
    }
    const bool is_over = now >= ends_us_ && waiting_us_.empty() && idle_.size() == due_us_.size();
    if (is_over) crowd_.stop();
    return now >= ends_us_ ? now + 1000 : static_cast<std::int64_t>(next_us_);
  }
  void answered(int connection, const Reply& reply) {
    const std::int64_t due = due_us_[static_cast<std::size_t>(connection)];
    if (due >= counted_from_us_) latencies_.add(now_us() - due);
    failed_ += reply.status == wanted_ ? 0 : 1;
    idle_.push_back(connection);
  }

  Crowd& crowd_;
  std::exponential_distribution<double> gap_;
  int wanted_;
  std::function<std::string()> request_;
  std::vector<std::int64_t> due_us_;  // by connection: when its request should have begun
  std::vector<int> idle_;
  std::deque<std::int64_t> waiting_us_;
  Latencies latencies_;
  std::mt19937_64 random_{1};
  double next_us_ = 0;
  std::int64_t counted_from_us_ = 0, ends_us_ = 0;
  int failed_ = 0;
};

std::string_view required(const Reply& reply, int status, const char* what) {
  if (reply.status != status)
    throw std::runtime_error(fmt::format("{}: {} {}", what, reply.status, reply.body.substr(0, 400)));
  return reply.body;
}

}  // namespace

std::string patients_register(const Options& options, int patients) {
  std::string tokens;
  int asked = 0, answered = 0;
  Crowd crowd(options.port, std::min(patients, 8));
  const auto request = [&] {
    const int number = ++asked;
    const auto body = fmt::format(R"({{"role":"patient","name":"Load {0}","email":"load{0}@example.org",)"
                                  R"("password":"a long enough phrase {0}"}})",
                                  number);
    return post_request("/api/auth/register", {}, body);
  };
  for (int i = 0; i < crowd.size(); ++i) crowd.send(i, request());
  crowd.run(now_us() + 300 * second_us, [&](int connection, const Reply& reply) {
    tokens += fmt::format("{}\n", member(required(reply, 201, "register"), "access_token"));
    if (++answered == patients) crowd.stop();
    if (asked < patients) crowd.send(connection, request());
  });
  return tokens;
}

std::string holds_take(const Options& options) {
  Crowd crowd(options.port, options.connections);
  const auto wanted = options.tokens.size() * 100;  // as many open holds as the settings allow a patient
  const std::vector<Slot> slots = slots_everywhere(crowd, wanted);
  std::size_t next = 0;
  return rate_measure(crowd, options, 201, [&] {
    const std::size_t at = next++;
    return hold_request(slots[at % slots.size()], token_at(options, at));
  });
}

std::string holds_open(const Options& options, double per_second) {
  Crowd crowd(options.port, options.connections);
  const std::vector<Slot> slots = slots_everywhere(crowd, options.tokens.size() * 100);
  std::size_t next = 0;
  OpenLoop loop(crowd, per_second, 201, [&] {
    const std::size_t at = next++;
    return hold_request(slots[at % slots.size()], token_at(options, at));
  });
  return loop.run(options.seconds);
}

std::string searches_open(const Options& options, double per_second) {
  Crowd crowd(options.port, options.connections);
  constexpr const char* orders[] = {"rating", "first_free", "name", "fee"};
  std::mt19937 random(1);
  OpenLoop loop(crowd, per_second, 200, [&] {
    return get_request(
        fmt::format("/api/doctors?limit=30&sort={}&city_id={}", orders[random() % 4], random() % 12 + 1));
  });
  return loop.run(options.seconds);
}

std::string holds_refuse(const Options& options) {
  Crowd crowd(options.port, options.connections);
  const Slot slot = slots_of(crowd, 1, 1, 7).front();
  required(crowd.ask(0, hold_request(slot, token_at(options, 0))), 201, "the hold that stands in the way");
  std::size_t next = 0;
  return rate_measure(crowd, options, 409, [&] { return hold_request(slot, token_at(options, ++next)); });
}

namespace {

enum Step { searching, choosing, holding, paying, waiting, step_count };
constexpr const char* step_names[] = {"search", "slots", "hold", "pay", "booked"};

// A crowd that arrives in the same moment. What a person waits for the payment is no call's latency: it is "booked",
// counted from the request to pay.
class Flow {
 public:
  Flow(const Options& options, int people) : options_(options), crowd_(options.port, people), people_(people) {}

  std::string run() {
    for (int i = 0; i < crowd_.size(); ++i) begin(i, searching);
    crowd_.run(now_us() + 60 * second_us, [this](int i, const Reply& reply) { answered(i, reply); });
    std::string json = fmt::format(R"({{"people":{},"booked":{},"lost_races":{})", crowd_.size(), done_, lost_races_);
    for (int step = 0; step < step_count; ++step)
      json += fmt::format(R"(,"{}":{{{}}})", step_names[step], latencies_[step].json());
    return json + "}";
  }

 private:
  struct Person {
    Step step = searching;
    int doctor = 0;
    std::string hold;
    std::int64_t paid_at_us = 0;
  };

  const std::string& token(int i) const { return token_at(options_, static_cast<std::size_t>(i)); }

  void begin(int i, Step step) {
    Person& person = people_[i];
    person.step = step;
    if (step == searching)
      crowd_.send(i, get_request(fmt::format("/api/doctors?city_id={}&sort=first_free", i % 20 + 1), token(i)));
    if (step == choosing) crowd_.send(i, get_request(fmt::format("/api/doctors/{}/slots", person.doctor), token(i)));
    if (step == paying) {
      person.paid_at_us = now_us();
      crowd_.send(
          i, post_request(fmt::format("/api/holds/{}/payments", person.hold), token(i), R"({"method":"sandbox"})"));
    }
    if (step == waiting) wait(i, {});
  }

  void wait(int i, std::string_view etag) {
    const auto header = etag.empty() ? std::string() : fmt::format("If-None-Match: {}\r\n", etag);
    crowd_.send(i, get_request(fmt::format("/api/holds/{}?wait=30", people_[i].hold), token(i), header));
  }

  void answered(int i, const Reply& reply) {
    Person& person = people_[i];
    if (person.step != waiting) latencies_[person.step].add(now_us() - crowd_.sent_at_us(i));
    switch (person.step) {
      case searching: return choose_doctor(i, reply);
      case choosing: return choose_slot(i, reply);
      case holding: return held(i, reply);
      case paying: required(reply, 202, "pay"); return begin(i, waiting);
      default: return heard(i, reply);
    }
  }

  void choose_doctor(int i, const Reply& reply) {
    required(reply, 200, "search");
    const std::string_view body = reply.body;
    std::vector<std::size_t> doctors;
    for (std::size_t at = body.find("\"name\":\"Dr "); at != std::string_view::npos;
         at = body.find("\"name\":\"Dr ", at + 1))
      doctors.push_back(at);
    const std::size_t id = body.rfind("\"id\":", doctors.at(random_() % doctors.size()));
    people_[i].doctor = static_cast<int>(std::strtol(body.data() + id + 5, nullptr, 10));
    begin(i, choosing);
  }

  // The first free slot from somewhere on: a person does not read them all either, and the client shares the cores.
  void choose_slot(int i, const Reply& reply) {
    required(reply, 200, "slots");
    constexpr std::string_view start = "{\"starts_at\"", free = "\"status\":\"free\"";
    const std::string_view body = reply.body;
    const std::size_t from = random_() % (body.size() + 1);
    std::size_t at = body.find(free, from);
    if (at == std::string_view::npos) at = body.find(free);
    if (at == std::string_view::npos) return begin(i, searching);
    people_[i].step = holding;
    const auto starts_at = member(body, "starts_at", body.rfind(start, at));
    crowd_.send(i, hold_request({people_[i].doctor, std::string(starts_at)}, token(i)));
  }

  void held(int i, const Reply& reply) {
    if (reply.status == 409) {
      ++lost_races_;
      return begin(i, choosing);
    }
    people_[i].hold = std::string(member(required(reply, 201, "hold"), "id"));
    begin(i, paying);
  }

  void heard(int i, const Reply& reply) {
    if (reply.status == 304) return wait(i, {});
    const std::string_view body = required(reply, 200, "wait");
    if (member(body, "status") == "pending") return wait(i, header(reply.head, "ETag"));
    latencies_[waiting].add(now_us() - people_[i].paid_at_us);
    if (++done_ == crowd_.size()) crowd_.stop();
  }

  const Options& options_;
  Crowd crowd_;
  std::vector<Person> people_;
  Latencies latencies_[step_count];
  std::mt19937 random_{1};
  int done_ = 0, lost_races_ = 0;
};

}  // namespace

std::string people_flow(const Options& options, int people) { return Flow(options, people).run(); }

std::string slot_hand_over(const Options& options, int rounds) {
  constexpr int owner = 0, waiter = 1;
  Crowd crowd(options.port, 2);
  const std::string &owner_token = options.tokens.at(0), &waiter_token = options.tokens.at(1);
  const int doctor = 3;
  int day = 1;
  while (slots_of(crowd, doctor, day, day).empty()) ++day;
  const auto hold = [&](const Slot& slot) {
    return std::string(member(required(crowd.ask(owner, hold_request(slot, owner_token)), 201, "hold"), "id"));
  };
  const auto slots = slots_of(crowd, doctor, day, day);
  std::vector<std::string> holds;
  holds.reserve(slots.size());
  for (const Slot& slot : slots) holds.push_back(hold(slot));
  const auto wish = fmt::format(R"({{"doctor_id":{},"from":"{}","to":"{}"}})", doctor, date_in(day), date_in(day));
  Latencies latencies;
  for (int round = 0; round < rounds; ++round) {
    const Slot& slot = slots[static_cast<std::size_t>(round) % slots.size()];
    std::string& its_hold = holds[static_cast<std::size_t>(round) % slots.size()];
    const auto joined = crowd.ask(waiter, post_request("/api/waits", waiter_token, wish));
    const auto target = fmt::format("/api/waits/{}", member(required(joined, 201, "wait"), "id"));
    Reply seen = crowd.ask(waiter, get_request(target, waiter_token));
    const auto known = fmt::format("If-None-Match: {}\r\n", header(seen.head, "ETag"));
    crowd.send(waiter, get_request(target + "?wait=30", waiter_token, known));
    ::usleep(3000);  // until it is parked
    crowd.send(owner, delete_request("/api/holds/" + its_hold, owner_token));
    seen = crowd.wait_for(waiter);
    latencies.add(now_us() - crowd.sent_at_us(owner));
    if (member(required(seen, 200, "wait"), "status") != "offered") throw std::runtime_error("no offer came first");
    crowd.wait_for(owner);
    required(crowd.ask(waiter, delete_request(target, waiter_token)), 204, "decline");
    its_hold = hold(slot);
  }
  return fmt::format("{{{}}}", latencies.json());
}

std::string clients_park(const Options& options) {
  Crowd crowd(options.port, options.connections);
  const Slot slot = slots_of(crowd, 5, 1, 7).front();
  const auto held = crowd.ask(0, hold_request(slot, token_at(options, 0)));
  const auto target = fmt::format("/api/holds/{}", member(required(held, 201, "hold"), "id"));
  const auto etag = std::string(header(crowd.ask(0, get_request(target, token_at(options, 0))).head, "ETag"));
  const auto request =
      get_request(target + "?wait=30", token_at(options, 0), fmt::format("If-None-Match: {}\r\n", etag));
  int answered = 0;
  for (int i = 0; i < crowd.size(); ++i) crowd.send(i, request);
  crowd.run(now_us() + second_us, [&](int, const Reply&) { ++answered; });
  std::fputs("parked\n", stdout);
  std::fflush(stdout);
  (void)std::getchar();
  return fmt::format(R"({{"clients":{},"answered":{}}})", crowd.size(), answered);
}

}  // namespace fairward::bench
