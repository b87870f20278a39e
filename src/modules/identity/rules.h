// The module's rules, pure: what is a login name, a password, who may give which role, who may change whom.
// No database, no clock, no hashing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/api/call.h"

namespace fairward::identity {

// ---- login names ----

enum class LoginKind : std::uint8_t { phone, email, logon_id };
std::string_view sql_text(LoginKind kind);
LoginKind sql_parse(std::string_view text, LoginKind*);

// Normalised: phones as E.164 "+919876543210", the others lower-case. The form tells the kind: '+' first is a phone,
// '@' inside an e-mail address, anything else a logon id; so the three share one name space without clashes.
struct Login {
  LoginKind kind;
  std::string text;
  friend bool operator==(const Login&, const Login&) = default;
};

// E.164 from what people type; blanks, dots, hyphens and brackets are ignored. Ten digits that begin with 6 … 9, also
// after 0 or 91, are Indian mobile numbers. nullopt when it is no phone number.
std::optional<std::string> phone_normalise(std::string_view text);
std::optional<std::string> email_normalise(std::string_view text);
std::optional<Login> login_parse(std::string_view text);

// ---- passwords (NIST SP 800-63B-4: length and a blocklist, no composition rules) ----

constexpr std::size_t password_bytes_max = 1024;

// What is wrong with it, one public sentence; "" when nothing. length_min counts code points.
std::string password_fault(std::string_view password, int length_min, std::string_view login, std::string_view name);

// ---- roles and status ----

enum class UserStatus : std::uint8_t { active, pending, disabled };
std::string_view sql_text(UserStatus status);
UserStatus sql_parse(std::string_view text, UserStatus*);
std::optional<UserStatus> status_parse(std::string_view text);

// The status of somebody who signs up: patients are active at once, doctors wait; nobody else may (mission I1).
Result<UserStatus> status_at_registration(api::Role role);

// May a caller of this role make, or change, an account of that one? A hospital administrator: staff up to the own
// rank; the platform administrator: everybody.
bool role_may_manage(api::Role caller, api::Role role);

// Do role, hospital and doctor fit together? Staff belong to a hospital; only doctors speak for a doctor; patients and
// platform administrators belong to nobody. Errors: user_invalid with the field.
Result<void> account_check(api::Role role, HospitalId hospital, DoctorId doctor);

// approved → active, refused → disabled; only from pending. Errors: user_not_pending.
Result<UserStatus> status_after_approval(UserStatus status, bool is_approved);
// A pending account that is enabled again is pending no longer: whoever may enable may approve.
UserStatus status_after_disabling(UserStatus status, bool is_disabled);

}  // namespace fairward::identity
