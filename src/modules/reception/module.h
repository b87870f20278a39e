// The reception at work: the operations behind the routes.
#pragma once

#include "modules/reception/api.h"
#include "modules/reception/reception.h"
#include "modules/reception/store.h"
#include "platform/clock/zone.h"

namespace fairward::reception {

class Module final : public Reception {
 public:
  explicit Module(booking::Booking& booking) : booking_(booking) {}

  void routes(api::Routes& routes) override;

  // arrivals.cpp
  Result<Arrival> arrival_put(Txn& txn, Call& call, const ArrivalPath& path);
  Result<Arrival> arrival_get(Snapshot& db, Call& call, const ArrivalPath& path);
  Result<Arrival> summons_create(Txn& txn, Call& call, const SummonsCreate& body);
  Result<Delay> delay_create(Txn& txn, Call& call, const DelayCreate& body);

  // board.cpp
  Result<Board> board_get(Snapshot& db, Call& call, const BoardQuery& query);
  Result<Display> display_get(Snapshot& db, Call& call, const DisplayPath& path);

 private:
  booking::Booking& booking_;
};

// A day on the wall of a hospital.
struct Day {
  const Zone* zone = nullptr;
  Date on;
  std::string text;  // "2027-01-31"
  Instant begins, ends;
};
// Errors: hospital_not_found.
Result<Day> day_of(Snapshot& db, HospitalId hospital, std::optional<Date> on, Instant now);

// What the followers of a hospital's display are told: that it changed.
void display_tell(Txn& txn, HospitalId hospital, std::string_view kind);
std::string display_topic(HospitalId hospital);

}  // namespace fairward::reception
