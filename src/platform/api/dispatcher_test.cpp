// The whole way of a request on the inline engine: one thread, a clock that stands still until told.
#include "platform/api/dispatcher.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "platform/api/problems.h"
#include "platform/log/log.h"

namespace fairward::api {
namespace dispatcher_test {

using http::Method;

constexpr sql::Query table_create{
    "test_create", "CREATE TABLE test_note (id INTEGER PRIMARY KEY, owner INTEGER, words TEXT, version INTEGER)",
    "SELECT 1"};
constexpr sql::Query note_insert{
    "test_insert", "INSERT INTO test_note (owner, words, version) VALUES ($1, $2, 1) RETURNING id", "SELECT 1"};
constexpr sql::Query note_change{"test_change", "UPDATE test_note SET words = $2, version = version + 1 WHERE id = $1",
                                 "SELECT 1", true};
constexpr sql::Query note_find{"test_find", "SELECT id, owner, words, version FROM test_note WHERE id = $1",
                               "SELECT 1"};
constexpr sql::Query note_count{"test_count", "SELECT count(*) FROM test_note", "SELECT 1"};

constexpr Problem note_not_found{"test.note_not_found", ProblemKind::not_found, "There is no such note."};
constexpr Problem note_refused{"test.note_refused", ProblemKind::conflict, "This note is refused."};

struct NoteCreate {
  BoundedText<1, 5000> words;
};
BOOST_DESCRIBE_STRUCT(NoteCreate, (), (words))
struct NoteGet {
  std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(NoteGet, (), (id))
struct NoteChange {
  std::int64_t id = 0;
  BoundedText<1, 5000> words;
};
BOOST_DESCRIBE_STRUCT(NoteChange, (), (id, words))
struct Note {
  std::int64_t id = 0;
  std::int64_t owner = 0;
  std::string words;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(Note, (), (id, owner, words, version))
struct Listing {
  std::optional<BoundedText<1, 10>> cursor;
  BoundedIntOr<1, 100, 10> limit;
};
BOOST_DESCRIBE_STRUCT(Listing, (), (cursor, limit))

struct Prepared {
  std::string hash;
};

// A module as small as one can be.
class Notes {
 public:
  Result<Created<Note>> create(Txn& txn, Call& call, const NoteCreate& in) {
    ++runs;
    const auto id = *txn.one<std::int64_t>(note_insert, call.caller.user, in.words.value);
    if (in.words.value == "refuse") return fail(note_refused);
    if (in.words.value == "break") throw std::runtime_error("broken on purpose");
    call.etag(1);
    txn.emit({"note/" + std::to_string(id), "test.note_created", "{\"id\":" + std::to_string(id) + "}"});
    return Created<Note>{{id, call.caller.user.value, in.words.value, 1}, "/notes/" + std::to_string(id)};
  }
  Result<Note> get(Snapshot& db, Call& call, const NoteGet& in) {
    ++runs;
    auto note = db.one<Note>(note_find, in.id);
    if (!note || !call.reaches({note->owner}, {})) return fail(note_not_found);
    call.etag(note->version);
    call.watch("note/" + std::to_string(in.id));
    if (note->words != "of nobody knows whom") call.concerns({note->owner});
    return *note;
  }
  Result<NoContent> change(Txn& txn, Call& call, const NoteChange& in) {
    const auto note = txn.one<Note>(note_find, in.id);
    if (!note) return fail(note_not_found);
    if (call.if_match != note->version) return fail(precondition_failed);
    txn.exec(note_change, in.id, in.words.value);
    txn.emit({"note/" + std::to_string(in.id), "test.note_changed", "{}"});
    return NoContent{};
  }
  Result<Page<Note>> list(Call&, const Listing& in) {
    return Page<Note>{{{1, 1, std::string(static_cast<std::size_t>(in.limit.value) * 100, 'x'), 1}}, "c2"};
  }
  Result<Serialized<Empty>> board(Call&, const Empty&) {
    ++runs;
    return Serialized<Empty>{"{\"version\":" + std::to_string(board_version) + ",\"" + std::string(5000, 'x') +
                             "\":1}"};
  }
  ReplyState board_state(const Call&, const Empty&) const { return {board_version, 0}; }
  Result<Prepared> login_prepare(Outside& outside, Call&, const NoteCreate& in) {
    if (in.words.value == "refuse") return fail(note_refused);
    std::int64_t count = 0;
    outside.read([&](Snapshot& db) { count = *db.one<std::int64_t>(note_count); });
    return Prepared{"hash of " + in.words.value + " " + std::to_string(count)};
  }
  Result<Accepted<Note>> login(Txn&, Call&, const NoteCreate&, Prepared& prepared) {
    return Accepted<Note>{{0, 0, prepared.hash, 0}};
  }
  Result<NoContent> hook(Txn&, Call& call, const Empty&) {
    if (call.raw->body != "raw!") return fail(note_refused);
    return NoContent{};
  }
  Result<NoContent> fault(Call&, const Empty&) { throw std::runtime_error("a secret"); }

