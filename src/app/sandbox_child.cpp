#include "app/sandbox_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "base/c_texts.h"
#include "platform/config/config.h"

namespace fairward::app {
namespace {

constexpr std::string_view secret_variable = "FAIRWARD_BILLING_GATEWAY_SECRET";

// The parent's environment with the secret; built before the fork, because a child may not allocate.
std::vector<std::string> child_environment(const std::string& secret) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : config::process_environment())
    if (!name.starts_with(secret_variable)) entries.push_back(fmt::format("{}={}", name, value));
  entries.push_back(fmt::format("{}={}", secret_variable, secret));
  return entries;
}

// Only async-signal-safe calls from here to exec.
[[noreturn]] void become(char* const* arguments, char* const* environment, int out, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);  // the parent ended before the line above
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(out, STDOUT_FILENO);
  ::execve("/proc/self/exe", arguments, environment);
  ::_exit(127);
}

std::string line_read(int descriptor) {
  std::string line;
  for (char c = 0; c != '\n' && line.size() < 500;) {
    const ssize_t n = ::read(descriptor, &c, 1);
    if (n == 0 || (n < 0 && errno != EINTR)) break;
    if (n == 1) line += c;
  }
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

}  // namespace

SandboxChild::SandboxChild(const std::string& secret) {
  std::vector<std::string> arguments{"fairward", "sandbox-gateway", "--address", "127.0.0.1", "--port", "0"};
  std::vector<std::string> environment = child_environment(secret);
  const std::vector<char*> argument_pointers = c_texts(arguments);
  const std::vector<char*> environment_pointers = c_texts(environment);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(argument_pointers.data(), environment_pointers.data(), ends[1], parent);
  ::close(ends[1]);
  const std::string line = pid_ > 0 ? line_read(ends[0]) : "";
  ::close(ends[0]);
  const std::size_t address = line.find("http://");
  if (address == std::string::npos) throw std::runtime_error("the sandbox gateway did not start: " + line);
  url_ = line.substr(address);
}

SandboxChild::~SandboxChild() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

}  // namespace fairward::app
