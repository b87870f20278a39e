#include "platform/http/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "platform/http/forwarded.h"
#include "platform/http/stream.h"
#include "platform/log/log.h"

namespace fairward::http {

namespace {

constexpr std::size_t copied_body_bytes_max = 16 * 1024;  // up to here copying is cheaper than a gathered write
constexpr std::size_t batch_bytes_max = 64 * 1024;        // replies to pipelined requests put together in one write
constexpr int linger_seconds_max = 2;
constexpr int half_closed_seconds_max = 2;  // a client that ended its side may have gone, or wait for this one answer

// The promise that a request gets an answer: dropped, it answers 500.
class Pledge {
 public:
  explicit Pledge(std::shared_ptr<Connection> connection) noexcept : connection_(std::move(connection)) {}
  Pledge(Pledge&&) noexcept = default;
  Pledge(const Pledge&) = delete;
  Pledge& operator=(const Pledge&) = delete;
  ~Pledge() {
    if (connection_) (*this)(problem_response(TransportProblem::internal));
  }
  void operator()(Response&& response) {
    if (const auto connection = std::exchange(connection_, nullptr)) connection->answer(std::move(response));
  }

 private:
  std::shared_ptr<Connection> connection_;
};

bool is_trusted(const AddressRanges& proxies, const std::string& peer) {
  const auto address = Address::parse(peer);
  return address && contains(proxies, *address);
}

// OPTIONS * asks the server as a whole (RFC 9110 9.3.7); no route could answer it.
Response server_options() {
  Response response;
  response.status = 204;
  response.headers = {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}};
  return response;
}

}  // namespace

Connection::Connection(std::shared_ptr<Worker> worker, int descriptor, std::string peer)
    : worker_(std::move(worker)),
      watch_(worker_->reactor, descriptor),
      peer_(std::move(peer)),
      is_peer_trusted_(is_trusted(worker_->service->options.trusted_proxies, peer_)) {}

Connection::~Connection() = default;

void Connection::start() {
  deadline_ = seconds_from_now(worker_->service->options.idle_seconds_max);
  if (worker_->service->is_stopping) return close();
  watch_input();
}

void Connection::refuse_overload() {
  refuse(TransportProblem::overloaded);
  settle();
}

void Connection::stop_gently() {
  if (phase_ == Phase::streaming || (phase_ == Phase::reading_head && !unsent_ && input_.empty())) close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  phase_ = Phase::closed;
  watch_.close();
  unsent_.reset();
  held_.reset();
  arriving_.reset();
  const auto stream = std::exchange(stream_, nullptr);
  const auto action = stream ? stream->detach() : nullptr;
  worker_->forget(*this);
  if (action) action();
}

// ---- reading ----

void Connection::on_readable() {
  is_watching_input_ = false;
  if (phase_ == Phase::closed) return;
  auto& buffer = worker_->read_buffer;
  const ssize_t size = ::recv(watch_.descriptor(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size == 0) return on_end_of_input();
  if (size < 0 && errno != EAGAIN && errno != EINTR) return close();
  if (size < 0 || phase_ == Phase::lingering) return watch_input();
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
  if (!input_.empty()) {
    input_ += bytes;
    return serve_input();
  }
  const std::size_t used = serve(bytes);
  input_ = bytes.substr(used);
  settle();
}

void Connection::on_end_of_input() {
  is_input_ended_ = true;
  if (phase_ == Phase::streaming || phase_ == Phase::lingering) return close();
  if (is_reading() && !unsent_) return close();
  if (phase_ == Phase::answering && !unsent_) deadline_ = seconds_from_now(half_closed_seconds_max);
}

// Handles as many requests as are complete and may be handled now; returns how many bytes that took.
std::size_t Connection::serve(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && is_reading() && !unsent_) {
    const std::string_view rest = bytes.substr(used);
    const std::size_t step = phase_ == Phase::reading_head ? advance_head(rest) : advance_body(rest);
    if (step == 0) break;
    used += step;
    if (worker_->write_buffer.size() > batch_bytes_max) flush();
  }
  return used;
}

void Connection::serve_input() {
  input_.erase(0, serve(input_));
  settle();
}

