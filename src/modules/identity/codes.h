// One-time codes: who can read what is sent to a phone signs in by it, or up. For patients only: staff, and doctors,
// have a password. Source: mission I2.
//
// A code is six digits, good for five minutes, once, for the request that asked for it, and for five tries: each try is
// written down before it is judged, so that a thousand at once are no more than five. A phone gets three codes in ten
// minutes, and three more for each address that has signed in by it: strangers who ask for it lock nobody out.
//
// Somebody may have made an account with somebody else's phone and a password of their own. So the first code that
// proves the phone of an account with a password asks whose it is: who knows the password keeps everything; who does
// not takes the account over alone, and everything that opened it so far is forgotten. Nobody decides that unasked.
#pragma once

#include <string>

#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"

namespace fairward::identity {

constexpr Duration code_ttl = minutes(5);
constexpr int code_tries_max = 5;
constexpr Duration code_sends_window = minutes(10);
constexpr int code_sends_per_phone = 3;

// A code that was right; what the transaction still has to do.
struct CodeRight {
  std::int64_t id = 0;
  std::string phone;
  std::int64_t tries_left = 0;
  std::string password_hash;  // of the account, whose password came with the code and is right
};

class Codes {
 public:
  Codes(sql::Engine& engine, Sessions& sessions, const Secrets& secrets, const IdentityOptions& options);
  void messenger(Messenger messenger) { messenger_ = std::move(messenger); }

  // Errors, in this order: login_invalid, codes_not_offered, code_sends_exceeded. Whether somebody has the phone shows
  // in nothing that the caller sees.
  Result<Accepted<CodeSent>> code_create(Txn& txn, Call& call, const CodeRequest& body);
  // Errors, in this order: code_wrong, for whatever is not right; old_password_wrong (the code stays good).
  Result<CodeRight> code_prepare(api::Outside& outside, Call& call, const CodeLogin& body);
  // Errors, in this order: code_wrong, code_not_enough, user_disabled, name_missing and account_claimed (the code stays
  // good).
  Result<Tokens> code_login_create(Txn& txn, Call& call, const CodeLogin& body, CodeRight& right);
  Result<Created<Session>> code_session_create(Txn& txn, Call& call, const CodeLogin& body, CodeRight& right);

  // The code of a row, while it is of use.
  std::optional<std::string> code(std::int64_t id, Instant now) const;

 private:
  Result<void> sends_check(Txn& txn, const Call& call, const std::string& phone, const std::string& from) const;
  Result<UserRow> finish(Txn& txn, Call& call, const CodeLogin& body, const CodeRight& right);
  Result<void> prove(Txn& txn, Call& call, const CodeLogin& body, const CodeRight& right, const LoginRow& owner);
  Result<UserRow> sign_up(Txn& txn, const Call& call, const CodeLogin& body, const CodeRight& right);

  sql::Engine& engine_;
  Sessions& sessions_;
  const Secrets& secrets_;
  const IdentityOptions options_;
  Messenger messenger_;
};

// Removes what is of no use any more: unused codes after a day, used ones, by which an address is known, after a month.
std::int64_t codes_prune(Txn& txn, Instant now);

}  // namespace fairward::identity
