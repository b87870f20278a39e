// Writing, changing, hiding and listing reviews. Source: mission S1.
#include <fmt/format.h>

#include "modules/booking/booking.h"
#include "modules/identity/identity.h"
#include "modules/reviews/errors.h"
#include "modules/reviews/module.h"
#include "modules/reviews/rules.h"
#include "platform/api/row_cursor.h"

namespace fairward::reviews {
namespace {

Review view_of(const store::ReviewRow& row) {
  return {row.id,         row.appointment, row.doctor,     row.hospital,  row.rating,        row.text,   row.author,
          row.visited_at, row.created_at,  row.changed_at, row.is_hidden, row.hidden_reason, row.version};
}

// Empty text is none.
std::optional<std::string> text_of(const auto& text) {
  return text && !text->value.empty() ? std::optional(text->value) : std::nullopt;
}

StarCounts stars_of(const std::vector<store::StarRow>& rows) {
  StarCounts counts;
  std::int64_t* const by_rating[] = {&counts.one, &counts.two, &counts.three, &counts.four, &counts.five};
  for (const auto& row : rows) *by_rating[row.rating - 1] = row.reviews;
  return counts;
}

Failure cursor_wrong() { return Failure{&list_invalid, {{"?cursor", "is not a cursor of this list"}}}; }

// `rows` has one more than fits when a page follows.
template <class Item, class Of>
Page<Item> page_of(std::vector<store::ReviewRow> rows, std::int64_t limit, Of&& item_of) {
  Page<Item> page;
  page.next = api::page_cut(rows, limit, [](const store::ReviewRow& row) { return std::to_string(row.id.value); });
  for (const auto& row : rows) page.items.push_back(item_of(row));
  return page;
}

}  // namespace

std::optional<std::int64_t> review_of(Snapshot& db, AppointmentId visit) {
  const auto id = store::review_of_visit(db, visit);
  return id ? std::optional(id->value) : std::nullopt;
}

std::unique_ptr<Reviews> make_reviews(directory::Directory& directory) { return std::make_unique<Module>(directory); }

// Errors, in this order: visit_not_found, visit_not_finished, review_exists. Emits review_created.
Result<Created<Review>> Module::review_create(Txn& txn, Call& call, const ReviewCreate& body) {
  const auto visit = booking::visit_find(txn, body.appointment_id);
  if (!visit || !call.caller.acts_for(visit->patient) || visit->doctor != body.id) return fail(visit_not_found);
  if (!visit->is_finished) return fail(visit_not_finished);
  const auto person = identity::person_find(txn, visit->patient);
  store::ReviewRow row{.appointment = body.appointment_id,
                       .doctor = visit->doctor,
                       .hospital = visit->hospital,
                       .patient = visit->patient,
                       .author = author_of(person ? person->name : ""),
                       .rating = body.rating.value,
                       .text = text_of(body.text),
                       .visited_at = visit->starts_at,
                       .created_at = call.now};
  const auto id = store::review_insert(txn, row);
  if (!id) return fail(review_exists);
  row.id = *id;
  directory_.rating_change(txn, row.doctor, row.rating, 1);
  txn.emit({fmt::format("appointment/{}", row.appointment.value), "reviews.review_created", "{}"});
  txn.emit({fmt::format("review/{}", row.id.value), "reviews.review_created",
            fmt::format(R"({{"review_id":{},"doctor_id":{}}})", row.id.value, row.doctor.value)});
  call.etag(row.version);
  return Created<Review>{view_of(row), fmt::format("/api/reviews/{}", row.id.value)};
}

// Writes the row and gives the doctor the difference.
Review Module::changed(Txn& txn, Call& call, const store::ReviewRow& before, store::ReviewRow row) {
  store::review_update(txn, row);
  ++row.version;
  const auto more = weight_of(row.rating, row.is_hidden) - weight_of(before.rating, before.is_hidden);
  if (more != Weight{}) directory_.rating_change(txn, row.doctor, more.stars, more.reviews);
  call.etag(row.version);
  return view_of(row);
}

// A hidden review may be changed; it stays hidden. Errors: review_not_found.
Result<Review> Module::review_update(Txn& txn, Call& call, const ReviewUpdate& body) {
  const auto before = store::review_lock(txn, body.id);
  if (!before || !call.caller.acts_for(before->patient)) return fail(review_not_found);
  auto row = *before;
  if (body.rating) row.rating = body.rating->value;
  if (body.text) row.text = text_of(body.text);
  row.changed_at = call.now;
  return changed(txn, call, *before, std::move(row));
}

// Errors: review_not_found. Emits review_hidden or review_shown, with who did it.
Result<Review> Module::review_hide(Txn& txn, Call& call, const ReviewHide& body) {
  const auto before = store::review_lock(txn, body.id);
  if (!before || !call.reaches({}, before->hospital)) return fail(review_not_found);
  auto row = *before;
  row.is_hidden = body.hidden;
  row.hidden_reason = body.hidden ? text_of(body.reason) : std::nullopt;
  txn.emit({fmt::format("review/{}", row.id.value), body.hidden ? "reviews.review_hidden" : "reviews.review_shown",
            fmt::format(R"({{"review_id":{},"doctor_id":{},"hospital_id":{},"by":{}}})", row.id.value, row.doctor.value,
                        row.hospital.value, call.caller.user.value)});
  return changed(txn, call, *before, std::move(row));
}

Result<Review> Module::review_get(Snapshot& db, Call& call, const ReviewPath& path) {
  const auto row = store::review_find(db, path.id);
  if (!row || !call.reaches(row->patient, row->hospital)) return fail(review_not_found);
  call.etag(row->version);
  return view_of(*row);
}

// The platform's administrator must name the hospital. Errors: list_invalid.
Result<Page<Review>> Module::review_list(Snapshot& db, Call& call, const ReviewQuery& query) {
  const auto before = api::row_cursor_read<ReviewId>(query.cursor);
  if (!before) return fail(cursor_wrong());
  const auto limit = query.limit.value;
  if (call.scope == api::Scope::own)
    return page_of<Review>(store::reviews_of_patient(db, call.caller.user, *before, limit + 1), limit, view_of);
  const auto hospital = call.scope == api::Scope::hospital ? std::optional(call.caller.hospital) : query.hospital_id;
  if (!hospital) return fail(list_invalid, {{"?hospital_id", "name a hospital"}});
  return page_of<Review>(store::reviews_of_hospital(db, *hospital, *before, limit + 1), limit, view_of);
}

// Errors, in this order: list_invalid, doctor_not_found.
Result<DoctorReviewList> Module::doctor_review_list(Snapshot& db, Call&, const DoctorReviewQuery& query) {
  const auto before = api::row_cursor_read<ReviewId>(query.cursor);
  if (!before) return fail(cursor_wrong());
  if (directory::practices_of(db, query.id).empty()) return fail(doctor_not_found);
  const auto limit = query.limit.value;
  auto page = page_of<PublicReview>(
      store::reviews_of_doctor(db, query.id, *before, limit + 1), limit, [](const store::ReviewRow& row) {
        return PublicReview{row.id, row.rating, row.text, row.author, row.created_at, row.changed_at};
      });
  DoctorReviewList list{std::move(page.items), std::move(page.next), {}};
  if (!query.cursor) list.stars = stars_of(store::stars_of_doctor(db, query.id));
  return list;
}

}  // namespace fairward::reviews
