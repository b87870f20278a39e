// One-time codes on every engine, with the clock in hand: how often they may be tried, sent, used, and by whom.
#include "modules/identity/codes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "modules/identity/accounts.h"
#include "modules/identity/errors.h"
#include "platform/sql/testing.h"

namespace fairward::identity {
namespace {

constexpr const char* phone = "+919800000001";

IdentityOptions options_of_test() {
  IdentityOptions options;
  options.signing_key = crypto::base64url(std::string(32, 'k'));
  options.codes_per_address = 20;
  options.codes_in_all = 40;
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

class codes : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  codes()
      : database_(GetParam()),
        entropy_(make_seeded_entropy(7)),
        engine_(database_.open(clock_)),
        sessions_(*engine_, clock_, options_of_test()),
        codes_(*engine_, sessions_, secrets_, options_of_test()) {
    codes_.messenger([this](Txn&, const Message& message) { sent_.push_back(message); });
  }
  ~codes() override { engine_->stop(); }

  Call call(const std::string& peer) {
    Call call;
    call.now = clock_.now();
    call.random = entropy_.get();
    call.peer = peer;
    return call;
  }
  Result<CodeSent> asked(const std::string& to = phone, const std::string& peer = "10.0.0.1") {
    Call c = call(peer);
    Result<Accepted<CodeSent>> result;
    engine_->write_now([&](Txn& txn) {
      result = codes_.code_create(txn, c, {to, std::nullopt});
      return result.has_value();
    });
    if (!result) return Failed(std::move(result).error());
    return result->value;
  }
  std::string code() { return codes_.code(std::stoll(sent_.back().secret.substr(11)), clock_.now()).value_or("none"); }
  Result<Tokens> entered(const CodeSent& sent, const std::string& code, std::optional<BoundedText<1, 200>> name = {}) {
    Call c = call("10.0.0.1");
    const CodeLogin body{sent.request, code, std::move(name), std::nullopt, std::nullopt};
    auto right = codes_.code_prepare(outside_, c, body);
    if (!right) return Failed(std::move(right).error());
    Result<Tokens> result;
    engine_->write_now([&](Txn& txn) {
      result = codes_.code_login_create(txn, c, body, *right);
      return result.has_value();
    });
    return result;
  }
  Result<Tokens> entered(const CodeSent& sent, const CodeLogin& told) {
    Call c = call("10.0.0.1");
    CodeLogin body = told;
    body.request = sent.request;
    auto right = codes_.code_prepare(outside_, c, body);
    if (!right) return Failed(std::move(right).error());
    Result<Tokens> result;
    engine_->write_now([&](Txn& txn) {
      result = codes_.code_login_create(txn, c, body, *right);
      return result.has_value();
    });
    return result;
  }
  Result<Tokens> entered_with_a_code(std::optional<BoundedText<1, 200>> name = {}) {
    const auto sent = asked();
    return entered(*sent, code(), std::move(name));
  }
  UserId added(api::Role role, const std::string& login, std::int64_t hospital) {
    return *user_add(*engine_, {role, "Some Body", login, "tangerine-boat", HospitalId{hospital}, {}}, clock_.now(),
                     *entropy_);
  }
  static std::string wrong(const std::string& code) { return code == "000000" ? "000001" : "000000"; }

  ManualClock clock_{Instant{1'790'000'000'000}};
  sql::testing::Database database_;
  std::unique_ptr<Entropy> entropy_;
  std::unique_ptr<sql::Engine> engine_;
  const Secrets secrets_{std::string(32, 'k')};
  Sessions sessions_;
  Codes codes_;
  OutsideOf outside_{*engine_};
  std::vector<Message> sent_;
};
INSTANTIATE_TEST_SUITE_P(engines, codes, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

#define EXPECT_PROBLEM(result, expected)                        \
  do {                                                          \
    const auto& answered = (result);                            \
    ASSERT_FALSE(answered.has_value());                         \
    EXPECT_EQ(answered.error().problem->code, (expected).code); \
  } while (false)

TEST_P(codes, sign_up_who_is_new_and_log_in_who_is_known) {
  const auto sent = asked("98000 00001");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent_.back().kind, "login_code");
  EXPECT_EQ(sent_.back().phone, phone);
  EXPECT_FALSE(sent_.back().person);
  const std::string right = code();
  EXPECT_EQ(right.size(), 6u);
  EXPECT_PROBLEM(entered(*sent, right), name_missing);
  const auto tokens = entered(*sent, right, {{"Asha Rao"}});
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->user.role, "patient");
  EXPECT_EQ(tokens->user.name, "Asha Rao");
  const auto again = asked();
  EXPECT_EQ(sent_.back().person, tokens->user.id);
  const auto known = entered(*again, code());
  ASSERT_TRUE(known);
  EXPECT_EQ(known->user.id, tokens->user.id);
}

TEST_P(codes, are_good_once_and_for_five_minutes) {
  const auto sent = asked();
  const std::string right = code();
  ASSERT_TRUE(entered(*sent, right, {{"Asha"}}));
  EXPECT_PROBLEM(entered(*sent, right), code_wrong);
  const auto second = asked();
  const std::string late = code();
  clock_.advance(code_ttl);
  EXPECT_PROBLEM(entered(*second, late), code_wrong);
  EXPECT_EQ(code(), "none") << "a late delivery sends nothing";
}

TEST_P(codes, are_good_for_the_request_that_asked) {
  const auto first = asked();
  const std::string first_code = code();
  const auto second = asked();
  if (first_code != code()) EXPECT_PROBLEM(entered(*second, first_code), code_wrong);
  const std::string foreign =
      first->request.substr(0, first->request.find('.') + 1) + second->request.substr(second->request.find('.') + 1);
  for (const std::string& request : {foreign, std::string(), std::string("1"), std::string("x.y"), std::string("1.")})
    EXPECT_PROBLEM(entered({request, {}, 0}, first_code), code_wrong);
  EXPECT_TRUE(entered(*first, first_code, {{"Asha"}})) << "what strangers try costs no try";
}

TEST_P(codes, may_be_tried_five_times) {
  const auto sent = asked();
  const std::string right = code();
  for (int i = 4; i >= 0; --i) {
    const auto refused = entered(*sent, wrong(right));
    EXPECT_PROBLEM(refused, code_wrong);
    EXPECT_EQ(refused.error().members.front().second, std::to_string(i));
  }
  const auto sixth = entered(*sent, right, {{"Asha"}});
  EXPECT_PROBLEM(sixth, code_wrong);
  EXPECT_TRUE(sixth.error().members.empty()) << "it was not even looked at";
}

TEST_P(codes, of_fifty_guesses_at_once_five_are_looked_at) {
  if (GetParam() == sql::testing::Kind::inline_sqlite) GTEST_SKIP() << "one thread only";
  const auto sent = asked();
  const std::string guess = wrong(code());
  std::atomic<int> looked_at{0};
  std::vector<std::thread> guessers;
  for (int i = 0; i < 50; ++i)
    guessers.emplace_back([&] {
      Call c;
      c.now = clock_.now();
      const auto refused = codes_.code_prepare(outside_, c, {sent->request, guess, std::nullopt});
      if (!refused && !refused.error().members.empty()) ++looked_at;
    });
  for (auto& guesser : guessers) guesser.join();
  EXPECT_EQ(looked_at, code_tries_max);
}

TEST_P(codes, are_sent_three_times_in_ten_minutes) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(asked(phone, "10.0.0." + std::to_string(i)));
    clock_.advance(seconds(60));
  }
  const auto refused = asked(phone, "10.0.0.9");
  EXPECT_PROBLEM(refused, code_sends_exceeded);
  EXPECT_EQ(refused.error().retry_after_seconds, 7 * 60);
  EXPECT_TRUE(asked("+919800000002", "10.0.0.9")) << "another phone";
  clock_.advance(minutes(7) - milliseconds(1));
  EXPECT_PROBLEM(asked(phone, "10.0.0.9"), code_sends_exceeded);
  clock_.advance(milliseconds(1));
  EXPECT_TRUE(asked(phone, "10.0.0.9"));
}

