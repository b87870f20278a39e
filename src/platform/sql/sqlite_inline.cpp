#include "platform/sql/sqlite_inline.h"

namespace fairward::sql {

InlineEngine::InlineEngine(const std::string& path, const Clock& clock, const RecorderMaker& recorder)
    : connection_(path, SqliteAccess::write, SqliteSync::full),
      runner_(connection_, publisher_, clock, retries_, recorder) {}

void InlineEngine::write(std::int64_t order_key, Write work, Done done) {
  submit(WriteCall{order_key, std::move(work), std::move(done)});
}

void InlineEngine::read(Read work, Done done) { submit(ReadCall{std::move(work), std::move(done)}); }

void InlineEngine::on_events(std::function<void(const std::vector<Event>&, Instant)> listener) {
  publisher_.add(std::move(listener));
}

EngineStats InlineEngine::stats() const { return {writes_, writes_, reads_, 0, retries_, 0, 0}; }

void InlineEngine::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
}

void InlineEngine::submit(Call call) {
  std::unique_lock lock(mutex_);
  if (is_stopped_) {
    lock.unlock();
    return std::visit([](auto& refused) { finish(refused.done, Outcome::unavailable); }, call);
  }
  waiting_.push_back(std::move(call));
  if (is_running_) return;
  is_running_ = true;
  while (!waiting_.empty()) {
    Call next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    run(next);
    lock.lock();
  }
  is_running_ = false;
}

void InlineEngine::run(Call& call) {
  const EngineScope scope;
  if (auto* write = std::get_if<WriteCall>(&call)) {
    ++writes_;
    return runner_.run(std::span(write, 1));
  }
  auto& read = std::get<ReadCall>(call);
  ++reads_;
  finish(read.done, run_read(connection_, read.work));
}

std::unique_ptr<Engine> open_sqlite_inline(const std::string& path, const Clock& clock, const RecorderMaker& recorder) {
  return std::make_unique<InlineEngine>(path, clock, recorder);
}

}  // namespace fairward::sql
