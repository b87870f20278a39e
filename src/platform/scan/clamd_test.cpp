// Against a stand-in that speaks INSTREAM as clamd(8) describes it: what it says is what is believed, and silence,
// nonsense and a connection cut off are never taken for "clean".
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "platform/scan/scanner.h"

namespace fairward::scan {
namespace {

class Peer {
 public:
  explicit Peer(int descriptor) : descriptor_(descriptor) {}
  std::string read(std::size_t bytes) {
    std::string got(bytes, '\0');
    std::size_t at = 0;
    while (at < bytes) {
      const ssize_t some = ::recv(descriptor_, got.data() + at, bytes - at, 0);
      if (some <= 0) break;
      at += static_cast<std::size_t>(some);
    }
    return got.substr(0, at);
  }
  std::string read_stream() {
    EXPECT_EQ(read(10), std::string("zINSTREAM\0", 10));
    std::string file;
    for (;;) {
      const std::string length = read(4);
      if (length.size() < 4) return file;
      std::size_t bytes = 0;
      for (const char c : length) bytes = bytes << 8 | static_cast<unsigned char>(c);
      if (bytes == 0) return file;
      file += read(bytes);
    }
  }
  void say(std::string_view text) {
    const std::string line = std::string(text) + '\0';
    EXPECT_EQ(::send(descriptor_, line.data(), line.size(), MSG_NOSIGNAL), static_cast<ssize_t>(line.size()));
  }

 private:
  int descriptor_;
};

// Serves one connection after the other, each with `serve`, until it is destroyed.
class StandIn {
 public:
  using Serve = std::function<void(Peer&)>;
  explicit StandIn(Serve serve, std::string path = {}) : path_(std::move(path)) {
    listener_ = ::socket(path_.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (path_.empty()) listen_host();
    else listen_path();
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::thread([this, serve = std::move(serve)] { run(serve); });
  }
  ~StandIn() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string address;

 private:
  void listen_host() {
    sockaddr_in host{};
    host.sin_family = AF_INET;
    host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof host;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&host), size), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&host), &size);
    address = "127.0.0.1:" + std::to_string(ntohs(host.sin_port));
  }
  void listen_path() {
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    path_.copy(place.sun_path, sizeof place.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
    address = path_;
  }
  void run(const Serve& serve) {
    for (int descriptor; (descriptor = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(descriptor)) {
      Peer peer(descriptor);
      serve(peer);
    }
  }

  const std::string path_;
  int listener_ = -1;
  std::thread thread_;
};

void scan_for_needle(Peer& peer) {
  const std::string file = peer.read_stream();
  peer.say(file.find("needle") == std::string::npos ? "stream: OK" : "stream: Test.Needle-1 FOUND");
}

Scanned scanned_by(const StandIn& stand_in, std::string_view bytes, int timeout_ms = 5000) {
  return make_clamd_scanner({stand_in.address, timeout_ms})->scan(bytes);
}

TEST(clamd, tells_what_was_found_wherever_it_is_in_the_file) {
  StandIn clamd(scan_for_needle);
  EXPECT_EQ(scanned_by(clamd, "hay").verdict, Verdict::clean);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{65'533}, std::size_t{131'072}, std::size_t{3'000'000}}) {
    const std::string hay(bytes, 'h');
    EXPECT_EQ(scanned_by(clamd, hay).verdict, Verdict::clean) << bytes;
    const Scanned found = scanned_by(clamd, hay + "needle");
    EXPECT_EQ(found.verdict, Verdict::infected) << bytes;
    EXPECT_EQ(found.why, "Test.Needle-1");
  }
}

TEST(clamd, is_reached_by_a_path_too) {
  const auto path = std::filesystem::temp_directory_path() / ("clamd-test-" + std::to_string(::getpid()));
  std::filesystem::remove(path);
  {
    StandIn clamd(scan_for_needle, path.string());
    EXPECT_EQ(scanned_by(clamd, "a needle").verdict, Verdict::infected);
    EXPECT_EQ(scanned_by(clamd, "hay").verdict, Verdict::clean);
  }
  std::filesystem::remove(path);
  EXPECT_EQ(make_clamd_scanner({path.string(), 200})->scan("hay").verdict, Verdict::unknown);
}

TEST(clamd, is_believed_in_its_own_words_only) {
  struct Case {
    const char *said, *why;
    Verdict verdict;
  } const cases[] = {
      {"stream: OK", "", Verdict::clean},
      {"stream: Win.Test EICAR\n FOUND", "Win.Test_EICAR_", Verdict::infected},
      {"stream: FOUND", "FOUND", Verdict::unknown},
      {"INSTREAM size limit exceeded. ERROR", "INSTREAM_size_limit_exceeded._ERROR", Verdict::unknown},
      {"stream: OK then", "OK_then", Verdict::unknown},
      {"UNKNOWN COMMAND", "UNKNOWN_COMMAND", Verdict::unknown},
      {"", "", Verdict::unknown},
  };
  for (const Case& it : cases) {
    StandIn clamd([&](Peer& peer) {
      peer.read_stream();
      peer.say(it.said);
    });
    const Scanned scanned = scanned_by(clamd, "hay");
    EXPECT_EQ(scanned.verdict, it.verdict) << it.said;
    EXPECT_EQ(scanned.why, it.why) << it.said;
  }
}

TEST(clamd, silence_and_a_cut_are_not_clean) {
  std::promise<void> ended;
  const auto waited = ended.get_future().share();
  {
    StandIn silent([&](Peer& peer) {
      peer.read_stream();
      waited.wait();
    });
    EXPECT_EQ(scanned_by(silent, "hay", 100).verdict, Verdict::unknown);
    ended.set_value();
  }
  StandIn cutting([](Peer& peer) { peer.read(20); });
  EXPECT_EQ(scanned_by(cutting, std::string(3'000'000, 'h')).verdict, Verdict::unknown);
  StandIn hasty([](Peer& peer) {
    peer.read(20);
    peer.say("stream: OK");
  });
  const std::string more_than_buffers_hold(40'000'000, 'h');
  EXPECT_EQ(scanned_by(hasty, more_than_buffers_hold).verdict, Verdict::unknown);
}

TEST(clamd, one_file_at_a_time_and_the_other_is_told_so_at_once) {
  std::promise<void> begun, go_on;
  StandIn clamd([&](Peer& peer) {
    peer.read_stream();
    begun.set_value();
    go_on.get_future().wait();
    peer.say("stream: OK");
  });
  const auto scanner = make_clamd_scanner({clamd.address, 5000});
  auto first = std::async(std::launch::async, [&] { return scanner->scan("hay"); });
  begun.get_future().wait();
  EXPECT_EQ(scanner->scan("hay").why, "busy");
  go_on.set_value();
  EXPECT_EQ(first.get().verdict, Verdict::clean);
}

TEST(clamd, addresses) {
  for (const char* good : {"127.0.0.1:3310", "[::1]:3310", "scanner.example:1", "/run/clamav/clamd.ctl"})
    EXPECT_TRUE(is_clamd_address(good)) << good;
  for (const char* bad : {"", "/", "clamd", ":3310", "host:", "host:0", "host:65536", "::1:3310", "host:33 10", "[]:1"})
    EXPECT_FALSE(is_clamd_address(bad)) << bad;
  EXPECT_FALSE(is_clamd_address("/" + std::string(200, 'a')));
}

}  // namespace
}  // namespace fairward::scan
