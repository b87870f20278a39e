// What may be written when, and what is warned of, as tables.
#include "modules/records/rules.h"

#include <gtest/gtest.h>

#include "modules/records/errors.h"

namespace fairward::records {
namespace {

TEST(check_open, wants_the_patient_or_the_day) {
  const Instant now{days(100).ms};
  struct Row {
    const char* status;
    Duration ahead;
    const Problem* problem;
  };
  const Row table[] = {
      {"arrived", days(9), nullptr},          {"fulfilled", hours(-90), nullptr},
      {"booked", hours(0), nullptr},          {"booked", hours(2), nullptr},
      {"booked", hours(3), &visit_too_early}, {"pending", hours(0), &visit_status},
      {"cancelled", days(9), &visit_status},  {"noshow", hours(-1), nullptr},
      {"expired", hours(0), &visit_status},
  };
  for (const Row& row : table) {
    const auto result = check_open(row.status, now + row.ahead, now);
    EXPECT_EQ(result ? nullptr : result.error().problem, row.problem) << row.status;
  }
}

TEST(check_note, names_everything_that_cannot_be) {
  NoteInput note;
  EXPECT_TRUE(check_note(note));
  note.vitals = Vitals{.temperature_c = 60, .pulse = 80, .systolic = 80, .diastolic = 120, .height_cm = 3};
  note.diagnoses = {DiagnosisInput{}, DiagnosisInput{.code = BoundedText<3, 10>{"11E"}},
                    DiagnosisInput{.code = BoundedText<3, 10>{"E11.9"}}};
  const auto result = check_note(note);
  ASSERT_FALSE(result);
  std::vector<std::string> pointers;
  for (const auto& error : result.error().errors) pointers.push_back(error.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/vitals/temperature_c", "/vitals/height_cm", "/vitals/diastolic",
                                                "/diagnoses/0", "/diagnoses/1/code"}));
}

TEST(check_closing, wants_that_something_was_found) {
  NoteInput note;
  EXPECT_FALSE(check_closing(note));
  note.complaint = LongText{"cough"};
  EXPECT_FALSE(check_closing(note));
  note.diagnoses = std::vector<DiagnosisInput>{};
  EXPECT_FALSE(check_closing(note));
  note.diagnoses->push_back({.words = Words{"common cold"}});
  EXPECT_TRUE(check_closing(note));
  NoteInput words;
  words.notes = LongText{"well"};
  EXPECT_TRUE(check_closing(words));
}

TEST(code_normal, is_the_code_without_its_dot) {
  const std::pair<const char*, std::optional<std::string>> table[] = {
      {"E11.9", "E119"}, {"e119", "E119"}, {"A00", "A00"}, {"S72.001A", "S72001A"}, {"", {}},      {"A0", {}},
      {"123", {}},       {"E1.19", {}},    {"AB1", {}},    {"E11.9x", "E119X"},     {"E11,9", {}}, {"E11.99999999", {}},
      {"É11", {}},
  };
  for (const auto& [text, code] : table) EXPECT_EQ(code_normal(text), code) << text;
  EXPECT_EQ(code_shown("E119"), "E11.9");
  EXPECT_EQ(code_shown("A00"), "A00");
}

TEST(substances_of, leaves_out_doses_and_forms) {
  using List = std::vector<std::string>;
  EXPECT_EQ(substances_of("Tab. Amoxicillin-Clavulanate 625 mg"), (List{"amoxicillin", "clavulanate"}));
  EXPECT_EQ(substances_of("24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"), List{"metformin"});
  EXPECT_EQ(substances_of(""), List{});
}

TEST(is_allergen, knows_substances_and_families) {
  const std::tuple<const char*, const char*, bool> table[] = {
      {"Penicillin", "Amoxicillin 500 mg", true},
      {"amoxicillin", "Ampicillin", true},
      {"Allergy to sulfa drugs", "Cotrimoxazole", true},
      {"Peanut", "Paracetamol 500 mg", false},
      {"aspirin", "Diclofenac 50 mg", true},
      {"Penicillin", "Azithromycin", false},
      {"paracetamol", "Tab. PARACETAMOL 650", true},
      {"Dust", "", false},
  };
  for (const auto& [allergy, medicine, is] : table) EXPECT_EQ(is_allergen(allergy, medicine), is) << allergy;
}

TEST(is_duplicate, knows_the_same_and_one_too_many_of_a_family) {
  EXPECT_TRUE(is_duplicate("Ibuprofen 400 mg", "Diclofenac gel"));
  EXPECT_TRUE(is_duplicate("Metformin 500", "Metformin 1 g + Glimepiride"));
  EXPECT_FALSE(is_duplicate("Metformin 500 mg tablet", "Glimepiride 1 mg tablet"));
  EXPECT_FALSE(is_duplicate("Morphine", "Codeine"));
}

TEST(likeness_of, weighs_what_two_people_have_in_common) {
  using Text = std::optional<std::string>;
  const PersonTraits asha{"Asha Rao", Text("+919876543210"), Text("1990-01-02"), Text("female")};
  struct Row {
    PersonTraits other;
    bool is_alike;
  };
  const Row table[] = {
      {asha, true},
      {{"Rao Asha", {}, Text("1990-01-02"), {}}, true},
      {{"Aasha Rao", Text("+919876543210"), {}, {}}, true},                              // misspelt, same phone
      {{"Asha Devi Rao", {}, Text("1990-01-02"), Text("female")}, true},                 // a name more, same birth
      {{"Asha Rao", {}, {}, {}}, false},                                                 // a name alone
      {{"Vikram Rao", Text("+919876543210"), Text("1962-05-05"), Text("male")}, false},  // family shares a phone
      {{"Ravi", {}, Text("1990-01-02"), {}}, false},                                     // born on the same day
      {{"", {}, {}, {}}, false},
  };
  for (const Row& row : table)
    EXPECT_EQ(likeness_of(asha, row.other).score >= likeness_min, row.is_alike) << row.other.name;
  EXPECT_EQ(likeness_of(asha, asha).reasons, (std::vector<std::string>{"phone", "birth_on", "name"}));
  EXPECT_EQ(identifier_key("ab-12 34/x"), "AB1234X");
  EXPECT_EQ(identifier_key("- 1"), std::nullopt);
}

TEST(warnings_of, come_item_by_item) {
  const auto item = [](const char* medicine) { return MedicineInput{.medicine = {medicine}}; };
  const auto warnings = warnings_of({item("Paracetamol"), item("Amoxicillin"), item("Naproxen"), item("Ibuprofen")},
                                    {{"penicillin", Severity::severe}}, {"Diclofenac 50 mg"});
  ASSERT_EQ(warnings.size(), 4u);
  EXPECT_EQ(warnings[0].kind, WarningKind::allergy);
  EXPECT_EQ(warnings[0].item, 2);
  EXPECT_EQ(warnings[0].words, "Amoxicillin: an allergy to penicillin is recorded, a severe one.");
  EXPECT_EQ(warnings[1].item, 3);
  EXPECT_EQ(warnings[2].words, "Ibuprofen: the patient takes Diclofenac 50 mg already.");
  EXPECT_EQ(warnings[3].words, "Ibuprofen: Naproxen is on this prescription too.");
}

}  // namespace
}  // namespace fairward::records
