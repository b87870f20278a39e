// Passkeys on every engine, with the clock in hand: made, used once for each challenge, and by nobody else.
#include "modules/identity/passkeys.h"

#include <gtest/gtest.h>

#include "modules/identity/accounts.h"
#include "modules/identity/device_test.h"
#include "modules/identity/errors.h"
#include "platform/sql/testing.h"

namespace fairward::identity {
namespace {

using testing::Algorithm;
using testing::Device;

IdentityOptions options_of_test() {
  IdentityOptions options;
  options.signing_key = crypto::base64url(std::string(32, 'k'));
  return options;
}

class passkeys : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  passkeys()
      : database_(GetParam()),
        entropy_(make_seeded_entropy(7)),
        engine_(database_.open(clock_)),
        sessions_(*engine_, clock_, options_of_test()),
        passkeys_(sessions_, options_of_test()) {
    passkeys_.bind("https://clinic.example");
    owner_ = added("Asha Rao");
    stranger_ = added("Ravi Rao");
  }
  ~passkeys() override { engine_->stop(); }

  class Reading final : public api::Outside {
   public:
    explicit Reading(sql::Engine& engine) : engine_(engine) {}
    void read(const std::function<void(Snapshot&)>& work) override {
      engine_.read_now([&](Snapshot& db) { work(db); });
    }

   private:
    sql::Engine& engine_;
  };

  Call call(const Call& as) {
    Call call;
    call.caller = as.caller;
    call.now = clock_.now();
    call.random = entropy_.get();
    return call;
  }
  // Somebody who has just signed in.
  Call added(const std::string& name) {
    Call call;
    call.random = entropy_.get();
    engine_->write_now([&](Txn& txn) {
      const UserId user = patient_add(txn, {name, {}, {}, {}, {}, {}}, clock_.now());
      call.caller.user = user;
      call.caller.role = api::Role::patient;
      call.caller.session =
          session_insert(txn, user, SessionKind::token, std::nullopt, clock_.now(), clock_.now() + days(7)).value;
      return true;
    });
    return call;
  }
  template <class F>
  auto written(const Call& as, F work) {
    Call c = call(as);
    decltype(work(std::declval<Txn&>(), c)) result = fail(passkey_refused);
    engine_->write_now([&](Txn& txn) {
      result = work(txn, c);
      return result.has_value();
    });
    return result;
  }
  template <class F>
  auto read(const Call& as, F work) {
    Call c = call(as);
    decltype(work(std::declval<Snapshot&>(), c)) result = fail(passkey_refused);
    engine_->read_now([&](Snapshot& db) { result = work(db, c); });
    return result;
  }

  Result<PasskeyOffer> offered(const Call& as) {
    return read(as, [&](Snapshot& db, Call& c) { return passkeys_.passkey_offer_create(db, c, {}); });
  }
  Result<Created<Passkey>> made(const Call& as, const Device& device, const std::string& challenge) {
    const PasskeyCreate body{{"A device"},
                             {crypto::base64url(device.client_data("webauthn.create", challenge))},
                             {crypto::base64url(device.attestation())}};
    return written(as, [&](Txn& txn, Call& c) { return passkeys_.passkey_create(txn, c, body); });
  }
  // Asks for a challenge and makes a passkey of it; the handle that the device keeps.
  std::string registered(const Call& as, const Device& device) {
    const auto offer = offered(as);
    const auto result = made(as, device, crypto::base64url_decode(offer->challenge).value());
    EXPECT_TRUE(result) << (result ? "" : result.error().internal);
    return offer->user_handle;
  }
  std::string challenge() {
    Call c = call({});
    return crypto::base64url_decode(passkeys_.passkey_challenge_create(c, {})->challenge).value();
  }
  static PasskeyLogin assertion(const Device& device, const std::string& challenge, const std::string& handle) {
    const std::string client = device.client_data("webauthn.get", challenge), data = device.data(false);
    return {{crypto::base64url(device.id)},
            {crypto::base64url(client)},
            {crypto::base64url(data)},
            {crypto::base64url(device.signature(data, client))},
            {handle}};
  }
  // "in", or why not, as the log has it.
  std::string signed_in(const PasskeyLogin& body) {
    Reading outside(*engine_);
    Call c = call({});
    auto right = passkeys_.login_prepare(outside, c, body);
    if (!right) return right.error().problem == &passkey_refused ? right.error().internal : "otherwise";
    const auto result =
        written({}, [&](Txn& txn, Call& one) { return passkeys_.passkey_login_create(txn, one, body, *right); });
    if (result) {
      EXPECT_EQ(result->user.id, right->user);
      return "in";
    }
    return result.error().problem == &user_disabled ? "disabled" : result.error().internal;
  }

  sql::testing::Database database_;
  ManualClock clock_{Instant{1'790'000'000'000}};
  std::unique_ptr<Entropy> entropy_;
  std::unique_ptr<sql::Engine> engine_;
  Sessions sessions_;
  Passkeys passkeys_;
  Call owner_, stranger_;
};

TEST_P(passkeys, sign_in_their_owner_with_every_algorithm) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::rs256, Algorithm::eddsa}) {
    Device device(algorithm);
    device.id = "credential-of-" + std::to_string(static_cast<int>(algorithm));
    const std::string handle = registered(owner_, device);
    device.count = 2;
    EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "in");
  }
  const auto list = read(owner_, [&](Snapshot& db, Call& c) { return passkeys_.passkey_list(db, c, {}); });
  ASSERT_EQ(list->items.size(), 3u);
  EXPECT_TRUE(list->items[0].used_at.has_value());
}