  void routes(Routes& routes) {
    routes.module("test");
    routes.add(Method::post, "/notes", "note_create", this, &Notes::create)
        .allow(Role::patient, Scope::own)
        .allow(Role::front_desk, Scope::hospital)
        .problems({&note_refused});
    routes.add(Method::get, "/notes/{id}", "note_get", this, &Notes::get)
        .allow(Role::patient, Scope::own)
        .allow(Role::platform_admin, Scope::all)
        .about_patients()
        .long_poll();
    routes.add(Method::put, "/notes/{id}", "note_change", this, &Notes::change)
        .allow(Role::patient, Scope::own)
        .allow(Role::front_desk, Scope::hospital)
        .if_match();
    routes.add(Method::put, "/own/{id}", "own_note_change", this, &Notes::change).allow_own_account().if_match();
    routes.add(Method::get, "/notes", "note_list", this, &Notes::list).allow_anyone().public_reply();
    routes.add(Method::get, "/board", "board", this, &Notes::board)
        .allow_anyone()
        .public_reply()
        .memo(this, &Notes::board_state);
    routes.add(Method::post, "/login", "login", this, &Notes::login)
        .allow_anyone()
        .prepare(this, &Notes::login_prepare)
        .rate(RateClass::login)
        .secret_reply()
        .forgive_credentials();
    routes.add(Method::post, "/hook", "hook", this, &Notes::hook).allow_anyone().raw_body();
    routes.add(Method::get, "/fault", "fault", this, &Notes::fault).allow_anyone();
  }
  int runs = 0;
  std::uint64_t board_version = 1;
};

// "authorization: patient 5"
class HeaderAuthenticator final : public Authenticator {
 public:
  void authenticate(const http::Request& request, Instant,
                    std::move_only_function<void(Result<Caller>)> answer) override {
    const std::string_view header = request.header("authorization");
    if (header.empty()) return answer(Caller{});
    const auto role = role_parse(header.substr(0, header.find(' ')));
    if (!role) return answer(fail(login_required));
    Caller caller;
    caller.role = *role;
    caller.user = {std::stoll(std::string(header.substr(header.find(' ') + 1)))};
    answer(caller);
  }
};

// Keeps the record in memory.
struct Recorded {
  std::vector<std::string> lines;
  bool is_full = false;
};
class FakeRecorder final : public sql::Recorder {
 public:
  explicit FakeRecorder(Recorded& recorded) : recorded_(recorded) {}
  void keep(Txn&, std::span<const sql::CallRecord> calls, Instant) override {
    if (recorded_.is_full) throw sql::Error(sql::Error::Kind::disk_full, "the record is full");
    for (const auto& call : calls) recorded_.lines.emplace_back(call.entry);
  }
  void ended(End) override {}

 private:
  Recorded& recorded_;
};

class FakeStream final : public http::Stream {
 public:
  bool send(std::string bytes) override {
    sent += bytes;
    return open;
  }
  bool is_open() const override { return open; }
  void close() override {
    open = false;
    if (const auto action = std::exchange(action_, nullptr)) action();
  }
  void on_close(std::function<void()> action) override { action_ = std::move(action); }
  std::string sent;
  bool open = true;

 private:
  std::function<void()> action_;
};

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    sql::migrate_inline(*engine);
    engine->write_now([](Txn& txn) { return txn.exec(table_create), true; });
    engine->on_events([this](const std::vector<sql::Event>& events, Instant at) { hub->publish(events, at); });
    notes.routes(routes);
    options.prepare_threads = 0;
  }
  Dispatcher& dispatcher() {
    if (!dispatcher_) {
      dispatcher_ =
          std::make_unique<Dispatcher>(routes, *engine, clock, *entropy, authenticator, *hub, *metrics, options);
      dispatcher_->topic("news");
      dispatcher_->topic("note", [](const Caller& caller, const std::string& topic, Snapshot& db) {
        const auto note = db.one<Note>(note_find, static_cast<std::int64_t>(std::stoll(topic.substr(5))));
        return note && note->owner == caller.user.value;
      });
    }
    return *dispatcher_;
  }
  void restart() { dispatcher_.reset(); }
  std::int64_t count() {
    std::int64_t notes = 0;
    engine->read_now([&](Snapshot& db) { notes = *db.one<std::int64_t>(note_count); });
    return notes;
  }
  // The reply, or status 0 while there is none.
  std::shared_ptr<http::Response> send(Method method, std::string target, std::string body = "", Headers headers = {}) {
    auto response = std::make_shared<http::Response>();
    response->status = 0;
    if (!body.empty()) headers.emplace_back("content-type", "application/json");
    dispatcher().handle({method, std::move(target), std::move(headers), std::move(body), "10.0.0.1"},
                        [response](http::Response&& r) { *response = std::move(r); });
    return response;
  }
  static Headers as(std::string who, Headers more = {}) {
    more.emplace_back("authorization", std::move(who));
    return more;
  }
  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [own, value] : response.headers)
      if (own == name) return value;
    return "";
  }
  static std::string code(const http::Response& response) {
    const std::size_t at = response.body.find("\"code\":\"");
    return at == std::string::npos ? "" : response.body.substr(at + 8, response.body.find('"', at + 8) - at - 8);
  }

