#include "modules/reception/store.h"

#include "sql/reception.h"

namespace fairward::reception::store {

namespace q = sql_queries;

std::int64_t arrival_insert(Txn& txn, const ArrivalRow& row) {
  return *txn.one<std::int64_t>(q::arrival_insert, row.appointment, row.doctor, row.hospital, row.patient, row.on,
                                row.token, row.arrived_at, row.due_at, row.made_by);
}

std::optional<ArrivalRow> arrival_of(Snapshot& db, AppointmentId appointment) {
  return db.one<ArrivalRow>(q::arrival_of, appointment);
}

std::vector<ArrivalRow> arrivals_of_doctor(Snapshot& db, DoctorId doctor, HospitalId hospital, const std::string& on) {
  return db.all<ArrivalRow>(q::arrivals_of_doctor, doctor, hospital, on);
}

std::vector<ArrivalRow> arrivals_of_hospital(Snapshot& db, HospitalId hospital, const std::string& on) {
  return db.all<ArrivalRow>(q::arrivals_of_hospital, hospital, on);
}

std::int64_t token_last(Snapshot& db, DoctorId doctor, HospitalId hospital, const std::string& on) {
  return db.one<std::optional<std::int64_t>>(q::token_last, doctor, hospital, on)->value_or(0);
}

void summons_insert(Txn& txn, std::int64_t arrival, Instant at, const std::optional<std::string>& room, UserId by) {
  txn.exec_later(q::summons_insert, arrival, at, room, by);
}

void delay_insert(Txn& txn, DoctorId doctor, HospitalId hospital, const std::string& on, std::int64_t minutes,
                  Instant at, UserId by) {
  txn.exec_later(q::delay_insert, doctor, hospital, on, minutes, at, by);
}

std::vector<DelayRow> delays_of_hospital(Snapshot& db, HospitalId hospital, const std::string& on) {
  return db.all<DelayRow>(q::delays_of_hospital, hospital, on);
}

}  // namespace fairward::reception::store
