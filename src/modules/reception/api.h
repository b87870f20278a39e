// What the reception reads and writes over HTTP. Days are those of the hospital's clock.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"
#include "platform/api/codec.h"

namespace fairward::reception {

using Room = BoundedText<1, 40>;

struct ArrivalPath {
  AppointmentId id;
};
BOOST_DESCRIBE_STRUCT(ArrivalPath, (), (id))

struct Arrival {
  AppointmentId appointment_id;
  DoctorId doctor_id;
  HospitalId hospital_id;
  UserId patient_id;
  std::int64_t token = 0;
  Instant arrived_at;
  std::optional<Instant> called_at;
  std::optional<std::string> room;    // where to go, once called
  std::optional<std::int64_t> ahead;  // who is called before, while not called
  std::int64_t delay_minutes = 0;     // how late the doctor runs
};
BOOST_DESCRIBE_STRUCT(Arrival, (),
                      (appointment_id, doctor_id, hospital_id, patient_id, token, arrived_at, called_at, room, ahead,
                       delay_minutes))

struct SummonsCreate {
  DoctorId id;
  std::optional<HospitalId> hospital_id;        // of staff their own; of a doctor who practises at one only: that one
  std::optional<AppointmentId> appointment_id;  // absent: who is next
  std::optional<Room> room;
};
BOOST_DESCRIBE_STRUCT(SummonsCreate, (), (id, hospital_id, appointment_id, room))

struct DelayCreate {
  DoctorId id;
  std::optional<HospitalId> hospital_id;
  BoundedInt<0, 480> minutes;  // 0: in time again
};
BOOST_DESCRIBE_STRUCT(DelayCreate, (), (id, hospital_id, minutes))

struct Delay {
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::int64_t minutes = 0;
};
BOOST_DESCRIBE_STRUCT(Delay, (), (doctor_id, hospital_id, minutes))

// booked: expected. arrived: waits here. called: is called in, or with the doctor.
BOOST_DEFINE_ENUM_CLASS(BoardState, booked, arrived, called, fulfilled, noshow)

struct BoardQuery {
  std::optional<HospitalId> hospital_id;  // of the platform's administrators
  std::optional<DoctorId> doctor_id;
  std::optional<Date> on;  // absent: today
  std::optional<BoundedInt<1, 500>> limit;
  std::optional<BoundedText<1, 100>> cursor;
};
BOOST_DESCRIBE_STRUCT(BoardQuery, (), (hospital_id, doctor_id, on, limit, cursor))

struct BoardRow {
  AppointmentId appointment_id;
  BoardState state = BoardState::booked;
  DoctorId doctor_id;
  std::string doctor_name;
  UserId patient_id;
  std::string patient_name;
  Instant starts_at, ends_at;
  std::optional<std::int64_t> token;
  std::optional<Instant> arrived_at, called_at;
  std::optional<std::string> room;
  std::optional<std::int64_t> turn;  // 1: called next, of those who wait for this doctor
};
BOOST_DESCRIBE_STRUCT(BoardRow, (),
                      (appointment_id, state, doctor_id, doctor_name, patient_id, patient_name, starts_at, ends_at,
                       token, arrived_at, called_at, room, turn))

struct Board {
  HospitalId hospital_id;
  std::string time_zone;
  Date on;
  std::vector<BoardRow> items;
  std::vector<Delay> delays;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(Board, (), (hospital_id, time_zone, on, items, delays, next))

struct DisplayPath {
  HospitalId id;
};
BOOST_DESCRIBE_STRUCT(DisplayPath, (), (id))

struct DisplayRow {
  DoctorId doctor_id;
  std::string doctor_name;
  std::optional<std::int64_t> token;  // who was called last
  std::optional<std::string> room;
  std::optional<Instant> called_at;
  std::vector<std::int64_t> next;  // who is called after, at most five
  std::int64_t waiting = 0, delay_minutes = 0;
};
BOOST_DESCRIBE_STRUCT(DisplayRow, (), (doctor_id, doctor_name, token, room, called_at, next, waiting, delay_minutes))

struct Display {
  std::string hospital_name, time_zone;
  std::vector<DisplayRow> items;  // doctors for whom somebody has arrived today, who called last before the others
};
BOOST_DESCRIBE_STRUCT(Display, (), (hospital_name, time_zone, items))

}  // namespace fairward::reception