  static std::string inflated(std::string small, std::size_t size) {
    std::string text(size + 1, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
    stream.next_in = reinterpret_cast<Bytef*>(small.data());
    stream.avail_in = static_cast<uInt>(small.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
  }

  ManualClock clock{Instant{1'796'095'800'000}};
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(7);
  Recorded recorded;
  std::unique_ptr<sql::Engine> engine = sql::open_sqlite_inline(
      ":memory:", clock, [this](std::int64_t) { return std::make_unique<FakeRecorder>(recorded); });
  std::unique_ptr<Hub> hub = make_hub();
  std::unique_ptr<metrics::Metrics> metrics = metrics::make_metrics();
  HeaderAuthenticator authenticator;
  Notes notes;
  Routes routes;
  DispatcherOptions options;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, answers_a_write_with_all_its_headers) {
  const auto reply = send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->body, R"({"id":1,"owner":5,"words":"hello","version":1})");
  EXPECT_EQ(header(*reply, "Location"), "/notes/1");
  EXPECT_EQ(header(*reply, "ETag"), "\"1\"");
  EXPECT_EQ(header(*reply, "Content-Type"), "application/json");
  EXPECT_EQ(header(*reply, "Cache-Control"), "no-store");
  EXPECT_EQ(header(*reply, "X-Content-Type-Options"), "nosniff");
  EXPECT_FALSE(header(*reply, "X-Request-Id").empty());
}

TEST_F(DispatcherTest, refuses_in_this_order) {
  struct {
    Method method;
    const char* target;
    const char* body;
    Headers headers;
    int status;
    const char* code;
  } cases[] = {
      {Method::get, "/nothing", "", {}, 404, "request.route_not_found"},
      {Method::del, "/notes/1", "", {}, 405, "request.method_not_allowed"},
      {Method::post, "/notes", "{}", as("wizard 1"), 401, "request.login_required"},
      {Method::post, "/notes", "{}", {}, 401, "request.login_required"},
      {Method::post, "/notes", "{}", as("doctor 5"), 403, "request.right_missing"},
      {Method::post, "/notes", "x", as("patient 5", {{"content-type", "text/plain"}}), 415,
       "request.media_unsupported"},
      {Method::get, "/notes/1", "{}", as("patient 5"), 400, "request.malformed"},
      {Method::post, "/notes", "{", as("patient 5"), 400, "request.malformed"},
      {Method::post, "/notes", "{}", as("patient 5"), 422, "request.invalid"},
      {Method::get, "/notes/x", "", as("patient 5"), 422, "request.invalid"},
      {Method::get, "/notes/1?wait=61&zoom=1", "", as("patient 5"), 422, "request.invalid"},
      {Method::put, "/notes/1", R"({"words":"a"})", as("patient 5"), 428, "request.if_match_required"},
      {Method::put, "/notes/1", R"({"words":"a"})", as("patient 5", {{"if-match", "W/\"1\""}}), 412,
       "request.precondition_failed"},
      {Method::put, "/notes/1", R"({"words":"a"})", as("patient 5", {{"if-match", "\"1\""}}), 404,
       "test.note_not_found"},
      {Method::post, "/notes", R"({"words":"refuse"})", as("patient 5"), 409, "test.note_refused"},
      {Method::post, "/notes", R"({"words":"break"})", as("patient 5"), 500, "server.fault"},
      {Method::get, "/fault", "", {}, 500, "server.fault"},
  };
  for (const auto& c : cases) {
    const auto reply = send(c.method, c.target, c.body, c.headers);
    EXPECT_EQ(reply->status, c.status) << c.target << " " << c.body;
    EXPECT_EQ(code(*reply), c.code) << c.target << " " << c.body;
    EXPECT_EQ(header(*reply, "Content-Type"), "application/problem+json");
    EXPECT_EQ(reply->body.find("secret"), std::string::npos);
  }
  EXPECT_EQ(engine->write_now([&](Txn& txn) { return *txn.one<std::int64_t>(note_count) == 0; }), sql::Outcome::done);
}

TEST_F(DispatcherTest, a_problem_document_has_pointers_and_members) {
  const auto reply =
      send(Method::post, "/notes", R"({"words":"","x":1})", as("patient 5", {{"x-request-id", "abc-1"}}));
  EXPECT_EQ(reply->body,
            R"({"type":"/problems/request.invalid","title":"Some fields of the request are not valid.","status":422,)"
            R"("code":"request.invalid","request_id":"abc-1",)"
            R"("errors":[{"pointer":"/words","detail":"must have at least 1 character"},)"
            R"({"pointer":"/x","detail":"is not known here"}]})");
}

constexpr std::string_view sent_trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::string_view sent_trace_id = "0af7651916cd43dd8448eb211c80319c";

TEST_F(DispatcherTest, goes_on_with_the_trace_that_was_sent_and_says_where) {
  const Headers sent{{"traceparent", std::string(sent_trace)}};
  const std::string answered = header(*send(Method::get, "/notes", "", sent), "traceresponse");
  const auto trace = trace_parse(answered);
  ASSERT_TRUE(trace) << answered;
  EXPECT_EQ(hex_text(trace->id), sent_trace_id);
  EXPECT_NE(hex_text(trace->span), "b7ad6b7169203331");
  EXPECT_TRUE(trace->is_sampled);
  EXPECT_NE(header(*send(Method::get, "/notes", "", sent), "traceresponse"), answered) << "a span for each request";
}

TEST_F(DispatcherTest, begins_a_trace_where_what_was_sent_is_not_valid) {
  const std::string twice(sent_trace);
  for (const Headers& sent : {Headers{{"traceparent", "00-0af7651916cd43dd8448eb211c80319c"}},
                              Headers{{"traceparent", twice}, {"traceparent", twice}}}) {
    const std::string answered = header(*send(Method::get, "/notes", "", sent), "traceresponse");
    ASSERT_TRUE(trace_parse(answered)) << answered;
    EXPECT_EQ(answered.find(sent_trace_id), std::string::npos);
  }
  EXPECT_EQ(header(*send(Method::get, "/notes"), "traceresponse"), "") << "nobody asked";
}

// What the log was told as an error, a line for each.
class ErrorsHeard {
 public:
  ErrorsHeard() {
    log::on_error([this](std::string_view message, std::span<const log::Field> fields) {
      std::string line(message);
      for (const auto& [name, value] : fields)
        if (const auto* text = std::get_if<std::string_view>(&value))
          line += " " + std::string(name) + "=" + std::string(*text);
      lines.push_back(line);
    });
  }
  ~ErrorsHeard() { log::on_error({}); }
  ErrorsHeard(const ErrorsHeard&) = delete;
  ErrorsHeard& operator=(const ErrorsHeard&) = delete;

