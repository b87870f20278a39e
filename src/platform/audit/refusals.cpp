#include "platform/audit/refusals.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

#include "platform/api/codec.h"
#include "platform/audit/audit.h"

namespace fairward::audit {
namespace {

constexpr Duration alike_within = minutes(1);
constexpr std::string_view folded_rest = "others";

// What makes two refusals alike.
struct Kind {
  std::int64_t minute = 0;
  api::Role role = api::Role::anyone;
  UserId user, account;
  HospitalId hospital;
  std::string from, did, code;
  auto tied() const { return std::tie(minute, role, user, account, hospital, from, did, code); }
  friend bool operator<(const Kind& a, const Kind& b) { return a.tied() < b.tied(); }
};
struct Count {
  std::int64_t times = 0, told = 0;
  std::string on;  // what the first was about
};
struct Line {
  Kind kind;
  std::int64_t times = 0;
  std::string on;
};

// So many at once, then as many as it has grown by.
struct Budget {
  std::int64_t left = refusal_lines_at_once, minute = 0;
  bool take(std::int64_t now_minute) {
    if (minute == 0) minute = now_minute;
    if (now_minute > minute) {
      const std::int64_t grown = std::min(now_minute - minute, refusal_lines_at_once) * refusal_lines_a_minute;
      left = std::min(refusal_lines_at_once, left + grown);
      minute = now_minute;
    }
    if (left == 0) return false;
    --left;
    return true;
  }
};

std::string line_text(const Line& line) {
  const Kind& kind = line.kind;
  Entry entry{.role = std::string(api::role_text(kind.role)), .did = kind.did, .refused = kind.code};
  if (kind.user) entry.user = kind.user;
  if (kind.hospital) entry.hospital = kind.hospital;
  if (kind.account) entry.account = kind.account;
  if (line.times > 1) entry.times = line.times;
  if (!line.on.empty()) entry.on = line.on;
  if (!kind.from.empty()) entry.from = kind.from;
  std::string json;
  api::encode(json, entry);
  return json;
}

}  // namespace

// One lock, held for moments.
struct Refusals::Memory {
  std::mutex mutex;
  std::map<Kind, Count> own, folded;
  Budget strangers, known;
  std::int64_t storing = 0;  // commits on their way

  void add(Kind kind, const std::string& on, std::int64_t times) {
    if (const auto found = own.find(kind); found != own.end()) {
      found->second.times += times;
      return;
    }
    Budget& budget = kind.user ? known : strangers;
    if (own.size() < refusals_waiting_max && budget.take(kind.minute))
      own.emplace(std::move(kind), Count{times, 0, on});
    else fold(kind, times);
  }
  void fold(const Kind& kind, std::int64_t times) {
    Kind rest{kind.minute, kind.role, {}, {}, {}, {}, kind.did, kind.code};
    if (!folded.contains(rest) && folded.size() >= refusals_folded_max)
      rest = {kind.minute, api::Role::anyone, {}, {}, {}, {}, std::string(folded_rest), std::string(folded_rest)};
    folded[rest].times += times;
  }

  // What has not been told: the first of a kind at once, the others when their minute has passed.
  std::vector<Line> take(std::int64_t now_minute, bool is_last) {
    std::vector<Line> lines;
    for (auto* kinds : {&own, &folded})
      for (auto it = kinds->begin(); it != kinds->end();) {
        auto& [kind, count] = *it;
        const bool is_over = is_last || kind.minute < now_minute, is_first = kinds == &own && count.told == 0;
        if ((is_over || is_first) && count.times > count.told) {
          lines.push_back({kind, is_over ? count.times - count.told : 1, count.on});
          count.told += lines.back().times;
        }
        it = is_over ? kinds->erase(it) : std::next(it);
      }
    return lines;
  }

  // What the database could not take now waits again, in the minute in which it was, as far as there is room.
  void stored(const std::vector<Line>& lines, sql::Outcome outcome) {
    const std::lock_guard lock(mutex);
    --storing;
    if (outcome != sql::Outcome::full && outcome != sql::Outcome::unavailable) return;
    for (const Line& line : lines) {
      if (const auto found = own.find(line.kind); found != own.end()) found->second.told -= line.times;
      else if (own.size() < refusals_waiting_max) own.emplace(line.kind, Count{line.times, 0, line.on});
      else fold(line.kind, line.times);
    }
  }
};

Refusals::Refusals(sql::Engine& engine, const Clock& clock)
    : engine_(engine), clock_(clock), memory_(std::make_shared<Memory>()) {}

void Refusals::note(const api::Refusal& refusal) {
  Kind kind{refusal.at.ms / alike_within.ms,
            refusal.role,
            refusal.user,
            refusal.account,
            refusal.hospital,
            refusal.from,
            std::string(refusal.did),
            std::string(refusal.code)};
  const std::lock_guard lock(memory_->mutex);
  memory_->add(std::move(kind), refusal.on, 1);
}

void Refusals::tick() { store(false); }
void Refusals::flush() { store(true); }

bool Refusals::is_storing() const {
  const std::lock_guard lock(memory_->mutex);
  return memory_->storing > 0;
}

void Refusals::store(bool is_last) {
  const auto lines = std::make_shared<std::vector<Line>>();
  {
    const std::lock_guard lock(memory_->mutex);
    if (memory_->storing > 0 && !is_last) return;
    *lines = memory_->take(clock_.now().ms / alike_within.ms, is_last);
    if (lines->empty()) return;
    ++memory_->storing;
  }
  engine_.write(
      0,
      [lines](Txn& txn) {
        std::string text;
        for (const Line& line : *lines) text.append(text.empty() ? "" : "\n").append(line_text(line));
        txn.record(std::move(text));
        return true;
      },
      [lines, memory = memory_](sql::Outcome outcome) { memory->stored(*lines, outcome); });
}

}  // namespace fairward::audit
