// Finding codes as somebody types them, and reading lists of them.
#include "modules/records/icd10.h"

#include <gtest/gtest.h>

#include "modules/records/records.h"
#include "platform/sql/testing.h"
#include "sql/records.h"

namespace fairward::records {
namespace {

std::string first(const Icd10& icd10, std::string_view text) {
  const auto found = icd10.search(text, 1);
  return found.empty() ? "" : found.front()->code;
}

TEST(icd10, finds_by_code_by_words_and_by_what_was_meant) {
  const Icd10 icd10(common_codes());
  const std::pair<const char*, const char*> table[] = {
      {"e11", "E1121"},
      {"E11.9", "E119"},
      {"i10", "I10"},
      {"hypertension", "I10"},
      {"hypertenshun", "I10"},
      {"high blood pressure", "I10"},
      {"heart attack", "I219"},
      {"type 2 diab", "E119"},
      {"diabtes nephropathy", "E1121"},
      {"sugar", "E109"},
      {"sore throat", "J029"},
      {"Dengue", "A90"},
      {"infection of the urinary tract", "N390"},
      {"zzzzzz", ""},
      {"", ""},
      {"Z99", ""},
  };
  for (const auto& [text, code] : table) EXPECT_EQ(first(icd10, text), code) << text;
  EXPECT_EQ(icd10.search("unspecified", 7).size(), 7u);
  EXPECT_EQ(icd10.find("I10")->words, "Essential (primary) hypertension");
  EXPECT_EQ(icd10.find("I1"), nullptr);
}

TEST(icd10, bears_whatever_is_typed) {
  const Icd10 icd10(common_codes());
  for (const std::string& text : {std::string(5000, 'a'), std::string("\xff\xfe"), std::string(300, ' '),
                                  std::string("a b c d e f g h i j k l m"), std::string("\0x", 2)})
    icd10.search(text, 10);
  EXPECT_TRUE(Icd10({}).search("cold", 3).empty());
}

class icd10_import_of : public ::testing::TestWithParam<sql::testing::Kind> {};
INSTANTIATE_TEST_SUITE_P(engines, icd10_import_of, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(icd10_import_of, three_kinds_of_files_changes_nothing_twice) {
  sql::testing::Database database(GetParam());
  ManualClock clock{Instant{0}};
  const auto engine = database.open(clock);
  const auto run = [&](const std::vector<std::string>& lines) {
    std::size_t at = 0;
    return icd10_import(*engine, [&](std::string& line) {
      if (at == lines.size()) return false;
      line = lines[at++];
      return true;
    });
  };
  const std::vector<std::string> csv{",code,description,icd10cm_code",
                                     "0,A00,Cholera,A00",
                                     R"(1,A00.0,"Cholera ""01"", biovar",A000)",
                                     "2,nothing,x,",
                                     "",
                                     "3,A01"};
  const auto report = run(csv);
  EXPECT_EQ(report.changed, 2);
  EXPECT_EQ(report.rejected, 2);
  ASSERT_EQ(report.notes.size(), 2u);
  EXPECT_EQ(report.notes[0].line, 4);
  EXPECT_EQ(run(csv).unchanged, 2);
  EXPECT_EQ(run({"A000    Cholera, told otherwise", "B99 Other"}).changed, 2);
  std::string order = "00001 C00     0 Short";
  order.resize(77, ' ');
  EXPECT_EQ(run({order + "The long one"}).changed, 1);
  engine->read_now([&](Snapshot& db) {
    const auto all = db.all<Icd10Code>(sql_queries::icd10_all);
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[1].words, "Cholera, told otherwise");
    EXPECT_EQ(all[3].code + " " + all[3].words, "C00 The long one");
  });
  engine->stop();
}

}  // namespace
}  // namespace fairward::records