  bool has(std::string_view part) const { return !lines.empty() && lines.back().find(part) != std::string::npos; }
  std::vector<std::string> lines;
};

TEST_F(DispatcherTest, logs_the_servers_faults_once_with_their_trace_and_tells_the_client_its_id) {
  const ErrorsHeard heard;
  const auto reply = send(Method::get, "/fault", "", {{"traceparent", std::string(sent_trace)}});
  ASSERT_EQ(heard.lines.size(), 1u);
  for (const std::string& part : {std::string("request broken "), " trace_id=" + std::string(sent_trace_id),
                                  std::string(" parent_id=b7ad6b7169203331"), std::string(" route=fault"),
                                  std::string(" problem=server.fault"), std::string(" reason=a secret")})
    EXPECT_TRUE(heard.has(part)) << part << " in " << heard.lines.back();
  EXPECT_NE(reply->body.find("\"trace_id\":\"" + std::string(sent_trace_id) + "\""), std::string::npos);
  EXPECT_EQ(reply->body.find("secret"), std::string::npos);
  send(Method::get, "/nothing");
  EXPECT_EQ(heard.lines.size(), 1u) << "a refusal is no error";
}

TEST_F(DispatcherTest, counts_problems_by_code) {
  send(Method::get, "/nothing");
  send(Method::get, "/nothing");
  send(Method::get, "/fault");
  const std::string text = metrics->exposition();
  for (const char* line : {"\nfairward_problems_total{code=\"request.route_not_found\"} 2\n",
                           "\nfairward_problems_total{code=\"server.fault\"} 1\n",
                           "\nfairward_problems_total{code=\"test.note_refused\"} 0\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line;
}

TEST_F(DispatcherTest, answers_options_and_names_the_methods) {
  const auto options_reply = send(Method::options, "/notes");
  EXPECT_EQ(options_reply->status, 204);
  EXPECT_EQ(header(*options_reply, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(header(*send(Method::put, "/notes"), "Allow"), "GET, HEAD, POST, OPTIONS");
}

TEST_F(DispatcherTest, a_row_of_somebody_else_is_not_found) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  EXPECT_EQ(send(Method::get, "/notes/1", "", as("patient 5"))->status, 200);
  EXPECT_EQ(send(Method::get, "/notes/1", "", as("patient 6"))->status, 404);
  EXPECT_EQ(send(Method::get, "/notes/1", "", as("platform_admin 1"))->status, 200);
}

// Whatever a route allows. Source: mission, "People and rights".
TEST_F(DispatcherTest, the_front_desk_adds_and_alters_nothing_but_its_own_account) {
  const auto change = [&](const char* path, const char* who) {
    return send(Method::put, path, R"({"words":"changed"})", as(who, {{"if-match", "\"1\""}}))->status;
  };
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"added"})", as("front_desk 5"))->status, 201);
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"added"})", as("front_desk 5"))->status, 201);
  EXPECT_EQ(change("/notes/1", "front_desk 5"), 500);
  EXPECT_NE(send(Method::get, "/notes/1", "", as("platform_admin 1"))->body.find("added"), std::string::npos);
  EXPECT_EQ(change("/notes/1", "patient 5"), 204);
  EXPECT_EQ(change("/own/2", "front_desk 5"), 204);
}

TEST_F(DispatcherTest, records_who_did_what_and_who_read_about_somebody_else) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  send(Method::post, "/notes", R"({"words":"refuse"})", as("patient 5"));
  send(Method::get, "/notes/1", "", as("patient 5"));
  send(Method::get, "/notes/1", "", as("patient 6"));
  send(Method::get, "/notes/1?", "", as("platform_admin 1"));
  EXPECT_EQ(recorded.lines,
            (std::vector<std::string>{
                R"({"user":5,"role":"patient","did":"note_create","on":"/notes/1","from":"10.0.0.1"})",
                R"({"user":1,"role":"platform_admin","did":"note_get","of":[5],"on":"/notes/1","from":"10.0.0.1"})"}));
}

