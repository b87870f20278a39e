// Roles, scopes and reach: see call.h.
#include "platform/api/call.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace fairward::api {
namespace {

constexpr std::array<std::string_view, 8> role_texts{"anyone",     "patient",        "doctor",         "front_desk",
                                                     "ward_admin", "hospital_admin", "platform_admin", "system"};
constexpr std::array<std::string_view, 4> scope_texts{"none", "own", "hospital", "all"};

}  // namespace

std::string_view role_text(Role role) { return role_texts[static_cast<std::size_t>(role)]; }

std::optional<Role> role_parse(std::string_view text) {
  for (std::size_t i = 0; i < role_texts.size(); ++i)
    if (role_texts[i] == text) return static_cast<Role>(i);
  return std::nullopt;
}

Role sql_parse(std::string_view text, Role*) {
  if (const auto role = role_parse(text)) return *role;
  throw std::runtime_error("the database holds an unknown role");
}

std::string_view scope_text(Scope scope) { return scope_texts[static_cast<std::size_t>(scope)]; }

bool Caller::acts_for(UserId person) const {
  return person && (person == user || std::ranges::find(dependents, person) != dependents.end());
}

bool Call::reaches(UserId owner, HospitalId hospital, DoctorId doctor) const {
  switch (scope) {
    case Scope::none: return false;
    case Scope::own: return caller.acts_for(owner) || (doctor && doctor == caller.doctor);
    case Scope::hospital: return hospital && hospital == caller.hospital;
    case Scope::all: return true;
  }
  return false;
}

}  // namespace fairward::api