// After every turn: sends what was answered and sees to it that something will wake this connection again.
void Connection::settle() {
  flush();
  if (phase_ == Phase::closed) return;
  if (input_.empty()) std::string().swap(input_);
  if (phase_ == Phase::closing && !unsent_) return finish_closing();
  const bool has_nothing_to_do = is_reading() && !unsent_;
  const bool is_last =
      worker_->service->is_stopping.load(std::memory_order_relaxed) && phase_ == Phase::reading_head && input_.empty();
  if (has_nothing_to_do && (is_input_ended_ || is_last)) return close();
  if (phase_ == Phase::reading_head && !unsent_ && !is_head_begun_ && !input_.empty()) {
    is_head_begun_ = true;
    deadline_ = seconds_from_now(worker_->service->options.head_seconds_max);
  }
  watch_input();
}

std::size_t Connection::advance_head(std::string_view bytes) {
  // RFC 9112 2.2: empty lines before a request are to be ignored.
  if (bytes.starts_with("\r\n")) {
    scanned_ = 0;
    return 2;
  }
  const std::size_t head_bytes_max = worker_->service->options.head_bytes_max;
  const HeadScan scan = head_scan(bytes.substr(0, head_bytes_max), scanned_);
  if (scan.state == HeadScan::State::malformed) {
    refuse(TransportProblem::bad_request);
    return 0;
  }
  if (scan.state == HeadScan::State::incomplete) {
    scanned_ = static_cast<std::uint32_t>(std::min(bytes.size(), head_bytes_max));
    if (bytes.size() >= head_bytes_max) refuse(TransportProblem::head_too_large);
    return 0;
  }
  scanned_ = 0;
  Head head;
  const HeadFault fault = head_parse(bytes.substr(0, scan.size), head);
  if (fault == HeadFault::none) return begin_request(std::move(head), bytes, scan.size);
  refuse(fault);
  return scan.size;
}

// The body often came along with the head; then nothing has to be kept.
std::size_t Connection::begin_request(Head&& head, std::string_view bytes, std::size_t head_size) {
  is_head_request_ = head.request.method == Method::head;
  is_http_1_0_ = head.is_http_1_0;
  keeps_alive_ = head.keeps_alive;
  if (head.content_length > worker_->service->options.body_bytes_max) {
    refuse(TransportProblem::body_too_large);
    return head_size;
  }
  const std::string_view rest = bytes.substr(head_size);
  if (!head.is_chunked && rest.size() >= head.content_length) {
    const std::size_t body_size = head.content_length;
    head.request.body = rest.substr(0, body_size);
    dispatch(std::move(head));
    return head_size + body_size;
  }
  begin_body(std::move(head), !rest.empty());
  return head_size;
}

void Connection::begin_body(Head&& head, bool has_body_bytes) {
  if (head.expects_continue && !has_body_bytes) worker_->write_buffer += "HTTP/1.1 100 Continue\r\n\r\n";
  arriving_ = std::make_unique<Arriving>();
  arriving_->head = std::move(head);
  phase_ = Phase::reading_body;
  deadline_ = seconds_from_now(worker_->service->options.body_seconds_max);
}

std::size_t Connection::advance_body(std::string_view bytes) {
  Head& head = arriving_->head;
  std::size_t used = 0;
  bool is_complete = false;
  if (head.is_chunked) {
    const auto verdict =
        arriving_->chunked.feed(bytes, worker_->service->options.body_bytes_max, head.request.body, used);
    if (verdict == ChunkedBody::Verdict::malformed) refuse(TransportProblem::bad_request);
    if (verdict == ChunkedBody::Verdict::too_large) refuse(TransportProblem::body_too_large);
    is_complete = verdict == ChunkedBody::Verdict::complete;
  } else {
    used = std::min<std::uint64_t>(head.content_length - head.request.body.size(), bytes.size());
    head.request.body += bytes.substr(0, used);
    is_complete = head.request.body.size() == head.content_length;
  }
  if (is_complete) dispatch(std::move(std::exchange(arriving_, nullptr)->head));
  return used;
}

void Connection::dispatch(Head&& head) {
  count(worker_->counts.requests);
  Request request = std::move(head.request);
  const AddressRanges& trusted = worker_->service->options.trusted_proxies;
  request.peer = is_peer_trusted_ ? forwarded_client(peer_, request.headers, trusted) : peer_;
  if (is_head_request_) request.method = Method::get;
  phase_ = Phase::answering;
  deadline_ = 0;
  if (request.target == "*") return reply(server_options());
  is_calling_handler_ = true;
  try {
    const auto self = shared_from_this();
    worker_->service->handler(std::move(request), Responder(Pledge(self), self));
  } catch (...) {
    log::error("an http handler threw");  // its responder went down with its stack, and answered 500
  }
  is_calling_handler_ = false;
}

