// The module through its operations, on every engine: sign-up, login, rotation, revocation, rights over people.
#include "modules/identity/identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "modules/identity/accounts.h"
#include "modules/identity/errors.h"
#include "modules/identity/patients.h"
#include "modules/identity/users.h"
#include "platform/crypto/crypto.h"
#include "platform/sql/testing.h"

namespace fairward::identity {
namespace {

using api::Role;
using api::Scope;

constexpr const char* good_password = "tangerine-boat";

IdentityOptions options_of_test() {
  IdentityOptions options;
  options.signing_key = crypto::base64url(std::string(32, 'k'));
  return options;
}

class OutsideOf final : public api::Outside {
 public:
  explicit OutsideOf(sql::Engine& engine) : engine_(engine) {}
  void read(const std::function<void(Snapshot&)>& work) override {
    engine_.read_now([&](Snapshot& db) { work(db); });
  }

 private:
  sql::Engine& engine_;
};

class identity : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  identity()
      : database_(GetParam()),
        entropy_(make_seeded_entropy(7)),
        engine_(database_.open(clock_)),
        sessions_(*engine_, clock_, options_of_test()),
        accounts_(sessions_, *entropy_, options_of_test()),
        users_(sessions_, *entropy_, options_of_test()),
        outside_(*engine_) {}
  ~identity() override { engine_->stop(); }

  Call call(api::Caller caller = {}, Scope scope = Scope::all) {
    Call call;
    call.caller = caller;
    call.scope = scope;
    call.now = clock_.now();
    call.random = entropy_.get();
    call.peer = "10.0.0.1";
    return call;
  }
  // Runs an operation as the dispatcher does: its failure undoes the transaction.
  template <class F>
  auto write(F operation) {
    std::optional<decltype(operation(std::declval<Txn&>()))> result;
    engine_->write_now([&](Txn& txn) {
      result = operation(txn);
      return result->has_value();
    });
    return std::move(*result);
  }
  template <class F>
  auto read(F operation) {
    std::optional<decltype(operation(std::declval<Snapshot&>()))> result;
    engine_->read_now([&](Snapshot& db) { result = operation(db); });
    return std::move(*result);
  }

  Result<Tokens> registered(const Registration& body) {
    Call c = call();
    auto account = accounts_.registration_prepare(outside_, c, body);
    if (!account) return Failed(account.error());
    auto created = write([&](Txn& txn) { return accounts_.registration_create(txn, c, body, *account); });
    if (!created) return Failed(created.error());
    return created->value;
  }
  Result<Tokens> patient_registered(const std::string& phone) {
    return registered({{"patient"}, {"Asha Rao"}, phone, {}, {}, good_password, {}});
  }
  Result<Tokens> logged_in(const std::string& login, const std::string& password) {
    Call c = call();
    const LoginRequest body{login, password};
    auto verified = accounts_.login_prepare(outside_, c, body);
    if (!verified) return Failed(verified.error());
    return write([&](Txn& txn) { return accounts_.login_create(txn, c, body, *verified); });
  }
  // A browser: the value of its session cookie and its CSRF token.
  std::pair<std::string, std::string> browser_logged_in(const std::string& login) {
    Call c = call();
    const LoginRequest body{login, good_password};
    auto verified = accounts_.login_prepare(outside_, c, body);
    EXPECT_TRUE(verified);
    auto created = write([&](Txn& txn) { return accounts_.session_create(txn, c, body, *verified); });
    const std::string& cookie = c.headers.at(0).second;
    return {cookie.substr(11, cookie.find(';') - 11), *created->value.csrf_token};
  }
  Result<Tokens> refreshed(const std::string& token) {
    Call c = call();
    return write([&](Txn& txn) { return accounts_.tokens_refresh(txn, c, {token}); });
  }
  Result<api::Caller> authenticated(http::Request request) {
    auto promise = std::make_shared<std::promise<Result<api::Caller>>>();
    auto future = promise->get_future();
    sessions_.authenticate(request, clock_.now(),
                           [promise](Result<api::Caller> caller) { promise->set_value(std::move(caller)); });
    return future.get();
  }
  Result<api::Caller> by_bearer(const std::string& token) {
    http::Request request;
    request.headers = {{"authorization", "Bearer " + token}};
    return authenticated(std::move(request));
  }
  Result<api::Caller> by_cookie(const std::string& token, http::Method method = http::Method::get,
                                const std::string& csrf = "") {
    http::Request request;
    request.method = method;
    request.headers = {{"host", "clinic.example"}, {"cookie", "fw_session=" + token}};
    if (!csrf.empty()) request.headers.emplace_back("x-csrf-token", csrf);
    return authenticated(std::move(request));
  }
  // Waits for what the module wrote about this session by itself.
  void settle(std::int64_t session) {
    std::promise<void> done;
    engine_->write(
        session, [](Txn&) { return true; }, [&](sql::Outcome) { done.set_value(); });
    done.get_future().wait();
  }
  UserId added(Role role, const std::string& login, std::int64_t hospital, std::int64_t doctor = 0) {
    const auto id =
        user_add(*engine_, {role, "Some Body", login, good_password, HospitalId{hospital}, DoctorId{doctor}},
                 clock_.now(), *entropy_);
    EXPECT_TRUE(id) << (id ? "" : id.error().problem->code);
    return id.value_or(UserId{});
  }
  static api::Caller caller(Role role, UserId user, std::int64_t hospital) {
    return {role, user, HospitalId{hospital}, {}, 0, false};
  }
  Result<User> created_by(api::Caller by, Scope scope, const UserCreate& body) {
    Call c = call(by, scope);
    auto account = users_.user_prepare(outside_, c, body);
    if (!account) return Failed(account.error());
    auto created = write([&](Txn& txn) { return users_.user_create(txn, c, body, *account); });
    if (!created) return Failed(created.error());
    return created->value;
  }
  Result<User> disabled_by(api::Caller by, Scope scope, UserId user, bool is_disabled = true) {
    Call c = call(by, scope);
    return write([&](Txn& txn) { return users_.user_disabled_put(txn, c, {user, is_disabled}); });
  }
  Result<User> approved_by(api::Caller by, Scope scope, const UserApproval& approval) {
    Call c = call(by, scope);
    return write([&](Txn& txn) { return users_.user_approval_put(txn, c, approval); });
  }

