// See the header.
#include "modules/records/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/spelling.h"
#include "base/text.h"
#include "modules/records/errors.h"

namespace fairward::records {
namespace {

constexpr Duration open_before = hours(2);
constexpr std::size_t code_length_min = 3, code_length_max = 8;
constexpr std::size_t substance_letters_min = 4;
constexpr std::size_t diagnoses_max = 30;

// What living people have; beyond it somebody has mistyped.
struct Bounds {
  double low, high;
};
template <class T>
void check_value(std::vector<FieldError>& errors, const char* name, const std::optional<T>& value, Bounds bounds) {
  if (!value || (double(*value) >= bounds.low && double(*value) <= bounds.high)) return;
  errors.push_back({fmt::format("/vitals/{}", name), fmt::format("must be from {} to {}", bounds.low, bounds.high)});
}

void check_vitals(std::vector<FieldError>& errors, const Vitals& vitals) {
  check_value(errors, "temperature_c", vitals.temperature_c, {24, 45});
  check_value(errors, "pulse", vitals.pulse, {15, 350});
  check_value(errors, "systolic", vitals.systolic, {30, 350});
  check_value(errors, "diastolic", vitals.diastolic, {10, 250});
  check_value(errors, "respiration", vitals.respiration, {3, 120});
  check_value(errors, "saturation", vitals.saturation, {20, 100});
  check_value(errors, "weight_kg", vitals.weight_kg, {0.2, 650});
  check_value(errors, "height_cm", vitals.height_cm, {15, 280});
  if (vitals.systolic && vitals.diastolic && *vitals.diastolic >= *vitals.systolic)
    errors.push_back({"/vitals/diastolic", "must be below the systolic pressure"});
}

bool has_words(const std::optional<LongText>& text) { return text && !text->value.empty(); }

// Substances of one family: whoever does not bear one is warned of the others; two of them at once are one too many.
struct Family {
  std::string_view names;    // under which an allergy may be recorded
  std::string_view members;  // beginnings of words
  bool is_one_enough;
};
constexpr std::array families{
    Family{
        "penicillin penicillins betalactam",
        "penicillin amoxicillin ampicillin amoxyclav augmentin cloxacillin flucloxacillin dicloxacillin piperacillin "
        "bacampicillin clavulan",
        true},
    Family{"cephalosporin cephalosporins",
           "cefixime cefuroxime ceftriaxone cefalexin cephalexin cefadroxil cefpodoxime cefotaxime cefaclor cefdinir",
           true},
    Family{"sulfa sulfonamide sulfonamides sulpha", "sulfamethoxazole cotrimoxazole sulfasalazine sulfadiazine", true},
    Family{"nsaid nsaids aspirin",
           "ibuprofen diclofenac aspirin naproxen aceclofenac ketorolac indomethacin etoricoxib celecoxib mefenamic "
           "ketoprofen piroxicam",
           true},
    Family{"statin statins", "atorvastatin simvastatin rosuvastatin pravastatin lovastatin pitavastatin", true},
    Family{"macrolide macrolides", "azithromycin erythromycin clarithromycin roxithromycin", true},
    Family{"quinolone quinolones fluoroquinolone", "ciprofloxacin levofloxacin ofloxacin norfloxacin moxifloxacin",
           true},
    Family{"proton pump inhibitor ppi", "omeprazole pantoprazole rabeprazole esomeprazole lansoprazole", true},
    Family{"ace inhibitor", "enalapril lisinopril ramipril perindopril captopril", true},
    Family{"sartan arb", "losartan telmisartan valsartan olmesartan candesartan irbesartan", true},
    Family{"tetracycline tetracyclines", "doxycycline tetracycline minocycline", true},
    Family{"opioid opioids opiate", "morphine codeine tramadol oxycodone fentanyl tapentadol", false},
};

// Forms, units and what else stands in a medicine's name beside its substances.
constexpr std::string_view plain_words =
    " tablet tablets capsule capsules syrup injection cream ointment drops suspension solution spray inhaler oral "
    "hour extended release delayed coated chewable film each once daily strip sachet powder lotion patch "
    "hydrochloride sodium potassium maleate citrate sulfate sulphate phosphate succinate acid forte plus retard ";

std::vector<std::string> letters_only(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : ascii_lower(text)) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80) != 0;
    if (is_letter) words.back() += c;
    else if (!words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

// Does one of the members begin this word, or this word a member?
bool is_member(const Family& family, std::string_view word) {
  std::string_view rest = family.members;
  while (!rest.empty()) {
    const std::string_view member = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), member.size() + 1));
    if (word.starts_with(member)) return true;
  }
  return false;
}

