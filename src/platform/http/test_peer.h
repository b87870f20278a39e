// A raw client for the tests of this folder: bytes in, bytes out, nothing repaired. Not part of the server.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace fairward::http {

class Peer {
 public:
  explicit Peer(std::uint16_t port, int receive_buffer = 0)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Peer(Peer&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        is_connected_(other.is_connected_),
        bytes_(std::move(other.bytes_)) {}
  Peer& operator=(Peer&&) = delete;
  ~Peer() { close(); }

  bool is_connected() const { return is_connected_; }
  bool has_ended() const { return is_ended_; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  void end_writing() { ::shutdown(descriptor_, SHUT_WR); }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything until the server closes, or for at most that long.
  std::string read_to_end(int ms_max = 5000) {
    while (read_some(ms_max)) {}
    return std::exchange(bytes_, {});
  }

  // The bytes up to and with `mark`; what came before the end when it never comes.
  std::string read_until(std::string_view mark, int ms_max = 5000) {
    while (bytes_.find(mark) == std::string::npos)
      if (!read_some(ms_max)) return std::exchange(bytes_, {});
    const std::size_t size = bytes_.find(mark) + mark.size();
    std::string taken = bytes_.substr(0, size);
    bytes_.erase(0, size);
    return taken;
  }

  // One reply with Content-Length, head and body.
  std::string read_reply(int ms_max = 5000) {
    std::string reply = read_until("\r\n\r\n", ms_max);
    constexpr std::string_view name = "Content-Length: ";
    const std::size_t at = reply.find(name);
    const std::size_t size = at == std::string::npos ? 0 : std::stoul(reply.substr(at + name.size()));
    while (bytes_.size() < size && read_some(ms_max)) {}
    reply += bytes_.substr(0, size);
    bytes_.erase(0, size);
    return reply;
  }

  // True when the server has closed; what came before that stays.
  bool sees_end(int ms_max = 5000) {
    while (read_some(ms_max)) {}
    return is_ended_;
  }

  bool stays_open(int ms) {
    const bool has_bytes = read_some(ms);
    return !has_bytes && !is_ended_;
  }

  // What is there, up to a buffer full; false when nothing came, or the end.
  bool read_some(int ms_max) {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, ms_max) <= 0) return false;
    std::array<char, 16 * 1024> buffer;
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    is_ended_ = size <= 0;
    if (size > 0) bytes_.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0;
  }
  std::size_t bytes_read() const { return bytes_.size(); }

 private:
  int descriptor_;
  bool is_connected_ = false;
  bool is_ended_ = false;
  std::string bytes_;
};

inline int status_of(std::string_view reply) {
  if (!reply.starts_with("HTTP/1.1 ") || reply.size() < 12) return 0;
  return (reply[9] - '0') * 100 + (reply[10] - '0') * 10 + (reply[11] - '0');
}

}  // namespace fairward::http