  ManualClock clock_{Instant{1'790'000'000'000}};
  sql::testing::Database database_;
  std::unique_ptr<Entropy> entropy_;
  std::unique_ptr<sql::Engine> engine_;
  Sessions sessions_;
  Accounts accounts_;
  Users users_;
  OutsideOf outside_;
};
INSTANTIATE_TEST_SUITE_P(engines, identity, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

#define EXPECT_PROBLEM(result, expected)                        \
  do {                                                          \
    const auto& answered = (result);                            \
    ASSERT_FALSE(answered.has_value());                         \
    EXPECT_EQ(answered.error().problem->code, (expected).code); \
  } while (false)

TEST_P(identity, a_patient_signs_up_and_logs_in) {
  const auto tokens =
      registered({{"patient"}, {"Asha Rao"}, "98765 43210", "Asha@Example.org", "asha.rao", good_password, {}});
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->user.role, "patient");
  EXPECT_EQ(tokens->user.status, "active");
  EXPECT_EQ(tokens->expires_in, 900);
  for (const char* login : {"+919876543210", "09876543210", "asha@example.ORG", "ASHA.rao"}) {
    const auto again = logged_in(login, good_password);
    ASSERT_TRUE(again) << login;
    EXPECT_EQ(again->user.id, tokens->user.id);
  }
  const auto caller = by_bearer(tokens->access_token);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user, tokens->user.id);
  EXPECT_EQ(caller->role, Role::patient);
  EXPECT_FALSE(caller->by_cookie);
  EXPECT_EQ(read([&](Snapshot& db) { return person_find(db, tokens->user.id); })->name, "Asha Rao");
}

TEST_P(identity, sign_up_refuses_in_order) {
  ASSERT_TRUE(patient_registered("9876543210"));
  EXPECT_PROBLEM(registered({{"hospital_admin"}, {"X"}, "1", {}, {}, "short", {}}), role_not_open);
  EXPECT_PROBLEM(registered({{"nonsense"}, {"X"}, "9876543211", {}, {}, good_password, {}}), role_not_open);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, {}, {}, {}, "short", {}}), login_invalid);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, {}, {}, "9876543219", good_password, {}}), login_invalid);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, "98765432100000000000", {}, {}, "short", {}}), login_invalid);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, "9876543210", {}, {}, "short", {}}), password_too_weak);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, "9876543210", {}, {}, good_password, {}}), login_taken);
  EXPECT_PROBLEM(registered({{"patient"}, {"X"}, "9876543299", {}, {}, "9876543299", {}}), password_too_weak);
}

