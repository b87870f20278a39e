#include "modules/identity/users.h"

#include <fmt/format.h>

#include "modules/identity/accounts.h"
#include "modules/identity/errors.h"
#include "modules/identity/rules.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

bool is_everywhere(const Call& call) { return call.scope == api::Scope::all; }

// Where the new account belongs. Of a hospital administrator: the own hospital, also when left out; another is refused.
Result<HospitalId> hospital_of(const Call& call, std::optional<HospitalId> hospital) {
  if (is_everywhere(call)) return hospital.value_or(HospitalId{});
  if (hospital && *hospital != call.caller.hospital)
    return fail(user_invalid, {{"/hospital_id", "You can add people to your own hospital only."}});
  return call.caller.hospital;
}

Result<std::optional<std::string>> word_check(const std::optional<BoundedText<1, 32>>& word, bool is_known,
                                              const char* pointer) {
  if (!word) return std::nullopt;
  if (!is_known) return fail(query_invalid, {{pointer, "No such value."}});
  return word->value;
}

}  // namespace

Users::Users(Sessions& sessions, Entropy& entropy, const IdentityOptions& options)
    : sessions_(sessions), entropy_(entropy), options_(options) {}

Result<User> Users::me_get(Snapshot& db, Call& call, const api::Empty&) {
  const auto user = user_find(db, call.caller.user);
  if (!user) return fail(user_not_found);
  return user_view(*user);
}

// Only who reaches every hospital may link a doctor unseen; the others need the doctor to practise at theirs.
Result<void> Users::doctor_check(Snapshot& db, const Call& call, DoctorId doctor, HospitalId hospital) const {
  if (!doctor || is_everywhere(call)) return {};
  if (practises_ && practises_(db, doctor, hospital)) return {};
  return fail(user_invalid, {{"/doctor_id", "This doctor does not practise at your hospital."}});
}

Result<Users::Place> Users::place_check(Snapshot& db, const Call& call, std::string_view role,
                                        std::optional<HospitalId> hospital, std::optional<DoctorId> doctor) const {
  const auto known = api::role_parse(role);
  if (!known || !role_may_manage(call.caller.role, *known)) return fail(role_not_yours);
  FAIRWARD_TRY_AS(at, hospital_of(call, hospital));
  const Place place{*known, at, doctor.value_or(DoctorId{})};
  FAIRWARD_TRY(account_check(place.role, place.hospital, place.doctor));
  FAIRWARD_TRY(doctor_check(db, call, place.doctor, place.hospital));
  return place;
}

Result<NewAccount> Users::user_prepare(api::Outside& outside, Call& call, const UserCreate& body) {
  Result<Place> place;
  outside.read([&](Snapshot& db) { place = place_check(db, call, body.role.value, body.hospital_id, body.doctor_id); });
  if (!place) return Failed(std::move(place).error());
  NewAccount account;
  account.role = place->role;
  account.hospital = place->hospital;
  account.doctor = place->doctor;
  const auto login = login_parse(body.login);
  if (!login) return fail(login_invalid, {{"/login", std::string(login_invalid.title)}});
  account.logins = {*login};
  FAIRWARD_TRY(password_check(body.password, options_.password_length_min, account.logins, body.name.value));
  account.name = body.name.value;
  account.added_by = call.caller.user;
  account.password_hash = crypto::password_hash(body.password, entropy_);
  return account;
}

Result<Created<User>> Users::user_create(Txn& txn, Call& call, const UserCreate&, NewAccount& account) {
  FAIRWARD_TRY_AS(user, account_insert(txn, account, call.now));
  return Created<User>{user_view(user), fmt::format("/api/users/{}", user.id.value)};
}

Result<Page<Account>> Users::user_list(Snapshot& db, Call& call, const UserQuery& query) {
  UserFilter filter;
  filter.hospital = is_everywhere(call) ? HospitalId{} : call.caller.hospital;
  if (!is_everywhere(call) && !filter.hospital) return Page<Account>{};
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  FAIRWARD_TRY_AS(role, word_check(query.role, query.role && api::role_parse(query.role->value), "?role"));
  FAIRWARD_TRY_AS(status, word_check(query.status, query.status && status_parse(query.status->value), "?status"));
  filter.after = after;
  filter.role = role;
  filter.status = status;
  if (query.q) filter.words = query.q->value;
  filter.limit = query.limit + 1;
  Page<Account> page;
  for (const AccountRow& row : users_page(db, filter)) page.items.push_back(account_view(row));
  page.next = api::page_cut(page.items, query.limit, [](const Account& last) { return cursor_text(last.id); });
  for (const Account& account : page.items)
    if (account.role == api::role_text(api::Role::patient)) call.concerns(account.id);
  return page;
}

// 404 for everyone whom the caller may not manage: who exists elsewhere is not told.
Result<UserRow> Users::user_managed(Snapshot& db, const Call& call, UserId id) const {
  const auto user = user_find(db, id);
  const bool is_reached = user && role_may_manage(call.caller.role, user->role) &&
                          (is_everywhere(call) || (call.caller.hospital && user->hospital == call.caller.hospital));
  if (!is_reached) return fail(user_not_found);
  return *user;
}

Result<User> Users::user_changed(Txn& txn, Call& call, UserRow user, UserStatus to) {
  if (!user_change(txn, user.id, user.status, to, user.doctor, call.now)) return fail(user_not_found);
  user.status = to;
  if (to == UserStatus::disabled) sessions_.end_all(txn, user.id, call.now);
  else sessions_.forget(txn, user.id);
  return user_view(user);
}

Result<User> Users::user_approval_put(Txn& txn, Call& call, const UserApproval& body) {
  FAIRWARD_TRY_AS(user, user_managed(txn, call, body.id));
  FAIRWARD_TRY_AS(status, status_after_approval(user.status, body.approved));
  if (body.approved && body.doctor_id) {
    FAIRWARD_TRY(account_check(user.role, user.hospital, *body.doctor_id));
    FAIRWARD_TRY(doctor_check(txn, call, *body.doctor_id, user.hospital));
    if (doctor_has_user(txn, *body.doctor_id)) return fail(doctor_taken);
    user.doctor = *body.doctor_id;
  }
  user_emit(txn, body.approved ? "identity.user_approved" : "identity.user_refused", user.id);
  return user_changed(txn, call, user, status);
}

Result<User> Users::user_disabled_put(Txn& txn, Call& call, const UserDisabling& body) {
  FAIRWARD_TRY_AS(user, user_managed(txn, call, body.id));
  if (body.disabled && user.id == call.caller.user) return fail(disabling_oneself);
  const UserStatus status = status_after_disabling(user.status, body.disabled);
  if (status == user.status) return user_view(user);
  user_emit(txn, body.disabled ? "identity.user_disabled" : "identity.user_enabled", user.id);
  return user_changed(txn, call, user, status);
}

Result<NoContent> Users::user_second_factor_delete(Txn& txn, Call& call, const UserPath& path) {
  FAIRWARD_TRY_AS(user, user_managed(txn, call, path.id));
  recovery_codes_delete(txn, user.id);
  totp_delete(txn, user.id);
  passkeys_delete(txn, user.id);
  user_emit(txn, "identity.second_factor_removed", user.id);
  sessions_.end_all(txn, user.id, call.now);
  return NoContent{};
}

}  // namespace fairward::identity
