// The day of a hospital: for its staff with names, for the wall with numbers.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "modules/directory/directory.h"
#include "modules/identity/identity.h"
#include "modules/reception/errors.h"
#include "modules/reception/module.h"
#include "modules/reception/rules.h"
#include "platform/api/pair_cursor.h"

namespace fairward::reception {
namespace {

constexpr std::int64_t board_rows = 200;
constexpr std::size_t next_shown = 5;

using ByAppointment = std::unordered_map<AppointmentId, const store::ArrivalRow*>;

std::optional<BoardState> state_of(const booking::DayVisit& visit, const store::ArrivalRow* arrival) {
  if (visit.status == "booked") return BoardState::booked;
  if (visit.status == "arrived") return arrival && arrival->called_at ? BoardState::called : BoardState::arrived;
  if (visit.status == "fulfilled") return BoardState::fulfilled;
  if (visit.status == "noshow") return BoardState::noshow;
  return std::nullopt;  // not paid yet, cancelled, expired: nobody is expected
}

// Who waits with each doctor, in the order in which they are called.
std::map<DoctorId, std::vector<std::int64_t>> orders_of(const std::vector<store::ArrivalRow>& arrivals) {
  std::map<DoctorId, std::vector<Waiting>> waiting;
  for (const auto& row : arrivals)
    if (!row.called_at) waiting[row.doctor].push_back({row.due_at, row.token});
  std::map<DoctorId, std::vector<std::int64_t>> orders;
  for (const auto& [doctor, all] : waiting) orders[doctor] = calling_order(all);
  return orders;
}

std::optional<std::int64_t> turn_of(const std::map<DoctorId, std::vector<std::int64_t>>& orders, DoctorId doctor,
                                    std::int64_t token) {
  const auto order = orders.find(doctor);
  if (order == orders.end()) return std::nullopt;
  const auto at = std::ranges::find(order->second, token);
  if (at == order->second.end()) return std::nullopt;
  return at - order->second.begin() + 1;
}

class DoctorNames {
 public:
  DoctorNames(Snapshot& db, HospitalId hospital) : db_(db), hospital_(hospital) {}
  const std::string& of(DoctorId doctor) {
    const auto [at, is_new] = names_.try_emplace(doctor);
    if (is_new)
      if (const auto practice = directory::practice_find(db_, doctor, hospital_)) at->second = practice->doctor_name;
    return at->second;
  }

