#include "platform/http/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace fairward::http {

namespace {

constexpr int backlog = 4096;
constexpr int accepts_at_once_max = 64;  // then the clients already there get a turn

[[noreturn]] void throw_error(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressList resolve(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0 || !found)
    throw_error(EADDRNOTAVAIL, "no such address: " + address);
  return {found, &::freeaddrinfo};
}

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

// Accepted sockets inherit TCP_NODELAY on Linux.
int open_listener(const std::string& address, std::uint16_t port) {
  const AddressList addresses = resolve(address, port);
  const int descriptor = ::socket(addresses->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw_error(errno, "socket");
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(descriptor, addresses->ai_addr, addresses->ai_addrlen) != 0 || ::listen(descriptor, backlog) != 0) {
    const int error = errno;
    ::close(descriptor);
    throw_error(error, "cannot listen on " + address + ":" + std::to_string(port));
  }
  return descriptor;
}

std::uint16_t port_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  return ntohs(address.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

// An IPv4 client of a dual-stack socket is shown as IPv4, so that a rate limit cannot be met under two names.
std::string address_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (address.ss_family == AF_INET) ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  else if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
    ::inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, text.data(), text.size());
  else ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return text.data();
}

bool is_about_one_client(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == ENETDOWN || error == EHOSTUNREACH ||
         error == ENETUNREACH || error == ETIMEDOUT;
}

}  // namespace

Listener::Listener(const ServerOptions& options, std::vector<std::shared_ptr<Worker>> workers)
    : workers_(std::move(workers)),
      watch_(workers_.front()->reactor, open_listener(options.address, options.port)),
      port_(port_of(watch_.descriptor())) {}

void Listener::start() {
  workers_.front()->every_second = [this] {
    if (std::exchange(is_paused_, false)) on_readable();
  };
  watch_.wait_readable(shared_from_this());
}

void Listener::close() {
  if (std::exchange(is_closed_, true)) return;
  workers_.front()->every_second = nullptr;
  watch_.close();
}

void Listener::on_readable() {
  if (is_closed_) return;
  accept_some();
  if (!is_paused_) watch_.wait_readable(shared_from_this());
}

void Listener::accept_some() {
  for (int i = 0; i < accepts_at_once_max; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor =
        ::accept4(watch_.descriptor(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      hand_over(descriptor, address_of(address));
      continue;
    }
    if (is_about_one_client(errno)) continue;
    is_paused_ = errno != EAGAIN;
    return;
  }
}

void Listener::hand_over(int descriptor, std::string peer) {
  std::shared_ptr<Worker> chosen = workers_.front();
  for (const auto& worker : workers_)
    if (worker->load() < chosen->load()) chosen = worker;
  chosen->reserve_place();
  Worker* const worker = chosen.get();
  const bool is_taken = worker->post(
      [worker, descriptor, peer = std::move(peer)]() mutable { worker->adopt(descriptor, std::move(peer)); });
  if (is_taken) return;
  worker->release_place();
  ::close(descriptor);
}

}  // namespace fairward::http
