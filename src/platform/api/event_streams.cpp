// Server-sent events: see event_streams.h.
#include "platform/api/event_streams.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "platform/api/codec.h"
#include "platform/api/limiter.h"
#include "sql/api.h"

namespace fairward::api {
namespace {

constexpr std::size_t topics_max = 50;
constexpr std::size_t topic_bytes_max = 100;
// For each topic; and so many events are looked through for them, some milliseconds' worth. A client that was away for
// longer is told to read again.
constexpr std::int64_t replay_events_max = 200;
constexpr std::int64_t replay_distance_max = 20'000;
constexpr std::size_t backlog_events_max = 1000;  // that come while the stream is being opened
constexpr std::size_t anonymous_factor = 10;      // many people share an address
constexpr std::string_view preamble = "retry: 2000\n\n";
constexpr std::string_view heartbeat_text = ":\n\n";

struct StoredEvent {
  std::int64_t id = 0;
  std::string topic, kind, payload;
  Instant at;
};

std::string event_text(const StoredEvent& event) {
  std::string out;
  if (event.id > 0) out += "id: " + std::to_string(event.id) + "\n";
  // One name for all: a browser hears named events only by names that it lists beforehand.
  out += "event: changed\ndata: {\"topic\":";
  encode_text(out, event.topic);
  out += ",\"kind\":";
  encode_text(out, event.kind);
  out += ",\"payload\":";
  std::string payload = event.payload.empty() ? "{}" : event.payload;
  std::replace(payload.begin(), payload.end(), '\n', ' ');  // a line break would end the field
  std::replace(payload.begin(), payload.end(), '\r', ' ');
  out += payload;
  out += ",\"at\":";
  encode_instant(out, event.at);
  out += "}\n\n";
  return out;
}

bool is_topic(std::string_view topic) {
  const auto is_part = [](std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
               std::string_view::npos;
  };
  const std::size_t slash = topic.find('/');
  return slash != std::string_view::npos && topic.size() <= topic_bytes_max && is_part(topic.substr(0, slash)) &&
         is_part(topic.substr(slash + 1));
}

std::string_view prefix_of(std::string_view topic) { return topic.substr(0, topic.find('/')); }

// The log's oldest and newest; nothing in a database without a past.
struct EventRange {
  std::optional<std::int64_t> oldest, newest;
};

// What came on the topic after that event. Where that may be too much, one event of the kind "events.missed": whoever
// hears of a change reads again what it shows. It has the newest id, so that the client goes on from there.
void add_missed(std::vector<StoredEvent>& missed, Snapshot& db, const std::string& topic, std::int64_t after,
                const EventRange& log, Instant now) {
  const std::int64_t newest = log.newest.value_or(0);
  const bool is_long_ago = newest - after > replay_distance_max || log.oldest.value_or(0) > after + 1;
  std::int64_t count = 0;
  const auto add = [&](StoredEvent&& event) {
    missed.push_back(std::move(event));
    ++count;
  };
  if (!is_long_ago) db.each<StoredEvent>(sql_queries::event_since, add, topic, after, replay_events_max);
  if (is_long_ago || count == replay_events_max) missed.push_back({newest, topic, "events.missed", "{}", now});
}

constexpr std::int64_t pruned_at_once = 5000;
constexpr int prunes_max = 20;  // so that others may write, too

std::string caller_key(const Call& call) {
  return call.caller.user ? "u" + std::to_string(call.caller.user.value) : "a" + address_key(call.peer);
}

}  // namespace

void events_prune(Txn& txn, std::int64_t up_to) {
  for (int i = 0; i < prunes_max; ++i)
    if (txn.exec(sql_queries::event_prune, up_to, pruned_at_once) < pruned_at_once) return;
}

// One client. Events that come before its connection is ready wait in the backlog.
class EventStream {
 public:
  EventStream(std::shared_ptr<EventStreams::Shared> shared, std::string caller, Instant opened_at)
      : shared_(std::move(shared)), caller_(std::move(caller)), opened_at_(opened_at), sent_at_(opened_at) {}
  ~EventStream();

  static void subscribe(const std::shared_ptr<EventStream>& stream, std::vector<std::string> topics);
  static void start(const std::shared_ptr<EventStream>& stream, const std::shared_ptr<http::Stream>& out);
  void replay(std::vector<StoredEvent> events);
  // Sends a heartbeat if one is due; false when the stream is over.
  bool tick(Instant now, const EventStreamOptions& options);

