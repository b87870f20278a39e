// Asks a virus scanner about files that people upload. A port: tests and the simulation bring their own, and without a
// setting nobody is asked. Source: the security checklist, uploads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fairward::scan {

enum class Verdict : std::uint8_t { clean, infected, unknown };
struct Scanned {
  Verdict verdict = Verdict::clean;
  std::string why;  // infected: the name of what was found; unknown: why there is no answer. Nothing of the file
};

class Scanner {
 public:
  virtual ~Scanner() = default;
  // Blocking. Any thread.
  virtual Scanned scan(std::string_view bytes) = 0;
};

// clamd's INSTREAM command: the bytes go over the connection, so the daemon needs no right to any file.
struct ClamdOptions {
  std::string address;      // "127.0.0.1:3310", "[::1]:3310", "scanner.example:3310", "/run/clamav/clamd.ctl"
  int timeout_ms = 10'000;  // that it may be silent
  int at_once = 1;          // files; who comes meanwhile is told "unknown", at once
};
bool is_clamd_address(std::string_view address);
std::unique_ptr<Scanner> make_clamd_scanner(ClamdOptions options);

}  // namespace fairward::scan
