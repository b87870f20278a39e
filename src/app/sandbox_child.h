// The sandbox gateway as a child process of the same program: it ends with its parent, however that ends.
#pragma once

#include <sys/types.h>

#include <string>

namespace fairward::app {

class SandboxChild {
 public:
  // Starts it on a free port and waits until it listens. The secret travels in the child's environment, where other
  // users cannot see it. Throws std::system_error or std::runtime_error. Call it before there are other threads.
  explicit SandboxChild(const std::string& secret);
  ~SandboxChild();
  SandboxChild(const SandboxChild&) = delete;
  SandboxChild& operator=(const SandboxChild&) = delete;

  const std::string& url() const { return url_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::string url_;
};

}  // namespace fairward::app