TEST_F(DispatcherTest, what_cannot_be_recorded_is_neither_done_nor_told) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  recorded.is_full = true;
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"again"})", as("patient 5"))->status, 503);
  EXPECT_EQ(count(), 1);
  const auto told = send(Method::get, "/notes/1", "", as("platform_admin 1"));
  EXPECT_EQ(told->status, 503);
  EXPECT_EQ(told->body.find("hello"), std::string::npos);
  EXPECT_EQ(send(Method::get, "/notes/1", "", as("patient 5"))->status, 200);
}

TEST_F(DispatcherTest, an_operation_about_patients_that_does_not_say_whom_is_broken) {
  send(Method::post, "/notes", R"({"words":"of nobody knows whom"})", as("patient 5"));
  const auto told = send(Method::get, "/notes/1", "", as("patient 5"));
  EXPECT_EQ(told->status, 500);
  EXPECT_EQ(told->body.find("words"), std::string::npos);
}

TEST_F(DispatcherTest, pages_link_to_the_next_one) {
  const auto reply = send(Method::get, "/notes?limit=2&cursor=a%22b");
  EXPECT_EQ(header(*reply, "Link"), "</notes?limit=2&cursor=c2>; rel=\"next\"");
  EXPECT_EQ(header(*reply, "Cache-Control"), "no-cache");
}

TEST_F(DispatcherTest, large_replies_are_compressed_for_those_who_accept_it) {
  const auto plain = send(Method::get, "/notes?limit=50", "", {{"accept-encoding", "gzip;q=0, br"}});
  EXPECT_EQ(header(*plain, "Content-Encoding"), "");
  EXPECT_EQ(header(*plain, "Vary"), "Accept-Encoding");
  const auto small = send(Method::get, "/notes?limit=50", "", {{"accept-encoding", "br, gzip"}});
  ASSERT_EQ(header(*small, "Content-Encoding"), "gzip");
  EXPECT_EQ(inflated(small->body, plain->body.size()), plain->body);
}

TEST_F(DispatcherTest, a_compressed_reply_is_kept_while_its_state_is_the_same) {
  const Headers gzip{{"accept-encoding", "gzip"}};
  const auto plain = send(Method::get, "/board");
  const auto first = send(Method::get, "/board", "", gzip);
  const auto kept = send(Method::get, "/board", "", gzip);
  EXPECT_EQ(notes.runs, 2);
  EXPECT_EQ(header(*kept, "Content-Encoding"), "gzip");
  EXPECT_EQ(header(*kept, "Vary"), "Accept-Encoding");
  EXPECT_EQ(kept->headers.size(), first->headers.size());
  EXPECT_EQ(inflated(kept->body, plain->body.size()), plain->body);
  notes.board_version = 2;
  const auto changed = send(Method::get, "/board", "", gzip);
  EXPECT_EQ(notes.runs, 3);
  EXPECT_NE(changed->body, kept->body);
  send(Method::get, "/board");
  EXPECT_EQ(notes.runs, 4);
}

TEST_F(DispatcherTest, public_replies_are_not_sent_again_to_those_who_have_them) {
  const auto first = send(Method::get, "/notes?limit=2");
  const std::string tag = header(*first, "ETag");
  ASSERT_TRUE(tag.starts_with("W/\"")) << tag;
  const auto same = send(Method::get, "/notes?limit=2", "", {{"if-none-match", tag}});
  EXPECT_EQ(same->status, 304);
  EXPECT_EQ(same->body, "");
  EXPECT_EQ(header(*same, "ETag"), tag);
  EXPECT_EQ(header(*same, "Vary"), "Accept-Encoding");
  const auto changed = send(Method::get, "/notes?limit=3", "", {{"if-none-match", tag}});
  EXPECT_EQ(changed->status, 200);
  EXPECT_NE(header(*changed, "ETag"), tag);
}

TEST_F(DispatcherTest, a_kept_reply_is_not_sent_again_to_those_who_have_it) {
  const Headers gzip{{"accept-encoding", "gzip"}};
  const auto first = send(Method::get, "/board", "", gzip);
  const std::string tag = header(*first, "ETag");
  ASSERT_FALSE(tag.empty());
  for (const char* accepted : {"gzip", "identity"}) {
    const auto same = send(Method::get, "/board", "", {{"accept-encoding", accepted}, {"if-none-match", tag}});
    EXPECT_EQ(same->status, accepted == std::string_view("gzip") ? 304 : 200);
    EXPECT_EQ(header(*same, "Content-Encoding"), "");
  }
  notes.board_version = 2;
  const auto changed = send(Method::get, "/board", "", {{"accept-encoding", "gzip"}, {"if-none-match", tag}});
  EXPECT_EQ(changed->status, 200);
  EXPECT_EQ(header(*changed, "Content-Encoding"), "gzip");
}

TEST_F(DispatcherTest, a_prepare_step_runs_before_the_transaction) {
  const auto reply = send(Method::post, "/login", R"({"words":"me"})", as("wizard 1"));  // forgiven
  EXPECT_EQ(reply->status, 202);
  EXPECT_EQ(reply->body, R"({"id":0,"owner":0,"words":"hash of me 0","version":0})");
  EXPECT_EQ(send(Method::post, "/login", R"({"words":"refuse"})")->status, 409);
}

