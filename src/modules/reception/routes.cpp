// The reception's route table. Source: mission, "People and rights".
#include "modules/reception/errors.h"
#include "modules/reception/module.h"

namespace fairward::reception {

using api::Role;
using api::Scope;
using http::Method;

namespace {

// Whoever works at the counter, at the door of the room, or in it.
api::Route& allow_reception(api::Route&& route) { return route.allow(Role::doctor, Scope::own).allow_staff(); }

}  // namespace

void Module::routes(api::Routes& routes) {
  routes.module("reception");
  allow_reception(routes.add(Method::put, "/api/appointments/{id}/arrival", "arrival_put", this, &Module::arrival_put))
      .summary("The patient is here: gives the number, the same one when it is said again")
      .about_patients()
      .locks([](const ArrivalPath& path) { return booking::lock_key(path.id); })
      .problems({&appointment_not_found, &not_today, &not_expected});
  routes.add(Method::get, "/api/appointments/{id}/arrival", "arrival_get", this, &Module::arrival_get)
      .summary("One's number, who is called before, the room; one's own, the doctor's, the hospital's")
      .about_patients()
      .allow_signed_in()
      .long_poll()
      .problems({&arrival_not_found});
  allow_reception(
      routes.add(Method::post, "/api/doctors/{id}/summonses", "summons_create", this, &Module::summons_create))
      .summary("Calls the next patient in, or a named one, again if need be")
      .about_patients()
      .order_by(&SummonsCreate::id)
      .problems({&hospital_missing, &doctor_not_found, &arrival_not_found, &nobody_here});
  allow_reception(routes.add(Method::post, "/api/doctors/{id}/delays", "delay_create", this, &Module::delay_create))
      .summary("Says how many minutes the doctor runs late today; 0: in time again")
      .order_by(&DelayCreate::id)
      .problems({&hospital_missing, &doctor_not_found});
  allow_reception(routes.add(Method::get, "/api/reception/board", "board_get", this, &Module::board_get))
      .summary("A day of the hospital: who is expected, here, called, done; the doctor's own patients")
      .about_patients()
      .problems({&hospital_missing, &hospital_not_found, &cursor_invalid});
  routes.add(Method::get, "/api/hospitals/{id}/display", "display_get", this, &Module::display_get)
      .summary("What the wall shows: numbers, rooms and doctors of today, nobody's name")
      .allow_anyone()
      .long_poll()
      .problems({&hospital_not_found});
}

std::unique_ptr<Reception> make_reception(booking::Booking& booking) { return std::make_unique<Module>(booking); }

}  // namespace fairward::reception
