#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace fairward {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_prefix_bits = 96;
constexpr unsigned bits_max = 128;

std::optional<unsigned> bits_parse(std::string_view text) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits > bits_max) return std::nullopt;
  return bits;
}

bool bit(const std::array<std::uint8_t, 16>& bytes, unsigned index) {
  return (bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), terminated.begin());
  Address address;
  if (::inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) == 1) return address;
  std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes_.begin());
  if (::inet_pton(AF_INET, terminated.data(), address.bytes_.data() + v4_prefix.size()) == 1) return address;
  return std::nullopt;
}

bool Address::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin()); }

std::string Address::to_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) ::inet_ntop(AF_INET, bytes_.data() + v4_prefix.size(), text.data(), text.size());
  else ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::string Address::network() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size() / 2}; }

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = Address::parse(text.substr(0, slash));
  if (!first) return std::nullopt;
  AddressRange range;
  range.first_ = *first;
  if (slash == std::string_view::npos) return range;
  const bool is_v4 = first->is_v4() && text.find(':') == std::string_view::npos;
  const auto bits = bits_parse(text.substr(slash + 1));
  if (!bits || (is_v4 && *bits > bits_max - v4_prefix_bits)) return std::nullopt;
  range.bits_ = is_v4 ? *bits + v4_prefix_bits : *bits;
  for (unsigned i = range.bits_; i < bits_max; ++i)
    if (bit(first->bytes_, i)) return std::nullopt;
  return range;
}

bool AddressRange::contains(const Address& address) const {
  for (unsigned i = 0; i < bits_; ++i)
    if (bit(address.bytes_, i) != bit(first_.bytes_, i)) return false;
  return true;
}

std::optional<AddressRanges> address_ranges_parse(std::string_view text) {
  AddressRanges ranges;
  if (trimmed(text).empty()) return ranges;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const auto range = AddressRange::parse(trimmed(text.substr(start, end - start)));
    if (!range) return std::nullopt;
    ranges.push_back(*range);
    start = end + 1;
  }
  return ranges;
}

bool contains(const AddressRanges& ranges, const Address& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return range.contains(address); });
}

}  // namespace fairward
