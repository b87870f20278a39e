#include "crowd.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace fairward::bench {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;

[[noreturn]] void fail_with_errno(const char* what) {
  throw std::runtime_error(fmt::format("{}: errno {}", what, errno));
}

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail_with_errno("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail_with_errno("connect");
  const int one = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return descriptor;
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string authorization(std::string_view token) {
  return token.empty() ? std::string() : fmt::format("Authorization: Bearer {}\r\n", token);
}

}  // namespace

std::int64_t now_us() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

Crowd::Crowd(std::uint16_t port, int connections) : port_(port), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  connections_.resize(static_cast<std::size_t>(connections));
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].descriptor = connect_to(port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].descriptor, &event) != 0) fail_with_errno("epoll_ctl");
  }
}

Crowd::~Crowd() {
  for (const Connection& connection : connections_) ::close(connection.descriptor);
  ::close(epoll_);
}

void Crowd::send(int index, std::string_view request) {
  Connection& connection = connections_[index];
  connection.sent_at_us = now_us();
  while (!request.empty()) {
    const ssize_t sent = ::send(connection.descriptor, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail_with_errno("send");
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Reads what is there and says whether the reply is whole. A reply that came in one piece is looked at where it was
// read, without a copy: valid until the next call.
bool Crowd::receive(Connection& connection, Reply& reply) {
  thread_local std::vector<char> buffer(read_bytes);
  const ssize_t received = ::recv(connection.descriptor, buffer.data(), buffer.size(), 0);
  if (received <= 0) throw std::runtime_error("the server closed a connection");
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(received));
  if (!connection.input.empty() || parse(bytes, reply) == 0) {
    connection.input += bytes;
    bytes = connection.input;
    if (parse(bytes, reply) == 0) return false;
  }
  if (parse(bytes, reply) != bytes.size()) throw std::runtime_error("the server sent more than one reply");
  return true;
}

// Bytes of the first whole reply, 0 when it is not whole yet.
std::size_t Crowd::parse(std::string_view input, Reply& reply) {
  const std::size_t head_end = input.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  reply.head = input.substr(0, head_end + 2);
  reply.status = static_cast<int>(number(reply.head.substr(9, 3)));
  const std::size_t body_size = number(header(reply.head, "Content-Length"));
  if (input.size() < head_end + 4 + body_size) return 0;
  reply.body = input.substr(head_end + 4, body_size);
  return head_end + 4 + body_size;
}

void Crowd::run(std::int64_t until_us, const Handler& handler, const Pacer& pacer) {
  std::vector<epoll_event> events(256);
  is_stopped_ = false;
  for (std::int64_t now = now_us(); now < until_us && !is_stopped_; now = now_us()) {
    const std::int64_t wake_us = pacer ? std::clamp(pacer(now), now, until_us) : until_us;
    const timespec wait{(wake_us - now) / 1'000'000, (wake_us - now) % 1'000'000 * 1000};
    const int count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    for (int i = 0; i < count && !is_stopped_; ++i) {
      const int index = static_cast<int>(events[i].data.u64);
      Connection& connection = connections_[index];
      Reply reply;
      if (!receive(connection, reply)) continue;
      const std::string kept =
          std::exchange(connection.input, {});  // where the reply lies, unless it came in one piece
      if (!kept.empty()) parse(kept, reply);
      handler(index, reply);
    }
  }
}

Reply Crowd::ask(int index, std::string_view request) {
  send(index, request);
  return wait_for(index);
}

Reply Crowd::wait_for(int index) {
  thread_local std::string whole;
  Connection& connection = connections_[index];
  Reply reply;
  while (!receive(connection, reply)) {}
  whole = connection.input.empty() ? std::string(reply.head.data(), reply.body.data() + reply.body.size())
                                   : std::exchange(connection.input, {});
  parse(whole, reply);
  return reply;
}

std::string get_request(std::string_view target, std::string_view token, std::string_view headers) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}{}\r\n", target, authorization(token), headers);
}

std::string post_request(std::string_view target, std::string_view token, std::string_view body,
                         std::string_view headers) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\n{}{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      target, authorization(token), headers, body.size(), body);
}

std::string delete_request(std::string_view target, std::string_view token) {
  return fmt::format("DELETE {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, authorization(token));
}

// Where `text` stands between `before` and `after`, looked for without making a text of the three.
namespace {
std::size_t find_between(std::string_view in, char before, std::string_view text, std::string_view after,
                         std::size_t from) {
  for (std::size_t at = in.find(text, from); at != std::string_view::npos; at = in.find(text, at + 1))
    if (at > 0 && in[at - 1] == before && in.substr(at + text.size()).starts_with(after)) return at + text.size();
  return std::string_view::npos;
}
}  // namespace

std::string_view member(std::string_view json, std::string_view name, std::size_t from) {
  const std::size_t at = find_between(json, '"', name, "\":", from);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = json.substr(at + 2);
  if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
  return rest.substr(0, rest.find_first_of(",}]"));
}

std::string_view header(std::string_view head, std::string_view name) {
  const std::size_t at = find_between(head, '\n', name, ": ", 0);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + 2);
  return rest.substr(0, rest.find("\r\n"));
}

}  // namespace fairward::bench