TEST_P(identity, of_two_who_sign_up_at_once_one_gets_the_login) {
  Call c = call();
  const Registration body{{"patient"}, {"Asha"}, "9876543210", "asha@example.org", {}, good_password, {}};
  auto first = accounts_.registration_prepare(outside_, c, body);
  Registration other = body;
  other.phone = "9876543211";
  auto second = accounts_.registration_prepare(outside_, c, other);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(write([&](Txn& txn) { return accounts_.registration_create(txn, c, body, *first); }));
  EXPECT_PROBLEM(write([&](Txn& txn) { return accounts_.registration_create(txn, c, other, *second); }), login_taken);
  EXPECT_FALSE(read([&](Snapshot& db) { return login_find(db, "+919876543211"); }));  // nothing of it is left
}

TEST_P(identity, a_doctor_waits_for_approval_and_reaches_nothing_meanwhile) {
  const auto tokens = registered({{"doctor"}, {"Dr Meera"}, {}, "meera@example.org", {}, good_password, HospitalId{3}});
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->user.status, "pending");
  const auto before = by_bearer(tokens->access_token);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->role, Role::doctor);
  EXPECT_FALSE(before->hospital);
  EXPECT_FALSE(before->doctor);

  const auto admin_elsewhere = caller(Role::hospital_admin, UserId{900}, 4),
             admin_here = caller(Role::hospital_admin, UserId{901}, 3);
  EXPECT_PROBLEM(approved_by(admin_elsewhere, Scope::hospital, {tokens->user.id, true, {}}), user_not_found);
  EXPECT_PROBLEM(approved_by(admin_here, Scope::hospital, {tokens->user.id, true, DoctorId{8}}), user_invalid);
  users_.practises(
      [](Snapshot&, DoctorId doctor, HospitalId hospital) { return doctor.value == 8 && hospital.value == 3; });
  EXPECT_PROBLEM(approved_by(admin_here, Scope::hospital, {tokens->user.id, true, DoctorId{9}}), user_invalid);
  const auto approved = approved_by(admin_here, Scope::hospital, {tokens->user.id, true, DoctorId{8}});
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->status, "active");
  EXPECT_PROBLEM(approved_by(admin_here, Scope::hospital, {tokens->user.id, true, {}}), user_not_pending);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(by_bearer(tokens->access_token)->doctor, DoctorId{8});
  EXPECT_EQ(by_bearer(tokens->access_token)->hospital, HospitalId{3});
}

TEST_P(identity, a_refused_doctor_cannot_log_in_any_more) {
  const auto tokens = registered({{"doctor"}, {"Dr Meera"}, {}, "meera@example.org", {}, good_password, {}});
  const auto admin = caller(Role::platform_admin, UserId{900}, 0);
  EXPECT_EQ(approved_by(admin, Scope::all, {tokens->user.id, false, {}})->status, "disabled");
  EXPECT_PROBLEM(logged_in("meera@example.org", good_password), user_disabled);
  EXPECT_PROBLEM(logged_in("meera@example.org", "another-password"), login_failed);
}

TEST_P(identity, unknown_logins_and_wrong_passwords_are_one_problem) {
  ASSERT_TRUE(patient_registered("9876543210"));
  EXPECT_PROBLEM(logged_in("9876543210", "tangerine-boot"), login_failed);
  EXPECT_PROBLEM(logged_in("9876543211", good_password), login_failed);
  EXPECT_PROBLEM(logged_in("", ""), login_failed);
  EXPECT_PROBLEM(logged_in("\xff\xfe", good_password), login_failed);
  EXPECT_PROBLEM(logged_in("9876543210", std::string(2000, 'x')), login_failed);
}