TEST_F(DispatcherTest, prepare_steps_run_on_their_pool) {
  options.prepare_threads = 2;
  const auto reply = send(Method::post, "/login", R"({"words":"me"})");
  dispatcher().stop();
  EXPECT_EQ(reply->status, 202);
  EXPECT_EQ(send(Method::post, "/login", R"({"words":"me"})")->status, 503);  // stopped
}

TEST_F(DispatcherTest, a_raw_body_reaches_the_operation_as_it_came) {
  EXPECT_EQ(send(Method::post, "/hook", "raw!", {{"content-type", "text/plain"}})->status, 204);
  EXPECT_EQ(send(Method::post, "/hook", "other")->status, 409);
}

TEST_F(DispatcherTest, the_same_key_with_the_same_request_happens_once) {
  const Headers headers = as("patient 5", {{"idempotency-key", "k1"}});
  const auto first = send(Method::post, "/notes", R"({"words":"hello"})", headers);
  const auto second = send(Method::post, "/notes", R"({"words":"hello"})", headers);
  EXPECT_EQ(notes.runs, 1);
  EXPECT_EQ(second->status, 201);
  EXPECT_EQ(second->body, first->body);
  EXPECT_EQ(header(*second, "Location"), "/notes/1");
  EXPECT_EQ(header(*second, "ETag"), "\"1\"");
  EXPECT_EQ(header(*first, "Idempotency-Replayed"), "");
  EXPECT_EQ(header(*second, "Idempotency-Replayed"), "true");

  const auto other = send(Method::post, "/notes", R"({"words":"other"})", headers);
  EXPECT_EQ(other->status, 422);
  EXPECT_EQ(code(*other), "idempotency_key_reused");
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"hello"})", as("patient 6", {{"idempotency-key", "k1"}}))->status,
            201);
  EXPECT_EQ(notes.runs, 2);
}

// As after a restart, or on another node: nothing says that the key was seen.
TEST_F(DispatcherTest, a_repeat_that_nobody_remembers_is_undone_and_gets_the_first_reply) {
  const Headers headers = as("patient 5", {{"idempotency-key", "k1"}});
  const auto first = send(Method::post, "/notes", R"({"words":"hello"})", headers);
  restart();
  const auto second = send(Method::post, "/notes", R"({"words":"hello"})", headers);
  EXPECT_EQ(second->status, 201);
  EXPECT_EQ(second->body, first->body);
  EXPECT_EQ(header(*second, "Idempotency-Replayed"), "true");
  restart();
  EXPECT_EQ(code(*send(Method::post, "/notes", R"({"words":"other"})", headers)), "idempotency_key_reused");
  restart();
  EXPECT_EQ(code(*send(Method::post, "/notes", R"({"words":"refuse"})", headers)), "idempotency_key_reused");
  EXPECT_EQ(count(), 1);
}

TEST_F(DispatcherTest, a_failure_is_not_kept_for_its_key) {
  const Headers headers = as("patient 5", {{"idempotency-key", "k1"}});
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"refuse"})", headers)->status, 409);
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"hello"})", headers)->status, 201);
  EXPECT_EQ(notes.runs, 2);
}

TEST_F(DispatcherTest, refuses_a_key_that_is_not_visible_ascii) {
  for (const std::string& key : {std::string(), std::string("a b"), std::string(256, 'k'), std::string("\xC3\xA9")}) {
    const auto reply =
        send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5", {{"idempotency-key", key}}));
    EXPECT_EQ(code(*reply), "request.idempotency_key_malformed") << key;
  }
}

TEST_F(DispatcherTest, forgets_keys_after_a_day) {
  const Headers headers = as("patient 5", {{"idempotency-key", "k1"}});
  send(Method::post, "/notes", R"({"words":"hello"})", headers);
  clock.advance(hours(25));
  dispatcher().tick(clock.now());
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"other"})", headers)->status, 201);
}

TEST_F(DispatcherTest, a_get_with_the_current_tag_is_304) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const auto same = send(Method::get, "/notes/1", "", as("patient 5", {{"if-none-match", "\"0\", W/\"1\""}}));
  EXPECT_EQ(same->status, 304);
  EXPECT_EQ(same->body, "");
  EXPECT_EQ(header(*same, "ETag"), "\"1\"");
  EXPECT_EQ(send(Method::get, "/notes/1", "", as("patient 5", {{"if-none-match", "\"2\""}}))->status, 200);
}

TEST_F(DispatcherTest, a_long_poll_waits_for_the_change) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const auto poll = send(Method::get, "/notes/1?wait=30", "", as("patient 5", {{"if-none-match", "\"1\""}}));
  EXPECT_EQ(poll->status, 0);
  EXPECT_EQ(hub->parked(), 1u);
  EXPECT_EQ(send(Method::put, "/notes/1", R"({"words":"new"})", as("patient 5", {{"if-match", "\"1\""}}))->status, 204);
  EXPECT_EQ(poll->status, 200);
  EXPECT_EQ(poll->body, R"({"id":1,"owner":5,"words":"new","version":2})");
  EXPECT_EQ(header(*poll, "ETag"), "\"2\"");
  EXPECT_EQ(hub->parked(), 0u);
}

