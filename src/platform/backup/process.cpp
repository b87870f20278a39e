#include "platform/backup/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/c_texts.h"
#include "platform/backup/manifest.h"

namespace fairward::backup {
namespace {

constexpr std::size_t errors_kept_bytes = 4000;

// Only async-signal-safe calls from here to exec.
[[noreturn]] void become(char* const* arguments, char* const* environment, int in, int out, int errors, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

struct Ends {
  Descriptor reading, writing;
};

Ends pipe_make() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// A file without a name takes whatever is said on stderr: a pipe that nobody reads would stop the program.
Descriptor scratch_file() {
  const int file = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return Descriptor(file >= 0 ? file : ::open("/dev/null", O_RDWR | O_CLOEXEC));
}

// "pg_dump (PostgreSQL) 15.14 (Debian …)"; 0: it does not run, or says something else.
int major_of(const std::string& program) {
  if (::access(program.c_str(), X_OK) != 0) return 0;
  std::string said;
  Process process({program, "--version"}, {{"LC_ALL", "C"}, {"PATH", "/usr/bin:/bin"}}, Process::Pipe::writes_to_us);
  read_all(process.pipe(), program, [&](std::string_view piece) { said += piece; });
  if (!process.end().empty()) return 0;
  const std::size_t at = said.find_first_of("0123456789");
  int major = 0;
  if (at != std::string::npos) std::from_chars(said.data() + at, said.data() + said.size(), major);
  return major;
}

std::vector<std::string> folders_to_look_in(const std::string& folder) {
  if (!folder.empty()) return {folder};
  std::vector<std::string> folders;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    folders.push_back(entry.path().string() + "/bin");
  for (const char* usual : {"/usr/local/bin", "/usr/bin"}) folders.emplace_back(usual);
  return folders;
}

}  // namespace

Process::Process(std::vector<std::string> arguments, const Variables& variables, Pipe pipe) : errors_(scratch_file()) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(fmt::format("{}={}", name, value));
  const auto argument_pointers = c_texts(arguments), environment_pointers = c_texts(environment);
  Ends ends = pipe_make();
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const bool writes = pipe == Pipe::writes_to_us;
  const int in = writes ? nothing.get() : ends.reading.get(), out = writes ? ends.writing.get() : nothing.get();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(argument_pointers.data(), environment_pointers.data(), in, out, errors_.get(), parent);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), arguments[0]);
  pipe_ = std::move(writes ? ends.reading : ends.writing);
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

std::string Process::end() {
  pipe_.close();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
  pid_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  std::string said;
  ::lseek(errors_.get(), 0, SEEK_SET);
  read_all(errors_.get(), "stderr", [&](std::string_view piece) {
    said.append(piece.substr(0, errors_kept_bytes - std::min(errors_kept_bytes, said.size())));
  });
  while (!said.empty() && said.back() == '\n') said.pop_back();
  if (!said.empty()) return said;
  return WIFEXITED(status) ? fmt::format("it ended with status {}", WEXITSTATUS(status))
                           : fmt::format("signal {} ended it", WTERMSIG(status));
}

std::string postgres_program(const std::string& name, const std::string& folder, int server_major) {
  std::string best;
  int best_major = 0;
  for (const std::string& where : folders_to_look_in(folder)) {
    const std::string program = fmt::format("{}/{}", where, name);
    const int major = major_of(program);
    // Of those that are new enough the one nearest to the server.
    const bool is_better = best_major < server_major ? major > best_major : major >= server_major && major < best_major;
    if (major > 0 && is_better) best = program, best_major = major;
  }
  if (best.empty())
    throw Trouble(Trouble::Kind::unavailable,
                  fmt::format("{} is missing; install postgresql-client-{}, or name its folder in backup.postgres_bin",
                              name, server_major));
  if (best_major < server_major)
    throw Trouble(Trouble::Kind::unavailable,
                  fmt::format("{} is of version {}, too old for the server's {}; install postgresql-client-{}", best,
                              best_major, server_major, server_major));
  return best;
}

}  // namespace fairward::backup