TEST_P(identity, an_imported_hash_is_upgraded_at_login) {
  const UserId id = write([&](Txn& txn) -> Result<UserId> {
                      const auto user = account_insert(txn,
                                                       {Role::patient,
                                                        UserStatus::active,
                                                        "Old",
                                                        {*login_parse("old.timer")},
                                                        "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                                                        {},
                                                        {},
                                                        {}},
                                                       clock_.now());
                      return user->id;
                    }).value();
  ASSERT_TRUE(logged_in("old.timer", "Hello world!"));
  const auto row = read([&](Snapshot& db) { return login_find(db, "old.timer"); });
  EXPECT_EQ(row->user, id);
  EXPECT_TRUE(row->password_hash->starts_with("$argon2id$"));
  EXPECT_TRUE(logged_in("old.timer", "Hello world!"));
  EXPECT_PROBLEM(logged_in("old.timer", "Hello world?"), login_failed);
}

TEST_P(identity, guessing_is_slowed_down_and_says_how_long) {
  ASSERT_TRUE(patient_registered("9876543210"));
  for (int i = 0; i < 10; ++i) EXPECT_PROBLEM(logged_in("9876543210", "wrong-password"), login_failed);
  const auto refused = logged_in("98765-43210", good_password);
  EXPECT_PROBLEM(refused, login_throttled);
  EXPECT_EQ(refused.error().retry_after_seconds, 6);
  clock_.advance(seconds(6));
  EXPECT_TRUE(logged_in("9876543210", good_password));
}

TEST_P(identity, refresh_tokens_rotate) {
  const auto first = patient_registered("9876543210");
  clock_.advance(minutes(20));
  EXPECT_PROBLEM(by_bearer(first->access_token), token_expired);
  const auto second = refreshed(first->refresh_token);
  ASSERT_TRUE(second);
  EXPECT_NE(second->refresh_token, first->refresh_token);
  EXPECT_EQ(by_bearer(second->access_token)->user, first->user.id);
  EXPECT_TRUE(refreshed(second->refresh_token));
  EXPECT_PROBLEM(refreshed("nonsense"), refresh_invalid);
  EXPECT_PROBLEM(refreshed(""), refresh_invalid);
}

TEST_P(identity, a_refresh_token_used_twice_ends_the_session) {
  const auto first = patient_registered("9876543210");
  const auto second = refreshed(first->refresh_token);
  const auto elsewhere = logged_in("9876543210", good_password);
  const auto session = by_bearer(second->access_token);
  ASSERT_TRUE(session);
  EXPECT_PROBLEM(refreshed(first->refresh_token), refresh_invalid);
  settle(session->session);
  clock_.advance(seconds(1));
  EXPECT_PROBLEM(refreshed(second->refresh_token), refresh_invalid);
  EXPECT_PROBLEM(by_bearer(second->access_token), token_invalid);
  EXPECT_TRUE(by_bearer(elsewhere->access_token));
}

TEST_P(identity, refresh_tokens_expire) {
  const auto tokens = patient_registered("9876543210");
  clock_.advance(days(30));
  EXPECT_PROBLEM(refreshed(tokens->refresh_token), refresh_invalid);
}

TEST_P(identity, logging_out_ends_the_session_at_once) {
  const auto tokens = patient_registered("9876543210");
  const auto who = by_bearer(tokens->access_token);
  ASSERT_TRUE(who);
  Call c = call(*who);
  EXPECT_TRUE(write([&](Txn& txn) { return accounts_.logout_create(txn, c, {}); }));
  EXPECT_PROBLEM(by_bearer(tokens->access_token), token_invalid);
  EXPECT_PROBLEM(refreshed(tokens->refresh_token), refresh_invalid);
}

TEST_P(identity, a_logout_whose_commit_got_no_answer_counts_if_it_is_stored) {
  if (GetParam() != sql::testing::Kind::inline_sqlite) GTEST_SKIP() << "commits get answers";
  const auto tokens = patient_registered("9876543210");
  Call c = call(*by_bearer(tokens->access_token));
  for (const bool is_stored : {false, true}) {
    sql::testing::write_unanswered(
        *engine_, clock_, [&](Txn& txn) { return accounts_.logout_create(txn, c, {}).has_value(); }, is_stored);
    clock_.advance(milliseconds(1));
    EXPECT_EQ(by_bearer(tokens->access_token).has_value(), !is_stored);
  }
}

