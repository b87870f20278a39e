// The route table of reporting.
#include "modules/reporting/errors.h"
#include "modules/reporting/module.h"

namespace fairward::reporting {

using api::Role;
using api::Scope;
using http::Method;

std::unique_ptr<Reporting> make_reporting(sql::Engine& engine, ReportingOptions options) {
  return std::make_unique<Module>(engine, std::move(options));
}

void Module::routes(api::Routes& routes) {
  routes.module("reporting");
  routes.add(Method::get, "/api/admin/stats", "stats_get", this, &Module::stats_get)
      .summary(
          "Appointments, revenue, no-shows and waiting times of a hospital, or of all; the last 30 days by default")
      .describe(
          "An appointment counts for the day on which it begins, on the hospital's wall, and money for the day on "
          "which "
          "it came in or went back. appointments are all that were booked, whatever became of them; no_show_per_mille "
          "is of those that took place or were missed; waiting is from the arrival at the desk to the first call. "
          "hospitals, doctors, patients, waits and holds are of now. Periods are days up to 62, weeks from Monday up "
          "to 200, else months. At most 400 days.")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&hospital_not_found, &range_invalid});
  routes.add(Method::get, "/api/admin/no-shows", "no_shows_get", this, &Module::no_shows_get)
      .summary("Who does not come: by the time between booking and visit, reminder, weekday, age and area")
      .describe(
          "Of visits that took place or were missed; by default the hospital's own of the last 30 days, of which the "
          "time between booking and visit is told. of=imported: what fairward import appointments has brought, of all "
          "days unless said otherwise. Rates are per mille.")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&hospital_not_found, &range_invalid});
  const auto askers = [](api::Route&& route) -> api::Route& {
    return route.allow(Role::patient, Scope::own)
        .allow(Role::doctor, Scope::own)
        .allow(Role::hospital_admin, Scope::hospital)
        .allow(Role::platform_admin, Scope::all);
  };
  askers(routes.add(Method::post, "/api/export/treatments", "export_create", this, &Module::export_create))
      .summary("Begins a file of treatments: one's own and the family's, a doctor's own, a hospital's, or all")
      .describe(
          "Finished visits in their newest version, one to a row. The file is made in the background; "
          "GET /api/exports/{id} tells how far it is, and has the link when it is done.")
      .problems({&hospital_not_found, &range_invalid, &exports_open});
  askers(routes.add(Method::get, "/api/exports", "export_list", this, &Module::export_list))
      .summary("The files that one has asked for, the newest first")
      .problems({&list_invalid});
  askers(routes.add(Method::get, "/api/exports/{id}", "export_get", this, &Module::export_get))
      .summary("How far a file is; the link, good for 15 minutes and for oneself only")
      .long_poll()
      .problems({&export_not_found});
  askers(routes.add(Method::get, "/api/exports/{id}/file", "export_file_get", this, &Module::export_file_get))
      .summary("The file, to be saved; by the key of its link")
      .about_patients()
      .problems({&export_not_found, &link_expired});
}

}  // namespace fairward::reporting
