// Appointments as other modules see them.
#include "modules/booking/booking.h"
#include "modules/booking/store.h"

namespace fairward::booking {

std::optional<Visit> visit_find(Snapshot& db, AppointmentId id) {
  const auto row = store::appointment_find(db, id);
  if (!row) return std::nullopt;
  return Visit{row->doctor, row->hospital, row->patient, row->starts_at, row->status == AppointmentStatus::fulfilled};
}

}  // namespace fairward::booking
