// What a search finds, and in which order: words, filters, orders, pages.
#include <set>

#include "modules/directory/demo.h"
#include "modules/directory/fixture_test.h"

namespace fairward::directory {
namespace {

class SearchTest : public DirectoryTest {
 protected:
  SearchTest() {
    const auto mumbai = hospital_add("Lotus Hospital", "Mumbai", Place{19.07, 72.87});
    const auto thane = hospital_add("Sunrise Clinic", "Thane", Place{19.21, 72.97});
    const auto pune = hospital_add("Città Müller Hospital", "Pune", Place{18.52, 73.85});
    asha = doctor_add({"Asha", "Rao", "Cardiologist", 5, 10, 90'000, "English,Hindi"}, {mumbai});
    ravi = doctor_add({"Ravi", "Iyer", "Dermatologist", 4, 20, 40'000, "English,Tamil"}, {thane});
    mary = doctor_add({"Mary", "Rao", "Cardiologist", 3, 5, 60'000, "English"}, {pune, mumbai});
    zoya = doctor_add({"Zoya", "Khan", "Psychiatrist", 0, 0, 70'000, "English,Urdu"}, {pune});
    const auto hour = [&](int h) { return clock.now() + hours(h); };
    free.first = {{asha.value, hour(50)}, {ravi.value, hour(2)}, {mary.value, hour(26)}};
    load();
  }
  DoctorId asha, ravi, mary, zoya;
};

TEST_F(SearchTest, finds_by_words) {
  const struct {
    std::string keyword;
    Names found;
    std::string suggestion;
  } cases[] = {
      {"", {"Asha", "Ravi", "Mary", "Zoya"}, ""},
      {"rao", {"Asha", "Mary"}, ""},
      {"RAO mary", {"Mary"}, ""},
      {"rao cardio", {"Asha", "Mary"}, ""},
      {"cardio rao", {"Asha", "Mary"}, ""},
      {"mumbai ma ra", {"Mary"}, ""},
      {"cardeologist", {"Asha", "Mary"}, "Cardiologist"},
      {"dermatolgist", {"Ravi"}, "Dermatologist"},
      {"cardiolgist mumbia", {"Asha", "Mary"}, "Cardiologist Mumbai"},
      {"lotus", {"Asha", "Mary"}, ""},
      {"muller", {"Mary", "Zoya"}, ""},
      {"MÜLLER città", {"Mary", "Zoya"}, ""},
      {"heart", {"Asha", "Mary"}, ""},
      {"skin thane", {"Ravi"}, ""},
      {"qqqqqq", {}, ""},
      {"\xff\xfe", {"Asha", "Ravi", "Mary", "Zoya"}, ""},
  };
  for (const auto& c : cases) {
    const auto found = find({.keyword = c.keyword});
    EXPECT_EQ(names(found), c.found) << c.keyword;
    EXPECT_EQ(found.suggestion.value_or(""), c.suggestion) << c.keyword;
    EXPECT_EQ(found.tally->total, static_cast<std::int64_t>(c.found.size())) << c.keyword;
  }
}

TEST_F(SearchTest, mends_nothing_when_told_so) {
  EXPECT_TRUE(find({.keyword = "cardeologist", .is_spelling_corrected = false}).hits.empty());
}

TEST_F(SearchTest, filters) {
  const auto& world = module.current()->world;
  EXPECT_EQ(names(find({.fee_max_minor = 60'000})), (Names{"Ravi", "Mary"}));
  EXPECT_EQ(names(find({.rating_min_hundredths = 400})), (Names{"Asha", "Ravi"}));
  EXPECT_EQ(names(find({.language = world.languages->find("urdu")})), Names{"Zoya"});
  EXPECT_EQ(names(find({.hospital = 2})), Names{"Ravi"});
  EXPECT_EQ(names(find({.city = 3})), (Names{"Mary", "Zoya"}));
  EXPECT_EQ(names(find({.city = 1, .speciality = 1})), (Names{"Asha", "Mary"}));
  EXPECT_EQ(names(find({.city = 99})), Names{});
  EXPECT_EQ(names(find({.place = Place{19.07, 72.87}, .radius_km = 10})), (Names{"Asha", "Mary"}));
  EXPECT_EQ(names(find({.place = Place{19.07, 72.87}, .radius_km = 25})), (Names{"Asha", "Ravi", "Mary"}));
  EXPECT_EQ(names(find({.available_from = clock.now(), .available_to = clock.now() + hours(30)})),
            (Names{"Ravi", "Mary"}));
}

TEST_F(SearchTest, orders) {
  const Place mumbai{19.07, 72.87};
  const struct {
    Order order;
    Names found;
  } cases[] = {
      {Order::relevance, {"Asha", "Ravi", "Mary", "Zoya"}},
      {Order::rating, {"Asha", "Ravi", "Mary", "Zoya"}},
      {Order::rating_ascending, {"Zoya", "Mary", "Ravi", "Asha"}},
      {Order::distance, {"Asha", "Mary", "Ravi", "Zoya"}},
      {Order::first_free, {"Ravi", "Mary", "Asha", "Zoya"}},
      {Order::first_free_descending, {"Asha", "Mary", "Ravi", "Zoya"}},
      {Order::fee, {"Ravi", "Mary", "Zoya", "Asha"}},
      {Order::name, {"Asha", "Mary", "Ravi", "Zoya"}},
      {Order::speciality_first_free, {"Mary", "Asha", "Ravi", "Zoya"}},
      {Order::speciality_first_free_descending, {"Zoya", "Ravi", "Asha", "Mary"}},
      {Order::first_day_speciality, {"Ravi", "Mary", "Asha", "Zoya"}},
      {Order::first_day_speciality_descending, {"Asha", "Mary", "Ravi", "Zoya"}},
  };
  for (const auto& c : cases)
    EXPECT_EQ(names(find({.place = mumbai, .order = c.order})), c.found) << static_cast<int>(c.order);
}

TEST_F(SearchTest, counts_facets_of_what_is_found) {
  const auto found = find({.keyword = "rao"});
  ASSERT_EQ(found.tally->facets.specialities.size(), 1u);
  EXPECT_EQ(found.tally->facets.specialities[0].doctors, 2u);
  EXPECT_EQ(found.tally->facets.cities.size(), 2u);  // Mary practises in two
}

TEST_F(SearchTest, a_freed_time_moves_the_doctor_up) {
  find({.order = Order::first_free});
  free.first[asha.value] = clock.now() + hours(1);
  module.free_times_changed(asha);
  EXPECT_EQ(names(find({.order = Order::first_free})).front(), "Asha");
}

TEST_F(SearchTest, a_rating_is_seen_by_the_next_search) {
  write([&](Txn& txn) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(module.rating_change(txn, zoya, 5, 1));
    ASSERT_FALSE(module.rating_change(txn, DoctorId{999}, 5, 1));
  });
  const auto found = find({.order = Order::rating});
  EXPECT_EQ(names(found), (Names{"Asha", "Zoya", "Ravi", "Mary"}));
  EXPECT_EQ(found.tally->total, 4);
}

// Every order, over several segments with dead doctors: pages have neither gap nor double.
TEST_F(DirectoryTest, paging_has_neither_gap_nor_double) {
  const auto made = demo_fill(*engine, {7, 4, 3, 300}, clock.now());
  for (const auto doctor : made.doctors) {
    if (doctor.value % 5 != 0) free.first[doctor.value] = clock.now() + hours(1 + doctor.value % 70);
  }
  load();
  for (std::size_t i = 0; i < 40; ++i)
    write([&](Txn& txn) { module.rating_change(txn, made.doctors[i * 13], 1 + static_cast<int>(i % 5), 1); });
  ASSERT_GT(module.current()->segments.size(), 1u);
  for (int order = 0; order <= static_cast<int>(Order::first_day_speciality_descending); ++order) {
    for (const std::string keyword : {"", "english teeth", "s"}) {
      Criteria criteria{.keyword = keyword, .place = Place{19, 73}, .order = static_cast<Order>(order), .limit = 30};
      std::set<std::int64_t> seen;
      std::int64_t hits = 0;
      for (bool is_more = true; is_more && hits < 5000;) {
        const auto found = find(criteria);
        for (const auto& hit : found.hits) seen.insert(hit.doctor->row.id.value), ++hits;
        is_more = found.is_more;
        if (is_more) criteria.after = found.hits.back().position;
        if (!is_more) { EXPECT_EQ(hits, found.tally->total) << order << keyword; }
      }
      EXPECT_EQ(static_cast<std::int64_t>(seen.size()), hits) << order << keyword;
    }
  }
}

// The quick ways to a page find what looking at everybody finds.
TEST_F(DirectoryTest, large_and_small_searches_agree) {
  demo_fill(*engine, {3, 5, 4, 200}, clock.now());
  load();
  for (const auto order : {Order::fee, Order::name, Order::distance, Order::rating, Order::rating_ascending}) {
    Criteria page{.place = Place{20, 75}, .order = order, .limit = 25}, all = page;
    all.limit = 1000;
    const auto few = find(page), many = find(all);
    ASSERT_EQ(many.hits.size(), 1000u);
    for (std::size_t i = 0; i < few.hits.size(); ++i)
      EXPECT_EQ(few.hits[i].doctor, many.hits[i].doctor) << static_cast<int>(order) << " " << i;
  }
}

TEST_F(DirectoryTest, demonstration_data_is_the_same_for_a_seed_and_made_once) {
  const auto made = demo_fill(*engine, {5, 2, 2, 30}, clock.now());
  EXPECT_EQ(made.doctors.size(), 60u);
  EXPECT_EQ(made.hospitals.size(), 4u);
  EXPECT_FALSE(demo_fill(*engine, {5, 2, 2, 30}, clock.now()).is_new);
  load();
  const auto first = module.current()->world.doctors.find(1)->row.full_name;
  const auto other = sql::open_sqlite_inline(":memory:", clock);
  sql::migrate_inline(*other);
  demo_fill(*other, {5, 2, 2, 30}, clock.now());
  other->read_now([&](Snapshot& db) { EXPECT_EQ(store::doctor_find(db, DoctorId{1})->full_name, first); });
}

TEST_F(DirectoryTest, imported_hospitals_are_given_demonstration_doctors_once) {
  hospital_add("Civil Hospital", "Pune");
  EXPECT_EQ(demo_doctors_for_hospitals(*engine, 1, 3, 10, clock.now()).doctors.size(), 3u);
  EXPECT_TRUE(demo_doctors_for_hospitals(*engine, 1, 3, 10, clock.now()).doctors.empty());
}

}  // namespace
}  // namespace fairward::directory
