// What is offered while somebody types.
#include "modules/directory/fixture_test.h"

namespace fairward::directory {
namespace {

class SuggestionsTest : public DirectoryTest {
 protected:
  SuggestionsTest() {
    const auto mumbai = hospital_add("Lotus Hospital", "Mumbai");
    const auto pune = hospital_add("Sunrise Clinic", "Pune");
    doctor_add({"Asha", "Sharma", "Cardiologist", 5, 10}, {mumbai});
    doctor_add({"Ravi", "Sharma", "Dermatologist", 4, 20}, {pune});
    doctor_add({"Mary", "Rao", "Cardiologist", 3, 5}, {pune});
    load();
  }
  // "speciality Cardiologist; doctor Dr Asha Sharma"
  std::string offered(const std::string& typed, std::int64_t city = 0) {
    SuggestionQuery query{.q = Keyword{typed}};
    if (city != 0) query.city_id = CityId{city};
    static constexpr const char* kinds[] = {"speciality", "city", "hospital", "doctor"};
    std::string all;
    const auto list = module.suggestion_list(call, query);
    for (const auto& item : list->items)
      all += (all.empty() ? "" : "; ") + std::string(kinds[static_cast<int>(item.kind)]) + " " + item.name;
    return all;
  }
};

TEST_F(SuggestionsTest, are_of_every_kind) {
  const struct {
    std::string typed, offered;
  } cases[] = {
      {"car", "speciality Cardiologist"},
      {"chest pain", "speciality Cardiologist"},
      {"दिल", "speciality Cardiologist"},
      {"mum", "city Mumbai"},
      {"bombay", "city Mumbai"},
      {"lot", "hospital Lotus Hospital"},
      {"sharm", "doctor Dr Asha Sharma; doctor Dr Ravi Sharma"},
      {"shrama", "doctor Dr Asha Sharma; doctor Dr Ravi Sharma"},
      {"cardio pune", "speciality Cardiologist; city Pune"},
      {"qqqq", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(offered(c.typed), c.offered) << c.typed;
}

TEST_F(SuggestionsTest, stay_in_the_city) { EXPECT_EQ(offered("sharma", 2), "doctor Dr Ravi Sharma"); }

TEST_F(SuggestionsTest, begin_without_a_word_typed) {
  EXPECT_EQ(offered(""), "speciality Cardiologist; speciality Dermatologist; city Pune; city Mumbai");
  EXPECT_EQ(offered("", 1), "speciality Cardiologist");
}

}  // namespace
}  // namespace fairward::directory
