// See the header.
#include "follower.h"

#include <utility>

namespace fairward::sim {
namespace {

// As in platform/sql/postgres_follower.cpp.
constexpr Duration look_period = seconds(1), away_max = minutes(30);

// Who waits for whom: turns of a doctor, whatever they tell of.
std::string row_of(const std::string& topic) {
  constexpr std::string_view queue = "waiting/";
  return topic.starts_with(queue) ? "doctor/" + topic.substr(queue.size()) : topic;
}

}  // namespace

void Follower::become_node() {
  node_ = database_.node_number();
  seen_ = database_.commits();
  history_ = database_.history();
  seen_at_ = database_.clock().now();
}

void Follower::start(Hear hear, std::function<void()> lost) {
  hear_ = std::move(hear);
  lost_ = std::move(lost);
}

void Follower::notice(Duration delay) { notice_at_us_ = std::min(notice_at_us_, now_us() + delay.ms * 1000); }

void Follower::cut(Duration away) {
  is_connected_ = false;
  cut_until_us_ = now_us() + away.ms * 1000;
  stage_.note("follower cut off");
}

bool Follower::has_to_look() const {
  const std::int64_t now = now_us();
  return hear_ && !is_cut() && (!is_connected_ || now >= notice_at_us_ || now >= look_at_us_);
}

void Follower::connect() {
  is_connected_ = true;
  if (history_ == database_.history()) return;
  stage_.note("database changed hands, memory loaded anew");
  history_ = database_.history();
  seen_ = database_.commits();
  open_.clear();
  lost_();
}

void Follower::look(std::int64_t known) {
  if (history_ != database_.history()) is_connected_ = false;  // the server that it talked to is gone
  if (!is_connected_) connect();
  const std::int64_t now = now_us();
  const bool is_noticed = now >= notice_at_us_;
  notice_at_us_ = INT64_MAX;
  if (database_.clock().now() - std::exchange(seen_at_, database_.clock().now()) > away_max) {
    stage_.note("follower away for too long, memory loaded anew");
    lost_();
  }
  look_at_us_ = now + look_period.ms * 1000;
  Events events = take_fresh(known);
  if (events.empty()) return;
  stage_.note(is_noticed ? "foreign events heard at a notice" : "foreign events found without a notice");
  tell(std::move(events));
}

// What was not finished at the last look and is now. What one commit holds back is held back for those after it that
// had to wait for the same rows.
Follower::Events Follower::take_fresh(std::int64_t known) {
  std::vector<std::int64_t> fresh(open_.begin(), open_.end());
  while (seen_ < database_.commits()) fresh.push_back(++seen_);
  open_.clear();
  Events all;
  std::set<std::string> held_back;
  for (const std::int64_t commit : fresh) {
    Events events = database_.events_of(commit, node_);
    if (events.empty()) continue;
    bool is_open = commit > known && stage_.is_unlucky(12);
    for (const auto& [event, at] : events) is_open |= held_back.contains(row_of(event.topic));
    if (is_open) {
      stage_.note("commit under way while others were told");
      open_.insert(commit);
      for (const auto& [event, at] : events) held_back.insert(row_of(event.topic));
      continue;
    }
    for (auto& event : events) all.push_back(std::move(event));
  }
  return all;
}

// Events of one instant are told together.
void Follower::tell(Events events) {
  is_hearing_ = true;
  for (auto from = events.begin(); from != events.end();) {
    auto to = from;
    std::vector<sql::Event> batch;
    for (; to != events.end() && to->at == from->at; ++to) batch.push_back(std::move(to->event));
    hear_(std::move(batch), from->at);
    from = to;
  }
  is_hearing_ = false;
}

}  // namespace fairward::sim
