// The routes of booking and their rights. Source: mission I (rights table), B, documents C, D, E.
#include "platform/api/routes.h"
#include "modules/booking/errors.h"
#include "modules/booking/module.h"

namespace fairward::booking {

using api::RateClass;
using api::Role;
using api::Scope;
using http::Method;

namespace {

constexpr const char* days_are_local =
    "from and to are days, both included, on the wall of the hospital where each visit takes place: in a list across "
    "time zones every visit is judged by its own hospital's clock. The order is by instant.";

}  // namespace

void Module::routes(api::Routes& r) {
  r.module("booking");
  slot_routes(r);
  hold_routes(r);
  appointment_routes(r);
  doctor_appointment_routes(r);
  wait_routes(r);
  schedule_routes(r);
}

void Module::slot_routes(api::Routes& r) {
  r.add(Method::get, "/api/doctors/{id}/slots", "slot_list", this, &Module::slot_list)
      .summary("Slots of a doctor: free, held, booked")
      .allow_anyone()
      .public_reply()
      .memo(this, &Module::slot_list_state)
      .problems({&schedule_not_found, &range_invalid});
  r.add(Method::get, "/api/doctor/availability", "own_slot_list", this, &Module::own_slot_list)
      .summary("The doctor's own slots")
      .allow(Role::doctor, Scope::own)
      .problems({&schedule_not_found, &range_invalid});
}

void Module::hold_routes(api::Routes& r) {
  r.add(Method::post, "/api/holds", "hold_create", this, &Module::hold_create)
      .gate(this, &Module::hold_gate)
      .summary("Takes a slot for five minutes, to pay")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::front_desk, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .order_by(&HoldCreate::doctor_id)
      .side_by_side(&HoldCreate::patient_id)
      .problems({&patient_missing, &patient_not_found, &doctor_not_bookable, &slot_not_bookable, &hospital_foreign,
                 &queue_first, &slot_taken, &all_held, &patient_has_open_hold});
  r.add(Method::get, "/api/holds/{id}", "hold_get", this, &Module::hold_get)
      .summary("A hold and its deadline")
      .about_patients()
      .allow_signed_in()
      .long_poll()
      .problems({&hold_not_found});
  r.add(Method::del, "/api/holds/{id}", "hold_delete", this, &Module::hold_delete)
      .summary("Gives the slot back at once")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .locks([](const HoldId& input) { return store::doctor_number(input.id.value); })
      .problems({&hold_not_found, &hold_ended});
  r.add(Method::post, "/api/holds/{id}/payments", "hold_payment_create", this, &Module::hold_payment_create)
      .summary("Pays for a hold; the booking follows from the gateway's answer")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .locks([](const HoldPaymentCreate& input) { return store::doctor_number(input.id.value); })
      .problems({&hold_not_found, &hold_ended});
}

void Module::appointment_routes(api::Routes& r) {
  r.add(Method::post, "/api/appointments", "appointment_create", this, &Module::appointment_create)
      .summary("Books at once where nothing is to pay or staff books; else holds the slot")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::front_desk, Scope::hospital)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .order_by(&HoldCreate::doctor_id)
      .side_by_side(&HoldCreate::patient_id)
      .problems({&patient_missing, &patient_not_found, &doctor_not_bookable, &slot_not_bookable, &hospital_foreign,
                 &queue_first, &slot_taken, &all_held, &patient_has_open_hold});
  r.add(Method::get, "/api/appointments", "appointment_list", this, &Module::appointment_list)
      .summary("Appointments: one's own, the doctor's, the hospital's")
      .describe(days_are_local)
      .about_patients()
      .allow_signed_in()
      .problems({&range_invalid});
  r.add(Method::get, "/api/appointments/{id}", "appointment_get", this, &Module::appointment_get)
      .summary("An appointment")
      .about_patients()
      .allow_signed_in()
      .long_poll()
      .problems({&appointment_not_found});
  r.add(Method::put, "/api/appointments/{id}", "appointment_update", this, &Module::appointment_update)
      .summary("A new time reschedules, a status cancels or completes")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::doctor, Scope::own)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .locks([](const AppointmentUpdate& input) { return store::doctor_number(input.id.value); })
      .problems({&appointment_change_ambiguous, &appointment_not_found, &appointment_status, &appointment_too_late,
                 &appointment_too_early, &slot_not_bookable, &doctor_not_bookable, &slot_taken, &all_held});
  r.add(Method::put, "/api/appointments/{id}/cancel", "appointment_cancel", this, &Module::appointment_cancel)
      .summary("Cancels; the slot is free at once, the fee is refunded by policy")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::doctor, Scope::own)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .locks([](const AppointmentCancel& input) { return store::doctor_number(input.id.value); })
      .problems({&appointment_not_found, &appointment_status, &appointment_too_late});
}

