// fairward top: a node's vital signs, drawn anew each second. Escape sequences that every terminal knows are enough for
// a page of text that is only drawn over; a library would bring its own idea of terminals and one more package.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include "app/commands.h"
#include "app/options.h"
#include "app/vitals.h"

namespace fairward::app {
namespace {

constexpr int timeout_ms = 4000;
constexpr int period_ms = 1000;

std::atomic<bool> is_over{false};

void end_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { is_over = true; };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  action.sa_handler = [](int) {};  // poll returns, and the page is drawn in its new size
  ::sigaction(SIGWINCH, &action, nullptr);
}

// Another screen without a cursor, keys as they are pressed; all as before at the end.
class Terminal {
 public:
  Terminal() {
    is_input_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios keys = before_;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    if (is_input_) ::tcsetattr(STDIN_FILENO, TCSANOW, &keys);
    fmt::print("\x1b[?1049h\x1b[?25l");
  }
  ~Terminal() {
    fmt::print("\x1b[?25h\x1b[?1049l");
    std::fflush(stdout);
    if (is_input_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void draw(const std::vector<VitalLine>& lines) const {
    winsize size{};
    const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 && size.ws_col > 0;
    const std::size_t rows = is_known ? size.ws_row - 1U : 24, columns = is_known ? size.ws_col : 80;
    constexpr std::size_t heading_width = 12;
    std::string page = "\x1b[H";
    for (std::size_t i = 0; i < std::min(lines.size(), rows); ++i) {
      const std::string heading = fmt::format("{:<12}", lines[i].heading).substr(0, columns);
      const std::size_t room = columns - std::min(columns, heading_width);
      page += fmt::format("\x1b[1m{}\x1b[0m{}\x1b[K\n", heading, lines[i].text.substr(0, room));
    }
    fmt::print("{}\x1b[Jq ends", page);
    std::fflush(stdout);
  }

  // Waits a moment; false when somebody wants the end.
  bool goes_on() const {
    pollfd input{is_input_ ? STDIN_FILENO : -1, POLLIN, 0};
    if (::poll(&input, 1, period_ms) > 0) {
      char key = 0;
      if (::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') return false;
    }
    return !is_over;
  }

 private:
  termios before_{};
  bool is_input_ = false;
};

// One node, asked by HTTP.
class Node {
 public:
  Node(const World& world, const std::string& url) : world_(world) {
    request_.url = url + "/metrics";
    request_.timeout_ms = timeout_ms;
  }

  // nullopt: see why() and how_bad().
  std::optional<Moment> look() {
    std::string why;
    const auto answer = world_.client.call(request_, &why);
    how_bad_ = exit_unavailable;
    if (!answer || answer->status != 200) {
      why_ = fmt::format("{}: {}", request_.url, answer ? fmt::format("answered {}", answer->status) : why);
      return std::nullopt;
    }
    auto metrics = Exposition::parse(answer->body);
    if (metrics && metrics->has("fairward_build_info"))
      return Moment{std::move(*metrics), world_.clock.now(), world_.clock.steady_us()};
    why_ = request_.url + ": these are not the metrics of a Fairward node";
    how_bad_ = exit_failure;
    return std::nullopt;
  }
  const std::string& why() const { return why_; }
  ExitCode how_bad() const { return how_bad_; }

 private:
  const World& world_;
  http::OutgoingRequest request_;
  std::string why_;
  ExitCode how_bad_ = exit_ok;
};

ExitCode complain(const Node& node) {
  fmt::print(stderr, "fairward: {}\n", node.why());
  return node.how_bad();
}

void print_plainly(const std::vector<VitalLine>& lines) {
  for (const VitalLine& line : lines) fmt::print("{:<12}{}\n", line.heading, line.text);
  std::fflush(stdout);
}

// False when a signal came.
bool pause_plainly() {
  ::poll(nullptr, 0, period_ms);
  return !is_over;
}

// Into a file or another program: one page after the other.
ExitCode watch_plainly(Node& node, Moment before, bool is_once) {
  while (pause_plainly()) {
    auto now = node.look();
    if (!now) return complain(node);
    print_plainly(vitals_of(before, *now));
    if (is_once) break;
    fmt::print("\n");
    before = std::move(*now);
  }
  return exit_ok;
}

// A node that goes away is shown as gone until it is back.
ExitCode watch_on_terminal(Node& node, Moment before) {
  const Terminal terminal;
  while (terminal.goes_on()) {
    auto now = node.look();
    if (!now) {
      terminal.draw({{"no answer", node.why()}});
      continue;
    }
    terminal.draw(vitals_of(before, *now));
    before = std::move(*now);
  }
  return exit_ok;
}

}  // namespace

ExitCode command_top(const config::Settings& settings, const World& world, const TopCommand& command) {
  const auto port = static_cast<std::uint16_t>(settings.integer("http.port"));
  Node node(world, command.url.empty() ? own_url(settings, port) : command.url);
  end_on_signals();
  auto first = node.look();
  if (!first) return complain(node);
  const bool is_plain = command.is_once || ::isatty(STDOUT_FILENO) == 0;
  return is_plain ? watch_plainly(node, std::move(*first), command.is_once)
                  : watch_on_terminal(node, std::move(*first));
}

}  // namespace fairward::app
