// The rules as tables, one a line.
#include "modules/identity/rules.h"

#include <gtest/gtest.h>

#include "modules/identity/errors.h"

namespace fairward::identity {
namespace {

using api::Role;

TEST(login_parse, knows_phones_addresses_and_logon_ids) {
  const struct {
    std::string_view typed;
    std::optional<Login> login;
  } table[] = {
      {"9876543210", Login{LoginKind::phone, "+919876543210"}},
      {"98765 43210", Login{LoginKind::phone, "+919876543210"}},
      {"09876543210", Login{LoginKind::phone, "+919876543210"}},
      {"919876543210", Login{LoginKind::phone, "+919876543210"}},
      {"+91-98765-43210", Login{LoginKind::phone, "+919876543210"}},
      {"+44 (20) 7946.0018", Login{LoginKind::phone, "+442079460018"}},
      {"0044 20 7946 0018", Login{LoginKind::phone, "+442079460018"}},
      {"+0123456789", std::nullopt},
      {"+1234567", std::nullopt},
      {"+1234567890123456", std::nullopt},
      {"5876543210", Login{LoginKind::logon_id, "5876543210"}},
      {"10023", Login{LoginKind::logon_id, "10023"}},
      {"Asha@Example.ORG", Login{LoginKind::email, "asha@example.org"}},
      {" asha@example.org ", Login{LoginKind::email, "asha@example.org"}},
      {"a+b@x-y.example", Login{LoginKind::email, "a+b@x-y.example"}},
      {"@example.org", std::nullopt},
      {"asha@", std::nullopt},
      {"asha@example", std::nullopt},
      {"asha@@example.org", std::nullopt},
      {"asha@.example.org", std::nullopt},
      {"asha@example..org", std::nullopt},
      {"asha@-example.org", std::nullopt},
      {".asha@example.org", std::nullopt},
      {"as..ha@example.org", std::nullopt},
      {"as ha@example.org", std::nullopt},
      {"asha\n@example.org", std::nullopt},
      {"Asha.Rao", Login{LoginKind::logon_id, "asha.rao"}},
      {"desk_1-a", Login{LoginKind::logon_id, "desk_1-a"}},
      {"ab", std::nullopt},
      {"", std::nullopt},
      {"   ", std::nullopt},
      {"asha rao", std::nullopt},
      {"asha/rao", std::nullopt},
      {"\xe0\xa4\x86\xe0\xa4\xb6\xe0\xa4\xbe", std::nullopt},
      {std::string_view("as\0ha", 5), std::nullopt},
  };
  for (const auto& line : table) EXPECT_EQ(login_parse(line.typed), line.login) << line.typed;
  EXPECT_FALSE(login_parse(std::string(65, 'a')));
  EXPECT_TRUE(login_parse(std::string(64, 'a')));
  EXPECT_FALSE(login_parse(std::string(65, 'a') + "@example.org"));
  EXPECT_FALSE(login_parse("a@" + std::string(300, 'b') + ".org"));
}

TEST(password_fault, wants_length_and_refuses_what_is_guessed_first) {
  const struct {
    std::string_view password;
    bool is_good;
  } table[] = {
      {"tangerine-boat", true},
      {"correct horse battery staple", true},
      {"\xe0\xa4\xae\xe0\xa5\x87\xe0\xa4\xb0\xe0\xa4\xbe\xe0\xa4\x98\xe0\xa4\xb0\xe0\xa4\xb9\xe0\xa5\x88",
       true},  // 8 code points
      {"\xf0\x9f\x90\xa2\xf0\x9f\x90\x87\xf0\x9f\x90\xa2\xf0\x9f\x90\x87\xf0\x9f\x90\xa2\xf0\x9f\x90\x87\xf0\x9f\x90"
       "\xa2\xf0\x9f\x90\x88",
       true},
      {"aB3$xyz", false},  // 7
      {"", false},
      {"password1", false},
      {"PASSWORD1", false},
      {"12345678", false},
      {"1234567890", false},
      {"zzzzzzzzzz", false},
      {"fairward", false},
      {"Fairward-2026!", false},  // a product word and decoration
      {"Doctor1234", false},
      {"hospital_admin1", false},
      {"+919876543210", false},   // the login
      {"9876543210", false},      // the login as it was typed
      {"Asha Rao Kumar", false},  // the name
      {"asha rao kumar", false},
      {"tangerine\xff"
       "boat",
       false},
      {"tangerine\xc0\x80"
       "boat",
       false},
      {"\xed\xa0\x80"
       "tangerine",
       false},
      {std::string_view("tangerine\0boat", 14), false},
  };
  for (const auto& line : table)
    EXPECT_EQ(password_fault(line.password, 8, "+919876543210", "Asha Rao Kumar").empty(), line.is_good)
        << line.password;
  EXPECT_TRUE(password_fault(std::string(1020, 'x') + "yzyz", 8, "", "").empty());
  EXPECT_FALSE(password_fault(std::string(1021, 'x') + "yzyz", 8, "", "").empty());
  EXPECT_FALSE(password_fault("tangerine-boat", 15, "", "").empty());
}

TEST(status_at_registration, lets_patients_in_makes_doctors_wait_and_refuses_the_rest) {
  EXPECT_EQ(*status_at_registration(Role::patient), UserStatus::active);
  EXPECT_EQ(*status_at_registration(Role::doctor), UserStatus::pending);
  for (const Role role :
       {Role::anyone, Role::front_desk, Role::ward_admin, Role::hospital_admin, Role::platform_admin, Role::system})
    EXPECT_EQ(status_at_registration(role).error().problem, &role_not_open);
}

TEST(role_may_manage, reaches_up_to_the_own_rank) {
  const Role all[] = {Role::anyone,     Role::patient,        Role::doctor,         Role::front_desk,
                      Role::ward_admin, Role::hospital_admin, Role::platform_admin, Role::system};
  const struct {
    Role caller;
    std::string_view may;
  } table[] = {{Role::anyone, "--------"},         {Role::patient, "--------"},    {Role::doctor, "--------"},
               {Role::front_desk, "--------"},     {Role::ward_admin, "--------"}, {Role::hospital_admin, "--xxxx--"},
               {Role::platform_admin, "-xxxxxx-"}, {Role::system, "--------"}};
  for (const auto& line : table)
    for (std::size_t i = 0; i < std::size(all); ++i)
      EXPECT_EQ(role_may_manage(line.caller, all[i]), line.may[i] == 'x')
          << api::role_text(line.caller) << " " << api::role_text(all[i]);
}

TEST(account_check, wants_role_hospital_and_doctor_to_fit) {
  const struct {
    Role role;
    std::int64_t hospital, doctor;
    bool is_good;
  } table[] = {
      {Role::front_desk, 1, 0, true},  {Role::front_desk, 0, 0, false},    {Role::hospital_admin, 0, 0, false},
      {Role::ward_admin, 1, 2, false}, {Role::doctor, 0, 0, true},         {Role::doctor, 1, 2, true},
      {Role::doctor, -1, 0, false},    {Role::doctor, 0, -2, false},       {Role::patient, 1, 0, true},
      {Role::patient, 0, 2, false},    {Role::platform_admin, 0, 0, true}, {Role::platform_admin, 1, 0, false}};
  for (const auto& line : table)
    EXPECT_EQ(account_check(line.role, HospitalId{line.hospital}, DoctorId{line.doctor}).has_value(), line.is_good)
        << api::role_text(line.role) << line.hospital << line.doctor;
}

TEST(user_status, moves_as_the_diagram_says) {
  EXPECT_EQ(*status_after_approval(UserStatus::pending, true), UserStatus::active);
  EXPECT_EQ(*status_after_approval(UserStatus::pending, false), UserStatus::disabled);
  EXPECT_EQ(status_after_approval(UserStatus::active, true).error().problem, &user_not_pending);
  EXPECT_EQ(status_after_approval(UserStatus::disabled, true).error().problem, &user_not_pending);
  EXPECT_EQ(status_after_disabling(UserStatus::active, true), UserStatus::disabled);
  EXPECT_EQ(status_after_disabling(UserStatus::pending, true), UserStatus::disabled);
  EXPECT_EQ(status_after_disabling(UserStatus::disabled, false), UserStatus::active);
  EXPECT_EQ(status_after_disabling(UserStatus::pending, false), UserStatus::pending);
}

}  // namespace
}  // namespace fairward::identity
