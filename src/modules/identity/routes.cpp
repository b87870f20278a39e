// The module's route table: who may do what, and what can go wrong.
#include "modules/identity/errors.h"
#include "modules/identity/patients.h"
#include "modules/identity/service.h"

namespace fairward::identity {

using api::RateClass;
using api::Role;
using api::Scope;
using http::Method;

void Service::routes(api::Routes& routes) {
  routes.module("identity");
  account_routes(routes);
  code_routes(routes);
  session_routes(routes);
  patient_routes(routes);
  family_routes(routes);
  factor_routes(routes);
  security_routes(routes);
  passkey_routes(routes);
  key_routes(routes);
  user_routes(routes);
  invitation_routes(routes);
}

void Service::account_routes(api::Routes& routes) {
  routes.add(Method::post, "/api/auth/register", "registration_create", &accounts_, &Accounts::registration_create)
      .alias("/auth/register")
      .summary("Signs up a patient, active at once, or a doctor, who waits for approval")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&accounts_, &Accounts::registration_prepare)
      .problems({&login_throttled, &role_not_open, &login_invalid, &password_too_weak, &login_taken});
  routes.add(Method::post, "/api/auth/login", "login_create", &accounts_, &Accounts::login_create)
      .alias("/auth/login")
      .summary("Logs in with a login name and a password; answers tokens")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&accounts_, &Accounts::login_prepare)
      .problems({&login_throttled, &login_failed, &user_disabled, &passkey_needed});
  routes.add(Method::post, "/api/auth/identify", "login_question_ask", &accounts_, &Accounts::login_question_ask)
      .summary("Asks whether a login name is known, for the one page of login and sign-up")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .problems({&login_throttled, &login_invalid});
  routes.add(Method::post, "/api/auth/refresh", "tokens_refresh", &accounts_, &Accounts::tokens_refresh)
      .summary("Exchanges a refresh token, once, for new tokens; using it again ends the session")
      .allow_anyone()
      .forgive_credentials()
      .secret_reply()
      .problems({&refresh_invalid});
  routes.add(Method::post, "/api/auth/logout", "logout_create", &accounts_, &Accounts::logout_create)
      .summary("Ends the session of the access token or cookie and all its tokens")
      .allow_own_account()
      .allow_restricted();
  routes.add(Method::get, "/api/auth/jwks", "key_set_get", &accounts_, &Accounts::key_set_get)
      .summary("The public keys that access tokens are signed with (RFC 7517)")
      .allow_anyone()
      .forgive_credentials()
      .public_reply();
}

void Service::code_routes(api::Routes& routes) {
  routes.add(Method::post, "/api/auth/codes", "code_create", &codes_, &Codes::code_create)
      .summary("Sends a one-time code to a phone")
      .describe(
          "The answer is the same whoever has the phone. The code is good for five minutes, five tries and the request "
          "that is answered here; a phone gets three in ten minutes.")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .problems({&login_invalid, &codes_not_offered, &code_sends_exceeded});
  routes.add(Method::post, "/api/auth/codes/login", "code_login_create", &codes_, &Codes::code_login_create)
      .summary("Logs a patient in by a one-time code, or signs up who is new; answers tokens")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&codes_, &Codes::code_prepare)
      .problems({&code_wrong, &old_password_wrong, &code_not_enough, &user_disabled, &name_missing, &account_claimed});
  routes.add(Method::post, "/api/session/code", "code_session_create", &codes_, &Codes::code_session_create)
      .summary("Logs a browser in by a one-time code, or signs up who is new")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&codes_, &Codes::code_prepare)
      .problems({&code_wrong, &old_password_wrong, &code_not_enough, &user_disabled, &name_missing, &account_claimed});
}

void Service::session_routes(api::Routes& routes) {
  routes.add(Method::post, "/api/session", "session_create", &accounts_, &Accounts::session_create)
      .summary("Logs a browser in: sets the session cookie and answers the CSRF token")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&accounts_, &Accounts::login_prepare)
      .problems({&login_throttled, &login_failed, &user_disabled, &passkey_needed});
  routes
      .add(Method::post, "/api/session/register", "session_registration_create", &accounts_,
           &Accounts::session_registration_create)
      .summary("Signs up and logs the browser in")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&accounts_, &Accounts::registration_prepare)
      .problems({&login_throttled, &role_not_open, &login_invalid, &password_too_weak, &login_taken});
  routes.add(Method::get, "/api/session", "session_get", &accounts_, &Accounts::session_get)
      .summary("Who is logged in, if anybody")
      .allow_anyone()
      .forgive_credentials();
  routes.add(Method::del, "/api/session", "session_delete", &accounts_, &Accounts::session_delete)
      .summary("Logs the browser out")
      .allow_anyone();
}