void Connection::watch_input() {
  if (is_watching_input_ || is_input_ended_ || phase_ == Phase::closed) return;
  if (input_.size() >= worker_->service->options.head_bytes_max && phase_ != Phase::lingering) return;
  is_watching_input_ = true;
  watch_.wait_readable(shared_from_this());
}

// ---- time ----

void Connection::on_tick() {
  if (deadline_ != 0 && worker_->tick() > deadline_) on_deadline();
}

void Connection::on_deadline() {
  deadline_ = 0;
  const bool is_late_request =
      !unsent_ && (phase_ == Phase::reading_body || (phase_ == Phase::reading_head && is_head_begun_));
  if (unsent_ || is_late_request) count(worker_->counts.timed_out);
  if (!is_late_request) return close();
  refuse(TransportProblem::request_timeout);
  settle();
}

// ---- answering ----

void Connection::answer(Response&& response) {
  if (worker_->is_this_thread() && is_calling_handler_) return reply(std::move(response));
  if (worker_->is_this_thread() && std::exchange(is_leading_, false)) return answer_here(std::move(response));
  worker_->post([self = shared_from_this(), response = std::move(response)]() mutable {
    self->answer_here(std::move(response));
  });
}

// The worker calls this between turns, so that nothing of another connection waits in the worker's buffer.
void Connection::run(std::move_only_function<void()>&& step) {
  worker_->post([self = shared_from_this(), step = std::move(step)]() mutable {
    self->is_leading_ = true;
    step();
    self->is_leading_ = false;
  });
}

void Connection::answer_here(Response&& response) {
  if (phase_ != Phase::answering) return;
  if (unsent_) {
    held_ = std::make_unique<Response>(std::move(response));
    return;
  }
  reply(std::move(response));
  serve_input();
}

void Connection::reply(Response&& response) {
  if (phase_ != Phase::answering) return;
  const bool is_endless = static_cast<bool>(response.stream);
  const bool is_bodyless = is_head_request_ || is_endless || !allows_body(response.status);
  keeps_alive_ = keeps_alive_ && !response.close && !(is_endless && is_http_1_0_) &&
                 !worker_->service->is_stopping.load(std::memory_order_relaxed);
  append_head(worker_->write_buffer, response, {is_http_1_0_, keeps_alive_, is_endless && !is_http_1_0_},
              worker_->date());
  if (is_endless && !is_head_request_) return begin_stream(std::move(response));
  end_reply();
  if (is_bodyless) return;
  if (const std::string_view body = body_of(response); body.size() <= copied_body_bytes_max)
    worker_->write_buffer += body;
  else transmit(std::move(response.body), response.static_body);
}

void Connection::begin_stream(Response&& response) {
  phase_ = Phase::streaming;
  deadline_ = 0;
  stream_ = std::make_shared<StreamState>(shared_from_this(), !is_http_1_0_,
                                          worker_->service->options.stream_unsent_bytes_max);
  try {
    response.stream(make_stream_handle(stream_));
  } catch (...) {
    log::error("an http stream could not begin");  // the handle went down with the callee's stack, and ended the reply
  }
}

void Connection::end_reply() {
  is_head_begun_ = false;
  is_head_request_ = false;
  deadline_ = seconds_from_now(worker_->service->options.idle_seconds_max);
  phase_ = keeps_alive_ ? Phase::reading_head : Phase::closing;
}

void Connection::on_stream_ready() {
  if (phase_ != Phase::streaming) return;
  if (stream_->is_broken()) return close();
  if (unsent_) return;
  const bool is_end = stream_->take(worker_->write_buffer);
  if (is_end) {
    stream_->detach();
    stream_.reset();
    end_reply();
    return serve_input();
  }
  flush();
  if (phase_ == Phase::streaming && !unsent_) stream_->set_in_flight(0);
}

void Connection::refuse(TransportProblem problem) {
  count(worker_->counts.refused);
  keeps_alive_ = false;
  must_linger_ = true;
  arriving_.reset();
  const Response response = problem_response(problem);
  append_head(worker_->write_buffer, response, {is_http_1_0_, false, false}, worker_->date());
  if (!is_head_request_) worker_->write_buffer += response.body;
  phase_ = Phase::closing;
}

