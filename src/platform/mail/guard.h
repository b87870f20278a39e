// Calls to addresses that a user has typed, such as webhooks: nobody inside the own network may be reached that way.
// The name is asked once and what was checked is what is connected to; no redirects, little time, little answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "platform/http/http.h"

namespace fairward::mail {

// May anybody's request be sent there? False for what is private, loopback, link-local, shared (CGNAT), unique local,
// reserved, multicast, or an IPv6 form that leads to an IPv4 address.
bool is_public(const Address& address);

// What a name means. A port: tests and the simulation answer for themselves.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual std::vector<Address> resolve(const std::string& host) = 0;  // empty: unknown, or nobody answers
};
std::unique_ptr<Resolver> make_resolver();

struct PostResult {
  int status = 0;             // 0: no answer
  bool is_forbidden = false;  // nothing was sent, nor will be: the address is not allowed
  std::string why;            // there is no answer
};

class Poster {
 public:
  static constexpr int timeout_ms = 5'000;
  static constexpr std::size_t answer_bytes_max = 64 * 1024;

  // allowed: networks that may be reached although they are not public, by plain http too.
  Poster(http::Client& client, Resolver& resolver, AddressRanges allowed)
      : client_(client), resolver_(resolver), allowed_(std::move(allowed)) {}

  PostResult post(const std::string& url, const std::vector<std::pair<std::string, std::string>>& headers,
                  const std::string& body);
  // Could it be posted to, as far as the text tells: "" or what is wrong. Names are not asked.
  std::string url_fault(const std::string& url) const;

 private:
  std::string addresses_fault(const http::Url& url, const std::vector<Address>& addresses) const;

  http::Client& client_;
  Resolver& resolver_;
  const AddressRanges allowed_;
};

}  // namespace fairward::mail
