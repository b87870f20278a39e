// How people are reached, for those who write to them.
#include "modules/identity/identity.h"
#include "modules/identity/store.h"

namespace fairward::identity {

std::optional<Contact> contact_find(Snapshot& db, UserId id) {
  auto user = user_find(db, id);
  if (!user || user->status == UserStatus::disabled) return std::nullopt;
  return Contact{std::move(user->name), std::move(user->phone), std::move(user->email)};
}

std::vector<UserId> administrators_of(Snapshot& db, HospitalId hospital) {
  constexpr std::int64_t most = 100;
  UserFilter filter;
  filter.hospital = hospital;
  filter.role = api::role_text(api::Role::hospital_admin);
  filter.status = sql_text(UserStatus::active);
  filter.limit = most;
  std::vector<UserId> people;
  for (const AccountRow& row : users_page(db, filter)) people.push_back(row.id);
  return people;
}

std::optional<UserId> user_of_doctor(Snapshot& db, DoctorId doctor) {
  return doctor ? doctor_user_find(db, doctor) : std::nullopt;
}

}  // namespace fairward::identity
