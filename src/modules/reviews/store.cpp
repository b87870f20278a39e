#include "modules/reviews/store.h"

#include "sql/reviews.h"

namespace fairward::reviews::store {

namespace q = sql_queries;

std::optional<ReviewRow> review_find(Snapshot& db, ReviewId id) { return db.one<ReviewRow>(q::review_find, id); }

std::optional<ReviewRow> review_lock(Txn& txn, ReviewId id) { return txn.one<ReviewRow>(q::review_lock, id); }

std::optional<ReviewId> review_insert(Txn& txn, const ReviewRow& row) {
  return txn.one<ReviewId>(q::review_insert, row.appointment, row.doctor, row.hospital, row.patient, row.author,
                           row.rating, row.text, row.visited_at, row.created_at);
}

void review_update(Txn& txn, const ReviewRow& row) {
  txn.exec(q::review_update, row.id, row.rating, row.text, row.changed_at, row.is_hidden, row.hidden_reason);
}

std::optional<ReviewId> review_of_visit(Snapshot& db, AppointmentId visit) {
  return db.one<ReviewId>(q::review_of_visit, visit);
}

std::vector<StarRow> stars_of_doctor(Snapshot& db, DoctorId doctor) { return db.all<StarRow>(q::review_stars, doctor); }

std::vector<ReviewRow> reviews_of_doctor(Snapshot& db, DoctorId doctor, ReviewId before, std::int64_t limit) {
  return db.all<ReviewRow>(q::review_list_doctor, doctor, before, limit);
}

std::vector<ReviewRow> reviews_of_hospital(Snapshot& db, HospitalId hospital, ReviewId before, std::int64_t limit) {
  return db.all<ReviewRow>(q::review_list_hospital, hospital, before, limit);
}

std::vector<ReviewRow> reviews_of_patient(Snapshot& db, UserId patient, ReviewId before, std::int64_t limit) {
  return db.all<ReviewRow>(q::review_list_patient, patient, before, limit);
}

}  // namespace fairward::reviews::store
