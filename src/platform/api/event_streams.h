// Server-sent events: GET /api/events?topics=doctor/9,hold/5 tells that a topic changed; the client reads again what it
// shows. Events that came while a client was away are sent first, by Last-Event-ID.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/api/exchange.h"
#include "platform/api/hub.h"
#include "platform/sql/engine.h"

namespace fairward::api {

// May the caller hear of this topic? Reads what it must to know.
using TopicRight = std::function<bool(const Caller&, const std::string& topic, Snapshot&)>;

struct EventStreamOptions {
  std::size_t streams_max = 20'000;
  std::size_t streams_per_caller_max =
      12;                            // of a user; of an address for those who are not logged in, ten times as many
  Duration heartbeat = seconds(15);  // a comment that keeps proxies from closing the connection
  Duration age_max = hours(1);       // then closed: the client comes back, and its rights are asked again
};

struct EventStreamQuery {
  std::string topics;  // "wait/17,hold/5"
};
BOOST_DESCRIBE_STRUCT(EventStreamQuery, (), (topics))

// Forgets the oldest events, some thousands at a time, and never the newest.
void events_prune(Txn& txn, std::int64_t up_to);

class EventStream;

class EventStreams {
 public:
  using Answer = std::function<void(Result<http::Response>)>;

  EventStreams(sql::Engine& engine, Hub& hub, EventStreamOptions options);
  ~EventStreams();
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  // Topics are "<prefix>/<id>". An empty right: public. Before the first request only.
  void topic(std::string prefix, TopicRight right);

  // Answers once, perhaps on an engine thread. Errors: request_invalid, login_required, topic_not_found,
  // streams_exceeded, server_busy, server_unavailable.
  void open(const Call& call, std::string_view topics, std::string_view last_event_id, Answer answer);
  void tick(Instant now);  // heartbeats, and the end of old streams
  std::size_t count() const { return shared_->count; }

 private:
  friend class EventStream;
  // What streams need of this object; outlives it with them.
  struct Shared {
    explicit Shared(Hub& h) : hub(h) {}
    Hub& hub;
    std::mutex mutex;
    std::unordered_map<std::uint64_t, std::shared_ptr<EventStream>> running;  // by ticket
    std::unordered_map<std::string, std::size_t> per_caller;
    std::atomic<std::size_t> count{0};
    std::set<std::string, std::less<>> public_prefixes;  // of topics; before the first request only

    std::string shown(std::string_view topic, std::string payload) const;
  };

  Result<std::vector<std::string>> topics_read(const Call& call, std::string_view text) const;
  bool is_allowed(const Caller& caller, const std::vector<std::string>& topics, Snapshot& db) const;
  Result<std::shared_ptr<EventStream>> reserve(const Call& call);

  sql::Engine& engine_;
  EventStreamOptions options_;
  std::map<std::string, TopicRight, std::less<>> rights_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace fairward::api
