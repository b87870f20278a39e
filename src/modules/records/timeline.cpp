// Everything of a patient in the order of time, the newest first. Each kind of entry has an index by patient and time;
// a page is merged from the heads of all of them, so its cost does not grow with the history.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "modules/records/errors.h"
#include "modules/records/module.h"

namespace fairward::records {
namespace {

constexpr std::string_view withdrawn = "withdrawn";
constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

class Merge {
 public:
  Merge(Snapshot& db, Names& names, const Access& access, const CursorParts& after, std::int64_t limit)
      : db_(db), names_(names), access_(access), after_(after), limit_(limit) {}

  void add(TimelineKind kind) {
    switch (kind) {
      case TimelineKind::visit: return visits();
      case TimelineKind::prescription: return prescriptions();
      case TimelineKind::referral: return referrals();
      case TimelineKind::test_order: return test_orders();
      case TimelineKind::allergy: return allergies();
      case TimelineKind::problem: return problems();
      case TimelineKind::document: return documents();
      case TimelineKind::history: return history();
    }
  }

  // In order; as many as there are, at most the limit.
  std::vector<TimelineItem> items() {
    std::ranges::sort(items_, [](const TimelineItem& a, const TimelineItem& b) {
      return std::tuple(b.at, a.kind, b.id) < std::tuple(a.at, b.kind, a.id);
    });
    if (items_.size() > static_cast<std::size_t>(limit_)) items_.resize(static_cast<std::size_t>(limit_));
    return std::move(items_);
  }

 private:
  // Entries of one instant stand in the order of their kinds.
  store::Page page(TimelineKind kind) const {
    const auto number = static_cast<std::int64_t>(kind);
    const std::int64_t id = number < after_.kind ? 0 : number == after_.kind ? after_.id : no_bound;
    return {access_.persons, {after_.at}, id, access_.hospital, limit_};
  }

  TimelineItem& append(TimelineKind kind, Instant at, std::int64_t id, DoctorId doctor, HospitalId hospital) {
    const auto& practice = names_.practice(doctor, hospital);
    items_.push_back({at, kind, id, {}, {}, {}, {}, doctor, hospital, practice.doctor_name, practice.hospital_name});
    return items_.back();
  }

  void visits() {
    const auto bounds = page(TimelineKind::visit);
    const auto rows = store::visits_of_patient(db_, bounds);
    const auto views = visit_views(names_, rows, store::diagnoses_of_patient(db_, bounds));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& item = append(TimelineKind::visit, rows[i].starts_at, rows[i].id.value, rows[i].doctor, rows[i].hospital);
      item.appointment_id = rows[i].appointment;
      item.status = rows[i].closed_at ? "closed" : "open";
      std::vector<std::string> words;
      for (const auto& diagnosis : views[i].diagnoses) words.push_back(diagnosis.words);
      item.title = joined(words);
      if (rows[i].follow_up_on) item.detail = *rows[i].follow_up_on;
    }
  }

  void prescriptions() {
    const auto bounds = page(TimelineKind::prescription);
    const auto rows = store::prescriptions_of_patient(db_, bounds);
    const auto views = prescription_views(names_, rows, store::items_of_patient(db_, bounds));
    for (const auto& view : views) {
      auto& item = append(TimelineKind::prescription, view.issued_at, view.id.value, view.doctor_id, view.hospital_id);
      item.appointment_id = view.appointment_id;
      item.status = view.items.empty() ? withdrawn : std::string_view("issued");
      std::vector<std::string> words;
      for (const auto& medicine : view.items) words.push_back(medicine.medicine);
      item.title = joined(words);
      item.detail = view.note;
    }
  }

  void referrals() {
    for (const auto& row : store::referrals_of_patient(db_, page(TimelineKind::referral))) {
      auto& item = append(TimelineKind::referral, row.made_at, row.id.value, row.doctor, row.hospital);
      const auto view = referral_view(db_, names_, row);
      item.appointment_id = row.appointment;
      item.title = view.to_doctor_name.value_or(view.to_speciality_name.value_or(""));
      item.detail = row.reason;
      item.status = row.is_withdrawn ? withdrawn : sql_text(row.urgency);
    }
  }

  void test_orders() {
    for (const auto& row : store::test_orders_of_patient(db_, page(TimelineKind::test_order))) {
      auto& item = append(TimelineKind::test_order, row.ordered_at, row.id.value, row.doctor, row.hospital);
      item.appointment_id = row.appointment;
      item.title = row.name;
      item.detail = row.note;
      item.status = row.is_withdrawn ? withdrawn : sql_text(row.urgency);
    }
  }

  void allergies() {
    for (const auto& row : store::allergies_of(db_, page(TimelineKind::allergy))) {
      auto& item = append(TimelineKind::allergy, row.recorded_at, row.id.value, row.doctor, row.hospital);
      item.title = row.substance;
      item.detail = row.reaction;
      item.status = sql_text(row.status);
    }
  }

  void problems() {
    for (const auto& row : store::problems_of(db_, page(TimelineKind::problem))) {
      auto& item = append(TimelineKind::problem, row.recorded_at, row.id.value, row.doctor, row.hospital);
      item.title = row.words;
      item.detail = row.began_on;
      item.status = sql_text(row.status);
    }
  }

  void documents() {
    for (const auto& row : store::documents_of(db_, page(TimelineKind::document))) {
      auto& item = append(TimelineKind::document, row.added_at, row.id.value, {}, row.hospital);
      item.title = row.name;
      item.detail = row.media_type;
    }
  }

  // What was brought from elsewhere; its status says what it is.
  void history() {
    for (const auto& row : store::history_of(db_, page(TimelineKind::history))) {
      auto& item = append(TimelineKind::history, row.at, row.id, {}, row.hospital);
      item.title = row.words;
      item.status = row.kind;
      if (row.value) item.detail = fmt::format("{:.6g} {}", *row.value, row.unit.value_or(""));
      else item.detail = row.value_words ? row.value_words : row.status;
      item.doctor_name = row.author.value_or("");
      item.hospital_name = row.place.value_or("");
    }
  }

  Snapshot& db_;
  Names& names_;
  const Access access_;
  const CursorParts after_;
  const std::int64_t limit_;
  std::vector<TimelineItem> items_;
};

}  // namespace

// Errors: list_invalid, patient_not_found.
Result<Page<TimelineItem>> Module::timeline_list(Snapshot& db, Call& call, const TimelineQuery& query) {
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  const Access access = access_of(db, call, query.id);
  if (!access || !patient_card(db, query.id)) return fail(patient_not_found);
  Names names(db);
  Merge merge(db, names, access, after, query.limit + 1);
  constexpr int kinds = static_cast<int>(TimelineKind::history) + 1;
  for (int kind = 0; kind < kinds; ++kind)
    if (!query.kind || static_cast<int>(*query.kind) == kind) merge.add(static_cast<TimelineKind>(kind));
  Page<TimelineItem> list;
  list.items = merge.items();
  list.next = api::page_cut(list.items, query.limit, [](const TimelineItem& last) {
    return cursor_text({last.at.ms, last.id, static_cast<std::int64_t>(last.kind)});
  });
  return list;
}

std::unique_ptr<Records> make_records(booking::Booking& booking, RecordsOptions options) {
  return std::make_unique<Module>(booking, std::move(options));
}

}  // namespace fairward::records
