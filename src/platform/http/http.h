// HTTP/1.1 messages and the server that carries them. Knows nothing of routes: see platform/api.
// Beast and Asio stay behind this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/address.h"

namespace fairward::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

// A request read in full. Owns its bytes.
struct Request {
  Method method = Method::get;
  std::string target;                                        // origin form: "/api/doctors?limit=3"; begins with /
  std::vector<std::pair<std::string, std::string>> headers;  // names lower-cased, in order
  std::string body;
  std::string peer;  // address of the client, "127.0.0.1"; behind a trusted proxy, what that proxy says
  std::string_view header(std::string_view lower_name) const;  // first value, or ""
};

// Bytes of an endless reply (server-sent events). Thread-safe; outlives the connection.
class Stream {
 public:
  virtual ~Stream() = default;
  // False when the client is gone or more than the bound waits unsent (then the connection is closed).
  virtual bool send(std::string bytes) = 0;
  virtual bool is_open() const = 0;
  virtual void close() = 0;
  // Called once when the client goes away, on any thread.
  virtual void on_close(std::function<void()> action) = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // without Content-Length, Connection, Date
  std::string body;
  std::string_view static_body;  // used instead of body when not empty: bytes of the program itself
  bool close = false;            // close the connection after this reply
  // Set: the head is sent (no Content-Length), then this is called, on the connection's thread.
  std::function<void(std::shared_ptr<Stream>)> stream;
};

// The thread to which an answer belongs.
class Home {
 public:
  // Runs the step on that thread, soon; never, when its server has ended.
  virtual void run(std::move_only_function<void()>&& step) = 0;

 protected:
  ~Home() = default;
};

// Answers one request; may be called on any thread, once. Dropped uncalled: the client gets 500.
class Responder {
 public:
  Responder() = default;
  Responder(std::nullptr_t) {}
  template <class F>
  requires(!std::is_same_v<F, Responder> && std::is_invocable_v<F&, Response&&>)
      Responder(F answer, std::shared_ptr<Home> home = nullptr)
      : answer_(std::move(answer)), home_(std::move(home)) {}

  void operator()(Response&& response) { answer_(std::move(response)); }
  explicit operator bool() const { return static_cast<bool>(answer_); }
  // Runs what leads to the answer where the answer can be sent at once; here, when there is no such place.
  void lead(std::move_only_function<void()>&& step) const {
    if (home_) home_->run(std::move(step));
    else step();
  }

 private:
  std::move_only_function<void(Response&&)> answer_;
  std::shared_ptr<Home> home_;
};
// Called on an HTTP thread; must not block.
using Handler = std::function<void(Request&&, Responder)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;                 // 0: any free one
  unsigned threads = 2;                      // one io_context each
  std::size_t head_bytes_max = 16 * 1024;    // above: 431
  std::size_t body_bytes_max = 1024 * 1024;  // above: 413
  int head_seconds_max = 10;                 // from first byte of a request to the end of its head: 408 and close
  int body_seconds_max = 20;
  int idle_seconds_max = 75;                      // keep-alive without a request
  int write_seconds_max = 30;                     // a client that does not read
  std::size_t write_bytes_per_second_min = 4096;  // less, over a whole reply and the seconds above: cut as well
  std::size_t connections_max = 20'000;           // above: 503 and close
  std::size_t stream_unsent_bytes_max = 256 * 1024;
  AddressRanges trusted_proxies;  // whose X-Forwarded-For is believed
};

struct ServerStats {
  std::uint64_t connections, requests, refused, timed_out;
};

class Server {
 public:
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  // Stops accepting, lets requests in progress end (at most that long), closes. Idempotent. Never from a handler: it
  // waits for the HTTP threads. Afterwards the handler is destroyed and responders are called in vain.
  virtual void stop(int grace_seconds) = 0;
  virtual ServerStats stats() const = 0;
};

// Listens and serves on its own threads from now on. Throws std::system_error if the address cannot be had.
std::unique_ptr<Server> serve(const ServerOptions& options, Handler handler);

// Outgoing calls (libcurl), blocking: for jobs, never inside a transaction or on an HTTP thread.
struct OutgoingRequest {
  Method method = Method::get;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int timeout_ms = 10'000;
  // Connects to one of these instead of asking what the name in the url means: who has checked addresses must not be
  // given others a moment later. On a connection of its own. Empty: the name is asked.
  std::vector<Address> addresses = {};
  std::size_t answer_bytes_max = 4 * 1024 * 1024;
};
struct OutgoingResponse {
  int status;
  std::string body;
};
struct OutgoingResult {
  std::optional<OutgoingResponse> response;  // nullopt: no answer
  std::string why;                           // there is none
};
class Client {
 public:
  virtual ~Client() = default;
  // nullopt: no answer (refused, timed out, cut). The reason is put into `why` when given.
  virtual std::optional<OutgoingResponse> call(const OutgoingRequest& request, std::string* why = nullptr) = 0;
  // All of them side by side, where the client can; the answers in the order of the requests.
  virtual std::vector<OutgoingResult> call_many(std::span<const OutgoingRequest> requests);
};
std::unique_ptr<Client> make_client();

// A url as the client would understand it; nullopt when it would not: only http and https, with a host.
struct Url {
  std::string scheme, host;  // lower case; the host without brackets, an address in its usual form
  std::uint16_t port = 0;
  bool has_login = false;  // a name or password in it
};
std::optional<Url> url_parse(const std::string& text);

std::string url_decode(std::string_view text, bool* ok);  // %XX; '+' is left as it is; ok=false on a broken escape
std::string url_encode(std::string_view text);            // everything but unreserved characters

}  // namespace fairward::http
