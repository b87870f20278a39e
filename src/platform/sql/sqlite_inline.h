// The engine without threads, as a class, for the migrator. Internal to platform/sql.
#pragma once

#include <deque>
#include <mutex>
#include <variant>

#include "platform/sql/batch.h"
#include "platform/sql/sqlite_connection.h"

namespace fairward::sql {

// A call made while another runs (from its callbacks, or on another thread) waits until that one has ended and is then
// run by whoever runs that one: the order of effects is that of the threaded engines.
class InlineEngine final : public Engine {
 public:
  InlineEngine(const std::string& path, const Clock& clock, const RecorderMaker& recorder = {});

  void write(std::int64_t order_key, Write work, Done done) override;
  void read(Read work, Done done) override;
  void on_events(std::function<void(const std::vector<Event>&, Instant)> listener) override;
  EngineStats stats() const override;
  void stop() override;

  SqliteConnection& connection() { return connection_; }

 private:
  using Call = std::variant<WriteCall, ReadCall>;
  void submit(Call call);
  void run(Call& call);

  SqliteConnection connection_;
  Publisher publisher_;
  std::atomic<std::uint64_t> writes_{0}, reads_{0}, retries_{0};
  BatchRunner runner_;
  std::mutex mutex_;
  std::deque<Call> waiting_;
  bool is_running_ = false;
  bool is_stopped_ = false;
};

}  // namespace fairward::sql
