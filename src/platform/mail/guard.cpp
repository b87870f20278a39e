#include "platform/mail/guard.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace fairward::mail {
namespace {

constexpr std::size_t url_bytes_max = 2000;
constexpr std::size_t addresses_max = 8;

// IANA's special-purpose registries: what is not globally reachable, and what stands for an IPv4 address. IPv4 is kept
// mapped (::ffff:a.b.c.d), so that the mapped form is judged as what it means.
constexpr const char* refused_v4[] = {"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
                                      "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
                                      "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                                      "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};
constexpr const char* global_v6 = "2000::/3";  // the only IPv6 that is given out
constexpr const char* refused_v6[] = {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};

template <std::size_t n>
AddressRanges ranges_of(const char* const (&texts)[n]) {
  AddressRanges ranges;
  for (const char* text : texts) ranges.push_back(AddressRange::parse(text).value());
  return ranges;
}

class SystemResolver final : public Resolver {
 public:
  std::vector<Address> resolve(const std::string& host) override {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
    std::vector<Address> addresses;
    for (const addrinfo* one = found; one; one = one->ai_next) {
      std::array<char, NI_MAXHOST> text{};
      if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        continue;
      // One with a zone (fe80::1%eth0) is no address of the internet.
      if (const auto address = Address::parse(text.data())) addresses.push_back(*address);
      else return {};
    }
    return addresses;
  }
};

}  // namespace

bool is_public(const Address& address) {
  static const AddressRanges v4 = ranges_of(refused_v4), v6 = ranges_of(refused_v6);
  static const AddressRange global = AddressRange::parse(global_v6).value();
  if (address.is_v4()) return !contains(v4, address);
  return global.contains(address) && !contains(v6, address);
}

std::unique_ptr<Resolver> make_resolver() { return std::make_unique<SystemResolver>(); }

std::string Poster::addresses_fault(const http::Url& url, const std::vector<Address>& addresses) const {
  if (addresses.empty()) return "the name is not known";
  // One bad address among good ones is enough: which of them is connected to is chance.
  for (const Address& address : addresses) {
    const bool is_allowed = contains(allowed_, address);
    if (!is_allowed && !is_public(address)) return "the address is not one of the public internet";
    if (!is_allowed && url.scheme != "https") return "only https is allowed";
  }
  return "";
}

std::string Poster::url_fault(const std::string& text) const {
  const auto url = text.size() <= url_bytes_max ? http::url_parse(text) : std::nullopt;
  if (!url) return "this is not a URL that begins with https://";
  if (url->has_login) return "a URL with a password in it is not taken";
  if (const auto literal = Address::parse(url->host)) return addresses_fault(*url, {*literal});
  return url->scheme == "https" || !allowed_.empty() ? "" : "only https is allowed";
}

PostResult Poster::post(const std::string& url_text, const std::vector<std::pair<std::string, std::string>>& headers,
                        const std::string& body) {
  if (const std::string fault = url_fault(url_text); !fault.empty()) return {0, true, fault};
  const auto url = http::url_parse(url_text);
  const auto literal = Address::parse(url->host);
  std::vector<Address> addresses = literal ? std::vector{*literal} : resolver_.resolve(url->host);
  if (addresses.empty()) return {0, false, "the name is not known"};
  if (const std::string fault = addresses_fault(*url, addresses); !fault.empty()) return {0, true, fault};
  addresses.resize(std::min(addresses.size(), addresses_max));
  http::OutgoingRequest request{http::Method::post, url_text, headers, body, timeout_ms};
  request.addresses = std::move(addresses);
  request.answer_bytes_max = answer_bytes_max;
  PostResult result;
  if (const auto response = client_.call(request, &result.why)) result.status = response->status;
  return result;
}

}  // namespace fairward::mail
