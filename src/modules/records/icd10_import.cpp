// Lists of ICD-10 codes from files: CSV with a header that names code and description, lines "A000  Cholera", or the
// order file of the official list.
#include <algorithm>

#include "base/text.h"
#include "modules/records/icd10.h"
#include "modules/records/records.h"
#include "modules/records/rules.h"
#include "sql/records.h"

namespace fairward::records {
namespace {

constexpr std::size_t lines_at_once = 2000;
constexpr std::size_t words_max = 400;
constexpr std::size_t order_digits = 5;        // "00001 A00     0 Cholera   Cholera"
constexpr std::size_t order_words_begin = 77;  // the long description
constexpr std::size_t notes_max = 100;

// The fields of one line; a quoted one may hold commas and doubled quotation marks.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_doubled = is_quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (is_doubled) fields.back() += line[i++];
    else if (c == '"') is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted) fields.emplace_back();
    else if (c != '\r') fields.back() += c;
  }
  return fields;
}

class Reader {
 public:
  // nullopt: no code; `reason` is empty where there need not be one.
  std::optional<Icd10Code> read(std::string_view line, std::string& reason) {
    line = trimmed(line);
    const bool is_first = std::exchange(is_first_, false);
    if (line.empty() || (is_first && header_read(line))) return std::nullopt;
    Icd10Code found = description_ ? from_fields(fields_of(line)) : from_text(line);
    const auto code = code_normal(found.code);
    if (!code) reason = "no code of ICD-10";
    else if (found.words.empty() || found.words.size() > words_max || !utf8_valid(found.words) ||
             has_control_characters(found.words, false))
      reason = "no description";
    if (!reason.empty()) return std::nullopt;
    return Icd10Code{*code, std::move(found.words)};
  }

 private:
  bool header_read(std::string_view line) {
    const auto names = fields_of(ascii_lower(line));
    const auto place = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto at = std::ranges::find(names, name);
      return at == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - names.begin()));
    };
    const auto code = place("code") ? place("code") : place("icd10cm_code");
    const auto words = place("description") ? place("description") : place("words");
    if (!code || !words) return false;
    code_ = *code;
    description_ = *words;
    return true;
  }

  Icd10Code from_fields(const std::vector<std::string>& fields) const {
    if (fields.size() <= std::max(code_, *description_)) return {};
    return {std::string(trimmed(fields[code_])), std::string(trimmed(fields[*description_]))};
  }

  static Icd10Code from_text(std::string_view line) {
    const bool is_order = line.size() > order_words_begin && line.find_first_not_of("0123456789") == order_digits;
    std::string_view words;
    if (is_order) {
      words = line.substr(order_words_begin);
      line.remove_prefix(order_digits + 1);
    }
    const std::string_view code = line.substr(0, line.find_first_of(" \t"));
    if (!is_order) words = line.substr(code.size());
    return {std::string(code), std::string(trimmed(words))};
  }

  bool is_first_ = true;
  std::size_t code_ = 0;
  std::optional<std::size_t> description_;  // of a CSV file
};

}  // namespace

CodesImport icd10_import(sql::Engine& engine, const LineSource& next) {
  CodesImport report;
  Reader reader;
  std::vector<Icd10Code> batch;
  const auto store = [&] {
    std::int64_t changed = 0;
    engine.write_now([&](Txn& txn) {
      changed = 0;
      for (const Icd10Code& one : batch)
        if (txn.one<std::string>(sql_queries::icd10_upsert, one.code, one.words)) ++changed;
      if (changed > 0) txn.exec(sql_queries::icd10_version_grow);
      return true;
    });
    report.changed += changed;
    report.unchanged += static_cast<std::int64_t>(batch.size()) - changed;
    batch.clear();
  };
  for (std::string line; next(line);) {
    ++report.lines;
    std::string reason;
    if (auto code = reader.read(line, reason)) batch.push_back(std::move(*code));
    else if (!reason.empty() && ++report.rejected <= static_cast<std::int64_t>(notes_max))
      report.notes.push_back({report.lines, std::move(reason)});
    if (batch.size() == lines_at_once) store();
  }
  if (!batch.empty()) store();
  return report;
}

}  // namespace fairward::records