 private:
  Snapshot& db_;
  HospitalId hospital_;
  std::unordered_map<DoctorId, std::string> names_;
};

BoardRow row_of(const booking::DayVisit& visit, BoardState state, const store::ArrivalRow* arrival) {
  BoardRow row;
  row.appointment_id = visit.id;
  row.state = state;
  row.doctor_id = visit.doctor;
  row.patient_id = visit.patient;
  row.starts_at = visit.starts_at;
  row.ends_at = visit.ends_at;
  if (!arrival) return row;
  row.token = arrival->token;
  row.arrived_at = arrival->arrived_at;
  row.called_at = arrival->called_at;
  row.room = arrival->room;
  return row;
}

// The hospital whose board is asked for. Errors: hospital_missing, hospital_not_found.
Result<HospitalId> board_hospital(Snapshot& db, const Call& call, const BoardQuery& query) {
  if (call.scope == api::Scope::hospital) {
    if (query.hospital_id && *query.hospital_id != call.caller.hospital) return fail(hospital_not_found);
    return call.caller.hospital;
  }
  if (query.hospital_id) return *query.hospital_id;
  if (call.scope != api::Scope::own) return fail(hospital_missing, {{"?hospital_id", "Name the hospital."}});
  const auto practices = directory::practices_of(db, call.caller.doctor);
  if (practices.size() != 1) return fail(hospital_missing, {{"?hospital_id", "You work at several, or at none."}});
  return practices.front().hospital;
}

}  // namespace

Result<Day> day_of(Snapshot& db, HospitalId hospital, std::optional<Date> on, Instant now) {
  const auto name = directory::hospital_time_zone(db, hospital);
  const Zone* zone = name ? zone_find(*name) : nullptr;
  if (!zone) return fail(hospital_not_found);
  const Date date = on.value_or(zone->date_of(now));
  return Day{zone, date, to_iso(date), zone->instant(date, {0}), zone->instant(date + 1, {0})};
}

// Everybody who is expected, here, called or done on a day; a doctor sees the own patients.
// Errors, in this order: hospital_missing, hospital_not_found, cursor_invalid.
Result<Board> Module::board_get(Snapshot& db, Call& call, const BoardQuery& query) {
  FAIRWARD_TRY_AS(hospital, board_hospital(db, call, query));
  FAIRWARD_TRY_AS(day, day_of(db, hospital, query.on, call.now));
  const auto after = api::pair_cursor_read(query.cursor);
  if (!after) return fail(cursor_invalid, {{"?cursor", std::string(cursor_invalid.title)}});
  const auto doctor = call.scope == api::Scope::own ? std::optional(call.caller.doctor) : query.doctor_id;
  const std::int64_t limit = query.limit ? query.limit->value : board_rows;
  auto visits =
      booking::visits_of_day(db, hospital, doctor, {day.begins, day.ends, {after->first}, {after->second}, limit + 1});
  Board board{hospital, day.zone->name(), day.on, {}, {}, {}};
  board.next = api::page_cut(visits, limit, [](const booking::DayVisit& last) {
    return api::pair_cursor({last.starts_at.ms, last.id.value});
  });
  const auto arrivals = doctor ? store::arrivals_of_doctor(db, *doctor, hospital, day.text)
                               : store::arrivals_of_hospital(db, hospital, day.text);
  const auto orders = orders_of(arrivals);
  ByAppointment arrived;
  for (const auto& row : arrivals) arrived.emplace(row.appointment, &row);
  DoctorNames doctors(db, hospital);
  std::vector<UserId> patients;
  for (const auto& visit : visits) {
    const auto found = arrived.find(visit.id);
    const store::ArrivalRow* arrival = found == arrived.end() ? nullptr : found->second;
    const auto state = state_of(visit, arrival);
    if (!state) continue;
    board.items.push_back(row_of(visit, *state, arrival));
    board.items.back().doctor_name = doctors.of(visit.doctor);
    if (*state == BoardState::arrived && arrival)
      board.items.back().turn = turn_of(orders, visit.doctor, arrival->token);
    patients.push_back(visit.patient);
  }
  auto names = identity::names_of(db, patients);
  for (BoardRow& row : board.items) row.patient_name = names[row.patient_id];
  for (const auto& delay : store::delays_of_hospital(db, hospital, day.text))
    if (!doctor || delay.doctor == *doctor) board.delays.push_back({delay.doctor, hospital, delay.minutes});
  call.concerns_all(board.items, &BoardRow::patient_id);
  return board;
}

// Numbers for the wall: nobody's name but the doctors'. Errors: hospital_not_found.
Result<Display> Module::display_get(Snapshot& db, Call& call, const DisplayPath& path) {
  FAIRWARD_TRY_AS(day, day_of(db, path.id, std::nullopt, call.now));
  call.watch(display_topic(path.id));
  const auto arrivals = store::arrivals_of_hospital(db, path.id, day.text);
  std::map<DoctorId, DisplayRow> rows;
  std::int64_t version = static_cast<std::int64_t>(arrivals.size()) + day.on.day;
  for (const auto& arrival : arrivals) {
    DisplayRow& row = rows[arrival.doctor];
    if (!arrival.called_at || (row.called_at && *row.called_at > *arrival.called_at)) continue;
    row.token = arrival.token;
    row.room = arrival.room;
    row.called_at = arrival.called_at;
    version = version * 31 + arrival.called_at->ms;
  }
  for (const auto& [doctor, order] : orders_of(arrivals)) {
    rows[doctor].waiting = static_cast<std::int64_t>(order.size());
    rows[doctor].next.assign(order.begin(),
                             order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), next_shown)));
  }
  for (const auto& delay : store::delays_of_hospital(db, path.id, day.text)) {
    if (const auto row = rows.find(delay.doctor); row != rows.end()) row->second.delay_minutes = delay.minutes;
    version = version * 31 + delay.minutes;
  }
  Display display{{}, day.zone->name(), {}};
  for (auto& [doctor, row] : rows) {
    const auto practice = directory::practice_find(db, doctor, path.id);
    if (!practice) continue;
    row.doctor_id = doctor;
    row.doctor_name = practice->doctor_name;
    display.hospital_name = practice->hospital_name;
    display.items.push_back(std::move(row));
  }
  std::ranges::stable_sort(display.items, std::ranges::greater(),
                           [](const DisplayRow& row) { return row.called_at.value_or(Instant{}).ms; });
  call.etag(version & INT64_MAX);
  return display;
}

}  // namespace fairward::reception
