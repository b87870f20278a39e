// The client's side of clamd(8): "zINSTREAM", the file in chunks that bear their length, an empty chunk, one answer.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <semaphore>

#include "platform/scan/scanner.h"

namespace fairward::scan {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::size_t answer_bytes_max = 1024;
constexpr std::size_t name_bytes_max = 100;

struct HostPort {
  std::string host, port;
};

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  return fault == std::errc() && end == text.data() + text.size() && port > 0;
}

std::optional<HostPort> host_port(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || !is_port(address.substr(colon + 1))) return std::nullopt;
  std::string_view host = address.substr(0, colon);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!is_bracketed && host.find_first_of(":[]") != std::string_view::npos)) return std::nullopt;
  return HostPort{std::string(host), std::string(address.substr(colon + 1))};
}

bool is_path(std::string_view address) {
  return address.size() > 1 && address.front() == '/' && address.size() < sizeof sockaddr_un{}.sun_path;
}

// A connection of which no step lasts longer than the time-out.
class Connection {
 public:
  explicit Connection(int timeout_ms) : timeout_{timeout_ms / 1000, (timeout_ms % 1000) * 1000} {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  bool open(const std::string& address) {
    if (is_path(address)) return open_path(address);
    const auto place = host_port(address);
    return place && open_host(*place);
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // Up to the zero byte that ends it; nullopt when none comes.
  std::optional<std::string> answer() {
    std::string answer;
    std::array<char, 256> some{};
    while (answer.size() < answer_bytes_max) {
      const ssize_t got = ::recv(descriptor_, some.data(), some.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      answer.append(some.data(), static_cast<std::size_t>(got));
      if (const std::size_t end = answer.find('\0'); end != std::string::npos) return answer.substr(0, end);
    }
    return std::nullopt;
  }

 private:
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  // On Linux the time-out of sending is the one of connecting too.
  bool connect(int family, const sockaddr* address, socklen_t size) {
    close();
    descriptor_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return false;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout_, sizeof timeout_);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout_, sizeof timeout_);
    return ::connect(descriptor_, address, size) == 0;
  }
  bool open_path(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  bool open_host(const HostPort& place) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) return false;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
    for (const addrinfo* at = found; at; at = at->ai_next)
      if (connect(at->ai_family, at->ai_addr, at->ai_addrlen)) return true;
    return false;
  }

  const timeval timeout_;
  int descriptor_ = -1;
};

std::string length_text(std::size_t length) {
  std::string text(4, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(length >> (8 * (3 - i)));
  return text;
}

bool send_file(Connection& connection, std::string_view bytes) {
  if (!connection.send(std::string_view("zINSTREAM\0", 10))) return false;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(chunk_bytes, bytes.size()))) {
    const std::string_view chunk = bytes.substr(0, chunk_bytes);
    if (!connection.send(length_text(chunk.size())) || !connection.send(chunk)) return false;
  }
  return connection.send(length_text(0));
}

// Goes to the log: what the scanner calls it, as far as that is a name.
std::string name_of(std::string_view text) {
  const auto is_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  std::string name(text.substr(0, name_bytes_max));
  std::ranges::replace_if(
      name, [&](char c) { return !is_of_name(c); }, '_');
  return name;
}

Scanned verdict_of(std::string_view answer) {
  constexpr std::string_view of_stream = "stream: ", found = " FOUND";
  if (!answer.starts_with(of_stream)) return {Verdict::unknown, name_of(answer)};
  answer.remove_prefix(of_stream.size());
  if (answer == "OK") return {};
  if (answer.ends_with(found)) {
    answer.remove_suffix(found.size());
    return {Verdict::infected, name_of(answer)};
  }
  return {Verdict::unknown, name_of(answer)};
}

class ClamdScanner final : public Scanner {
 public:
  explicit ClamdScanner(ClamdOptions options) : options_(std::move(options)), free_(options_.at_once) {}

  Scanned scan(std::string_view bytes) override {
    if (!free_.try_acquire()) return {Verdict::unknown, "busy"};
    Scanned scanned = ask(bytes);
    free_.release();
    return scanned;
  }

 private:
  // Who says no before the end has closed its side: the answer is there to be read all the same.
  Scanned ask(std::string_view bytes) const {
    Connection connection(options_.timeout_ms);
    if (!connection.open(options_.address)) return {Verdict::unknown, "not connected"};
    const bool is_sent = send_file(connection, bytes);
    const auto answer = connection.answer();
    if (!answer) return {Verdict::unknown, "no answer"};
    const Scanned scanned = verdict_of(*answer);
    return is_sent || scanned.verdict != Verdict::clean ? scanned : Scanned{Verdict::unknown, "cut off"};
  }

  const ClamdOptions options_;
  std::counting_semaphore<> free_;
};

}  // namespace

bool is_clamd_address(std::string_view address) { return is_path(address) || host_port(address).has_value(); }

std::unique_ptr<Scanner> make_clamd_scanner(ClamdOptions options) {
  return std::make_unique<ClamdScanner>(std::move(options));
}

}  // namespace fairward::scan
