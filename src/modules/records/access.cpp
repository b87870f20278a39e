// See the header.
#include "modules/records/access.h"

#include "modules/records/records.h"
#include "modules/records/store.h"

namespace fairward::records {
namespace {

Access of_doctor(Snapshot& db, const Call& call, UserId patient) {
  const DoctorId doctor = call.caller.doctor;
  if (doctor && booking::doctor_treats(db, doctor, patient, call.now - treating_reach))
    return {Reach::treating, {}, {}};
  if (doctor && store::emergency_active(db, doctor, patient, call.now)) return {Reach::emergency, {}, {}};
  return {};
}

Access of_hospital(Snapshot& db, const Call& call, UserId patient) {
  const HospitalId hospital = call.caller.hospital;
  if (!hospital) return {};
  if (booking::hospital_treats(db, hospital, patient)) return {Reach::hospital, hospital, {}};
  const auto person = identity::person_find(db, patient);
  if (person && person->hospital == hospital) return {Reach::hospital, hospital, {}};
  return {};
}

Access decide(Snapshot& db, const Call& call, UserId patient) {
  switch (call.scope) {
    case api::Scope::none: return {};
    case api::Scope::all: return {Reach::all, {}, {}};
    case api::Scope::hospital: return of_hospital(db, call, patient);
    case api::Scope::own: break;
  }
  if (call.caller.role == api::Role::doctor) return of_doctor(db, call, patient);
  return call.reaches(patient, {}) ? Access{Reach::own, {}, {}} : Access{};
}

}  // namespace

Access access_of(Snapshot& db, Call& call, UserId patient) {
  std::vector<UserId> persons = store::persons_of(db, patient);
  Access access;
  for (const UserId person : persons) {
    access = decide(db, call, person);
    if (access) break;
  }
  if (!access) return access;
  access.persons = std::move(persons);
  for (const UserId person : access.persons) call.concerns(person);
  if (access.reach == Reach::emergency) call.purpose = "emergency";
  return access;
}

bool hospital_knows(Snapshot& db, Call& call, UserId patient) {
  const bool is_known = call.scope == api::Scope::all || of_hospital(db, call, patient);
  if (is_known) call.concerns(patient);
  return is_known;
}

Access visit_access(Snapshot& db, Call& call, const booking::Visit& visit) {
  const bool is_off = visit.status == "cancelled" || visit.status == "expired" || visit.status == "pending";
  if (call.caller.role == api::Role::doctor && call.caller.doctor == visit.doctor && visit.doctor && !is_off) {
    call.concerns(visit.patient);
    call.happens_at(visit.hospital);
    return {Reach::treating, {}, {}};
  }
  const Access access = access_of(db, call, visit.patient);
  if (!access.sees(visit.hospital)) return {};
  call.happens_at(visit.hospital);
  return access;
}

}  // namespace fairward::records