void Connection::refuse(HeadFault fault) {
  switch (fault) {
    case HeadFault::too_many_fields: return refuse(TransportProblem::head_too_large);
    case HeadFault::unsupported_expectation: return refuse(TransportProblem::expectation_failed);
    case HeadFault::unsupported_method: return refuse(TransportProblem::not_implemented);
    case HeadFault::malformed:
    case HeadFault::none: return refuse(TransportProblem::bad_request);
  }
}

// ---- writing ----

void Connection::flush() {
  if (!worker_->write_buffer.empty()) transmit({}, {});
}

// Sends the worker's write buffer and the body after it; what the kernel does not take is kept.
void Connection::transmit(std::string&& body, std::string_view static_body) {
  Unsent unsent{std::move(worker_->write_buffer), std::move(body), static_body};
  if (phase_ != Phase::closed) {
    const long sent = send_once(unsent);
    if (sent < 0) close();
    else unsent.sent = static_cast<std::size_t>(sent);
  }
  const std::size_t size = unsent.bytes.size() + (static_body.empty() ? unsent.body.size() : static_body.size());
  if (phase_ == Phase::closed || unsent.sent == size) {
    // Gives the buffer back, with its memory unless that has grown beyond the usual.
    unsent.bytes.clear();
    if (unsent.bytes.capacity() <= 4 * batch_bytes_max) worker_->write_buffer = std::move(unsent.bytes);
    return;
  }
  unsent_ = std::make_unique<Unsent>(std::move(unsent));
  if (stream_) stream_->set_in_flight(size - unsent_->sent);
  const auto& options = worker_->service->options;
  deadline_ = seconds_from_now(options.write_seconds_max);
  unsent_->give_up_at = deadline_ + static_cast<std::int64_t>(size / options.write_bytes_per_second_min);
  watch_.wait_writable(shared_from_this());
}

// One gathered write. The bytes taken, 0 when the client must read first, -1 when it is gone.
long Connection::send_once(const Unsent& unsent) {
  const std::string_view body = unsent.static_body.empty() ? std::string_view(unsent.body) : unsent.static_body;
  const std::size_t head_sent = std::min(unsent.sent, unsent.bytes.size());
  const std::string_view head_rest = std::string_view(unsent.bytes).substr(head_sent);
  const std::string_view body_rest = body.substr(unsent.sent - head_sent);
  std::array<iovec, 2> parts = {iovec{const_cast<char*>(head_rest.data()), head_rest.size()},
                                iovec{const_cast<char*>(body_rest.data()), body_rest.size()}};
  ssize_t sent;
  if (body_rest.empty()) {
    sent = ::send(watch_.descriptor(), head_rest.data(), head_rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  } else {
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    sent = ::sendmsg(watch_.descriptor(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  if (sent >= 0) return sent;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

void Connection::on_writable() {
  if (phase_ == Phase::closed || !unsent_) return;
  const long sent = send_once(*unsent_);
  if (sent < 0) return close();
  unsent_->sent += static_cast<std::size_t>(sent);
  const std::size_t body_size = unsent_->static_body.empty() ? unsent_->body.size() : unsent_->static_body.size();
  const std::size_t rest = unsent_->bytes.size() + body_size - unsent_->sent;
  if (stream_) stream_->set_in_flight(rest);
  if (rest == 0) {
    unsent_.reset();
    return on_drained();
  }
  if (sent > 0)
    deadline_ = std::min(seconds_from_now(worker_->service->options.write_seconds_max), unsent_->give_up_at);
  watch_.wait_writable(shared_from_this());
}

// Everything is written: goes on with what had to wait for it.
void Connection::on_drained() {
  const auto& options = worker_->service->options;
  deadline_ = 0;
  if (phase_ == Phase::streaming) return on_stream_ready();
  if (phase_ == Phase::reading_head) deadline_ = seconds_from_now(options.idle_seconds_max);
  if (phase_ == Phase::reading_body) deadline_ = seconds_from_now(options.body_seconds_max);
  if (phase_ == Phase::answering && is_input_ended_) deadline_ = seconds_from_now(half_closed_seconds_max);
  if (const auto held = std::exchange(held_, nullptr)) return answer_here(std::move(*held));
  serve_input();
}

// Closing with unread bytes would reset the connection and could take the reply with it, unread.
void Connection::finish_closing() {
  if (is_input_ended_ || (!must_linger_ && input_.empty())) return close();
  phase_ = Phase::lingering;
  std::string().swap(input_);
  deadline_ = seconds_from_now(linger_seconds_max);
  ::shutdown(watch_.descriptor(), SHUT_WR);
  watch_input();
}

}  // namespace fairward::http
