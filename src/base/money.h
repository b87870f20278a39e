// Money in minor units (paise, cents). Never a double.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>

namespace fairward {

struct Money {
  std::int64_t amount_minor = 0;
  std::string currency;  // ISO 4217
  friend bool operator==(const Money&, const Money&) = default;
};
BOOST_DESCRIBE_STRUCT(Money, (), (amount_minor, currency))

}  // namespace fairward
