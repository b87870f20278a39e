#include "modules/identity/people.h"

#include <fmt/format.h>

#include <charconv>

#include "modules/identity/errors.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

template <class Tag>
std::optional<Id<Tag>> given(Id<Tag> id) {
  return id ? std::optional(id) : std::nullopt;
}

// The first login of a kind is also how the person is reached.
std::optional<std::string> contact_of(const std::vector<Login>& logins, LoginKind kind) {
  for (const Login& login : logins)
    if (login.kind == kind) return login.text;
  return std::nullopt;
}

Result<void> logins_insert(Txn& txn, const std::vector<Login>& logins, UserId user, Instant now) {
  for (const Login& login : logins)
    if (!login_insert(txn, login, user, now)) return fail(login_taken);
  return {};
}

}  // namespace

Result<UserRow> account_insert(Txn& txn, const NewAccount& a, Instant now) {
  if (a.doctor && doctor_has_user(txn, a.doctor)) return fail(doctor_taken);
  UserRow row{{},
              a.role,
              a.status,
              a.name,
              a.hospital,
              a.doctor,
              contact_of(a.logins, LoginKind::phone),
              contact_of(a.logins, LoginKind::email),
              {},
              {}};
  const auto id = user_insert(
      txn, {row.role, row.status, row.name, row.hospital, row.doctor, row.phone, row.email, {}, {}, given(a.added_by)},
      now);
  if (!id) return fail(doctor_taken);
  row.id = *id;
  FAIRWARD_TRY(logins_insert(txn, a.logins, *id, now));
  if (!a.password_hash.empty()) password_insert(txn, *id, a.password_hash, now);
  user_emit(txn, "identity.user_added", *id);
  return row;
}

void user_emit(Txn& txn, std::string_view kind, UserId user) {
  txn.emit({fmt::format("user/{}", user.value), std::string(kind), fmt::format(R"({{"user_id":{}}})", user.value)});
}

User user_view(const UserRow& row) {
  return {row.id,
          std::string(api::role_text(row.role)),
          row.name,
          std::string(sql_text(row.status)),
          given(row.hospital),
          given(row.doctor)};
}

Account account_view(const AccountRow& row) {
  return {row.id,
          std::string(api::role_text(row.role)),
          row.name,
          std::string(sql_text(row.status)),
          given(row.hospital),
          given(row.doctor),
          row.login,
          row.phone,
          row.email};
}

Patient patient_view(const UserRow& row) { return {row.id, row.name, row.phone, row.email, row.birth_on, row.sex}; }

Result<std::int64_t> cursor_parse(const std::optional<std::string>& cursor) {
  if (!cursor) return 0;
  const auto text = crypto::base64url_decode(*cursor);
  std::int64_t id = 0;
  const char* end = text ? text->data() + text->size() : nullptr;
  if (text) {
    const auto [stop, error] = std::from_chars(text->data(), end, id);
    if (error == std::errc() && stop == end && id > 0) return id;
  }
  return fail(query_invalid, {{"?cursor", "Take it from the page before, unchanged."}});
}

std::string cursor_text(UserId last) { return crypto::base64url(std::to_string(last.value)); }

}  // namespace fairward::identity
