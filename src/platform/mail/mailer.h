// Sends e-mail by SMTP. A port: the simulation and the sandbox have mailers of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "platform/mail/message.h"

namespace fairward::mail {

// sent: a server has taken it. again: perhaps later. refused: never.
enum class Verdict : std::uint8_t { sent, again, refused };
struct Sent {
  Verdict verdict = Verdict::sent;
  std::string why;         // for the log and the operator: nothing of the message, no address
  bool is_silent = false;  // nobody answered, so nobody will answer for the next message
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  // Blocking: for the outside steps of jobs. A message that is sent again bears the same Message-ID.
  virtual Sent send(const Message& message) = 0;
};

enum class Tls : std::uint8_t { required, offered, none };
struct SmtpOptions {
  std::string url;             // "smtp://mail.example.org:587" (STARTTLS), "smtps://mail.example.org:465"
  std::string user, password;  // "" : without a login
  Tls tls = Tls::required;     // of smtp://
  std::string ca_file;         // whom to believe beside the system's authorities' file; "" : the system's
  int timeout_ms = 30'000;     // below the lease of a job
};
std::unique_ptr<Mailer> make_smtp_mailer(SmtpOptions options);

}  // namespace fairward::mail
