// Invitations: staff and administrators are asked to join, by a link that is sent to their e-mail address or phone. Who
// invites needs the same rights as for adding the account at once. Source: mission I1.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"
#include "modules/identity/users.h"

namespace fairward::identity {

constexpr Duration invitation_ttl = days(7);
constexpr int invitations_open_max = 200;  // of one inviter

// What a good link stands for; its account is hashed and checked.
struct InvitationReady {
  std::int64_t id = 0;
  NewAccount account;
};

class Invitations {
 public:
  Invitations(Sessions& sessions, const Users& users, Entropy& entropy, const IdentityOptions& options);
  void messenger(Messenger messenger) { messenger_ = std::move(messenger); }

  // Errors, in this order: role_not_yours, user_invalid, login_invalid, invitations_not_offered, login_taken,
  // invitations_full. Emits identity.user_invited.
  Result<Created<Invitation>> invitation_create(Txn& txn, Call& call, const InvitationCreate& body);
  // Those that are open. Errors: query_invalid.
  Result<Page<Invitation>> invitation_list(Snapshot& db, Call& call, const InvitationQuery& query);
  // Errors: invitation_not_found.
  Result<NoContent> invitation_delete(Txn& txn, Call& call, const InvitationPath& path);

  // Errors, in this order: link_wrong, password_too_weak.
  Result<InvitationReady> accept_prepare(api::Outside& outside, Call& call, const InvitationAccept& body);
  // Makes the account, and signs in. Errors, in this order: link_wrong, doctor_taken, login_taken.
  Result<Created<Session>> invitation_accept(Txn& txn, Call& call, const InvitationAccept& body,
                                             InvitationReady& ready);
  // The token of a row's link, while it is of use.
  std::optional<std::string> link(std::int64_t id, Instant now) const;

 private:
  std::optional<InvitationRow> opened(Snapshot& db, const std::string& token, Instant now) const;
  void send(Txn& txn, const InvitationCreate& body, const Login& login, std::int64_t id);

  Sessions& sessions_;
  const Users& users_;
  Entropy& entropy_;
  const IdentityOptions options_;
  const Secrets secrets_;
  Messenger messenger_;
};

}  // namespace fairward::identity
