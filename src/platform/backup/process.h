// A program of PostgreSQL beside ours: pg_dump, whose output is read, and pg_restore, whose input is written.
// Internal to platform/backup.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/backup/files.h"

namespace fairward::backup {

using Variables = std::vector<std::pair<std::string, std::string>>;

class Process {
 public:
  enum class Pipe : std::uint8_t { reads_ours, writes_to_us };
  // arguments[0] is the path of the program. Its environment is `variables` and nothing else. It ends when we do.
  Process(std::vector<std::string> arguments, const Variables& variables, Pipe pipe);
  ~Process();  // kills it, if it is still there
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int pipe() const { return pipe_.get(); }
  void close_pipe() { pipe_.close(); }
  // Waits for the end; what it said on stderr when it did not end well, "" when it did.
  std::string end();

 private:
  int pid_ = -1;
  Descriptor pipe_, errors_;
};

// The newest of these programs that is not older than the server. Throws Trouble: none, or only older ones.
// `folder`: where to look; "": the folders of the Debian packages, then PATH.
std::string postgres_program(const std::string& name, const std::string& folder, int server_major);

}  // namespace fairward::backup
