// Addresses of the internet as numbers, and the networks that an operator names. No sockets, no names, no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward {

// IPv4 is mapped into IPv6, so that one address has one form and compares equal to itself.
class Address {
 public:
  // "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"; nullopt for anything else: no ports, no zones, no names.
  static std::optional<Address> parse(std::string_view text);
  bool is_v4() const;
  std::string to_text() const;  // the shortest form; IPv4 without a prefix
  std::string network() const;  // of IPv6: the 8 bytes of what a site is given, not text
  bool operator==(const Address&) const = default;

 private:
  friend class AddressRange;
  std::array<std::uint8_t, 16> bytes_{};
};

// An address or a network: "192.0.2.7", "10.0.0.0/8", "fd00::/8".
class AddressRange {
 public:
  // nullopt also when bits below the prefix are set: "10.0.0.1/8" is a mistake, not a network.
  static std::optional<AddressRange> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Address first_;
  unsigned bits_ = 128;
};
using AddressRanges = std::vector<AddressRange>;

// Networks with commas between, blanks allowed; "" is none. nullopt when one of them is no network.
std::optional<AddressRanges> address_ranges_parse(std::string_view text);
bool contains(const AddressRanges& ranges, const Address& address);

}  // namespace fairward
