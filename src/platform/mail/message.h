// An e-mail as the internet carries it: headers and parts in RFC 5322, 2045 to 2047 and 6532. Pure: no sockets, no
// clock, no chance. Nothing that is put into a header can begin another one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace fairward::mail {

struct Mailbox {
  std::string name;     // "" : the address alone
  std::string address;  // "asha@example.org"
};
// "Clinic <a@b>", "<a@b>" or "a@b"; nullopt when there is no address that can be written to.
std::optional<Mailbox> mailbox_parse(std::string_view text);
// One @, no blanks, quotes, brackets or control characters, at most 254 bytes; letters beyond ASCII are let through.
bool address_valid(std::string_view address);

struct Attachment {
  std::string name;       // "invite.ics"
  std::string type;       // "text/calendar; charset=utf-8; method=REQUEST"
  std::string content;    // any bytes
  bool is_shown = false;  // also beside the text, as one more way to show it: what calendars of mail programs look for
};

struct Message {
  std::string id;  // unique for ever, of letters, digits and .-_ : a second copy of it is the same message
  Mailbox from, to;
  std::string subject;
  std::string language;    // "hi"
  std::string text, html;  // UTF-8; html may be empty
  std::vector<Attachment> attachments;
  Instant at;
};
// "<id@example.org>", of the domain that it comes from.
std::string message_id(const Message& message);
// The whole message with CRLF. nullopt when one of the two addresses is none.
std::optional<std::string> message_text(const Message& message);

// "Sat, 22 Nov 2026 02:47:30 +0000"
std::string date_text(Instant at);
// As it may stand in a header after its name and ": ", folded; RFC 2047 where it is not plain ASCII.
std::string header_text(std::string_view utf8, std::size_t columns_taken);
std::string quoted_printable(std::string_view text);
std::string base64_lines(std::string_view bytes);

}  // namespace fairward::mail