TEST_F(DispatcherTest, a_long_poll_ends_with_304_and_survives_wakes_for_nothing) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const auto poll = send(Method::get, "/notes/1?wait=30", "", as("patient 5", {{"if-none-match", "\"1\""}}));
  hub->publish({{"note/1", "test.nothing", "{}"}}, clock.now());
  EXPECT_EQ(poll->status, 0);
  EXPECT_EQ(hub->parked(), 1u);
  clock.advance(seconds(29));
  dispatcher().tick(clock.now());
  EXPECT_EQ(poll->status, 0);
  clock.advance(seconds(1));
  dispatcher().tick(clock.now());
  EXPECT_EQ(poll->status, 304);
}

TEST_F(DispatcherTest, a_long_poll_without_a_matching_tag_answers_at_once) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  EXPECT_EQ(send(Method::get, "/notes/1?wait=30", "", as("patient 5"))->status, 200);
  EXPECT_EQ(send(Method::get, "/notes/1?wait=30", "", as("patient 5", {{"if-none-match", "\"7\""}}))->status, 200);
  EXPECT_EQ(send(Method::get, "/notes/1?wait=0", "", as("patient 5", {{"if-none-match", "\"1\""}}))->status, 304);
}

TEST_F(DispatcherTest, drains_long_polls_and_streams) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const auto poll = send(Method::get, "/notes/1?wait=30", "", as("patient 5", {{"if-none-match", "\"1\""}}));
  const auto opened = send(Method::get, "/api/events?topics=news/1");
  const auto stream = std::make_shared<FakeStream>();
  opened->stream(stream);
  dispatcher().drain();
  EXPECT_EQ(poll->status, 304);
  EXPECT_FALSE(stream->open);
  EXPECT_EQ(send(Method::get, "/notes/1?wait=30", "", as("patient 5", {{"if-none-match", "\"1\""}}))->status, 304);
}

TEST_F(DispatcherTest, parked_long_polls_are_bounded) {
  options.parked_max = 1;
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const Headers headers = as("patient 5", {{"if-none-match", "\"1\""}});
  EXPECT_EQ(send(Method::get, "/notes/1?wait=30", "", headers)->status, 0);
  const auto refused = send(Method::get, "/notes/1?wait=30", "", headers);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(header(*refused, "Retry-After"), "1");
}

TEST_F(DispatcherTest, limits_by_address_and_by_user) {
  options.per_address.login = {2, seconds(60)};
  options.per_user.write = {1, seconds(60)};
  EXPECT_EQ(send(Method::post, "/login", R"({"words":"me"})")->status, 202);
  EXPECT_EQ(send(Method::post, "/login", R"({"words":"me"})")->status, 202);
  const auto refused = send(Method::post, "/login", R"({"words":"me"})");
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(header(*refused, "Retry-After"), "30");
  EXPECT_EQ(header(*refused, "RateLimit-Policy"), "\"login\";q=2;w=60");
  EXPECT_EQ(header(*refused, "RateLimit"), "\"login\";r=0;t=30");
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"))->status, 201);
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"))->status, 429);
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"a"})", as("patient 6"))->status, 201);
  clock.advance(seconds(60));
  EXPECT_EQ(send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"))->status, 201);
}

TEST_F(DispatcherTest, a_stopped_engine_is_503) {
  dispatcher();
  engine->stop();
  const auto reply = send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"));
  EXPECT_EQ(reply->status, 503);
  EXPECT_FALSE(header(*reply, "Retry-After").empty());
}

TEST_F(DispatcherTest, counts_requests_by_route_and_code) {
  send(Method::get, "/notes");
  send(Method::get, "/nothing");
  const std::string text = metrics->exposition();
  EXPECT_NE(text.find("fairward_http_requests_total{route=\"note_list\",code=\"200\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("fairward_http_requests_total{route=\"none\",code=\"404\"} 1"), std::string::npos);
}

TEST_F(DispatcherTest, a_wrong_table_stops_the_program_at_start) {
  routes.add(Method::get, "/forgotten", "forgotten", &notes, &Notes::fault);
  EXPECT_THROW(dispatcher(), std::logic_error);
}

class EventsTest : public DispatcherTest {
 protected:
  std::shared_ptr<FakeStream> listen(std::string target, Headers headers) {
    const auto reply = send(Method::get, std::move(target), "", std::move(headers));
    if (!reply->stream) return nullptr;
    EXPECT_EQ(header(*reply, "Content-Type"), "text/event-stream");
    auto stream = std::make_shared<FakeStream>();
    reply->stream(stream);
    return stream;
  }
};

TEST_F(EventsTest, tells_of_changes_as_they_happen) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  const auto stream = listen("/api/events?topics=note/1,news/x", as("patient 5"));
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->sent, "retry: 2000\n\n");
  stream->sent.clear();
  send(Method::put, "/notes/1", R"({"words":"new"})", as("patient 5", {{"if-match", "\"1\""}}));
  EXPECT_EQ(stream->sent,
            "id: 2\nevent: changed\ndata: "
            "{\"topic\":\"note/1\",\"kind\":\"test.note_changed\",\"payload\":{},\"at\":\"2026-12-01T03:30:00Z\"}\n\n");
  stream->close();
  stream->sent.clear();
  send(Method::put, "/notes/1", R"({"words":"newer"})", as("patient 5", {{"if-match", "\"2\""}}));
  EXPECT_EQ(stream->sent, "");
}