 private:
  void hear(const sql::Event& event, Instant at);
  void send(std::string text);

  std::shared_ptr<EventStreams::Shared> shared_;
  std::string caller_;
  Instant opened_at_;
  std::uint64_t ticket_ = 0;
  std::mutex mutex_;
  std::shared_ptr<http::Stream> out_;
  std::vector<StoredEvent> backlog_;
  std::vector<std::int64_t> replayed_ids_;  // ascending
  std::string replay_text_;
  Instant sent_at_;
};

EventStream::~EventStream() {
  if (ticket_ != 0) shared_->hub.cancel(ticket_);
  const std::lock_guard lock(shared_->mutex);
  --shared_->count;
  const auto own = shared_->per_caller.find(caller_);
  if (--own->second == 0) shared_->per_caller.erase(own);
}

// The hub holds the stream weakly: it ends with its connection.
void EventStream::subscribe(const std::shared_ptr<EventStream>& stream, std::vector<std::string> topics) {
  stream->ticket_ = stream->shared_->hub.subscribe(std::move(topics),
                                                   [weak = std::weak_ptr(stream)](const sql::Event& event, Instant at) {
                                                     if (const auto self = weak.lock()) self->hear(event, at);
                                                   });
}

void EventStream::replay(std::vector<StoredEvent> events) {
  std::sort(events.begin(), events.end(), [](const StoredEvent& a, const StoredEvent& b) { return a.id < b.id; });
  for (StoredEvent& event : events) {
    event.payload = shared_->shown(event.topic, std::move(event.payload));
    replay_text_ += event_text(event);
    replayed_ids_.push_back(event.id);
  }
}

void EventStream::start(const std::shared_ptr<EventStream>& stream, const std::shared_ptr<http::Stream>& out) {
  {
    const std::lock_guard lock(stream->mutex_);
    stream->out_ = out;
    std::string text(preamble);
    text += std::exchange(stream->replay_text_, {});
    for (const StoredEvent& event : std::exchange(stream->backlog_, {}))
      if (!std::binary_search(stream->replayed_ids_.begin(), stream->replayed_ids_.end(), event.id))
        text += event_text(event);
    stream->send(std::move(text));
  }
  {
    const std::lock_guard lock(stream->shared_->mutex);
    stream->shared_->running.emplace(stream->ticket_, stream);
  }
  out->on_close([shared = stream->shared_, ticket = stream->ticket_] {
    std::shared_ptr<EventStream> ended;  // destroyed after the lock is gone
    const std::lock_guard lock(shared->mutex);
    if (const auto found = shared->running.find(ticket); found != shared->running.end()) {
      ended = std::move(found->second);
      shared->running.erase(found);
    }
  });
}

void EventStream::hear(const sql::Event& event, Instant at) {
  StoredEvent stored{event.id, event.topic, event.kind, shared_->shown(event.topic, event.payload), at};
  const std::lock_guard lock(mutex_);
  if (out_) return send(event_text(stored));
  if (backlog_.size() < backlog_events_max) backlog_.push_back(std::move(stored));
}

void EventStream::send(std::string text) { out_->send(std::move(text)); }

bool EventStream::tick(Instant now, const EventStreamOptions& options) {
  const std::lock_guard lock(mutex_);
  if (!out_->is_open()) return false;
  if (now - opened_at_ >= options.age_max) {
    out_->close();
    return false;
  }
  if (now - sent_at_ < options.heartbeat) return true;
  sent_at_ = now;
  return out_->send(std::string(heartbeat_text));
}

EventStreams::EventStreams(sql::Engine& engine, Hub& hub, EventStreamOptions options)
    : engine_(engine), options_(options), shared_(std::make_shared<Shared>(hub)) {}

EventStreams::~EventStreams() {
  std::unordered_map<std::uint64_t, std::shared_ptr<EventStream>> ended;
  const std::lock_guard lock(shared_->mutex);
  ended.swap(shared_->running);
}

// What happened at a topic that everybody may follow is told without what exactly: that is for other nodes.
std::string EventStreams::Shared::shown(std::string_view topic, std::string payload) const {
  return public_prefixes.contains(prefix_of(topic)) ? "{}" : std::move(payload);
}

void EventStreams::topic(std::string prefix, TopicRight right) {
  if (!right) shared_->public_prefixes.insert(prefix);
  rights_[std::move(prefix)] = std::move(right);
}

Result<std::vector<std::string>> EventStreams::topics_read(const Call& call, std::string_view text) const {
  std::set<std::string, std::less<>> topics;
  while (!text.empty()) {
    const std::string_view topic = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), topic.size() + 1));
    if (!is_topic(topic))
      return fail(request_invalid, {{"?topics", "must be topics such as doctor/9, with commas between"}});
    const auto right = rights_.find(prefix_of(topic));
    if (right == rights_.end()) return fail(topic_not_found);
    if (right->second && call.caller.role == Role::anyone) return fail(login_required);
    topics.emplace(topic);
  }
  if (topics.empty() || topics.size() > topics_max)
    return fail(request_invalid, {{"?topics", "must be 1 to 50 topics"}});
  return std::vector<std::string>(topics.begin(), topics.end());
}

