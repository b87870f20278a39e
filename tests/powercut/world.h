// The whole product over its real SQLite engine on a disk whose power is cut: patients hold, release, pay and queue in
// bursts; then comes the cut, the start anew, and the judge. A seed chooses work, cut and damage; the engine's threads
// are real, so that a seed names a family of runs that end alike in almost all things.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/composition.h"
#include "disk.h"
#include "judge.h"

namespace fairward::powercut {

struct Tally {
  std::int64_t cuts = 0, acknowledged = 0, unanswered = 0, lost = 0, replayed = 0, integrity_checks = 0;
  std::int64_t in_work = 0, at_shutdown = 0, after_shutdown = 0;  // where the cuts fell
  std::int64_t calls = 0, batches = 0, waits = 0, payments = 0, releases = 0;
  std::int64_t seed_of_first_loss = 0;
  void add(const Tally& other);
};

// Made once: a migrated database with doctors and patients who have logged in, as it lies on the disk.
struct Start {
  struct Patient {
    std::int64_t id = 0;
    std::string token;
  };
  Disk::Image image;
  std::vector<Patient> patients;
};

class World {
 public:
  static Start prepare(Disk& disk);
  World(Disk& disk, const Start& start, std::uint64_t seed, sql::SqliteSync sync);
  ~World();
  // Throws Violation; lost writes are one unless sync is normal.
  Tally run(int cuts);

 private:
  struct Request;
  struct Reply;
  class Silence;

  void cut_once();
  void boot();
  void leave();
  void judge();
  void ask_again();
  void work();
  void burst();
  Request draw(const Start::Patient& patient);
  Request draw_hold(const Start::Patient& patient);
  Request draw_wait(const Start::Patient& patient);
  std::vector<Reply> send(std::vector<Request>& requests, bool together);
  void learn(const Request& request, const Reply& reply);
  void learn_created(const Request& request, const Reply& reply);
  bool chance(std::uint64_t percent) { return chance_->below(100) < percent; }
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(chance_->below(n)); }

  Disk& disk_;
  const Start& start_;
  const std::uint64_t seed_;
  const sql::SqliteSync sync_;
  ManualClock clock_;
  std::unique_ptr<Entropy> chance_, entropy_;
  std::unique_ptr<Silence> silence_;
  std::unique_ptr<sql::Engine> engine_;
  std::unique_ptr<app::Product> product_;
  Told told_;
  std::vector<Request> unanswered_;
  std::int64_t keys_ = 0;
  Tally tally_;
};

}  // namespace fairward::powercut
