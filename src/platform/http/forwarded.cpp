#include "platform/http/forwarded.h"

#include <ranges>
#include <string_view>

#include "base/text.h"

namespace fairward::http {
namespace {

// "192.0.2.7", "192.0.2.7:4711", "2001:db8::7", "[2001:db8::7]:4711".
std::optional<Address> hop_parse(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) return Address::parse(text.substr(1, std::max<std::size_t>(text.find(']'), 1) - 1));
  const std::size_t colon = text.find(':');
  const bool is_with_port = colon != std::string_view::npos && colon == text.rfind(':');
  return Address::parse(is_with_port ? text.substr(0, colon) : text);
}

// Walks one header line from the right. True when the client is found, or there is nothing left to believe.
bool walk(std::string_view line, const AddressRanges& trusted, std::string& client) {
  for (std::size_t end = line.size();;) {
    const std::size_t comma = line.substr(0, end).rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const auto hop = hop_parse(line.substr(begin, end - begin));
    if (!hop) return true;
    client = hop->to_text();
    if (!contains(trusted, *hop)) return true;
    if (comma == std::string_view::npos) return false;
    end = comma;
  }
}

}  // namespace

std::string forwarded_client(const std::string& peer, std::span<const std::pair<std::string, std::string>> headers,
                             const AddressRanges& trusted) {
  std::string client = peer;
  for (const auto& [name, value] : std::views::reverse(headers))
    if (name == "x-forwarded-for" && walk(value, trusted, client)) break;
  return client;
}

std::string address_key(const std::string& peer) {
  if (peer.find(':') == std::string::npos) return peer;
  const auto address = Address::parse(peer);
  if (!address) return peer;
  return address->is_v4() ? address->to_text() : address->network();
}

}  // namespace fairward::http
