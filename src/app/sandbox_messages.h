// Messages to people, written into a file instead of being sent: for the demo and for tests, who read the codes and
// links there. Never where people are real.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "modules/identity/identity.h"

namespace fairward::app {

class SandboxMessages {
 public:
  // A file of JSON lines, made with the first message; readable by its owner only.
  explicit SandboxMessages(std::string path) : path_(std::move(path)) {}

  // After the commit it waits for its delivery. What waits is lost with the process.
  void take(Txn& txn, const identity::Message& message);
  // Asks for the secrets of those that wait, and writes them down. Blocks a little.
  void deliver(const identity::Identity& identity, Instant now);

 private:
  const std::string path_;
  std::mutex mutex_;
  std::vector<identity::Message> waiting_;
};

}  // namespace fairward::app
