// Bundles cut into entries, entries mapped, and both brought into records on every engine, once.
#include "fhir/import.h"

#include <gtest/gtest.h>

#include "fhir/bundle.h"
#include "fhir/mapping.h"
#include "platform/sql/testing.h"

namespace fairward::fhir {
namespace {

std::vector<std::string> entries_of(std::string_view text, std::size_t piece) {
  std::vector<std::string> entries;
  BundleReader reader([&](std::string_view entry) { entries.emplace_back(entry); });
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  return entries;
}

TEST(bundle_reader, finds_the_entries_however_the_text_comes) {
  const std::string text = R"({"x":{"entry":[{"no":1}]},"y":["entry",{"no":2}],)"
                           R"("entry":[{"a":"}]\"{"},{"b":{"entry":[{"c":1}]}}],"z":[{"no":3}]})";
  for (const std::size_t piece : {1u, 2u, 7u, 1000u})
    EXPECT_EQ(entries_of(text, piece), (std::vector<std::string>{R"({"a":"}]\"{"})", R"({"b":{"entry":[{"c":1}]}})"}));
  EXPECT_TRUE(entries_of("", 1).empty());
  EXPECT_TRUE(entries_of("]]}}\"", 1).empty());
  EXPECT_TRUE(entries_of(R"([{"entry":[{"a":1}]}])", 3).empty());
  BundleReader cut([](std::string_view) {});
  cut.feed(R"({"entry":[{"a":1})");
  EXPECT_FALSE(cut.is_whole());
  cut.feed("]}");
  EXPECT_TRUE(cut.is_whole());
}

TEST(bundle_reader, leaves_out_what_is_too_long) {
  int entries = 0;
  BundleReader reader([&](std::string_view) { ++entries; });
  reader.feed(R"({"entry":[{"a":")" + std::string(BundleReader::entry_bytes_max, 'x') + R"("},{"b":1}]})");
  EXPECT_EQ(entries, 1);
  EXPECT_EQ(reader.too_long(), 1u);
  EXPECT_TRUE(reader.is_whole());
}

std::string why(std::string_view json) {
  const auto mapped = entry_map(json, {});
  const auto* nothing = std::get_if<Unmapped>(&mapped);
  return nothing ? nothing->why : "mapped";
}

TEST(entry_map, says_why_not) {
  const std::pair<const char*, const char*> table[] = {
      {"{", "not JSON"},
      {"[1]", "not JSON"},
      {"{}", "no resource"},
      {R"({"resource":{"resourceType":"Claim"}})", "Claim: not mapped"},
      {R"({"resource":{"resourceType":"Organization"}})", ""},
      {R"({"resource":{"resourceType":"Patient","id":"1"}})", "Patient: without id or name"},
      {R"({"resource":{"resourceType":"Observation","id":"1"}})", "Observation: without id or patient"},
      {R"({"resource":{"resourceType":"Immunization","id":"1","patient":{"reference":"p"}}})",
       "Immunization: without time"},
      {R"({"resource":{"resourceType":"Immunization","id":"1","patient":{"reference":"p"},)"
       R"("occurrenceDateTime":"2011"}})",
       "Immunization: without words"},
      {R"({"resource":{"resourceType":"MedicationRequest","id":"1"}})",
       "MedicationRequest: the medicine is another resource"},
      {R"({"resource":{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"entered-in-error"}]}}})",
       "Condition: entered in error"},
  };
  for (const auto& [json, expected] : table) EXPECT_EQ(why(json), expected) << json;
}

