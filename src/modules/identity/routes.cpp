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
  session_routes(routes);
  patient_routes(routes);
  user_routes(routes);
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
      .problems({&login_throttled, &login_failed, &user_disabled});
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
      .allow_own_account();
  routes.add(Method::get, "/api/auth/jwks", "key_set_get", &accounts_, &Accounts::key_set_get)
      .summary("The public keys that access tokens are signed with (RFC 7517)")
      .allow_anyone()
      .forgive_credentials()
      .public_reply();
}

void Service::session_routes(api::Routes& routes) {
  routes.add(Method::post, "/api/session", "session_create", &accounts_, &Accounts::session_create)
      .summary("Logs a browser in: sets the session cookie and answers the CSRF token")
      .allow_anyone()
      .forgive_credentials()
      .rate(RateClass::login)
      .secret_reply()
      .prepare(&accounts_, &Accounts::login_prepare)
      .problems({&login_throttled, &login_failed, &user_disabled});
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
  routes.add(Method::get, "/api/patients", "patient_list", &patient_list)
      .summary("The patients that the caller's hospital has added, by phone number or part of the name")
      .about_patients()
      .allow_staff()
      .problems({&query_invalid});
  routes.add(Method::get, "/api/patients/{id}", "patient_get", &patient_get)
      .summary("A patient: one's own record, or one of the hospital's")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow_staff()
      .problems({&patient_not_found});
}

void Service::user_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/me", "me_get", &users_, &Users::me_get)
      .summary("The caller's own account")
      .allow_own_account();
  routes.add(Method::post, "/api/users", "user_create", &users_, &Users::user_create)
      .summary("Gives somebody an account: staff of the own hospital, or anybody")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .prepare(&users_, &Users::user_prepare)
      .problems({&role_not_yours, &user_invalid, &login_invalid, &password_too_weak, &doctor_taken, &login_taken});
  routes.add(Method::get, "/api/users", "user_list", &users_, &Users::user_list)
      .summary("The accounts of the hospital's people, or all; by part of the name or the beginning of a login")
      .describe("The front desk and the ward see the people of their own hospital; nobody sees another hospital's.")
      .allow(Role::front_desk, Scope::hospital)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&query_invalid});
  routes.add(Method::put, "/api/users/{id}/approval", "user_approval_put", &users_, &Users::user_approval_put)
      .summary("Approves or refuses an account that waits")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&user_not_found, &user_not_pending, &user_invalid, &doctor_taken});
  routes.add(Method::put, "/api/users/{id}/disabled", "user_disabled_put", &users_, &Users::user_disabled_put)
      .summary("Disables an account, which ends its sessions and tokens at once, or enables it again")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&user_not_found, &disabling_oneself});
}

}  // namespace fairward::identity
