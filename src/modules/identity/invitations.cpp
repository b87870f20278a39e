#include "modules/identity/invitations.h"

#include <fmt/format.h>

#include "modules/identity/accounts.h"
#include "modules/identity/errors.h"
#include "modules/identity/rules.h"

namespace fairward::identity {
namespace {

constexpr std::string_view purpose = "invitation";
constexpr std::size_t nonce_bytes = 16;

Invitation view_of(const InvitationRow& row) {
  return {row.id,
          std::string(api::role_text(row.role)),
          row.name,
          row.login,
          row.hospital ? std::optional(row.hospital) : std::nullopt,
          row.doctor ? std::optional(row.doctor) : std::nullopt,
          row.created_at,
          row.expires_at};
}

bool is_open(const InvitationRow& row, Instant now) {
  return !row.accepted_at && !row.withdrawn_at && row.expires_at > now;
}

// A link is sent somewhere: a logon id is no place.
Result<Login> place_of(const InvitationCreate& body) {
  auto login = login_parse(body.login);
  if (!login || login->kind == LoginKind::logon_id)
    return fail(login_invalid, {{"/login", "Give an e-mail address or a phone number: the invitation is sent there."}});
  return *login;
}

}  // namespace

Invitations::Invitations(Sessions& sessions, const Users& users, Entropy& entropy, const IdentityOptions& options)
    : sessions_(sessions),
      users_(users),
      entropy_(entropy),
      options_(options),
      secrets_(seed_of(options.signing_key)) {}

void Invitations::send(Txn& txn, const InvitationCreate& body, const Login& login, std::int64_t id) {
  Message message{"invitation", {}, {}, {}, body.language ? body.language->value : "en", {}, {}};
  message.values = {
      {"name", body.name.value}, {"role", body.role.value}, {"days", std::to_string(invitation_ttl.ms / days(1).ms)}};
  message.secret = fmt::format("{}/{}", purpose, id);
  (login.kind == LoginKind::email ? message.email : message.phone) = login.text;
  messenger_(txn, message);
}

Result<Created<Invitation>> Invitations::invitation_create(Txn& txn, Call& call, const InvitationCreate& body) {
  FAIRWARD_TRY_AS(place, users_.place_check(txn, call, body.role.value, body.hospital_id, body.doctor_id));
  FAIRWARD_TRY_AS(login, place_of(body));
  if (!messenger_) return fail(invitations_not_offered);
  if (login_find(txn, login.text)) return fail(login_taken);
  user_lock(txn, call.caller.user);
  if (invitations_open(txn, call.caller.user, call.now) >= invitations_open_max) return fail(invitations_full);
  InvitationRow row{{},
                    place.role,
                    body.name.value,
                    login.text,
                    place.hospital,
                    place.doctor,
                    call.random->token(nonce_bytes),
                    call.now,
                    call.now + invitation_ttl,
                    {},
                    {}};
  row.id = invitation_insert(txn, row, call.caller.user);
  send(txn, body, login, row.id.value);
  txn.emit({fmt::format("invitation/{}", row.id.value), "identity.user_invited",
            fmt::format(R"({{"invitation_id":{},"by":{}}})", row.id.value, call.caller.user.value)});
  return Created<Invitation>{view_of(row), fmt::format("/api/users/invitations/{}", row.id.value)};
}

Result<Page<Invitation>> Invitations::invitation_list(Snapshot& db, Call& call, const InvitationQuery& query) {
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  const bool is_everywhere = call.scope == api::Scope::all;
  if (!is_everywhere && !call.caller.hospital) return Page<Invitation>{};
  const auto rows =
      invitations_page(db, is_everywhere ? HospitalId{} : call.caller.hospital, after, call.now, query.limit + 1);
  Page<Invitation> page;
  for (const InvitationRow& row : rows) page.items.push_back(view_of(row));
  page.next =
      api::page_cut(page.items, query.limit, [](const Invitation& last) { return cursor_text(UserId{last.id.value}); });
  return page;
}

Result<NoContent> Invitations::invitation_delete(Txn& txn, Call& call, const InvitationPath& path) {
  const auto row = invitation_find(txn, path.id);
  const bool is_reached =
      row && is_open(*row, call.now) && role_may_manage(call.caller.role, row->role) && call.reaches({}, row->hospital);
  if (!is_reached || !invitation_withdraw(txn, path.id, call.now)) return fail(invitation_not_found);
  return NoContent{};
}

std::optional<InvitationRow> Invitations::opened(Snapshot& db, const std::string& token, Instant now) const {
  const LinkToken parsed = link_token_parse(token);
  if (parsed.id == 0) return std::nullopt;
  auto row = invitation_find(db, InvitationId{parsed.id});
  const bool is_good = row && is_open(*row, now) &&
                       crypto::equal_constant_time(secrets_.link_token(purpose, parsed.id, row->nonce), token);
  return is_good ? std::move(row) : std::nullopt;
}

Result<InvitationReady> Invitations::accept_prepare(api::Outside& outside, Call& call, const InvitationAccept& body) {
  std::optional<InvitationRow> row;
  outside.read([&](Snapshot& db) { row = opened(db, body.token, call.now); });
  if (!row) return fail(link_wrong);
  NewAccount account;
  account.role = row->role;
  account.name = body.name ? body.name->value : row->name;
  account.logins = {login_parse(row->login).value()};
  account.hospital = row->hospital;
  account.doctor = row->doctor;
  FAIRWARD_TRY(password_check(body.password, options_.password_length_min, account.logins, account.name));
  account.password_hash = crypto::password_hash(body.password, entropy_);
  return InvitationReady{row->id.value, std::move(account)};
}

// The right to invite is asked again: who was disabled since, or lost the rank, has invited nobody.
Result<Created<Session>> Invitations::invitation_accept(Txn& txn, Call& call, const InvitationAccept&,
                                                        InvitationReady& ready) {
  const auto inviter = invitation_inviter(txn, InvitationId{ready.id});
  const bool is_by_right = inviter && inviter->status == UserStatus::active &&
                           role_may_manage(inviter->role, ready.account.role) &&
                           (inviter->role == api::Role::platform_admin || inviter->hospital == ready.account.hospital);
  if (!is_by_right) return fail(link_wrong);
  NewAccount account = ready.account;
  account.added_by = inviter->id;
  FAIRWARD_TRY_AS(user, account_insert(txn, account, call.now));
  if (!invitation_take(txn, InvitationId{ready.id}, user.id, call.now)) return fail(link_wrong);
  login_verify(txn, account.logins.front().text, call.now);
  return Created<Session>{sessions_.cookie_open(txn, call, user), "/api/session"};
}

std::optional<std::string> Invitations::link(std::int64_t id, Instant now) const {
  std::optional<InvitationRow> row;
  sessions_.engine().read_now([&](Snapshot& db) { row = invitation_find(db, InvitationId{id}); });
  if (!row || !is_open(*row, now)) return std::nullopt;
  return secrets_.link_token(purpose, id, row->nonce);
}

}  // namespace fairward::identity
