// Who the client is when proxies stand in front of this program.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "base/address.h"

namespace fairward::http {

// The address that X-Forwarded-For proves, for a peer that is a trusted proxy: each proxy adds to the right whom it
// heard from, so the rightmost hop that is no trusted proxy is the client. What stands left of it anybody could have
// written. When all hops are trusted, the leftmost; when a trusted proxy wrote what is no address, that proxy.
// Header names are lower-case. peer is answered as it is when there is nothing to read.
std::string forwarded_client(const std::string& peer, std::span<const std::pair<std::string, std::string>> headers,
                             const AddressRanges& trusted);

// What counts as one address: an IPv4 address, the first 64 bits of an IPv6 address.
std::string address_key(const std::string& peer);

}  // namespace fairward::http