TEST_P(identity, a_browser_session_needs_its_csrf_token_to_change_anything) {
  ASSERT_TRUE(patient_registered("9876543210"));
  const auto [cookie, csrf_token] = browser_logged_in("9876543210");
  const auto [other_cookie, other_csrf] = browser_logged_in("9876543210");
  const auto reading = by_cookie(cookie);
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->by_cookie);
  EXPECT_TRUE(by_cookie(cookie, http::Method::post, csrf_token));
  EXPECT_PROBLEM(by_cookie(cookie, http::Method::post), csrf);
  EXPECT_PROBLEM(by_cookie(cookie, http::Method::post, other_csrf), csrf);
  EXPECT_PROBLEM(by_cookie("unknown"), session_ended);
  EXPECT_PROBLEM(by_bearer(cookie), token_invalid);  // also while the cookie is known

  Call c = call(*reading);
  const auto session = read([&](Snapshot& db) { return accounts_.session_get(db, c, {}); });
  EXPECT_EQ(session->csrf_token, csrf_token);
  EXPECT_EQ(session->user->name, "Asha Rao");
  EXPECT_TRUE(write([&](Txn& txn) { return accounts_.session_delete(txn, c, {}); }));
  EXPECT_PROBLEM(by_cookie(cookie), session_ended);
  EXPECT_TRUE(by_cookie(other_cookie));
}

TEST_P(identity, a_browser_session_ends_when_idle_and_when_old) {
  ASSERT_TRUE(patient_registered("9876543210"));
  const auto [cookie, csrf_token] = browser_logged_in("9876543210");
  for (int hour = 0; hour < 6 * 24; hour += 8) {  // seen every eight hours for six days
    clock_.advance(hours(8));
    const auto seen = by_cookie(cookie);
    ASSERT_TRUE(seen) << hour;
    settle(seen->session);
  }
  clock_.advance(hours(12));
  EXPECT_PROBLEM(by_cookie(cookie), session_ended);

  const auto [fresh, fresh_csrf] = browser_logged_in("9876543210");
  for (int hour = 0; hour < 7 * 24 - 8; hour += 8) {
    clock_.advance(hours(8));
    const auto seen = by_cookie(fresh);
    ASSERT_TRUE(seen) << hour;
    settle(seen->session);
  }
  clock_.advance(hours(8));
  EXPECT_PROBLEM(by_cookie(fresh), session_ended);
}

TEST_P(identity, nobody_is_somebody_without_a_credential) {
  const auto nobody = authenticated({});
  ASSERT_TRUE(nobody);
  EXPECT_EQ(nobody->role, Role::anyone);
  Call c = call(*nobody);
  const auto session = read([&](Snapshot& db) { return accounts_.session_get(db, c, {}); });
  EXPECT_FALSE(session->user);
  // A login may be under way: what it sets must not be deleted by this answer.
  EXPECT_EQ(std::ranges::count(c.headers, "Set-Cookie", [](const auto& h) { return h.first; }), 0);
}

TEST_P(identity, disabling_a_user_ends_everything_at_once) {
  const UserId desk = added(Role::front_desk, "desk.one", 3);
  const auto tokens = logged_in("desk.one", good_password);
  const auto [cookie, csrf_token] = browser_logged_in("desk.one");
  ASSERT_TRUE(by_bearer(tokens->access_token));
  ASSERT_TRUE(by_cookie(cookie));
  const auto admin_here = caller(Role::hospital_admin, UserId{900}, 3),
             admin_elsewhere = caller(Role::hospital_admin, UserId{901}, 4);
  EXPECT_PROBLEM(disabled_by(admin_elsewhere, Scope::hospital, desk), user_not_found);
  ASSERT_TRUE(disabled_by(admin_here, Scope::hospital, desk));
  EXPECT_PROBLEM(by_bearer(tokens->access_token), token_invalid);
  EXPECT_PROBLEM(by_cookie(cookie), session_ended);
  EXPECT_PROBLEM(refreshed(tokens->refresh_token), refresh_invalid);
  EXPECT_PROBLEM(logged_in("desk.one", good_password), user_disabled);

  EXPECT_EQ(disabled_by(admin_here, Scope::hospital, desk, false)->status, "active");
  EXPECT_TRUE(logged_in("desk.one", good_password));
  EXPECT_PROBLEM(by_bearer(tokens->access_token), token_invalid);  // what was ended stays ended
}