bool is_in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& word) { return std::ranges::find(b, word) != b.end(); });
}

// How many letters the names are apart, whatever the order of their words; -1: they are different names.
int names_apart(std::string_view a, std::string_view b) {
  auto mine = letters_only(a), theirs = letters_only(b);
  if (mine.empty() || theirs.empty()) return -1;
  if (mine.size() > theirs.size()) std::swap(mine, theirs);
  int apart = 0;
  for (const std::string& word : mine) {
    const int most = mistakes_max(word.size());
    int least = most + 1;
    for (const std::string& other : theirs) least = std::min(least, edit_distance(word, other, most));
    if (least > most) return -1;
    apart += least;
  }
  const bool is_all = mine.size() == theirs.size();
  return is_all ? apart : mine.size() > 1 ? std::max(apart, 1) : -1;
}

}  // namespace

Result<void> check_open(std::string_view appointment_status, Instant starts_at, Instant now) {
  if (appointment_status == "arrived" || appointment_status == "fulfilled" || appointment_status == "noshow") return {};
  if (appointment_status != "booked") return fail(visit_status);
  if (now + open_before < starts_at) return fail(visit_too_early);
  return {};
}

Result<void> check_note(const NoteInput& note) {
  std::vector<FieldError> errors;
  if (note.vitals) check_vitals(errors, *note.vitals);
  if (note.diagnoses) {
    if (note.diagnoses->size() > diagnoses_max) errors.push_back({"/diagnoses", "are too many"});
    for (std::size_t i = 0; i < note.diagnoses->size(); ++i) {
      const DiagnosisInput& one = (*note.diagnoses)[i];
      if (!one.code && !one.words) errors.push_back({fmt::format("/diagnoses/{}", i), "needs a code or words"});
      if (one.code && !code_normal(one.code->value))
        errors.push_back({fmt::format("/diagnoses/{}/code", i), "is no code of ICD-10"});
    }
  }
  if (!errors.empty()) return fail(note_invalid, std::move(errors));
  return {};
}

Result<void> check_closing(const NoteInput& note) {
  const bool has_diagnosis = note.diagnoses && !note.diagnoses->empty();
  if (has_diagnosis || has_words(note.notes) || has_words(note.advice) || has_words(note.examination)) return {};
  return fail(visit_empty);
}

std::optional<std::string> code_normal(std::string_view text) {
  std::string code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && i == code_length_min) continue;
    const bool is_digit = c >= '0' && c <= '9', is_small = c >= 'a' && c <= 'z', is_capital = c >= 'A' && c <= 'Z';
    if (!is_digit && !is_small && !is_capital) return std::nullopt;
    code += is_small ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const bool is_one = code.size() >= code_length_min && code.size() < code_length_max && code[0] >= 'A' &&
                      code[0] <= 'Z' && code[1] >= '0' && code[1] <= '9';
  return is_one ? std::optional(code) : std::nullopt;
}

std::string code_shown(std::string_view normal) {
  if (normal.size() <= code_length_min) return std::string(normal);
  return fmt::format("{}.{}", normal.substr(0, code_length_min), normal.substr(code_length_min));
}

