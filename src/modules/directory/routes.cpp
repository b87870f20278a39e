// The directory's route table.
#include "modules/directory/errors.h"
#include "modules/directory/module.h"

namespace fairward::directory {

using api::Role;
using api::Scope;
using http::Method;

namespace {

// Everything of the hospital, and everything: mission, people and rights.
api::Route administrators(api::Route route) {
  return route.allow(Role::hospital_admin, Scope::hospital).allow(Role::platform_admin, Scope::all);
}

}  // namespace

void Module::routes(api::Routes& routes) {
  routes.module("directory");
  place_routes(routes);
  doctor_routes(routes);
}

void Module::place_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/cities", "city_list", this, &Module::city_list)
      .summary("Cities with how many hospitals and doctors, most doctors first")
      .allow_anyone()
      .public_reply()
      .problems({&search_invalid});
  routes.add(Method::get, "/api/specialities", "speciality_list", this, &Module::speciality_list)
      .summary("Specialities that doctors practise, by name")
      .allow_anyone()
      .public_reply();
  routes.add(Method::get, "/api/hospitals", "hospital_list", this, &Module::hospital_list)
      .summary("Hospitals of a city, by name, or around a place; closed ones only when they are asked for")
      .describe("Hospitals that wait for approval, or were refused, are shown to the platform's administrator only.")
      .allow_anyone()
      .public_reply()
      .problems({&search_invalid});
  routes.add(Method::get, "/api/hospitals/{id}", "hospital_view", this, &Module::hospital_view)
      .summary("One hospital")
      .allow_anyone()
      .public_reply()
      .problems({&hospital_not_found});
  routes.add(Method::post, "/api/hospitals", "hospital_create", this, &Module::hospital_create)
      .summary("Adds a hospital")
      .allow(Role::platform_admin, Scope::all)
      .problems({&entry_invalid});
  routes
      .add(Method::post, "/api/hospitals/applications", "hospital_application_create", this,
           &Module::hospital_application_create)
      .summary("Asks for a hospital to be listed; nobody finds it before the platform's administrator approves")
      .describe("The answer goes to the contact's e-mail address: an invitation to manage the hospital, or why not.")
      .allow_anyone()
      .rate(api::RateClass::login)
      .problems({&entry_invalid, &applications_full});
  routes
      .add(Method::get, "/api/hospitals/{id}/application", "hospital_application_view", this,
           &Module::hospital_application_view)
      .summary("Who asked for the hospital to be listed, and what was decided")
      .allow(Role::platform_admin, Scope::all)
      .problems({&hospital_not_found});
  routes.add(Method::put, "/api/hospitals/{id}/approval", "hospital_approval_put", this, &Module::hospital_approval_put)
      .summary("Approves a hospital that waits, and invites its first administrator; or refuses it, with a reason")
      .for_people_only()
      .allow(Role::platform_admin, Scope::all)
      .problems({&hospital_not_found, &hospital_not_pending, &entry_invalid});
  administrators(routes.add(Method::put, "/api/hospitals/{id}", "hospital_update", this, &Module::hospital_update))
      .summary("Changes a hospital")
      .if_match()
      .problems({&hospital_not_found, &version_stale, &entry_invalid});
  routes.add(Method::get, "/api/departments", "department_list", this, &Module::department_list)
      .summary("Departments of a hospital")
      .allow_anyone()
      .public_reply()
      .problems({&hospital_not_found});
  administrators(routes.add(Method::post, "/api/departments", "department_create", this, &Module::department_create))
      .summary("Adds a department")
      .problems({&hospital_not_found, &entry_invalid, &department_exists});
  administrators(
      routes.add(Method::del, "/api/departments/{id}", "department_delete", this, &Module::department_delete))
      .summary("Removes a department that nobody practises in")
      .problems({&department_not_found, &department_in_use});
}

void Module::doctor_routes(api::Routes& routes) {
  routes.add(Method::get, "/api/doctors", "doctor_list", this, &Module::doctor_list)
      .summary("Finds doctors; misspelt words are mended, counts tell how to narrow the search")
      .allow_anyone()
      .public_reply()
      .memo(this, &Module::doctor_list_state)
      .problems({&search_invalid});
  routes.add(Method::get, "/api/doctors/search", "doctor_search", this, &Module::doctor_search)
      .summary("Finds doctors under the names of document (C); paging by Link, spelling by X-Spellcheck-Suggestion")
      .allow_anyone()
      .problems({&search_invalid});
  routes.add(Method::get, "/api/search/suggestions", "suggestion_list", this, &Module::suggestion_list)
      .summary("What may be meant while somebody types: specialities, cities, hospitals, doctors")
      .describe(
          "Complaints lead to specialities, misspelt words and Indian scripts are understood. Without q: where most "
          "doctors are, and what for.")
      .allow_anyone()
      .public_reply();
  routes.add(Method::get, "/api/doctors/{id}", "doctor_view", this, &Module::doctor_view)
      .summary("One doctor")
      .allow_anyone()
      .problems({&doctor_not_found});
  administrators(routes.add(Method::post, "/api/doctors", "doctor_create", this, &Module::doctor_create))
      .alias("/api/admin/doctors")
      .summary("Adds a doctor with the hospitals to practise at")
      .problems({&entry_invalid});
  administrators(routes.add(Method::put, "/api/doctors/{id}", "doctor_update", this, &Module::doctor_update))
      .summary("Changes a doctor")
      .if_match()
      .problems({&doctor_not_found, &version_stale, &entry_invalid})
      .order_by(&DoctorUpdate::id);
  administrators(routes.add(Method::get, "/api/admin/doctors", "doctor_roster_list", this, &Module::doctor_roster_list))
      .summary("The doctors of the caller's hospital, or of all, by name: those whom patients do not find too")
      .describe(
          "bookable is what patients can book. inactive is everybody else: waiting for approval, closed, or without an "
          "open practice at the hospital.")
      .problems({&search_invalid, &hospital_not_found});
  routes.add(Method::get, "/api/doctor/profile", "doctor_profile_view", this, &Module::doctor_profile_view)
      .summary("The doctor's own entry")
      .allow(Role::doctor, Scope::own)
      .problems({&doctor_not_found});
  routes.add(Method::put, "/api/doctor/profile", "doctor_profile_update", this, &Module::doctor_profile_update)
      .summary("Changes the doctor's own entry")
      .allow(Role::doctor, Scope::own)
      .if_match()
      .problems({&doctor_not_found, &version_stale, &entry_invalid});
  routes.add(Method::get, "/api/postal-codes/{code}", "postal_code_view", this, &Module::postal_code_view)
      .summary("Where a postal code is")
      .allow_anyone()
      .public_reply()
      .problems({&postal_code_not_found});
}

}  // namespace fairward::directory