bool EventStreams::is_allowed(const Caller& caller, const std::vector<std::string>& topics, Snapshot& db) const {
  return std::all_of(topics.begin(), topics.end(), [&](const std::string& topic) {
    const TopicRight& right = rights_.find(prefix_of(topic))->second;
    return !right || right(caller, topic, db);
  });
}

Result<std::shared_ptr<EventStream>> EventStreams::reserve(const Call& call) {
  const std::size_t own_max = options_.streams_per_caller_max * (call.caller.user ? 1 : anonymous_factor);
  std::string key = caller_key(call);
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->count >= options_.streams_max) return fail(server_busy);
    if (const auto own = shared_->per_caller.find(key); own != shared_->per_caller.end() && own->second >= own_max)
      return fail(streams_exceeded);
    ++shared_->count;
    ++shared_->per_caller[key];
  }
  return std::make_shared<EventStream>(shared_, std::move(key), call.now);
}

void EventStreams::open(const Call& call, std::string_view text, std::string_view last_event_id, Answer answer) {
  auto topics = topics_read(call, text);
  if (!topics) return answer(Failed(std::move(topics).error()));
  auto reserved = reserve(call);
  if (!reserved) return answer(Failed(std::move(reserved).error()));
  const std::shared_ptr<EventStream> stream = *reserved;
  EventStream::subscribe(stream, *topics);  // before the read: what happens between them is in the backlog
  std::int64_t last_id = -1;
  std::from_chars(last_event_id.data(), last_event_id.data() + last_event_id.size(), last_id);

  const auto allowed = std::make_shared<bool>(false);
  auto work = [this, stream, allowed, last_id, now = call.now, caller = call.caller, topics = *topics](Snapshot& db) {
    *allowed = is_allowed(caller, topics, db);
    if (!*allowed || last_id < 0) return;
    std::vector<StoredEvent> missed;
    const auto log = db.one<EventRange>(sql_queries::event_range).value_or(EventRange{});
    for (const std::string& topic : topics) add_missed(missed, db, topic, last_id, log, now);
    stream->replay(std::move(missed));
  };
  engine_.read(std::move(work), [stream, allowed, answer = std::move(answer)](sql::Outcome outcome) {
    if (outcome == sql::Outcome::full) return answer(fail(server_busy));
    if (outcome != sql::Outcome::done)
      return answer(fail(outcome == sql::Outcome::broken ? server_fault : server_unavailable));
    if (!*allowed) return answer(fail(topic_not_found));
    http::Response response;
    response.headers = {
        {"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    response.stream = [stream](const std::shared_ptr<http::Stream>& out) { EventStream::start(stream, out); };
    answer(std::move(response));
  });
}

void EventStreams::tick(Instant now) {
  std::vector<std::pair<std::uint64_t, std::shared_ptr<EventStream>>> running;
  {
    const std::lock_guard lock(shared_->mutex);
    running.assign(shared_->running.begin(), shared_->running.end());
  }
  for (const auto& [ticket, stream] : running) {
    if (stream->tick(now, options_)) continue;
    const std::lock_guard lock(shared_->mutex);
    shared_->running.erase(ticket);
  }
}

}  // namespace fairward::api