void Service::patient_routes(api::Routes& routes) {
  routes.add(Method::post, "/api/patients", "patient_create", &patient_create)
      .summary("Adds a patient of the caller's hospital, without a login")
      .about_patients()
      .allow_staff()
      .problems({&login_invalid});
  routes.add(Method::get, "/api/patients", "patient_list", &patients_, &Patients::patient_list)
      .summary(
          "The patients that the caller's hospital has added, or a doctor's own, by phone number or how words of the "
          "name begin")
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .allow_staff()
      .problems({&query_invalid});
  routes.add(Method::get, "/api/patients/{id}", "patient_get", &patients_, &Patients::patient_get)
      .summary("A patient: one's own record, one of the hospital's, or one whom the doctor treats")
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .allow(Role::patient, Scope::own)
      .allow_staff()
      .problems({&patient_not_found});
}

void Service::factor_routes(api::Routes& routes) {
  SecondFactor* factor = &accounts_.second_factor();
  constexpr const char* path = "/api/me/second-factor";
  routes.add(Method::get, path, "second_factor_get", factor, &SecondFactor::second_factor_get)
      .summary("Whether the caller's account has a second factor")
      .allow_own_account()
      .allow_restricted();
  routes.add(Method::post, path, "second_factor_create", factor, &SecondFactor::second_factor_create)
      .summary("Begins a second factor: the secret for an authenticator app, shown once")
      .allow_own_account()
      .allow_restricted()
      .secret_reply()
      .problems({&second_factor_enrolled});
  routes.add(Method::put, path, "second_factor_confirm", factor, &SecondFactor::second_factor_confirm)
      .summary("Confirms the second factor by a code of the app; answers recovery codes, shown once")
      .allow_own_account()
      .allow_restricted()
      .rate(RateClass::login)
      .secret_reply()
      .problems({&second_factor_not_begun, &second_factor_wrong});
  routes
      .add(Method::post, "/api/me/second-factor/removal", "second_factor_remove", factor,
           &SecondFactor::second_factor_remove)
      .summary("Removes the second factor, by a code of it; the other sessions end")
      .secret_reply()
      .allow_own_account()
      .rate(RateClass::login)
      .prepare(factor, &SecondFactor::code_prepare)
      .problems({&second_factor_needed, &second_factor_throttled, &second_factor_wrong, &second_factor_not_begun});
  routes
      .add(Method::post, "/api/me/second-factor/recovery-codes", "recovery_codes_renew", factor,
           &SecondFactor::recovery_codes_renew)
      .summary("Answers new recovery codes; the old ones are good no longer")
      .allow_own_account()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(factor, &SecondFactor::code_prepare)
      .problems({&second_factor_needed, &second_factor_throttled, &second_factor_wrong, &second_factor_not_begun});
  routes
      .add(Method::del, "/api/users/{id}/second-factor", "user_second_factor_delete", &users_,
           &Users::user_second_factor_delete)
      .summary("Removes the second factor of somebody who lost it; the sessions end")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&user_not_found});
}

void Service::security_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me/sessions", "own_session_list", &own_sessions_, &OwnSessions::own_session_list)
      .summary("Where the caller is signed in")
      .allow_own_account();
  routes
      .add(Method::del, "/api/me/sessions/{id}", "own_session_delete", &own_sessions_, &OwnSessions::own_session_delete)
      .summary("Signs out there")
      .allow_own_account()
      .problems({&own_session_not_found});
  routes
      .add(Method::del, "/api/me/sessions", "other_sessions_delete", &own_sessions_,
           &OwnSessions::other_sessions_delete)
      .summary("Signs out everywhere else")
      .allow_own_account();
  routes.add(Method::put, "/api/me/password", "password_change", &passwords_, &Passwords::password_change)
      .summary("Changes the caller's password; the other sessions end")
      .secret_reply()
      .allow_own_account()
      .allow_restricted()
      .rate(RateClass::login)
      .prepare(&passwords_, &Passwords::change_prepare)
      .problems({&login_throttled, &sign_in_again, &old_password_wrong, &password_too_weak});
  routes.add(Method::post, "/api/auth/password/resets", "reset_create", &passwords_, &Passwords::reset_create)
      .summary("Sends a link to choose a new password")
      .describe("The answer is the same whether or not somebody has the login. The link opens once, for half an hour.")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .problems({&resets_not_offered});
  routes.add(Method::put, "/api/auth/password", "password_reset", &passwords_, &Passwords::password_reset)
      .summary("Chooses a new password by the link that was sent; every session ends")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&passwords_, &Passwords::reset_prepare)
      .problems({&link_wrong, &password_too_weak});
}