constexpr std::string_view bundle = R"({"resourceType":"Bundle","entry":[
{"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","id":"o",
 "category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"Blood Pressure"},
 "subject":{"reference":"urn:uuid:p"},"effectiveDateTime":"2011-09-22T19:08:38+05:30",
 "component":[{"code":{"text":"Systolic"},"valueQuantity":{"value":120.5,"unit":"mmHg"}},
              {"code":{"text":"Diastolic"},"valueQuantity":{"value":80,"unit":"mmHg"}}]}},
{"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"v"}],
 "name":[{"family":"Rao","given":["Asha","Devi"]}],"birthDate":"1990-01-02","gender":"female",
 "telecom":[{"system":"phone","value":"98765 43210"}]}},
{"fullUrl":"urn:uuid:d","resource":{"resourceType":"Practitioner","id":"d",
 "name":[{"family":"Sen","given":["Ravi"]}]}},
{"fullUrl":"urn:uuid:e","resource":{"resourceType":"Encounter","id":"e","type":[{"text":"Check-up"}],
 "subject":{"reference":"urn:uuid:p"},"participant":[{"individual":{"reference":"urn:uuid:d"}}],
 "period":{"start":"1999-05-01","end":"1999-05-01T10:00:00Z"}}},
{"fullUrl":"urn:uuid:a","resource":{"resourceType":"AllergyIntolerance","id":"a","criticality":"high",
 "clinicalStatus":{"coding":[{"code":"active"}]},"code":{"text":"Penicillin"},"patient":{"reference":"urn:uuid:p"},
 "recordedDate":"2001-02"}},
{"fullUrl":"urn:uuid:c","resource":{"resourceType":"Condition","id":"c",
 "clinicalStatus":{"coding":[{"code":"resolved"}]},
 "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"J45.9","display":"Asthma"}]},
 "subject":{"reference":"urn:uuid:p"},"onsetDateTime":"1965-03-04T00:00:00Z"}},
{"resource":{"resourceType":"Immunization","id":"7","vaccineCode":{"text":"Influenza"},
 "patient":{"reference":"Patient/p"},"occurrenceDateTime":"2011-12-06"}},
{"resource":{"resourceType":"Procedure","id":"8","code":{"text":"X"},"subject":{"reference":"Patient/q"},
 "performedDateTime":"2011"}},
{"resource":{"resourceType":"Claim","id":"9"}}]})";

class fhir_import : public ::testing::TestWithParam<sql::testing::Kind> {};
INSTANTIATE_TEST_SUITE_P(engines, fhir_import, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(fhir_import, brings_each_thing_once) {
  sql::testing::Database database(GetParam());
  const ManualClock clock{*parse_rfc3339("2026-11-30T03:00:00Z")};
  const auto engine = database.open(clock);
  const Text text = [](const std::function<void(std::string_view)>& take) {
    for (std::size_t at = 0; at < bundle.size(); at += 100) take(bundle.substr(at, 100));
  };
  const auto report = bundle_import(*engine, text, {}, clock.now());
  EXPECT_EQ(report.damaged, 0);
  EXPECT_EQ(report.patients, 1);
  EXPECT_EQ(report.entries, 6);  // two pressures, a visit, an allergy, a problem, a vaccination
  EXPECT_EQ(report.unmapped, (std::map<std::string, std::int64_t>{{"Claim: not mapped", 1},
                                                                  {"of a patient who is not in the bundle", 1}}));
  const auto again = bundle_import(*engine, text, {}, clock.now());
  EXPECT_EQ(again.patients, 0);
  EXPECT_EQ(again.patients_known, 1);
  EXPECT_EQ(again.entries, 0);
  EXPECT_EQ(again.entries_known, 6);
  std::vector<identity::Person> people;
  engine->read_now([&](Snapshot& db) { people = identity::patients_like(db, {}, "1990-01-02"); });
  ASSERT_EQ(people.size(), 1u);
  EXPECT_EQ(people[0].name, "Asha Devi Rao");
  EXPECT_EQ(people[0].phone, "+919876543210");
  EXPECT_EQ(people[0].sex, "female");
  engine->stop();
}

TEST_P(fhir_import, takes_what_is_good_of_a_damaged_bundle) {
  sql::testing::Database database(GetParam());
  const ManualClock clock{Instant{0}};
  const auto engine = database.open(clock);
  const auto cut = bundle.substr(0, bundle.find("urn:uuid:e"));
  const auto report = bundle_import(
      *engine, [&](const auto& take) { take(cut); }, {}, clock.now());
  EXPECT_EQ(report.damaged, 1);
  EXPECT_EQ(report.patients, 1);
  EXPECT_EQ(report.entries, 2);
  engine->stop();
}

}  // namespace
}  // namespace fairward::fhir