void Module::doctor_appointment_routes(api::Routes& r) {
  r.add(Method::get, "/api/doctor/appointments", "doctor_appointment_list", this, &Module::doctor_appointment_list)
      .summary("The doctor's own appointments")
      .describe(days_are_local)
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .problems({&range_invalid});
  r.add(Method::put, "/api/doctor/appointments/{id}", "doctor_appointment_update", this,
        &Module::doctor_appointment_update)
      .summary("The doctor sets the status of an own appointment")
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .rate(RateClass::write)
      .locks([](const DoctorAppointmentUpdate& input) { return store::doctor_number(input.id.value); })
      .problems({&appointment_not_found, &appointment_status, &appointment_too_late, &appointment_too_early});
}

void Module::wait_routes(api::Routes& r) {
  r.add(Method::post, "/api/waits", "wait_create", this, &Module::wait_create)
      .summary("Joins the queue for a doctor whose slots are all held")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .rate(RateClass::write)
      .order_by(&WaitCreate::doctor_id)
      .side_by_side(&WaitCreate::patient_id)
      .problems({&patient_not_found, &doctor_not_bookable, &range_invalid, &no_slots_in_range, &slots_free, &slot_full,
                 &patient_has_open_hold});
  r.add(Method::get, "/api/waits", "wait_list", this, &Module::wait_list)
      .summary("One's own waits, the newest first")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .problems({&range_invalid});
  r.add(Method::get, "/api/waits/{id}", "wait_get", this, &Module::wait_get)
      .summary("A wait: position, estimate, offer")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow_staff()
      .long_poll()
      .problems({&wait_not_found});
  r.add(Method::del, "/api/waits/{id}", "wait_delete", this, &Module::wait_delete)
      .summary("Leaves the queue, or declines the offer")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .rate(RateClass::write)
      .locks([](const WaitGet& input) { return store::doctor_number(input.id.value); })
      .problems({&wait_not_found, &wait_ended});
  r.add(Method::get, "/api/doctors/{id}/queue/ledger", "queue_ledger_list", this, &Module::ledger_list)
      .summary("Every hand-over of the doctor's queue, in order")
      .allow_staff()
      .problems({&schedule_not_found, &range_invalid});
}

void Module::schedule_routes(api::Routes& r) {
  r.add(Method::get, "/api/doctors/{id}/schedule", "schedule_get", this, &Module::schedule_get)
      .summary("A doctor's weekly shifts and exceptions")
      .allow_anyone()
      .problems({&schedule_not_found});
  r.add(Method::put, "/api/doctors/{id}/schedule", "schedule_update", this, &Module::schedule_update)
      .summary("Replaces the weekly shifts and the limits")
      .allow(Role::doctor, Scope::own)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .if_match()
      .rate(RateClass::write)
      .order_by(&ScheduleUpdate::id)
      .problems({&schedule_not_found, &schedule_conflict, &schedule_invalid});
  r.add(Method::post, "/api/doctors/{id}/exceptions", "schedule_exception_create", this, &Module::exception_create)
      .summary("Leave, a holiday or an extra session")
      .allow(Role::doctor, Scope::own)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .order_by(&ExceptionCreate::id)
      .problems({&schedule_not_found, &schedule_invalid});
  r.add(Method::del, "/api/doctors/{id}/exceptions/{exception_id}", "schedule_exception_delete", this,
        &Module::exception_delete)
      .summary("Takes an exception back")
      .allow(Role::doctor, Scope::own)
      .allow(Role::ward_admin, Scope::hospital)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .rate(RateClass::write)
      .order_by(&ExceptionDelete::id)
      .problems({&schedule_not_found, &exception_not_found});
  r.add(Method::post, "/api/doctor/slots", "own_slots_create", this, &Module::own_slots_create)
      .summary("The doctor adds an own session")
      .allow(Role::doctor, Scope::own)
      .rate(RateClass::write)
      .problems({&schedule_not_found, &schedule_invalid});
}

}  // namespace fairward::booking
