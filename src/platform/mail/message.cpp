#include "platform/mail/message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace fairward::mail {
namespace {

constexpr std::size_t address_bytes_max = 254;      // RFC 5321 4.5.3.1.3, without the brackets
constexpr std::size_t local_part_bytes_max = 64;    // RFC 5321 4.5.3.1.1
constexpr std::size_t line_columns_max = 76;        // RFC 2045 6.7 and 6.8
constexpr std::size_t encoded_word_bytes_max = 75;  // RFC 2047 2

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64_of(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

bool is_continuation(char c) { return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80; }
bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

// Headers have no control characters, whatever they were given; what is not UTF-8 is not text.
std::string header_clean(std::string_view text) {
  if (!utf8_valid(text)) return "?";
  std::string clean;
  for (const char c : text) clean += static_cast<std::uint8_t>(c) < ' ' || c == 0x7F ? ' ' : c;
  return clean;
}

// A display name: quoted where it is ASCII, since commas and dots mean something there.
std::string mailbox_text(const Mailbox& mailbox, std::size_t columns_taken) {
  const std::string name = header_clean(trimmed(mailbox.name));
  if (name.empty()) return mailbox.address;
  if (!std::all_of(name.begin(), name.end(), is_printable_ascii))
    return header_text(name, columns_taken) + "\r\n <" + mailbox.address + ">";
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return quoted + "\"\r\n <" + mailbox.address + ">";
}

bool is_mostly_ascii(std::string_view text) {
  const auto beyond =
      std::count_if(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) > 127; });
  return static_cast<std::size_t>(beyond) * 4 <= text.size();
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string text_part(std::string_view type, const std::string& text) {
  if (is_mostly_ascii(text))
    return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}", type,
                       quoted_printable(text));
  return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", type,
                     base64_lines(with_crlf(text)));
}

std::string attachment_part(const Attachment& attachment, bool is_shown) {
  std::string name;
  for (const char c : attachment.name) name += is_printable_ascii(c) && c != '"' && c != '\\' ? c : '_';
  const std::string place =
      is_shown ? "" : fmt::format("; name=\"{0}\"\r\nContent-Disposition: attachment; filename=\"{0}\"", name);
  return fmt::format("Content-Type: {}{}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", header_clean(attachment.type),
                     place, base64_lines(attachment.content));
}

// No part can hold "=_": in both encodings something else follows an equals sign.
std::string parts_joined(std::string_view kind, const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts.front();
  const std::string boundary = fmt::format("=_fairward_{}", kind);
  std::string out = fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\r\n\r\n", kind, boundary);
  for (const std::string& part : parts) out += fmt::format("--{}\r\n{}\r\n", boundary, part);
  return out + fmt::format("--{}--\r\n", boundary);
}

std::string body_of(const Message& message) {
  std::vector<std::string> ways{text_part("text/plain", message.text)};
  if (!message.html.empty()) ways.push_back(text_part("text/html", message.html));
  for (const Attachment& attachment : message.attachments)
    if (attachment.is_shown) ways.push_back(attachment_part(attachment, true));
  std::vector<std::string> parts{parts_joined("alternative", ways)};
  for (const Attachment& attachment : message.attachments) parts.push_back(attachment_part(attachment, false));
  return parts_joined("mixed", parts);
}

std::string id_clean(std::string_view id) {
  std::string clean;
  for (const char c : id) {
    const bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
    clean += is_plain ? c : '-';
  }
  return clean;
}

// "=C3" of a byte; `is_last` of a line, where blanks must not stand as they are.
std::string quoted_byte(char c, bool is_last) {
  const bool is_plain = (is_printable_ascii(c) && c != '=' && !(c == ' ' && is_last)) || (c == '\t' && !is_last);
  return is_plain ? std::string(1, c) : fmt::format("={:02X}", static_cast<std::uint8_t>(c));
}

}  // namespace

