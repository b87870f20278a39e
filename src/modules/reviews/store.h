// Reviews in the database; the only caller of this module's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/reviews/api.h"
#include "platform/sql/sql.h"

namespace fairward::reviews::store {

// One row of reviews_review, in the order of the queries' columns.
struct ReviewRow {
  ReviewId id;
  AppointmentId appointment;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  std::string author;
  std::int64_t rating = 0;
  std::optional<std::string> text;
  Instant visited_at, created_at;
  std::optional<Instant> changed_at;
  bool is_hidden = false;
  std::optional<std::string> hidden_reason;
  std::int64_t version = 1;
};

std::optional<ReviewRow> review_find(Snapshot& db, ReviewId id);
// Locked until the end of the transaction where several may write at a time.
std::optional<ReviewRow> review_lock(Txn& txn, ReviewId id);
// nullopt: the visit has its review.
std::optional<ReviewId> review_insert(Txn& txn, const ReviewRow& row);
// Writes rating, text, change and hiding; the version grows by one.
void review_update(Txn& txn, const ReviewRow& row);

std::optional<ReviewId> review_of_visit(Snapshot& db, AppointmentId visit);
// How many reviews that are shown gave so many stars; stars that nobody gave are left out.
struct StarRow {
  std::int64_t rating = 0, reviews = 0;
};
std::vector<StarRow> stars_of_doctor(Snapshot& db, DoctorId doctor);

// Newest first, older than `before`.
std::vector<ReviewRow> reviews_of_doctor(Snapshot& db, DoctorId doctor, ReviewId before, std::int64_t limit);  // shown
std::vector<ReviewRow> reviews_of_hospital(Snapshot& db, HospitalId hospital, ReviewId before, std::int64_t limit);
std::vector<ReviewRow> reviews_of_patient(Snapshot& db, UserId patient, ReviewId before, std::int64_t limit);

}  // namespace fairward::reviews::store
