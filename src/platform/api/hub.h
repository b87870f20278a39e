// Who waits for which topic: long polls and event streams are told when a topic changes.
// A parked client costs an entry here and no thread.
#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "platform/sql/sql.h"

namespace fairward::api {

// Of the topic "doctor/17" and the noun "doctor": 17.
template <class Id>
std::optional<Id> topic_id(std::string_view topic, std::string_view noun) {
  if (!topic.starts_with(noun) || topic.size() <= noun.size() || topic[noun.size()] != '/') return std::nullopt;
  topic.remove_prefix(noun.size() + 1);
  Id id;
  const auto [end, error] = std::from_chars(topic.data(), topic.data() + topic.size(), id.value);
  return error == std::errc() && end == topic.data() + topic.size() ? std::optional(id) : std::nullopt;
}

class Hub {
 public:
  virtual ~Hub() = default;
  // How often this topic (or one that shares its bucket) has changed; take it before reading, compare after.
  virtual std::uint64_t position(std::string_view topic) const = 0;
  // Calls `wake` once: when one of the topics moves past its position, or at the deadline. At once if one already has.
  // Returns a ticket for cancel.
  virtual std::uint64_t park(std::vector<std::pair<std::string, std::uint64_t>> topics, Instant deadline,
                             std::function<void()> wake) = 0;
  virtual void cancel(std::uint64_t ticket) = 0;
  // Calls `listener` for each event of the topics until cancelled.
  virtual std::uint64_t subscribe(std::vector<std::string> topics,
                                  std::function<void(const sql::Event&, Instant)> listener) = 0;
  virtual void publish(const std::vector<sql::Event>& events, Instant at) = 0;  // the engine's listener
  // Events may have been lost: whoever waits looks again, whoever listens gets "events.missed" of each topic.
  virtual void doubt_all(Instant at) = 0;
  virtual void tick(Instant now) = 0;  // wakes what is past its deadline
  virtual std::size_t parked() const = 0;
};

std::unique_ptr<Hub> make_hub();

}  // namespace fairward::api