bool address_valid(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at > local_part_bytes_max || at + 1 == address.size()) return false;
  if (address.find('@', at + 1) != std::string_view::npos || address.size() > address_bytes_max) return false;
  if (!utf8_valid(address) || has_control_characters(address, false)) return false;
  return address.find_first_of(" <>()[],;:\\\"") == std::string_view::npos && address.front() != '-';
}

std::optional<Mailbox> mailbox_parse(std::string_view text) {
  Mailbox mailbox{"", std::string(trimmed(text))};
  if (const std::size_t open = text.rfind('<'); open != std::string_view::npos) {
    const std::string_view rest = trimmed(text.substr(open + 1));
    if (!rest.ends_with('>')) return std::nullopt;
    mailbox = {std::string(trimmed(text.substr(0, open))), std::string(rest.substr(0, rest.size() - 1))};
  }
  if (!address_valid(mailbox.address)) return std::nullopt;
  return mailbox;
}

std::string header_text(std::string_view utf8, std::size_t columns_taken) {
  const std::string clean = header_clean(utf8);
  const bool is_plain = std::all_of(clean.begin(), clean.end(), is_printable_ascii) &&
                        clean.find("=?") == std::string::npos && columns_taken + clean.size() <= line_columns_max;
  if (is_plain) return clean;
  constexpr std::string_view begin = "=?UTF-8?B?", end = "?=";
  std::string out, word;
  const auto flush = [&] {
    if (!out.empty()) out += "\r\n ";
    out += fmt::format("{}{}{}", begin, base64_of(word), end);
    word.clear();
  };
  for (std::size_t i = 0; i < clean.size();) {
    std::size_t next = i + 1;
    while (next < clean.size() && is_continuation(clean[next])) ++next;
    const std::size_t taken = out.empty() ? columns_taken : 1;
    const std::size_t coded = begin.size() + (word.size() + next - i + 2) / 3 * 4 + end.size();
    if (!word.empty() && (coded > encoded_word_bytes_max || taken + coded > line_columns_max)) flush();
    word += clean.substr(i, next - i);
    i = next;
  }
  flush();
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out, line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n') {
      out += line + "\r\n";
      line.clear();
      continue;
    }
    const bool is_last = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const std::string coded = quoted_byte(text[i], is_last);
    if (line.size() + coded.size() > line_columns_max - 1) {  // the last column is for the soft line break
      out += line + "=\r\n";
      line.clear();
    }
    line += coded;
  }
  return out + line;
}

std::string base64_lines(std::string_view bytes) {
  const std::string all = base64_of(bytes);
  std::string out;
  for (std::size_t i = 0; i < all.size(); i += line_columns_max) out += all.substr(i, line_columns_max) + "\r\n";
  return out;
}

std::string date_text(Instant at) {
  constexpr const char* weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Date day{static_cast<std::int32_t>(at.ms / days(1).ms)};
  const CivilDate civil = civil_from_date(day);
  const std::int64_t second = at.ms / 1000 % 86'400;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", weekdays[day.weekday() - 1], civil.day,
                     months[civil.month - 1], civil.year, second / 3600, second / 60 % 60, second % 60);
}

std::string message_id(const Message& message) {
  return fmt::format("<{}@{}>", id_clean(message.id), message.from.address.substr(message.from.address.find('@') + 1));
}

std::optional<std::string> message_text(const Message& message) {
  if (!address_valid(message.from.address) || !address_valid(message.to.address)) return std::nullopt;
  std::string head = fmt::format("From: {}\r\nTo: {}\r\n", mailbox_text(message.from, 6), mailbox_text(message.to, 4));
  head += fmt::format("Subject: {}\r\nDate: {}\r\n", header_text(message.subject, 9), date_text(message.at));
  head += fmt::format("Message-ID: {}\r\nMIME-Version: 1.0\r\n", message_id(message));
  if (!message.language.empty()) head += fmt::format("Content-Language: {}\r\n", id_clean(message.language));
  head += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";  // RFC 3834: no answers by machines
  return head + body_of(message);
}

}  // namespace fairward::mail
