// What booking reads and writes over HTTP. Instants are UTC; dates are days of the hospital's zone.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "modules/booking/rules.h"
#include "platform/api/codec.h"

namespace fairward::booking {

using SlotCount = BoundedInt<1, 12>;
using Reason = BoundedText<1, 500>;
using Limit = BoundedInt<1, 100>;
using Cursor = BoundedText<1, 100>;

// ---- slots

BOOST_DEFINE_ENUM_CLASS(SlotState, free, held, booked)

struct SlotQuery {
  DoctorId id;
  std::optional<Date> from, to;
  std::optional<HospitalId> hospital_id;
};
BOOST_DESCRIBE_STRUCT(SlotQuery, (), (id, from, to, hospital_id))

struct OwnSlotQuery {
  std::optional<Date> from, to;
  std::optional<HospitalId> hospital_id;
};
BOOST_DESCRIBE_STRUCT(OwnSlotQuery, (), (from, to, hospital_id))

struct Slot {
  Instant starts_at, ends_at;
  HospitalId hospital_id;
  SlotState status = SlotState::free;
  std::optional<Instant> frees_by;  // of a held slot: free at the latest then, unless it is paid
};
BOOST_DESCRIBE_STRUCT(Slot, (), (starts_at, ends_at, hospital_id, status, frees_by))

struct SlotList {
  std::string time_zone;
  std::vector<Slot> items;
};
BOOST_DESCRIBE_STRUCT(SlotList, (), (time_zone, items))

// ---- holds and appointments

struct HoldCreate {
  DoctorId doctor_id;
  std::optional<HospitalId> hospital_id;
  Instant starts_at;
  std::optional<SlotCount> slots;
  std::optional<UserId> patient_id;
  std::optional<Reason> reason;
};
BOOST_DESCRIBE_STRUCT(HoldCreate, (), (doctor_id, hospital_id, starts_at, slots, patient_id, reason))

struct HoldId {
  AppointmentId id;
};
BOOST_DESCRIBE_STRUCT(HoldId, (), (id))

struct HoldLinks {
  std::string self, payments, appointment;
};
BOOST_DESCRIBE_STRUCT(HoldLinks, (), (self, payments, appointment))

struct Hold {
  AppointmentId id;
  AppointmentStatus status = AppointmentStatus::pending;
  DoctorId doctor_id;
  HospitalId hospital_id;
  UserId patient_id;
  Instant starts_at, ends_at;
  std::int64_t slots = 1;
  std::optional<Instant> expires_at;
  Money price;
  std::optional<std::string> reason;
  std::string payment_status;  // none, requested, captured, settled, failed, refund_due, refunded
  std::optional<std::string> outcome;
  Instant server_now;  // to set a countdown by
  HoldLinks links;
};
BOOST_DESCRIBE_STRUCT(Hold, (),
                      (id, status, doctor_id, hospital_id, patient_id, starts_at, ends_at, slots, expires_at, price,
                       reason, payment_status, outcome, server_now, links))

BOOST_DEFINE_ENUM_CLASS(PaymentMethod, sandbox)
BOOST_DEFINE_ENUM_CLASS(SandboxOutcome, success, fail, late)

struct HoldPaymentCreate {
  AppointmentId id;
  PaymentMethod method = PaymentMethod::sandbox;
  std::optional<SandboxOutcome> outcome;
};
BOOST_DESCRIBE_STRUCT(HoldPaymentCreate, (), (id, method, outcome))

struct HoldPayment {
  PaymentId id;
  std::string status;
  AppointmentId hold_id;
  Money amount;
};
BOOST_DESCRIBE_STRUCT(HoldPayment, (), (id, status, hold_id, amount))

struct AppointmentPayment {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(AppointmentPayment, (), (status))

struct Appointment {
  AppointmentId id;
  AppointmentStatus status = AppointmentStatus::pending;
  DoctorId doctor_id;
  std::string doctor_name;
  HospitalId hospital_id;
  std::string hospital_name;
  std::string time_zone;
  UserId patient_id;
  std::optional<std::string> patient_name;
  Instant starts_at, ends_at;
  std::int64_t slots = 1;
  Money price;
  AppointmentPayment payment;
  Channel channel = Channel::web;
  std::optional<Instant> expires_at;
  std::optional<Instant> refund_until;  // a patient who cancels a paid visit until then gets the price back
  std::optional<std::string> reason, cancel_reason, outcome, payment_link;
  std::optional<std::int64_t> review_id;  // of a finished visit that its patient has reviewed
  std::int64_t reservation_code = 1;      // Reserved (1), Booked (2), Expired (3)
  Instant created_at;
  std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(Appointment, (),
                      (id, status, doctor_id, doctor_name, hospital_id, hospital_name, time_zone, patient_id,
                       patient_name, starts_at, ends_at, slots, price, payment, channel, expires_at, refund_until,
                       reason, cancel_reason, outcome, payment_link, review_id, reservation_code, created_at, version))

struct AppointmentQuery {
  std::optional<AppointmentStatus> status;
  std::optional<Date> from, to;  // both included; days on the wall of the hospital where the visit takes place
  std::optional<DoctorId> doctor_id;
  std::optional<HospitalId> hospital_id;
  std::optional<UserId> patient_id;
  std::optional<Limit> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(AppointmentQuery, (), (status, from, to, doctor_id, hospital_id, patient_id, limit, cursor))

struct AppointmentGet {
  AppointmentId id;
};
BOOST_DESCRIBE_STRUCT(AppointmentGet, (), (id))

// `completed` is the word of document E for fulfilled.
BOOST_DEFINE_ENUM_CLASS(StatusChange, cancelled, completed, fulfilled, arrived, noshow)

struct AppointmentUpdate {
  AppointmentId id;
  std::optional<Instant> starts_at;
  std::optional<StatusChange> status;
  std::optional<Reason> reason;
};
BOOST_DESCRIBE_STRUCT(AppointmentUpdate, (), (id, starts_at, status, reason))

struct AppointmentCancel {
  AppointmentId id;
  std::optional<Reason> reason;
};
BOOST_DESCRIBE_STRUCT(AppointmentCancel, (), (id, reason))

struct DoctorAppointmentUpdate {
  AppointmentId id;
  StatusChange status = StatusChange::completed;
};
BOOST_DESCRIBE_STRUCT(DoctorAppointmentUpdate, (), (id, status))

// ---- waits

struct WaitCreate {
  DoctorId doctor_id;
  std::optional<HospitalId> hospital_id;
  Date from, to;  // both included
  std::optional<SlotCount> slots;
  std::optional<UserId> patient_id;
};
BOOST_DESCRIBE_STRUCT(WaitCreate, (), (doctor_id, hospital_id, from, to, slots, patient_id))

struct WaitGet {
  WaitId id;
};
BOOST_DESCRIBE_STRUCT(WaitGet, (), (id))

struct WaitQuery {
  std::optional<WaitStatus> status;
  std::optional<UserId> patient_id;  // one of the family
  std::optional<Limit> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(WaitQuery, (), (status, patient_id, limit, cursor))

struct Offer {
  AppointmentId hold_id;
  HospitalId hospital_id;
  Instant starts_at, ends_at, expires_at;
};
BOOST_DESCRIBE_STRUCT(Offer, (), (hold_id, hospital_id, starts_at, ends_at, expires_at))

struct Wait {
  WaitId id;
  WaitStatus status = WaitStatus::waiting;
  DoctorId doctor_id;
  std::optional<HospitalId> hospital_id;
  UserId patient_id;
  std::int64_t slots = 1;
  std::int64_t ticket = 0;
  std::optional<std::int64_t> position;          // 1 = next; while waiting
  std::optional<std::int64_t> estimate_seconds;  // until an offer, if every hold lapses unpaid
  Instant joined_at, expires_at;
  std::optional<Offer> offer;
  std::optional<std::string> outcome;
};
BOOST_DESCRIBE_STRUCT(Wait, (),
                      (id, status, doctor_id, hospital_id, patient_id, slots, ticket, position, estimate_seconds,
                       joined_at, expires_at, offer, outcome))

struct LedgerQuery {
  DoctorId id;
  std::optional<BoundedInt<1, 1000>> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(LedgerQuery, (), (id, limit, cursor))

// joined, offered, booked, lapsed, left, expired, unserved: of a wait. direct: a hold past people who could not use it.
struct LedgerEntry {
  std::int64_t id = 0;
  Instant at;
  std::string kind;
  std::optional<WaitId> wait_id;
  std::optional<std::int64_t> ticket;
  std::optional<AppointmentId> appointment_id;
  std::optional<Instant> starts_at;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(LedgerEntry, (), (id, at, kind, wait_id, ticket, appointment_id, starts_at, reason))

// ---- schedules

using SlotMinutes = BoundedInt<5, 240>;
using Weekday = BoundedInt<1, 7>;

struct ShiftInput {
  HospitalId hospital_id;
  std::vector<Weekday> weekdays;  // Monday = 1
  TimeOfDay starts, ends;         // wall time of the hospital
  SlotMinutes slot_minutes;       // a multiple of 5
  std::optional<Date> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(ShiftInput, (), (hospital_id, weekdays, starts, ends, slot_minutes, valid_from, valid_to))

struct ScheduleUpdate {
  DoctorId id;
  std::optional<BoundedInt<0, 20160>> minimum_notice_minutes;
  std::optional<BoundedInt<1, 400>> max_booking_days;
  std::vector<ShiftInput> shifts;
};
BOOST_DESCRIBE_STRUCT(ScheduleUpdate, (), (id, minimum_notice_minutes, max_booking_days, shifts))

BOOST_DEFINE_ENUM_CLASS(ExceptionWord, leave, holiday, extra)

struct ExceptionCreate {
  DoctorId id;
  ExceptionWord kind = ExceptionWord::leave;
  std::optional<HospitalId> hospital_id;
  Date on;
  std::optional<TimeOfDay> starts, ends;
  std::optional<SlotMinutes> slot_minutes;
  std::optional<BoundedText<1, 200>> reason;
};
BOOST_DESCRIBE_STRUCT(ExceptionCreate, (), (id, kind, hospital_id, on, starts, ends, slot_minutes, reason))

struct ExceptionDelete {
  DoctorId id;
  std::int64_t exception_id = 0;
};
BOOST_DESCRIBE_STRUCT(ExceptionDelete, (), (id, exception_id))

// Document E: the doctor adds a session of her own.
struct OwnSlotsCreate {
  HospitalId hospital_id;
  Date on;
  TimeOfDay starts, ends;
  SlotMinutes slot_minutes;
};
BOOST_DESCRIBE_STRUCT(OwnSlotsCreate, (), (hospital_id, on, starts, ends, slot_minutes))

struct ShiftView {
  std::int64_t id = 0;
  HospitalId hospital_id;
  std::vector<std::int64_t> weekdays;
  TimeOfDay starts, ends;
  std::int64_t slot_minutes = 0;
  std::optional<Date> valid_from, valid_to;
};
BOOST_DESCRIBE_STRUCT(ShiftView, (), (id, hospital_id, weekdays, starts, ends, slot_minutes, valid_from, valid_to))

struct ExceptionView {
  std::int64_t id = 0;
  ExceptionWord kind = ExceptionWord::leave;
  std::optional<HospitalId> hospital_id;
  Date on;
  std::optional<TimeOfDay> starts, ends;
  std::optional<std::int64_t> slot_minutes;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ExceptionView, (), (id, kind, hospital_id, on, starts, ends, slot_minutes, reason))

struct ScheduleGet {
  DoctorId id;
};
BOOST_DESCRIBE_STRUCT(ScheduleGet, (), (id))

struct ScheduleView {
  DoctorId doctor_id;
  std::int64_t minimum_notice_minutes = 0, max_booking_days = 0;
  std::vector<ShiftView> shifts;
  std::vector<ExceptionView> exceptions;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(ScheduleView, (),
                      (doctor_id, minimum_notice_minutes, max_booking_days, shifts, exceptions, version))

}  // namespace fairward::booking
