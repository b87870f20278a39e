// Who may see what of a patient: the one place that decides it. Source: mission I4, rights table; see README.
#pragma once

#include <vector>

#include "base/id.h"
#include "modules/booking/booking.h"
#include "platform/api/call.h"
#include "platform/sql/sql.h"

namespace fairward::records {

// How the caller comes to a patient's record.
enum class Reach : std::uint8_t {
  none,
  own,        // the patient's own, or of somebody for whom the caller acts
  treating,   // a doctor with an appointment with the patient, of the past year or to come
  emergency,  // a doctor who said why, for at most an hour; the record of the call says so
  hospital,   // an administrator: what was written at the own hospital
  all
};

struct Access {
  Reach reach = Reach::none;
  HospitalId hospital;          // not 0: only what was written there
  std::vector<UserId> persons;  // who are this patient, see store::persons_of
  explicit operator bool() const { return reach != Reach::none; }
  bool is_patient() const { return reach == Reach::own; }
  bool sees(HospitalId written_at) const { return *this && (!hospital || hospital == written_at); }
};

// Notes for the record of the call whom it concerns. None: the caller may not know that there is such a patient.
Access access_of(Snapshot& db, Call& call, UserId patient);

// Does the hospital of the caller know the patient: added there, or with an appointment there? For who the person is,
// not for the record; notes whom the call concerns.
bool hospital_knows(Snapshot& db, Call& call, UserId patient);

// Of one visit: whoever reaches the patient's record and the hospital, and its doctor for good.
Access visit_access(Snapshot& db, Call& call, const booking::Visit& visit);

}  // namespace fairward::records
