// Row ids that cannot be mixed up: a DoctorId is not a HospitalId.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace fairward {

template <class Tag>
struct Id {
  std::int64_t value = 0;  // 0 is "none"; the databases count from 1

  friend constexpr auto operator<=>(const Id&, const Id&) = default;
  constexpr explicit operator bool() const { return value != 0; }
};

// The nouns that more than one module names.
using UserId = Id<struct UserTag>;  // a person, with or without a login; a patient is a UserId
using HospitalId = Id<struct HospitalTag>;
using DepartmentId = Id<struct DepartmentTag>;
using DoctorId = Id<struct DoctorTag>;
using CityId = Id<struct CityTag>;
using SpecialityId = Id<struct SpecialityTag>;
using AppointmentId = Id<struct AppointmentTag>;  // a hold is an appointment that is still pending
using WaitId = Id<struct WaitTag>;
using PaymentId = Id<struct PaymentTag>;

}  // namespace fairward

template <class Tag>
struct std::hash<fairward::Id<Tag>> {
  std::size_t operator()(fairward::Id<Tag> id) const noexcept { return std::hash<std::int64_t>()(id.value); }
};