TEST_P(passkeys, take_a_challenge_once_and_in_time_and_for_its_purpose) {
  Device device(Algorithm::es256);
  const std::string handle = registered(owner_, device), first = challenge();
  device.count = 2;
  const PasskeyLogin body = assertion(device, first, handle);
  EXPECT_EQ(signed_in(body), "in");
  EXPECT_EQ(signed_in(body), "counter gone back") << "a replay";
  device.count = 3;
  EXPECT_EQ(signed_in(assertion(device, first, handle)), "challenge answered before");
  std::string forged = challenge();
  forged.back() = static_cast<char>(forged.back() ^ 1);
  EXPECT_EQ(signed_in(assertion(device, forged, handle)), "challenge not ours");
  EXPECT_EQ(signed_in(assertion(device, "short", handle)), "challenge not ours");
  const std::string making = crypto::base64url_decode(offered(owner_)->challenge).value();
  EXPECT_EQ(signed_in(assertion(device, making, handle)), "challenge not ours") << "of another purpose";
  const std::string old = challenge();
  clock_.advance(passkey_challenge_ttl);
  EXPECT_EQ(signed_in(assertion(device, old, handle)), "challenge not ours") << "too old";
  EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "in");
}

TEST_P(passkeys, refuse_a_device_that_does_not_count_only_by_the_challenge) {
  Device device(Algorithm::es256);
  device.count = 0;
  const std::string handle = registered(owner_, device);
  const PasskeyLogin body = assertion(device, challenge(), handle);
  EXPECT_EQ(signed_in(body), "in");
  EXPECT_EQ(signed_in(body), "challenge answered before");
  EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "in");
}

TEST_P(passkeys, are_of_their_owner_only) {
  Device device(Algorithm::es256), other(Algorithm::es256);
  other.id = "credential-2";
  const std::string handle = registered(owner_, device), others = registered(stranger_, other);
  EXPECT_NE(handle, others);
  device.count = other.count = 2;
  EXPECT_EQ(signed_in(assertion(device, challenge(), others)), "of another user");
  EXPECT_EQ(signed_in(assertion(device, challenge(), "")), "of another user");
  other.id = device.id;
  EXPECT_EQ(signed_in(assertion(other, challenge(), handle)), "signature wrong");
  other.id = "nobody's";
  EXPECT_EQ(signed_in(assertion(other, challenge(), handle)), "unknown credential");
  device.flags = 0x01;
  EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "nobody was verified");
}

TEST_P(passkeys, are_made_for_who_asked_and_are_of_one_account) {
  Device device(Algorithm::es256);
  const std::string mine = crypto::base64url_decode(offered(owner_)->challenge).value();
  EXPECT_EQ(made(stranger_, device, mine).error().problem, &passkey_invalid) << "asked for by another";
  EXPECT_EQ(made(owner_, device, challenge()).error().problem, &passkey_invalid) << "of another purpose";
  ASSERT_TRUE(made(owner_, device, mine));
  EXPECT_EQ(made(owner_, device, mine).error().problem, &passkey_invalid) << "a replay";
  const std::string theirs = crypto::base64url_decode(offered(stranger_)->challenge).value();
  EXPECT_EQ(made(stranger_, device, theirs).error().problem, &passkey_known);
  EXPECT_EQ(offered(owner_)->known, std::vector<std::string>{crypto::base64url(device.id)});
}

TEST_P(passkeys, are_made_and_removed_soon_after_signing_in_only) {
  Device device(Algorithm::es256);
  const std::string handle = registered(owner_, device);
  const PasskeyId id =
      read(owner_, [&](Snapshot& db, Call& c) { return passkeys_.passkey_list(db, c, {}); })->items.at(0).id;
  const auto removed = [&](const Call& as) {
    return written(as, [&](Txn& txn, Call& c) { return passkeys_.passkey_delete(txn, c, {id}); });
  };
  EXPECT_EQ(removed(stranger_).error().problem, &passkey_not_found);
  clock_.advance(passkey_change_within);
  EXPECT_EQ(removed(owner_).error().problem, &passkey_sign_in_again);
  EXPECT_EQ(offered(owner_).error().problem, &passkey_sign_in_again);
  Call again = owner_;
  engine_->write_now([&](Txn& txn) {
    again.caller.session =
        session_insert(txn, owner_.caller.user, SessionKind::token, std::nullopt, clock_.now(), clock_.now() + days(7))
            .value;
    return true;
  });
  EXPECT_TRUE(removed(again));
  device.count = 2;
  EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "unknown credential");
}

TEST_P(passkeys, of_a_disabled_user_open_nothing) {
  Device device(Algorithm::es256);
  const std::string handle = registered(owner_, device);
  engine_->write_now([&](Txn& txn) {
    return user_change(txn, owner_.caller.user, UserStatus::active, UserStatus::disabled, {}, clock_.now());
  });
  device.count = 2;
  EXPECT_EQ(signed_in(assertion(device, challenge(), handle)), "disabled");
}

INSTANTIATE_TEST_SUITE_P(engines, passkeys, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

}  // namespace
}  // namespace fairward::identity