TEST_P(identity, administrators_reach_up_to_their_rank_and_not_themselves) {
  const UserId admin = added(Role::hospital_admin, "admin.three", 3), root = added(Role::platform_admin, "root.one", 0);
  const auto tokens = patient_registered("9876543210");
  const auto admin_here = caller(Role::hospital_admin, admin, 3), root_caller = caller(Role::platform_admin, root, 0);
  EXPECT_PROBLEM(disabled_by(admin_here, Scope::hospital, admin), disabling_oneself);
  EXPECT_PROBLEM(disabled_by(admin_here, Scope::hospital, root), user_not_found);
  EXPECT_PROBLEM(disabled_by(admin_here, Scope::hospital, tokens->user.id), user_not_found);
  EXPECT_PROBLEM(disabled_by(root_caller, Scope::all, root), disabling_oneself);
  EXPECT_PROBLEM(disabled_by(root_caller, Scope::all, UserId{99999}), user_not_found);
  EXPECT_TRUE(disabled_by(root_caller, Scope::all, tokens->user.id));
}

TEST_P(identity, administrators_add_people_to_their_own_hospital) {
  const auto admin = caller(Role::hospital_admin, added(Role::hospital_admin, "admin.three", 3), 3);
  const auto root = caller(Role::platform_admin, added(Role::platform_admin, "root.one", 0), 0);
  const auto made =
      created_by(admin, Scope::hospital, {{"front_desk"}, {"Desk Two"}, "desk.two", good_password, {}, {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->hospital_id, HospitalId{3});
  EXPECT_EQ(by_bearer(logged_in("desk.two", good_password)->access_token)->hospital, HospitalId{3});
  EXPECT_PROBLEM(
      created_by(admin, Scope::hospital, {{"front_desk"}, {"X"}, "desk.x", good_password, HospitalId{4}, {}}),
      user_invalid);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"platform_admin"}, {"X"}, "desk.x", good_password, {}, {}}),
                 role_not_yours);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"patient"}, {"X"}, "desk.x", good_password, {}, {}}),
                 role_not_yours);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"system"}, {"X"}, "desk.x", good_password, {}, {}}),
                 role_not_yours);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"doctor"}, {"X"}, "doc.x", good_password, {}, DoctorId{8}}),
                 user_invalid);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"front_desk"}, {"X"}, "desk.two", good_password, {}, {}}),
                 login_taken);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"front_desk"}, {"X"}, "??", good_password, {}, {}}),
                 login_invalid);
  EXPECT_PROBLEM(created_by(admin, Scope::hospital, {{"front_desk"}, {"X"}, "desk.x", "password1", {}, {}}),
                 password_too_weak);
  EXPECT_PROBLEM(created_by(root, Scope::all, {{"front_desk"}, {"X"}, "desk.x", good_password, {}, {}}), user_invalid);
  EXPECT_TRUE(created_by(root, Scope::all, {{"doctor"}, {"Dr Y"}, "doc.y", good_password, HospitalId{4}, DoctorId{8}}));
  EXPECT_PROBLEM(
      created_by(root, Scope::all, {{"doctor"}, {"Dr Z"}, "doc.z", good_password, HospitalId{4}, DoctorId{8}}),
      doctor_taken);
}

TEST_P(identity, lists_of_users_stay_inside_the_hospital_and_page_through) {
  const auto admin = caller(Role::hospital_admin, added(Role::hospital_admin, "admin.three", 3), 3);
  for (int i = 0; i < 5; ++i) added(Role::front_desk, "desk.here" + std::to_string(i), 3);
  added(Role::front_desk, "desk.there", 4);
  ASSERT_TRUE(patient_registered("9876543210"));
  std::vector<UserId> seen;
  UserQuery query;
  query.limit.value = 2;
  do {
    Call c = call(admin, Scope::hospital);
    const auto page = read([&](Snapshot& db) { return users_.user_list(db, c, query); });
    ASSERT_TRUE(page);
    for (const Account& user : page->items) {
      EXPECT_EQ(user.hospital_id, HospitalId{3});
      seen.push_back(user.id);
    }
    query.cursor = page->next;
  } while (query.cursor);
  EXPECT_EQ(seen.size(), 6u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));

  Call c = call(caller(Role::platform_admin, UserId{900}, 0), Scope::all);
  UserQuery patients;
  patients.role = BoundedText<1, 32>{"patient"};
  EXPECT_EQ(read([&](Snapshot& db) { return users_.user_list(db, c, patients); })->items.size(), 1u);
  UserQuery wrong;
  wrong.status = BoundedText<1, 32>{"asleep"};
  EXPECT_PROBLEM(read([&](Snapshot& db) { return users_.user_list(db, c, wrong); }), query_invalid);
  wrong = {};
  wrong.cursor = "x!";
  EXPECT_PROBLEM(read([&](Snapshot& db) { return users_.user_list(db, c, wrong); }), query_invalid);
}

