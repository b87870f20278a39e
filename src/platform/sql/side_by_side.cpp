#include "platform/sql/side_by_side.h"

#include <algorithm>
#include <exception>
#include <numeric>
#include <string>
#include <unordered_map>

#include "platform/sql/fiber.h"

namespace fairward::sql {
namespace {

// Joins calls that have a key in common; the root of a set is its first call.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0); }
  std::size_t root(std::size_t call) {
    while (parent_[call] != call) call = parent_[call] = parent_[parent_[call]];
    return call;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

// Whoever has the key already is joined with this call.
void join_by(std::unordered_map<std::int64_t, std::size_t>& seen, Sets& sets, std::int64_t key, std::size_t call) {
  if (key == 0) return;
  if (const auto [found, is_new] = seen.try_emplace(key, call); !is_new) sets.join(found->second, call);
}

std::vector<CallGroup> groups_of(std::span<const WriteCall> calls, const CallGroup& beside) {
  Sets sets(calls.size());
  std::unordered_map<std::int64_t, std::size_t> keys, people;
  for (const std::size_t call : beside) {
    join_by(keys, sets, calls[call].order_key, call);
    for (const std::int64_t person : *calls[call].people) join_by(people, sets, person, call);
  }
  std::vector<CallGroup> groups;
  std::unordered_map<std::size_t, std::size_t> place;  // of a root's group
  for (const std::size_t call : beside) {
    const auto [found, is_new] = place.try_emplace(sets.root(call), groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(call);
  }
  return groups;
}

// A statement to be sent later outlives the values it was given.
struct LaterRequest : Request {
  std::vector<Value> kept;
  std::string texts;

  LaterRequest(const Query& asked, std::span<const Value> given, const RowSink& rows)
      : kept(given.begin(), given.end()) {
    std::size_t bytes = 0;
    for (const Value& value : kept) bytes += value.text.size();
    texts.reserve(bytes);  // the views below stay valid
    for (Value& value : kept) {
      const std::size_t start = texts.size();
      texts += value.text;
      value.text = std::string_view(texts).substr(start);
    }
    query = &asked;
    values = kept;
    sink = rows;
  }
  LaterRequest(const LaterRequest&) = delete;
  LaterRequest& operator=(const LaterRequest&) = delete;
};

}  // namespace

Arrangement arrange(std::span<const WriteCall> calls) {
  Arrangement arrangement;
  CallGroup beside;
  for (std::size_t begin = 0, end = 0; begin < calls.size(); begin = end) {
    bool is_beside = true;
    for (end = begin; end < calls.size() && (end == begin || calls[end].order_key == calls[begin].order_key); ++end)
      is_beside &= calls[end].people.has_value();
    CallGroup& place = is_beside ? beside : arrangement.first;
    for (std::size_t call = begin; call < end; ++call) place.push_back(call);
  }
  arrangement.groups = groups_of(calls, beside);
  if (arrangement.groups.size() >= 2) return arrangement;
  arrangement.groups.clear();
  arrangement.first.resize(calls.size());
  std::iota(arrangement.first.begin(), arrangement.first.end(), 0);
  return arrangement;
}

// A fiber that takes one group after the other, and the database as its calls see it.
class SideBySide::Worker final : public Statements {
 public:
  explicit Worker(SideBySide& all) : all_(all) {}

  void start() {
    fiber_.start([this] { run_groups(); });
  }
  void resume() { fiber_.resume(); }
  bool is_busy() const { return fiber_.is_busy(); }
  std::vector<Request*>& asked() { return asked_; }
  void answered() {
    asked_.clear();
    later_.clear();
  }

  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    throw_if_given_up();
    Request request{&query, values, {}, {}};
    asked_.push_back(&request);
    wait();
    return request.answer->hand_over(sink);
  }
  void run_later(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    throw_if_given_up();
    later_.emplace_back(query, values, sink);
    asked_.push_back(&later_.back());
  }
  void settle() override {
    throw_if_given_up();
    if (!asked_.empty()) wait();
  }

 private:
  void run_groups() {
    while (const CallGroup* group = all_.take())
      for (const std::size_t call : *group)
        if (!all_.failure_) (*all_.work_)(call, *this);
  }
  // A fiber that is throwing or catching cannot be left: then it fetches the answers for everyone.
  void wait() {
    if (std::uncaught_exceptions() > 0 || std::current_exception()) all_.collect();
    else fiber_.wait();
    throw_if_given_up();
  }
  void throw_if_given_up() {
    if (all_.failure_) throw Error(*all_.failure_);
  }

  SideBySide& all_;
  std::vector<Request*> asked_;  // since the last answers, in order
  std::deque<LaterRequest> later_;
  Fiber fiber_;
};

SideBySide::SideBySide(Connection& connection) : connection_(connection) {}
SideBySide::~SideBySide() = default;

void SideBySide::give_up(const Error& error) {
  if (!failure_) failure_ = error;
}

const CallGroup* SideBySide::take() {
  return failure_ || groups_taken_ == groups_.size() ? nullptr : &groups_[groups_taken_++];
}

std::optional<Error> SideBySide::run(std::span<const CallGroup> groups, const Work& work) {
  groups_ = groups;
  groups_taken_ = 0;
  work_ = &work;
  failure_.reset();
  for (const auto& worker : workers_) worker->answered();
  for (std::size_t i = 0; i < groups.size() && groups_taken_ < groups.size() && !failure_; ++i) {
    if (i == workers_.size()) workers_.push_back(std::make_unique<Worker>(*this));
    workers_[i]->start();
  }
  const auto is_busy = [](const auto& worker) { return worker->is_busy(); };
  while (std::any_of(workers_.begin(), workers_.end(), is_busy)) {
    collect();
    for (const auto& worker : workers_)
      if (worker->is_busy()) worker->resume();
  }
  if (!failure_) attempt([this] { send_all(); });  // the commit waits for it
  return std::exchange(failure_, std::nullopt);
}

// Keeps the order of each worker; between workers, what is asked by the same query goes together.
void SideBySide::send_all() {
  std::vector<std::size_t> sent(workers_.size(), 0);
  const auto next = [&](std::size_t i) {
    const auto& asked = workers_[i]->asked();
    return sent[i] < asked.size() ? asked[sent[i]]->query : nullptr;
  };
  for (std::size_t first = 0; first < workers_.size();) {
    const Query* query = next(first);
    if (!query) {
      ++first;
      continue;
    }
    same_.clear();
    for (std::size_t i = first; i < workers_.size(); ++i)
      for (; next(i) == query; ++sent[i]) same_.push_back(workers_[i]->asked()[sent[i]]);
    connection_.send(same_);
  }
}

void SideBySide::collect() {
  if (failure_) return;
  attempt([this] {
    send_all();
    connection_.settle();
  });
  for (const auto& worker : workers_) worker->answered();
}

template <class F>
void SideBySide::attempt(F&& f) {
  try {
    f();
  } catch (const Error& error) { give_up(error); } catch (const std::exception& error) {
    give_up(Error(Error::Kind::bug, error.what()));
  }
}

}  // namespace fairward::sql
