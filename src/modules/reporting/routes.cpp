// The route table of reporting.
#include "modules/reporting/errors.h"
#include "modules/reporting/module.h"

namespace fairward::reporting {

using api::Role;
using api::Scope;
using http::Method;

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
}

}  // namespace fairward::reporting