std::vector<std::string> substances_of(std::string_view medicine) {
  std::vector<std::string> words = letters_only(medicine);
  std::erase_if(words, [](const std::string& word) {
    return word.size() < substance_letters_min || has_word(plain_words, word);
  });
  return words;
}

bool is_allergen(std::string_view allergy, std::string_view medicine) {
  const auto allergens = letters_only(allergy), substances = substances_of(medicine);
  if (is_in_common(substances_of(allergy), substances)) return true;
  for (const Family& family : families) {
    const bool is_of = std::ranges::any_of(
        allergens, [&](const std::string& word) { return has_word(family.names, word) || is_member(family, word); });
    if (!is_of) continue;
    if (std::ranges::any_of(substances, [&](const std::string& word) { return is_member(family, word); })) return true;
  }
  return false;
}

bool is_duplicate(std::string_view medicine, std::string_view other) {
  const auto mine = substances_of(medicine), theirs = substances_of(other);
  if (is_in_common(mine, theirs)) return true;
  return std::ranges::any_of(families, [&](const Family& family) {
    const auto is_of = [&](const std::string& word) { return is_member(family, word); };
    return family.is_one_enough && std::ranges::any_of(mine, is_of) && std::ranges::any_of(theirs, is_of);
  });
}

Likeness likeness_of(const PersonTraits& a, const PersonTraits& b) {
  constexpr std::int64_t phone_weight = 40, birth_weight = 35, name_weight = 30, name_near_weight = 25, sex_weight = 20;
  Likeness likeness;
  const auto add = [&](std::int64_t weight, const char* reason) {
    likeness.score += weight;
    likeness.reasons.emplace_back(reason);
  };
  if (a.phone && a.phone == b.phone) add(phone_weight, "phone");
  if (a.birth_on && a.birth_on == b.birth_on) add(birth_weight, "birth_on");
  const int names = names_apart(a.name, b.name);
  if (names == 0) add(name_weight, "name");
  else if (names > 0) add(name_near_weight, "name");
  const bool is_other_sex = a.sex && b.sex && *a.sex != *b.sex && *a.sex != "unknown" && *b.sex != "unknown";
  const bool is_other_birth = a.birth_on && b.birth_on && *a.birth_on != *b.birth_on;
  if (is_other_sex || is_other_birth) likeness.score -= sex_weight;
  likeness.score = std::clamp<std::int64_t>(likeness.score, 0, 100);
  return likeness;
}

std::optional<std::string> identifier_key(std::string_view value) {
  constexpr std::size_t letters_min = 3;
  std::string key;
  for (const char c : ascii_lower(value)) {
    if (c >= 'a' && c <= 'z') key += static_cast<char>(c - 'a' + 'A');
    else if (c >= '0' && c <= '9') key += c;
  }
  return key.size() >= letters_min ? std::optional(key) : std::nullopt;
}

std::vector<Warning> warnings_of(const std::vector<MedicineInput>& items, const std::vector<KnownAllergy>& allergies,
                                 const std::vector<std::string>& being_taken) {
  std::vector<Warning> warnings;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string& medicine = items[i].medicine.value;
    const auto place = static_cast<std::int64_t>(i) + 1;
    for (const KnownAllergy& allergy : allergies)
      if (is_allergen(allergy.substance, medicine))
        warnings.push_back({WarningKind::allergy, place,
                            fmt::format("{}: an allergy to {} is recorded{}.", medicine, allergy.substance,
                                        allergy.severity == Severity::severe ? ", a severe one" : "")});
    for (const std::string& taken : being_taken)
      if (is_duplicate(medicine, taken))
        warnings.push_back(
            {WarningKind::duplicate, place, fmt::format("{}: the patient takes {} already.", medicine, taken)});
    for (std::size_t before = 0; before < i; ++before)
      if (is_duplicate(medicine, items[before].medicine.value))
        warnings.push_back(
            {WarningKind::duplicate, place,
             fmt::format("{}: {} is on this prescription too.", medicine, items[before].medicine.value)});
  }
  return warnings;
}

}  // namespace fairward::records
