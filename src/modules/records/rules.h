// What may be written when, and what a doctor is warned of. Pure: no SQL, no clock. Source: mission R1 … R3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "modules/records/api.h"

namespace fairward::records {

// May a visit be opened for an appointment of this status? As soon as the patient has arrived; where nobody said so,
// from two hours before its time on. Errors, in this order: visit_status, visit_too_early.
Result<void> check_open(std::string_view appointment_status, Instant starts_at, Instant now);

// Errors: note_invalid, with every value that no living human has, and every diagnosis without code and words.
Result<void> check_note(const NoteInput& note);
// Errors: visit_empty.
Result<void> check_closing(const NoteInput& note);

// Capital letters and digits without the dot: "e11.9" is "E119". nullopt: a letter and two more begin every code.
std::optional<std::string> code_normal(std::string_view text);
std::string code_shown(std::string_view normal);  // "E11.9"

// What a medicine's name says of its substances: small words without doses and forms. "Tab. Amoxicillin-Clavulanate
// 625 mg" → amoxicillin, clavulanate.
std::vector<std::string> substances_of(std::string_view medicine);
// Does something of this allergy (a substance or a family such as "penicillin") lie in the medicine?
bool is_allergen(std::string_view allergy, std::string_view medicine);
// The same substance, or two of a family of which one is enough ("ibuprofen" and "diclofenac").
bool is_duplicate(std::string_view medicine, std::string_view other);

// What is known of a person, to be compared.
struct PersonTraits {
  std::string_view name;
  std::optional<std::string> phone, birth_on, sex;
};
struct Likeness {
  std::int64_t score = 0;            // of 100
  std::vector<std::string> reasons;  // in what they are alike
};
constexpr std::int64_t likeness_min = 60;  // from here on it is worth a look
Likeness likeness_of(const PersonTraits& a, const PersonTraits& b);
// Capital letters and digits alone: how numbers of people are compared. nullopt: too few.
std::optional<std::string> identifier_key(std::string_view value);

struct KnownAllergy {
  std::string substance;
  Severity severity = Severity::unknown;
};
// In the order of the items; allergies before duplicates.
std::vector<Warning> warnings_of(const std::vector<MedicineInput>& items, const std::vector<KnownAllergy>& allergies,
                                 const std::vector<std::string>& being_taken);

}  // namespace fairward::records