void Service::passkey_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me/passkeys", "passkey_list", &passkeys_, &Passkeys::passkey_list)
      .summary("The caller's passkeys")
      .allow_own_account()
      .allow_restricted();
  routes
      .add(Method::post, "/api/me/passkeys/offers", "passkey_offer_create", &passkeys_, &Passkeys::passkey_offer_create)
      .summary("What a browser needs to make a passkey; good for five minutes")
      .allow_own_account()
      .allow_restricted()
      .problems({&passkeys_not_offered, &passkey_sign_in_again, &passkeys_full});
  routes.add(Method::post, "/api/me/passkeys", "passkey_create", &passkeys_, &Passkeys::passkey_create)
      .summary("Keeps the passkey that the browser made (Web Authentication, without attestation)")
      .allow_own_account()
      .allow_restricted()
      .problems({&passkeys_not_offered, &passkey_sign_in_again, &passkey_invalid, &passkeys_full, &passkey_known});
  routes.add(Method::put, "/api/me/passkeys/{id}", "passkey_rename", &passkeys_, &Passkeys::passkey_rename)
      .summary("Names a passkey")
      .allow_own_account()
      .allow_restricted()
      .problems({&passkey_not_found});
  routes.add(Method::del, "/api/me/passkeys/{id}", "passkey_delete", &passkeys_, &Passkeys::passkey_delete)
      .summary("Removes a passkey: it opens nothing any more")
      .allow_own_account()
      .problems({&passkey_sign_in_again, &passkey_not_found});
  routes
      .add(Method::post, "/api/auth/passkeys/challenges", "passkey_challenge_create", &passkeys_,
           &Passkeys::passkey_challenge_create)
      .summary("What a browser needs to sign in with a passkey; good for five minutes, once")
      .allow_anyone()
      .forgive_credentials()
      .secret_reply()
      .problems({&passkeys_not_offered});
  routes
      .add(Method::post, "/api/auth/passkeys/login", "passkey_login_create", &passkeys_,
           &Passkeys::passkey_login_create)
      .summary("Logs in with a passkey, which is two factors; answers tokens")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&passkeys_, &Passkeys::login_prepare)
      .problems({&passkeys_not_offered, &passkey_refused, &user_disabled});
  routes
      .add(Method::post, "/api/session/passkey", "passkey_session_create", &passkeys_,
           &Passkeys::passkey_session_create)
      .summary("Logs a browser in with a passkey, which is two factors")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&passkeys_, &Passkeys::login_prepare)
      .problems({&passkeys_not_offered, &passkey_refused, &user_disabled});
}

void Service::key_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me/keys", "key_list", &keys_, &ApiKeys::key_list)
      .summary("The caller's API keys; the keys themselves are not kept")
      .allow_own_account();
  routes.add(Method::post, "/api/me/keys", "key_create", &keys_, &ApiKeys::key_create)
      .summary("Makes an API key for a program; it is shown once")
      .describe(
          "A key is sent as bearer token, as X-Api-Key, or as api_dev_key of the doctors' search. It acts for its "
          "owner, within its scopes: search (what anyone may read), read, write, webhooks; never on the account "
          "itself. "
          "Its quota is counted by calendar minute and by day of UTC; 429 says when the next begins.")
      .allow_own_account()
      .allow(Role::platform_admin, Scope::all)
      .secret_reply()
      .problems({&quota_too_high, &keys_full});
  routes.add(Method::post, "/api/me/keys/{id}/rotation", "key_rotate", &keys_, &ApiKeys::key_rotate)
      .summary("Makes the successor of a key; the old one is good for a while yet")
      .allow_own_account()
      .secret_reply()
      .problems({&key_not_found, &keys_full});
  routes.add(Method::del, "/api/me/keys/{id}", "key_delete", &keys_, &ApiKeys::key_delete)
      .summary("Revokes a key at once; the platform's administrator anybody's")
      .allow_own_account()
      .allow(Role::platform_admin, Scope::all)
      .problems({&key_not_found});
  routes.add(Method::get, "/api/me/keys/{id}/usage", "key_usage_list", &keys_, &ApiKeys::key_usage_list)
      .summary("How often a key was used and refused, by day")
      .allow_own_account()
      .allow(Role::platform_admin, Scope::all)
      .problems({&key_not_found});
  routes.add(Method::get, "/api/users/{id}/keys", "user_key_list", &keys_, &ApiKeys::user_key_list)
      .summary("Somebody's API keys")
      .for_people_only()
      .allow(Role::platform_admin, Scope::all);
  routes.add(Method::get, "/api/users/keys", "key_list_all", &keys_, &ApiKeys::key_list_all)
      .summary("Everybody's API keys, the newest first")
      .for_people_only()
      .allow(Role::platform_admin, Scope::all);
  routes.add(Method::put, "/api/users/keys/{id}/quota", "key_quota_put", &keys_, &ApiKeys::key_quota_put)
      .summary("Grants a key another quota")
      .for_people_only()
      .allow(Role::platform_admin, Scope::all)
      .problems({&key_not_found});
}