TEST_P(codes, who_has_signed_in_from_there_is_not_locked_out_by_strangers) {
  ASSERT_TRUE(entered_with_a_code({{"Asha"}}));
  clock_.advance(days(1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(asked(phone, "10.6.6.6"));
  EXPECT_PROBLEM(asked(phone, "10.6.6.6"), code_sends_exceeded);
  EXPECT_TRUE(asked(phone, "10.0.0.1"));
}

TEST_P(codes, are_limited_by_address_and_in_all) {
  const auto to = [](int i) { return "+9198111" + std::to_string(10000 + i); };
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(asked(to(i)));
  EXPECT_PROBLEM(asked(to(20)), code_sends_exceeded);
  for (int i = 20; i < 40; ++i) EXPECT_TRUE(asked(to(i), "10.0.1." + std::to_string(i)));
  EXPECT_PROBLEM(asked(to(40), "10.0.2.1"), code_sends_exceeded);
  clock_.advance(code_sends_window);
  EXPECT_TRUE(asked(to(40)));
}

TEST_P(codes, of_fifty_requests_at_once_three_are_granted) {
  if (GetParam() == sql::testing::Kind::inline_sqlite) GTEST_SKIP() << "one thread only";
  std::atomic<int> granted{0};
  codes_.messenger([](Txn&, const Message&) {});
  std::vector<std::thread> askers;
  for (int i = 0; i < 50; ++i)
    askers.emplace_back([&, i] {
      const auto chance = make_seeded_entropy(static_cast<std::uint64_t>(i));
      Call c;
      c.now = clock_.now();
      c.random = chance.get();
      c.peer = "10.1.1." + std::to_string(i);
      bool is_granted = false;
      engine_->write_now([&](Txn& txn) {
        is_granted = codes_.code_create(txn, c, {phone, std::nullopt}).has_value();
        return is_granted;
      });
      granted += is_granted ? 1 : 0;
    });
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(granted, code_sends_per_phone);
}

TEST_P(codes, are_never_enough_for_staff_nor_for_the_disabled) {
  added(api::Role::hospital_admin, phone, 3);
  const auto known = asked(), unknown = asked("+919800000002");
  ASSERT_TRUE(known && unknown);
  EXPECT_EQ(known->request.size(), unknown->request.size());
  EXPECT_EQ(sent_.front().kind, "login_code_refused");
  EXPECT_EQ(sent_.front().secret, "");
  // Even who could read the code would not get in.
  Call c = call("10.0.0.1");
  const CodeLogin body{known->request, "000000", std::nullopt, std::nullopt, std::nullopt};
  CodeRight right{std::stoll(known->request), phone, 4, {}};
  Result<Tokens> result;
  engine_->write_now([&](Txn& txn) {
    result = codes_.code_login_create(txn, c, body, right);
    return result.has_value();
  });
  EXPECT_PROBLEM(result, code_not_enough);
}

// Somebody signs up by a password with another's phone, and waits for the owner to fill the account.
TEST_P(codes, who_proves_the_phone_gets_the_account_alone) {
  Accounts accounts(sessions_, *entropy_, options_of_test());
  Call c = call("10.6.6.6");
  NewAccount squatter;
  squatter.name = "Squatter";
  squatter.logins = {{LoginKind::phone, phone}, {LoginKind::email, "squatter@example.org"}};
  squatter.password_hash = crypto::password_hash("a squatter's sentence", *entropy_);
  std::optional<Tokens> squatting;
  engine_->write_now([&](Txn& txn) {
    squatting = accounts.registration_create(txn, c, {}, squatter)->value;
    return true;
  });
  engine_->write_now([&](Txn& txn) {
    const UserId id = squatting->user.id;
    ApiKeyRow key{{}, id, "A program", "fw_live_x", 2, {}, 9, 9, clock_.now(), clock_.now() + days(9), {}, {}};
    api_key_insert(txn, key, "hash");
    passkey_insert(txn, {{}, id, "A device", "credential", "key", "handle", 0, false, clock_.now(), {}});
    return totp_begin(txn, id, "sealed", clock_.now());
  });
  const auto sent = asked();
  EXPECT_PROBLEM(entered(*sent, code()), account_claimed);  // nothing is forgotten unasked
  EXPECT_PROBLEM(entered(*sent, {"", code(), {}, "a wrong sentence", {}}), old_password_wrong);
  engine_->read_now([&](Snapshot& db) { EXPECT_TRUE(login_find(db, phone)->password_hash); });
  const auto owner = entered(*sent, {"", code(), {}, {}, true});
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->user.id, squatting->user.id);
  engine_->read_now([&](Snapshot& db) {
    EXPECT_EQ(api_keys_good(db, owner->user.id, clock_.now()), 0);
    EXPECT_TRUE(passkeys_of(db, owner->user.id).empty());
    EXPECT_FALSE(totp_find(db, owner->user.id));
  });
  engine_->read_now([&](Snapshot& db) {
    EXPECT_FALSE(login_find(db, phone)->password_hash);
    EXPECT_FALSE(login_find(db, "squatter@example.org"));
    EXPECT_FALSE(user_find(db, owner->user.id)->email);
  });
  Result<Tokens> refreshed;
  engine_->write_now([&](Txn& txn) {
    refreshed = sessions_.tokens_refresh(txn, c, squatting->refresh_token);
    return refreshed.has_value();
  });
  EXPECT_PROBLEM(refreshed, refresh_invalid);
}

// Who knows the password made the account: proving the phone takes nothing away, now or later.
TEST_P(codes, who_knows_the_password_keeps_everything) {
  Accounts accounts(sessions_, *entropy_, options_of_test());
  Call c = call("10.0.0.1");
  NewAccount own;
  own.name = "Asha";
  own.logins = {{LoginKind::phone, phone}, {LoginKind::email, "asha@example.org"}};
  own.password_hash = crypto::password_hash("a sentence of hers", *entropy_);
  std::optional<Tokens> first;
  engine_->write_now([&](Txn& txn) {
    first = accounts.registration_create(txn, c, {}, own)->value;
    return true;
  });
  const auto sent = asked();
  const auto owner = entered(*sent, {"", code(), {}, "a sentence of hers", {}});
  ASSERT_TRUE(owner);
  ASSERT_TRUE(entered_with_a_code()) << "proved for good: nothing is asked any more";
  engine_->read_now([&](Snapshot& db) {
    EXPECT_TRUE(login_find(db, phone)->password_hash);
    EXPECT_TRUE(login_find(db, "asha@example.org"));
  });
  Result<Tokens> refreshed;
  engine_->write_now([&](Txn& txn) {
    refreshed = sessions_.tokens_refresh(txn, c, first->refresh_token);
    return refreshed.has_value();
  });
  EXPECT_TRUE(refreshed);
}

TEST_P(codes, are_forgotten_in_time) {
  asked();
  ASSERT_TRUE(entered_with_a_code({{"Asha"}}));
  const auto pruned = [&] {
    std::int64_t count = 0;
    engine_->write_now([&](Txn& txn) {
      count = codes_prune(txn, clock_.now());
      return true;
    });
    return count;
  };
  EXPECT_EQ(pruned(), 0);
  clock_.advance(days(2));
  EXPECT_EQ(pruned(), 1);
  clock_.advance(days(30));
  EXPECT_EQ(pruned(), 1);
}

TEST(secrets, codes_are_spread_and_tokens_are_parsed_strictly) {
  const Secrets secrets(std::string(32, 'k')), others(std::string(32, 'l'));
  std::array<int, 10> first{};
  for (int i = 0; i < 10'000; ++i) ++first[static_cast<std::size_t>(secrets.code("p", i, "n")[0] - '0')];
  for (const int count : first) EXPECT_NEAR(count, 1000, 150);
  EXPECT_NE(secrets.code("p", 1, "n") + secrets.code("q", 1, "n"), others.code("p", 1, "n") + others.code("q", 1, "n"));
  EXPECT_EQ(secrets.link_token("p", 17, "n").substr(0, 3), "17.");
  EXPECT_EQ(link_token_parse("17.abc").id, 17);
  EXPECT_EQ(link_token_parse("17.abc").secret, "abc");
  for (const char* bad : {"", ".", "x.a", "17", "-1.a", "0.a", "1 .a", "99999999999999999999.a"})
    EXPECT_EQ(link_token_parse(bad).id, 0) << bad;
}

}  // namespace
}  // namespace fairward::identity