TEST_P(identity, accounts_are_found_by_name_and_login_within_the_hospital) {
  added(Role::front_desk, "asha.desk", 3);
  added(Role::ward_admin, "ravi@example.org", 3);
  added(Role::front_desk, "asha.other", 4);
  const auto found = [&](Role role, std::int64_t hospital, const char* words) {
    Call c = call(caller(role, UserId{900}, hospital), role == Role::platform_admin ? Scope::all : Scope::hospital);
    UserQuery query;
    query.q = BoundedText<2, 100>{words};
    std::vector<std::string> logins;
    const auto page = read([&](Snapshot& db) { return users_.user_list(db, c, query); });
    for (const auto& item : page->items) logins.push_back(item.login.value_or(""));
    return logins;
  };
  using Logins = std::vector<std::string>;
  EXPECT_EQ(found(Role::front_desk, 3, "ASHA"), Logins{"asha.desk"});
  EXPECT_EQ(found(Role::hospital_admin, 3, "ravi@"), Logins{"ravi@example.org"});
  EXPECT_EQ(found(Role::hospital_admin, 4, "ravi@"), Logins{});
  EXPECT_EQ(found(Role::hospital_admin, 3, "desk"), Logins{});  // a login is found by its beginning
  EXPECT_EQ(found(Role::platform_admin, 0, "asha."), (Logins{"asha.desk", "asha.other"}));
  EXPECT_EQ(found(Role::platform_admin, 0, "a_ha"), Logins{});
  EXPECT_EQ(found(Role::platform_admin, 0, "%%"), Logins{});
}

TEST_P(identity, the_front_desk_finds_the_patients_whom_its_hospital_added) {
  const auto desk = caller(Role::front_desk, added(Role::front_desk, "desk.one", 3), 3);
  const auto desk_there = caller(Role::front_desk, added(Role::front_desk, "desk.two", 4), 4);
  const auto add = [&](const api::Caller& by, const char* name, const char* phone) {
    Call c = call(by, Scope::hospital);
    return write([&](Txn& txn) {
      return patient_create(txn, c, {{name}, phone, {}, date_from_civil(1990, 2, 28), Sex::female});
    });
  };
  const auto list = [&](const api::Caller& by, PatientQuery query) {
    Call c = call(by, Scope::hospital);
    return read([&](Snapshot& db) { return Patients().patient_list(db, c, query); });
  };
  const auto first = add(desk, "Ravi 100% Kumar", "98765 43210");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->value.phone, "+919876543210");
  EXPECT_EQ(first->value.birth_on, "1990-02-28");
  EXPECT_EQ(first->value.sex, "female");
  EXPECT_EQ(first->location, "/api/patients/" + std::to_string(first->value.id.value));
  ASSERT_TRUE(add(desk, "Sita Kumar", "9876543210"));  // a family shares a phone
  ASSERT_TRUE(add(desk_there, "Ravi There", "9876543210"));
  EXPECT_PROBLEM(add(desk, "Bad Phone", "12"), login_invalid);

  EXPECT_EQ(list(desk, {"+91 98765-43210", {}, {}, {}})->items.size(), 2u);
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"KUMAR"}, {}, {}})->items.size(), 2u);
  EXPECT_EQ(list(desk, {"9876543210", BoundedText<1, 200>{"ravi"}, {}, {}})->items.size(), 1u);
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"100%"}, {}, {}})->items.size(), 1u);
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"10_"}, {}, {}})->items.size(), 0u);
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"umar"}, {}, {}})->items.size(), 0u)
      << "words are known by their beginning";
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"%"}, {}, {}})->items.size(), 1u);
  EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{"_"}, {}, {}})->items.size(), 0u);
  EXPECT_EQ(list(desk_there, {})->items.size(), 1u);
  EXPECT_EQ(list(caller(Role::front_desk, UserId{900}, 0), {})->items.size(), 0u);
  EXPECT_PROBLEM(list(desk, {"12", {}, {}, {}}), query_invalid);
  PatientQuery one;
  one.limit.value = 1;
  const auto page = list(desk, one);
  ASSERT_TRUE(page->next);
  one.cursor = page->next;
  EXPECT_EQ(list(desk, one)->items.at(0).name, "Sita Kumar");
  EXPECT_FALSE(list(desk, one)->next);

  const auto get = [&](const api::Caller& by, Scope scope, UserId id) {
    Call c = call(by, scope);
    return read([&](Snapshot& db) { return Patients().patient_get(db, c, {id}); });
  };
  const UserId ravi = first->value.id;
  EXPECT_TRUE(get(desk, Scope::hospital, ravi));
  EXPECT_TRUE(get(caller(Role::patient, ravi, 0), Scope::own, ravi));
  EXPECT_TRUE(get(caller(Role::platform_admin, UserId{900}, 0), Scope::all, ravi));
  EXPECT_PROBLEM(get(desk_there, Scope::hospital, ravi), patient_not_found);
  EXPECT_PROBLEM(get(caller(Role::patient, UserId{ravi.value + 1}, 0), Scope::own, ravi), patient_not_found);
  EXPECT_PROBLEM(get(desk, Scope::hospital, desk.user), patient_not_found);

  ASSERT_TRUE(add(desk, "Anne-Marie d'Aubign\xC3\xA9", "9876543211"));
  for (const char* name : {"marie", "ANNE-M", "aubign\xC3\xA9", "marie d'a"})
    EXPECT_EQ(list(desk, {{}, BoundedText<1, 200>{name}, {}, {}})->items.size(), 1u) << name;
}