void Service::invitation_routes(api::Routes& routes) {
  routes
      .add(Method::post, "/api/users/invitations", "invitation_create", &invitations_, &Invitations::invitation_create)
      .summary("Invites somebody to join the own hospital's staff, or anybody as anything, by a link that is sent")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems(
          {&role_not_yours, &user_invalid, &login_invalid, &invitations_not_offered, &login_taken, &invitations_full});
  routes.add(Method::get, "/api/users/invitations", "invitation_list", &invitations_, &Invitations::invitation_list)
      .summary("The invitations that are open")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&query_invalid});
  routes
      .add(Method::del, "/api/users/invitations/{id}", "invitation_delete", &invitations_,
           &Invitations::invitation_delete)
      .summary("Withdraws an invitation: its link opens nothing any more")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&invitation_not_found});
  routes
      .add(Method::post, "/api/session/invitation", "invitation_accept", &invitations_, &Invitations::invitation_accept)
      .summary("Accepts an invitation by its link: makes the account with the password chosen, and logs the browser in")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&invitations_, &Invitations::accept_prepare)
      .problems({&link_wrong, &password_too_weak, &doctor_taken, &login_taken});
}

void Service::family_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me/family", "family_list", &family_, &Family::family_list)
      .summary("The people for whom the caller may book, wait, pay and cancel")
      .about_patients()
      .allow(Role::patient, Scope::own);
  routes.add(Method::post, "/api/me/family", "family_create", &family_, &Family::family_create)
      .summary("Adds a person without a login, such as a child, for whom the caller acts from now on")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .problems({&family_full});
  routes.add(Method::del, "/api/me/family/{id}", "family_delete", &family_, &Family::family_delete)
      .summary("Acts for the person no longer; what is booked stays")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .problems({&family_not_found});
}

void Service::user_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me", "me_get", &users_, &Users::me_get)
      .summary("The caller's own account")
      .allow_own_account()
      .for_keys(api::KeyScope::read)
      .allow_restricted();
  routes.add(Method::post, "/api/users", "user_create", &users_, &Users::user_create)
      .summary("Gives somebody an account: staff of the own hospital, or anybody")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .prepare(&users_, &Users::user_prepare)
      .problems({&role_not_yours, &user_invalid, &login_invalid, &password_too_weak, &doctor_taken, &login_taken});
  routes.add(Method::get, "/api/users", "user_list", &users_, &Users::user_list)
      .summary("The accounts of the hospital's people, or all; by how words of the name or a login begin")
      .describe("The front desk and the ward see the people of their own hospital; nobody sees another hospital's.")
      .allow(Role::front_desk, Scope::hospital)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&query_invalid});
  routes.add(Method::put, "/api/users/{id}/approval", "user_approval_put", &users_, &Users::user_approval_put)
      .summary("Approves or refuses an account that waits")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&user_not_found, &user_not_pending, &user_invalid, &doctor_taken});
  routes.add(Method::put, "/api/users/{id}/disabled", "user_disabled_put", &users_, &Users::user_disabled_put)
      .summary("Disables an account, which ends its sessions and tokens at once, or enables it again")
      .for_people_only()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&user_not_found, &disabling_oneself});
}

}  // namespace fairward::identity
