// What all engines share of their interface: waiting for a call.
#include "platform/sql/engine.h"

#include <exception>
#include <future>

#include "platform/sql/batch.h"

namespace fairward::sql {
namespace {

[[noreturn]] void throw_outcome(Outcome outcome, const std::string& reason) {
  switch (outcome) {
    case Outcome::full: throw Error(Error::Kind::busy_retry, "the queue is full");
    case Outcome::unavailable:
      throw Error(Error::Kind::unavailable, reason.empty() ? "the database is unavailable" : reason);
    default: throw Error(Error::Kind::bug, reason.empty() ? "the call broke" : reason);
  }
}

void refuse_to_wait_on_an_engine_thread() {
  if (EngineScope::is_active()) throw Error(Error::Kind::bug, "waiting for an engine on an engine thread");
}

// Runs the work and keeps the words of what it throws for the waiting thread.
template <class F>
auto with_reason(std::string& reason, F&& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    reason = error.what();
    throw;
  }
}

}  // namespace

void Snapshot::refuse(const Query& query) {
  throw Error(Error::Kind::bug, std::string(query.name()) + " alters, in a call that may only add");
}

Outcome Engine::write_now(Write work) {
  refuse_to_wait_on_an_engine_thread();
  std::string reason;
  const auto ended = std::make_shared<std::promise<Outcome>>();  // outlives set_value on the engine's side
  write(
      0, [&](Txn& txn) { return with_reason(reason, [&] { return work(txn); }); },
      [ended](Outcome outcome) { ended->set_value(outcome); });
  const Outcome outcome = ended->get_future().get();
  if (outcome != Outcome::done && outcome != Outcome::undone) throw_outcome(outcome, reason);
  return outcome;
}

void Engine::read_now(Read work) {
  refuse_to_wait_on_an_engine_thread();
  std::string reason;
  const auto ended = std::make_shared<std::promise<Outcome>>();  // outlives set_value on the engine's side
  read_long([&](Snapshot& db) { with_reason(reason, [&] { work(db); }); },
            [ended](Outcome outcome) { ended->set_value(outcome); });
  if (const Outcome outcome = ended->get_future().get(); outcome != Outcome::done) throw_outcome(outcome, reason);
}

}  // namespace fairward::sql
