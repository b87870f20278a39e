// Appointments that were kept elsewhere, from a file: columns are known by their names, what cannot be taken is told.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/csv.h"
#include "base/text.h"
#include "modules/reporting/outcomes.h"
#include "modules/reporting/reporting.h"
#include "modules/reporting/store.h"

namespace fairward::reporting {
namespace {

constexpr std::size_t rows_at_once = 1000, key_bytes_max = 100, area_bytes_max = 200, notes_max = 100;
constexpr std::int64_t age_max = 130, lead_days_max = 3660;

enum Column : std::size_t { key, booked, visited, missed, reminded, age, area, columns };
struct ColumnNames {
  std::string_view what;
  std::array<std::string_view, 5> names;  // small letters and digits only
  bool is_needed;
};
constexpr std::array<ColumnNames, columns> known_columns{{
    {"appointment", {"appointmentid", "id", "key", "bookingid", "visitid"}, true},
    {"booked", {"scheduledday", "bookedon", "bookedat", "createdat", "bookingdate"}, true},
    {"visit", {"appointmentday", "visiton", "startsat", "appointmentdate", "visitdate"}, true},
    {"missed", {"noshow", "missed", "ismissed", "isnoshow", "status"}, true},
    {"reminded", {"smsreceived", "reminded", "isreminded", "remindersent", "sms"}, false},
    {"age", {"age", "patientage", "years", "ageyears", "agey"}, false},
    {"area", {"neighbourhood", "neighborhood", "area", "district", "ward"}, false},
}};

std::string name_normal(std::string_view name) {
  std::string normal;
  for (const char c : ascii_lower(name))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) normal += c;
  return normal;
}

std::optional<bool> flag_of(std::string_view text) {
  const std::string word = name_normal(text);
  for (const std::string_view yes : {"yes", "true", "1", "noshow", "missed"})
    if (word == yes) return true;
  for (const std::string_view no : {"no", "false", "0", "fulfilled", "show", "arrived"})
    if (word == no) return false;
  return std::nullopt;
}

std::optional<Date> day_of(std::string_view text) {
  constexpr std::size_t day_length = 10;
  return parse_date(text.substr(0, day_length));
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

class Reader {
 public:
  Reader(sql::Engine& engine, HospitalId hospital) : engine_(engine), hospital_(hospital) {}

  void take(CsvRow&& row) {
    if (row.is_blank() || !report.failure.empty()) return;
    if (!is_header_read_) return header_read(row);
    ++report.rows;
    std::string reason = row.problem;
    auto outcome = reason.empty() ? read(row.fields, reason) : std::nullopt;
    if (outcome) {
      batch_.push_back(std::move(*outcome));
      if (batch_.size() == rows_at_once) store();
      return;
    }
    ++report.rejected;
    if (report.notes.size() < notes_max) report.notes.push_back({row.line, std::move(reason)});
  }
  void finish() {
    if (!is_header_read_ && report.failure.empty()) report.failure = "the file is empty";
    if (!batch_.empty()) store();
  }

  OutcomesImport report;

 private:
  void header_read(const CsvRow& row) {
    is_header_read_ = true;
    std::vector<bool> is_used(row.fields.size());
    for (std::size_t i = 0; i < known_columns.size(); ++i)
      for (const std::string_view name : known_columns[i].names)
        for (std::size_t at = 0; at < row.fields.size() && !places_[i]; ++at)
          if (!is_used[at] && name_normal(row.fields[at]) == name) places_[i] = at, is_used[at] = true;
    for (std::size_t i = 0; i < known_columns.size(); ++i)
      if (known_columns[i].is_needed && !places_[i])
        report.failure += (report.failure.empty() ? "no column says: " : ", ") + std::string(known_columns[i].what);
    for (std::size_t at = 0; at < row.fields.size(); ++at)
      if (!is_used[at]) report.columns_left.push_back(row.fields[at]);
  }

  static bool is_text(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max && utf8_valid(text) && !has_control_characters(text, false);
  }

  std::optional<outcomes::Outcome> read(const std::vector<std::string>& fields, std::string& reason) {
    const auto field = [&](Column column) -> std::string_view {
      const auto place = places_[column];
      return place && *place < fields.size() ? trimmed(fields[*place]) : std::string_view();
    };
    const auto refuse = [&](std::string_view why) {
      reason = why;
      return std::nullopt;
    };
    outcomes::Outcome outcome{std::string(field(key)), {}, 0, false, {}, {}, {}};
    if (!is_text(outcome.key, key_bytes_max)) return refuse("no id of an appointment");
    const auto booked_on = day_of(field(booked)), visit_on = day_of(field(visited));
    if (!booked_on || !visit_on) return refuse("no day of booking or visit");
    outcome.visit_on = *visit_on, outcome.lead_days = *visit_on - *booked_on;
    if (outcome.lead_days < 0) return refuse("the visit is before its booking");
    if (outcome.lead_days > lead_days_max) return refuse("the visit is more than ten years after its booking");
    const auto is_missed = flag_of(field(missed));
    if (!is_missed) return refuse("whether it was missed cannot be told");
    outcome.is_missed = *is_missed;
    outcome.is_reminded = flag_of(field(reminded));
    const auto years = number_of(field(age));
    if (years && *years >= 0 && *years <= age_max) outcome.age = years;
    else if (!field(age).empty()) ++report.ages_left;
    if (is_text(field(area), area_bytes_max)) outcome.area = field(area);
    return outcome;
  }

  void store() {
    std::int64_t changed = 0;
    engine_.write_now([&](Txn& txn) {
      changed = 0;
      for (const auto& outcome : batch_) changed += outcomes::outcome_put(txn, hospital_, outcome) ? 1 : 0;
      return true;
    });
    report.changed += changed;
    report.unchanged += static_cast<std::int64_t>(batch_.size()) - changed;
    batch_.clear();
  }

  sql::Engine& engine_;
  const HospitalId hospital_;
  bool is_header_read_ = false;
  std::array<std::optional<std::size_t>, columns> places_;
  std::vector<outcomes::Outcome> batch_;
};

}  // namespace

OutcomesImport outcomes_import(sql::Engine& engine, HospitalId hospital, const PieceSource& next) {
  Reader reader(engine, hospital);
  if (hospital) {
    engine.read_now([&](Snapshot& db) {
      if (!store::time_zone_of(db, hospital)) reader.report.failure = "there is no such hospital";
    });
    if (!reader.report.failure.empty()) return std::move(reader.report);
  }
  CsvReader csv(',', [&](CsvRow&& row) { reader.take(std::move(row)); });
  for (std::string piece; reader.report.failure.empty() && next(piece); piece.clear()) csv.feed(piece);
  csv.finish();
  reader.finish();
  return std::move(reader.report);
}

}  // namespace fairward::reporting
