#include "modules/identity/rules.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "modules/identity/errors.h"

namespace fairward::identity {
namespace {

constexpr std::size_t login_bytes_max = 254;  // RFC 5321: the longest e-mail address

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The digits with a leading '+', without what people put between them; nullopt at any other character.
std::optional<std::string> phone_characters(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_digit(c) || (c == '+' && out.empty())) out += c;
    else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')') return std::nullopt;
  }
  return out;
}

bool is_indian_mobile(std::string_view digits) { return digits.size() == 10 && digits[0] >= '6'; }

// E.164: a country code that does not begin with 0, at most 15 digits in all. 8 is the shortest in use.
bool is_e164(std::string_view text) {
  return text.size() >= 9 && text.size() <= 16 && text[0] == '+' && text[1] != '0';
}

bool is_email_local(char c) {
  constexpr std::string_view marks = ".!#$%&'*+/=?^_`{|}~-";  // RFC 5322 atext and the dot
  return is_lower(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
}

bool is_domain_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  int labels = 0;
  for (;; ++labels) {
    const std::size_t dot = domain.find('.');
    if (!is_domain_label(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return labels >= 1;
    domain.remove_prefix(dot + 1);
  }
}

bool is_logon_id(std::string_view text) {
  return text.size() >= 3 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

// Code points of valid UTF-8; nullopt otherwise. Overlong forms and surrogates are refused (RFC 3629).
std::optional<int> code_points(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
    if (size == 0 || i + size > text.size()) return std::nullopt;
    for (std::size_t k = 1; k < size; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return std::nullopt;
    const auto second = size > 2 ? static_cast<unsigned char>(text[i + 1]) : 0x80;
    const bool is_overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool is_outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
    if (is_overlong || is_outside) return std::nullopt;
    i += size;
  }
  return count;
}

// The passwords that guessers try first (the head of every published list of leaks), and the words of this product and
// its roles. Compared in lower case; digits and marks after one of the words do not help.
constexpr std::array<std::string_view, 50> common_passwords = {
    "123456",      "123456789", "12345678",   "password", "qwerty123", "qwerty1",   "111111",     "12345",
    "secret",      "123123",    "1234567890", "1234567",  "000000",    "qwerty",    "abc123",     "password1",
    "iloveyou",    "11111111",  "dragon",     "monkey",   "123123123", "123321",    "qwertyuiop", "00000000",
    "password123", "654321",    "target123",  "tinkle",   "zag12wsx",  "gwerty123", "1q2w3e4r5t", "1q2w3e4r",
    "admin123",    "princess",  "sunshine",   "football", "baseball",  "welcome1",  "welcome123", "letmein1",
    "87654321",    "987654321", "88888888",   "12341234", "trustno1",  "superman",  "india123",   "asdfghjkl",
    "1qaz2wsx",    "abcd1234"};
constexpr std::array<std::string_view, 12> product_words = {
    "fairward",      "hospital",      "patient",       "doctor",      "frontdesk", "wardadmin",
    "hospitaladmin", "platformadmin", "administrator", "appointment", "password",  "welcome"};

bool is_product_word(std::string_view password) {
  std::string letters;
  for (const char c : password)
    if (is_lower(c)) letters += c;
  return std::ranges::find(product_words, letters) != product_words.end();
}

// "abcdefgh", "98765432", "1234567890": each character follows the one before, all in one direction.
bool is_run(std::string_view password) {
  const auto goes = [&](int step) {
    for (std::size_t i = 1; i < password.size(); ++i) {
      const bool is_around =
          (password[i - 1] == '9' && password[i] == '0') || (password[i - 1] == '0' && password[i] == '9');
      if (password[i] - password[i - 1] != step && !is_around) return false;
    }
    return true;
  };
  return goes(1) || goes(-1);
}

// "aaaaaaaa", "testtest", "abcabcabc": the same few characters again and again.
bool is_repeated(std::string_view password) {
  constexpr std::size_t part_bytes_max = 4;
  for (std::size_t part = 1; part <= part_bytes_max && part < password.size(); ++part)
    if (password.substr(part) == password.substr(0, password.size() - part)) return true;
  return false;
}

bool is_guessable(std::string_view password, std::string_view login, std::string_view name) {
  const std::string low = lowered(password);
  return std::ranges::find(common_passwords, low) != common_passwords.end() || is_product_word(low) || is_run(low) ||
         is_repeated(low) || low == lowered(login) || (login.starts_with("+91") && low == login.substr(3)) ||
         low == lowered(name);
}

Failed field(const Problem& problem, std::string pointer, std::string detail) {
  return fail(problem, {{std::move(pointer), std::move(detail)}});
}

bool role_is_staff(api::Role role) {
  return role == api::Role::front_desk || role == api::Role::ward_admin || role == api::Role::hospital_admin;
}

}  // namespace

std::string_view sql_text(LoginKind kind) {
  switch (kind) {
    case LoginKind::phone: return "phone";
    case LoginKind::email: return "email";
    case LoginKind::logon_id: return "logon_id";
  }
  FAIRWARD_CHECK(false);
}

std::string_view sql_text(UserStatus status) {
  switch (status) {
    case UserStatus::active: return "active";
    case UserStatus::pending: return "pending";
    case UserStatus::disabled: return "disabled";
  }
  FAIRWARD_CHECK(false);
}

std::optional<UserStatus> status_parse(std::string_view text) {
  for (const UserStatus status : {UserStatus::active, UserStatus::pending, UserStatus::disabled})
    if (sql_text(status) == text) return status;
  return std::nullopt;
}

UserStatus sql_parse(std::string_view text, UserStatus*) {
  const auto status = status_parse(text);
  FAIRWARD_CHECK(status.has_value());
  return *status;
}

std::optional<std::string> phone_normalise(std::string_view text) {
  if (text.size() > 40) return std::nullopt;
  auto phone = phone_characters(text);
  if (!phone) return std::nullopt;
  std::string_view digits = *phone;
  if (digits.starts_with("00")) phone = "+" + std::string(digits.substr(2));
  else if (is_indian_mobile(digits)) phone = "+91" + *phone;
  else if (digits.starts_with('0') && is_indian_mobile(digits.substr(1))) phone = "+91" + std::string(digits.substr(1));
  else if (digits.starts_with("91") && is_indian_mobile(digits.substr(2))) phone = "+" + *phone;
  return is_e164(*phone) ? phone : std::nullopt;
}

std::optional<std::string> email_normalise(std::string_view text) {
  std::string email = lowered(trimmed(text));
  const std::size_t at = email.find('@');
  if (email.size() > login_bytes_max || at == 0 || at > 64) return std::nullopt;  // npos is above 64 too
  const std::string_view local = std::string_view(email).substr(0, at);
  if (!std::ranges::all_of(local, is_email_local) || local.front() == '.' || local.back() == '.' ||
      local.find("..") != std::string_view::npos || !is_domain(std::string_view(email).substr(at + 1)))
    return std::nullopt;
  return email;
}

std::optional<Login> login_parse(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > login_bytes_max) return std::nullopt;
  if (text.find('@') != std::string_view::npos) {
    auto email = email_normalise(text);
    return email ? std::optional(Login{LoginKind::email, std::move(*email)}) : std::nullopt;
  }
  if (auto phone = phone_normalise(text)) return Login{LoginKind::phone, std::move(*phone)};
  std::string logon_id = lowered(text);
  return is_logon_id(logon_id) ? std::optional(Login{LoginKind::logon_id, std::move(logon_id)}) : std::nullopt;
}

std::string password_fault(std::string_view password, int length_min, std::string_view login, std::string_view name) {
  if (password.size() > password_bytes_max) return "At most 1024 bytes.";
  const auto length = code_points(password);
  if (!length || password.find('\0') != std::string_view::npos) return "This is not valid text.";
  if (*length < length_min) return "At least " + std::to_string(length_min) + " characters.";
  if (is_guessable(password, login, name)) return "This is one of the first things somebody would guess.";
  return {};
}

Result<UserStatus> status_at_registration(api::Role role) {
  if (role == api::Role::patient) return UserStatus::active;
  if (role == api::Role::doctor) return UserStatus::pending;
  return field(role_not_open, "/role", "patient or doctor");
}

bool role_may_manage(api::Role caller, api::Role role) {
  if (caller == api::Role::platform_admin) return role >= api::Role::patient && role <= api::Role::platform_admin;
  return caller == api::Role::hospital_admin && (role == api::Role::doctor || role_is_staff(role));
}

Result<void> account_check(api::Role role, HospitalId hospital, DoctorId doctor) {
  if (hospital.value < 0) return field(user_invalid, "/hospital_id", "No such hospital.");
  if (doctor.value < 0) return field(user_invalid, "/doctor_id", "No such doctor.");
  if (role_is_staff(role) && !hospital)
    return field(user_invalid, "/hospital_id", "This role works in a hospital: name it.");
  if (role == api::Role::platform_admin && hospital)
    return field(user_invalid, "/hospital_id", "A platform administrator belongs to no hospital.");
  if (role != api::Role::doctor && doctor)
    return field(user_invalid, "/doctor_id", "Only the role doctor speaks for a doctor.");
  return {};
}

Result<UserStatus> status_after_approval(UserStatus status, bool is_approved) {
  if (status != UserStatus::pending) return fail(user_not_pending);
  return is_approved ? UserStatus::active : UserStatus::disabled;
}

UserStatus status_after_disabling(UserStatus status, bool is_disabled) {
  if (is_disabled) return UserStatus::disabled;
  return status == UserStatus::disabled ? UserStatus::active : status;
}

}  // namespace fairward::identity
