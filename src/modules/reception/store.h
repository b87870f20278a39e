// The only caller of the reception's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace fairward::reception::store {

struct ArrivalRow {
  std::int64_t id;
  AppointmentId appointment;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  std::string on;  // "2027-01-31"
  std::int64_t token;
  Instant arrived_at, due_at;
  UserId made_by;
  std::optional<Instant> called_at;  // the last time
  std::optional<std::string> room;
};
std::int64_t arrival_insert(Txn& txn, const ArrivalRow& row);  // id, called_at and room are not read
std::optional<ArrivalRow> arrival_of(Snapshot& db, AppointmentId appointment);
std::vector<ArrivalRow> arrivals_of_doctor(Snapshot& db, DoctorId doctor, HospitalId hospital, const std::string& on);
std::vector<ArrivalRow> arrivals_of_hospital(Snapshot& db, HospitalId hospital, const std::string& on);
std::int64_t token_last(Snapshot& db, DoctorId doctor, HospitalId hospital, const std::string& on);  // 0: none yet
void summons_insert(Txn& txn, std::int64_t arrival, Instant at, const std::optional<std::string>& room, UserId by);

struct DelayRow {
  DoctorId doctor;
  std::int64_t minutes;
};
void delay_insert(Txn& txn, DoctorId doctor, HospitalId hospital, const std::string& on, std::int64_t minutes,
                  Instant at, UserId by);
std::vector<DelayRow> delays_of_hospital(Snapshot& db, HospitalId hospital, const std::string& on);

}  // namespace fairward::reception::store