TEST_F(EventsTest, sends_what_was_missed_first) {
  send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"));
  send(Method::post, "/notes", R"({"words":"b"})", as("patient 5"));
  send(Method::put, "/notes/1", R"({"words":"new"})", as("patient 5", {{"if-match", "\"1\""}}));
  const auto stream = listen("/api/events?topics=note/2,note/1", as("patient 5", {{"last-event-id", "1"}}));
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->sent.find("id: 1\n"), std::string::npos);
  const std::size_t second = stream->sent.find("id: 2\n");
  EXPECT_NE(second, std::string::npos);
  EXPECT_GT(stream->sent.find("id: 3\n"), second);
}

TEST_F(EventsTest, tells_a_client_that_missed_too_much_to_read_again) {
  send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"));
  for (int version = 1; version <= 201; ++version)
    send(Method::put, "/notes/1", R"({"words":"new"})",
         as("patient 5", {{"if-match", "\"" + std::to_string(version) + "\""}}));
  const auto stream = listen("/api/events?topics=note/1", as("patient 5", {{"last-event-id", "1"}}));
  ASSERT_TRUE(stream);
  const std::size_t missed = stream->sent.find("\"kind\":\"events.missed\"");
  EXPECT_NE(missed, std::string::npos);
  EXPECT_EQ(stream->sent.find("id: 202\n"), stream->sent.rfind("id: ", missed)) << "it goes on from the newest event";
  const auto recent = listen("/api/events?topics=note/1", as("patient 5", {{"last-event-id", "2"}}));
  ASSERT_TRUE(recent);
  EXPECT_EQ(recent->sent.find("events.missed") == std::string::npos, false) << "200 are as many as it is shown";
  const auto all = listen("/api/events?topics=note/1", as("patient 5", {{"last-event-id", "3"}}));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->sent.find("events.missed"), std::string::npos);
}

TEST_F(EventsTest, looks_through_no_more_than_the_newest_events) {
  send(Method::post, "/notes", R"({"words":"a"})", as("patient 5"));
  engine->write_now([](Txn& txn) {
    for (int i = 0; i < 20'001; ++i) txn.emit({"other/1", "test.happened", "{}"});
    return true;
  });
  const auto stream = listen("/api/events?topics=note/1", as("patient 5", {{"last-event-id", "0"}}));
  ASSERT_TRUE(stream);
  EXPECT_NE(stream->sent.find("id: 20002\nevent: changed\ndata: {\"topic\":\"note/1\",\"kind\":\"events.missed\""),
            std::string::npos);
  EXPECT_EQ(stream->sent.find("id: 1\n"), std::string::npos);
}

TEST_F(EventsTest, refuses_topics_that_are_not_the_callers) {
  send(Method::post, "/notes", R"({"words":"hello"})", as("patient 5"));
  struct {
    const char* target;
    Headers headers;
    int status;
  } cases[] = {{"/api/events?topics=note/1", as("patient 6"), 404},
               {"/api/events?topics=note/1", {}, 401},
               {"/api/events?topics=other/1", as("patient 5"), 404},
               {"/api/events?topics=note", as("patient 5"), 422},
               {"/api/events?topics=", as("patient 5"), 422},
               {"/api/events", as("patient 5"), 422},
               {"/api/events?topics=note/1%0Adata", as("patient 5"), 422},
               {"/api/events?topics=news/1", {}, 200},
               {"/api/events?topics=note/1,news/1", as("patient 6"), 404}};
  for (const auto& c : cases) EXPECT_EQ(send(Method::get, c.target, "", c.headers)->status, c.status) << c.target;
}

TEST_F(EventsTest, streams_of_a_caller_are_bounded_and_given_back) {
  options.streams.streams_per_caller_max = 2;
  const Headers me = as("patient 5");
  const auto first = listen("/api/events?topics=news/1", me);
  const auto second = listen("/api/events?topics=news/1", me);
  EXPECT_EQ(send(Method::get, "/api/events?topics=news/1", "", me)->status, 429);
  first->close();
  EXPECT_TRUE(listen("/api/events?topics=news/1", me));
  EXPECT_EQ(send(Method::get, "/api/events?topics=news/1", "", me)->status, 429);
}

TEST_F(EventsTest, a_stream_whose_client_left_before_it_began_is_given_back) {
  options.streams.streams_per_caller_max = 1;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(send(Method::get, "/api/events?topics=news/1", "", as("patient 5"))->status, 200);
}

TEST_F(EventsTest, beats_every_15_seconds_and_ends_after_an_hour) {
  const auto stream = listen("/api/events?topics=news/1", {});
  stream->sent.clear();
  clock.advance(seconds(14));
  dispatcher().tick(clock.now());
  EXPECT_EQ(stream->sent, "");
  clock.advance(seconds(1));
  dispatcher().tick(clock.now());
  EXPECT_EQ(stream->sent, ":\n\n");
  clock.advance(hours(1));
  dispatcher().tick(clock.now());
  EXPECT_FALSE(stream->open);
}

}  // namespace dispatcher_test
}  // namespace fairward::api