TEST_P(identity, the_command_line_adds_the_first_administrator) {
  const auto add = [&](Role role, const char* login, const char* password, std::int64_t hospital) {
    return user_add(*engine_, {role, "Root", login, password, HospitalId{hospital}, {}}, clock_.now(), *entropy_);
  };
  ASSERT_TRUE(add(Role::platform_admin, "root.one", good_password, 0));
  EXPECT_EQ(logged_in("root.one", good_password)->user.role, "platform_admin");
  EXPECT_PROBLEM(add(Role::platform_admin, "root.one", good_password, 0), login_taken);
  EXPECT_PROBLEM(add(Role::platform_admin, "root.two", "password1", 0), password_too_weak);
  EXPECT_PROBLEM(add(Role::hospital_admin, "root.two", good_password, 0), user_invalid);
  EXPECT_PROBLEM(add(Role::platform_admin, "", good_password, 0), login_invalid);
  const auto person = add(Role::patient, "9876543210", "", 3);
  ASSERT_TRUE(person);
  EXPECT_EQ(read([&](Snapshot& db) { return user_find(db, *person); })->phone, "+919876543210");
  EXPECT_TRUE(patient_registered("9876543210"));  // the number is still free for who proves to own it
  EXPECT_TRUE(add(Role::patient, "", "", 3));
}

TEST_P(identity, ended_sessions_are_pruned_with_their_tokens) {
  const auto tokens = patient_registered("9876543210");
  ASSERT_TRUE(refreshed(tokens->refresh_token));
  const auto prune = [&](Instant before) {
    return *write([&](Txn& txn) -> Result<std::int64_t> { return sessions_prune(txn, before, 100); });
  };
  EXPECT_EQ(prune(clock_.now() + days(30)), 0);
  EXPECT_EQ(prune(clock_.now() + days(30) + milliseconds(1)), 1);
  EXPECT_PROBLEM(refreshed(tokens->refresh_token), refresh_invalid);
}

TEST_P(identity, tells_whether_a_login_is_known_but_not_too_often) {
  ASSERT_TRUE(patient_registered("9876543210"));
  const auto ask = [&](const char* login) {
    Call c = call();
    return read([&](Snapshot& db) { return accounts_.login_question_ask(db, c, {login}); });
  };
  EXPECT_TRUE(ask("98765 43210")->known);
  EXPECT_FALSE(ask("9876543211")->known);
  EXPECT_PROBLEM(ask("?"), login_invalid);
  int answered = 0;
  while (answered < 1000 && ask("9876543210")) ++answered;
  EXPECT_LT(answered, 100);
  EXPECT_PROBLEM(ask("9876543210"), login_throttled);
}

}  // namespace
}  // namespace fairward::identity
