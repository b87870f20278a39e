// Many keep-alive HTTP/1.1 connections to one local server, carried by one thread: as little work for each request as
// can be, because the client shares the cores with the server that it measures. Not a general HTTP client.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward::bench {

struct Reply {
  int status = 0;
  std::string_view head;  // valid during the handler
  std::string_view body;
};

std::int64_t now_us();  // monotonic

class Crowd {
 public:
  using Handler = std::function<void(int connection, const Reply& reply)>;

  Crowd(std::uint16_t port, int connections);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  int size() const { return static_cast<int>(connections_.size()); }
  std::uint16_t port() const { return port_; }
  // One request at a time for each connection.
  void send(int connection, std::string_view request);
  std::int64_t sent_at_us(int connection) const { return connections_[connection].sent_at_us; }

  // Answers replies to the handler until the deadline (monotonic) or stop(). The pacer, if any, is called in between
  // and says when it wants to be called again.
  using Pacer = std::function<std::int64_t(std::int64_t now_us)>;
  void run(std::int64_t until_us, const Handler& handler, const Pacer& pacer = {});
  void stop() { is_stopped_ = true; }

  // Sends and waits for the reply; other connections' replies stay in the kernel meanwhile.
  Reply ask(int connection, std::string_view request);
  Reply wait_for(int connection);

 private:
  struct Connection {
    int descriptor = -1;
    std::string input;
    std::int64_t sent_at_us = 0;
  };

  bool receive(Connection& connection, Reply& reply);
  static std::size_t parse(std::string_view input, Reply& reply);

  std::uint16_t port_;
  int epoll_ = -1;
  bool is_stopped_ = false;
  std::vector<Connection> connections_;
};

std::string get_request(std::string_view target, std::string_view token = {}, std::string_view headers = {});
std::string post_request(std::string_view target, std::string_view token, std::string_view body,
                         std::string_view headers = {});
std::string delete_request(std::string_view target, std::string_view token);

// The value of the first `"name":value` at or after `from`; quotes are taken off. Empty when there is none.
std::string_view member(std::string_view json, std::string_view name, std::size_t from = 0);
// A header's value by its lower or mixed case name as the server writes it.
std::string_view header(std::string_view head, std::string_view name);

}  // namespace fairward::bench
