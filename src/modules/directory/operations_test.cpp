// The operations behind the routes, called as the dispatcher calls them.
#include <boost/json.hpp>

#include <set>

#include "modules/directory/errors.h"
#include "modules/directory/fixture_test.h"
#include "platform/sql/testing.h"

namespace fairward::directory {
namespace {

class OperationsTest : public DirectoryTest {
 protected:
  OperationsTest() {
    pune = hospital_add("Lotus Hospital", "Pune", Place{18.52, 73.85});
    goa = hospital_add("Sunrise Hospital", "Panaji", Place{15.49, 73.82});
    asha = doctor_add({"Asha", "Rao", "Cardiologist", 5, 4}, {pune});
    ravi = doctor_add({"Ravi", "Iyer", "Dermatologist", 4, 4}, {goa});
    free.first[asha.value] = *parse_rfc3339("2026-11-21T20:00:00Z");  // the 22nd in India
    load();
  }
  template <class F>
  auto written(F&& work) {
    std::optional<decltype(work(std::declval<Txn&>()))> result;
    engine->write_now([&](Txn& txn) {
      result.emplace(work(txn));
      return result->has_value();
    });
    return std::move(*result);
  }
  boost::json::array search_c(const DoctorSearchQuery& query) {
    const auto result = module.doctor_search(call, query);
    EXPECT_TRUE(result);
    return result ? boost::json::parse(result->json).as_array() : boost::json::array();
  }
  HospitalId pune, goa;
  DoctorId asha, ravi;
};

TEST_F(OperationsTest, search_doctors_bears_exactly_the_names_of_the_document) {
  const auto hits = search_c({.sorting_order = BoundedText<0, 30>{"rating,desc"}});
  ASSERT_EQ(hits.size(), 2u);
  const std::set<std::string> expected{"id",  "fname",    "sname",       "sal_name",     "spec_name",
                                       "bio", "img_url",  "max_bok_day", "city_name",    "email",
                                       "tel", "ful_name", "full_name",   "first_avl_day"};
  std::set<std::string> found;
  for (const auto& member : hits[0].as_object()) found.insert(std::string(member.key()));
  EXPECT_EQ(found, expected);
  EXPECT_EQ(hits[0].at("fname").as_string(), "Asha");
  EXPECT_EQ(hits[0].at("full_name").as_string(), "Dr Asha Rao");
  EXPECT_EQ(hits[0].at("first_avl_day").as_string(), "2026-11-22");
  EXPECT_EQ(hits[0].at("max_bok_day").as_int64(), 60);
  EXPECT_TRUE(hits[1].at("first_avl_day").is_null());
}

TEST_F(OperationsTest, search_doctors_pages_and_mends_by_headers) {
  EXPECT_EQ(search_c({.keyword = Keyword{"cardeologist"}}).size(), 1u);
  ASSERT_EQ(call.headers.size(), 1u);
  EXPECT_EQ(call.headers[0], (std::pair<std::string, std::string>("X-Spellcheck-Suggestion", "Cardiologist")));
  call.headers.clear();
  EXPECT_EQ(search_c({.keyword = Keyword{"cardeologist"}, .includeSpellcheck = BoundedText<0, 8>{"no"}}).size(), 0u);
  EXPECT_EQ(search_c({.results_per_page = BoundedText<0, 8>{"1"}}).size(), 1u);
  ASSERT_EQ(call.headers.size(), 1u);
  EXPECT_EQ(call.headers[0].first, "Link");
  EXPECT_NE(call.headers[0].second.find("results_per_page=1&cursor="), std::string::npos);
}

TEST_F(OperationsTest, search_doctors_refuses_the_absurd) {
  using Text = std::string;
  const struct {
    DoctorSearchQuery query;
    Text pointer;
  } cases[] = {
      {{.results_per_page = BoundedText<0, 8>{"31"}}, "?results_per_page"},
      {{.results_per_page = BoundedText<0, 8>{"0"}}, "?results_per_page"},
      {{.results_per_page = BoundedText<0, 8>{"3x"}}, "?results_per_page"},
      {{.lat_long = BoundedText<0, 60>{"91,0"}}, "?lat_long"},
      {{.lat_long = BoundedText<0, 60>{"12"}}, "?lat_long"},
      {{.lat_long = BoundedText<0, 60>{"18,73"}, .radius = BoundedText<0, 20>{"-1"}}, "?radius"},
      {{.lat_long = BoundedText<0, 60>{"18,73"}, .radius = BoundedText<0, 20>{"nan"}}, "?radius"},
      {{.radius = BoundedText<0, 20>{"5"}}, "?radius"},
      {{.start_datetime = BoundedText<0, 40>{"2026-01-01"}, .end_datetime = BoundedText<0, 40>{"2199-01-01"}},
       "?end_datetime"},
      {{.start_datetime = BoundedText<0, 40>{"2027-01-02"}, .end_datetime = BoundedText<0, 40>{"2027-01-01"}},
       "?end_datetime"},
      {{.start_datetime = BoundedText<0, 40>{"yesterday"}}, "?start_datetime"},
      {{.postal_code = BoundedText<0, 12>{"999999"}}, "?postal_code"},
      {{.includeSpellcheck = BoundedText<0, 8>{"maybe"}}, "?includeSpellcheck"},
      {{.sorting_order = BoundedText<0, 30>{"beauty,desc"}}, "?sorting_order"},
      {{.sorting_order = BoundedText<0, 30>{"distance,asc"}}, "?sorting_order"},
      {{.cursor = Cursor{"nonsense"}}, "?cursor"},
  };
  for (const auto& c : cases) {
    const auto result = module.doctor_search(call, c.query);
    ASSERT_FALSE(result) << c.pointer;
    EXPECT_EQ(result.error().problem, &search_invalid);
    EXPECT_EQ(result.error().errors.at(0).pointer, c.pointer);
  }
}

TEST_F(OperationsTest, the_own_search_is_valid_json_with_counts) {
  const auto page = boost::json::parse(module.doctor_list(call, {.latitude = 18.5, .longitude = 73.8})->json);
  EXPECT_EQ(page.at("total").as_int64(), 2);
  EXPECT_EQ(page.at("items").at(0).at("name").as_string(), "Dr Asha Rao");
  EXPECT_EQ(page.at("items").at(0).at("first_free_at").as_string(), "2026-11-21T20:00:00Z");
  EXPECT_EQ(page.at("facets").at("cities").as_array().size(), 2u);
  EXPECT_EQ(module.doctor_list(call, {.latitude = 18.5}).error().errors.at(0).pointer, "?longitude");
  EXPECT_EQ(module.doctor_list(call, {.sort = DoctorSort::distance}).error().errors.at(0).pointer, "?sort");
}

TEST_F(OperationsTest, a_writer_sees_the_own_change_at_once) {
  HospitalUpdate rename{.id = pune, .name = BoundedText<1, 200>{"Golden Temple Hospital"}};
  call.if_match = 1;
  ASSERT_TRUE(written([&](Txn& txn) { return module.hospital_update(txn, call, rename); }));
  EXPECT_EQ(names(find({.keyword = "golden"})), Names{"Asha"});
  EXPECT_EQ(module.hospital_list(call, {.keyword = Keyword{"golden"}})->items.size(), 1u);
  EXPECT_EQ(written([&](Txn& txn) { return module.hospital_update(txn, call, rename); }).error().problem,
            &version_stale);
  DoctorUpdate close{.id = asha, .status = DoctorStatusInput::closed};
  ASSERT_TRUE(written([&](Txn& txn) { return module.doctor_update(txn, call, close); }));
  EXPECT_TRUE(find({.keyword = "asha"}).hits.empty());
  EXPECT_EQ(module.city_list(call, {})->items[0].name, "Panaji");  // the only one with a doctor left
}

TEST_F(OperationsTest, what_a_commit_without_an_answer_may_have_changed_is_read_again) {
  const auto rating_before = module.current()->world.doctors.find(asha.value)->row.rating_count;
  for (const bool is_stored : {false, true}) {
    sql::testing::write_unanswered(
        *engine, clock,
        [&](Txn& txn) {
          HospitalUpdate rename{.id = pune, .name = BoundedText<1, 200>{"Golden Temple Hospital"}};
          call.if_match = 1;
          EXPECT_TRUE(module.hospital_update(txn, call, rename));
          EXPECT_TRUE(module.rating_change(txn, asha, 500, 100));
          EXPECT_TRUE(module.department_create(txn, call, {pune, BoundedText<1, 100>{"Night care"}}));
          return true;
        },
        is_stored);
    EXPECT_EQ(module.hospital_list(call, {.keyword = Keyword{"golden"}})->items.size(), 0u);
    EXPECT_TRUE(module.is_in_doubt());
    engine->read_now([&](Snapshot& db) { module.doubts_settle(db); });
    EXPECT_FALSE(module.is_in_doubt());
    EXPECT_EQ(module.hospital_list(call, {.keyword = Keyword{"golden"}})->items.size(), is_stored ? 1u : 0u);
    EXPECT_EQ(module.department_list(call, {pune})->items.size(), is_stored ? 1u : 0u);
  }
  EXPECT_EQ(module.current()->world.doctors.find(asha.value)->row.rating_count, 100 + rating_before);
}

TEST_F(OperationsTest, a_doctor_is_created_found_and_checked) {
  DoctorCreate body{.given_name = {"Mira"},
                    .family_name = BoundedText<0, 80>{"Sen"},
                    .speciality = BoundedText<1, 80>{"Homeopath"},
                    .practices = {{pune, {}, {40'000, "INR"}, {}}}};
  const auto made = written([&](Txn& txn) { return module.doctor_create(txn, call, body); });
  ASSERT_TRUE(made);
  EXPECT_EQ(made->location, "/api/doctors/3");
  EXPECT_EQ(boost::json::parse(made->value.text).at("speciality").at("name").as_string(), "Homeopath");
  EXPECT_EQ(names(find({.keyword = "homeopath mira"})), Names{"Mira"});
  body.image_url = BoundedText<0, 500>{"javascript:alert(1)"};
  body.practices.push_back({pune, {}, {-1, "INR"}, {}});
  const auto refused = written([&](Txn& txn) { return module.doctor_create(txn, call, body); });
  ASSERT_EQ(refused.error().errors.size(), 3u);
  EXPECT_EQ(refused.error().errors[0].pointer, "/image_url");
}

TEST_F(OperationsTest, practices_that_are_no_longer_named_are_closed) {
  DoctorUpdate move{.id = asha, .practices = std::vector<PracticeInput>{{goa, {}, {70'000, "INR"}, {}}}};
  ASSERT_TRUE(written([&](Txn& txn) { return module.doctor_update(txn, call, move); }));
  EXPECT_TRUE(find({.hospital = pune.value}).hits.empty());
  EXPECT_EQ(names(find({.keyword = "panaji asha"})), Names{"Asha"});
}

TEST_F(OperationsTest, a_doctor_changes_the_own_entry_only) {
  call.scope = api::Scope::own, call.caller.role = api::Role::doctor, call.caller.doctor = ravi;
  ASSERT_TRUE(written([&](Txn& txn) {
    return module.doctor_profile_update(txn, call, {.bio = BoundedText<0, 2000>{"Skin, \"calmly\""}});
  }));
  const auto profile = boost::json::parse(module.doctor_profile_view(call, {})->json);
  EXPECT_EQ(profile.at("bio").as_string(), "Skin, \"calmly\"");
  EXPECT_EQ(call.etag_version, 2);
  call.if_match = 1;
  EXPECT_EQ(written([&](Txn& txn) { return module.doctor_profile_update(txn, call, {}); }).error().problem,
            &version_stale);
}

TEST_F(OperationsTest, another_nodes_change_is_taken_over) {
  write([&](Txn& txn) {
    auto row = store::doctor_find(txn, ravi).value();
    row.given_name = "Raghav", row.full_name = "Dr Raghav Iyer";
    store::doctor_update(txn, row, row.version);
  });
  EXPECT_TRUE(find({.keyword = "raghav", .is_spelling_corrected = false}).hits.empty());
  engine->read_now([&](Snapshot& db) { module.refresh(db, ravi); });
  EXPECT_EQ(names(find({.keyword = "raghav"})), Names{"Raghav"});
}

TEST_F(OperationsTest, a_hospital_administrator_stays_in_the_own_hospital) {
  call.scope = api::Scope::hospital, call.caller.role = api::Role::hospital_admin, call.caller.hospital = goa;
  EXPECT_EQ(written([&](Txn& txn) { return module.doctor_update(txn, call, {.id = asha}); }).error().problem,
            &doctor_not_found);
  EXPECT_EQ(written([&](Txn& txn) {
              return module.department_create(txn, call, {pune, {"Eyes"}});
            })
                .error()
                .problem,
            &hospital_not_found);
  EXPECT_TRUE(written([&](Txn& txn) { return module.department_create(txn, call, {goa, {"Eyes"}}); }));
}

TEST_F(OperationsTest, a_department_in_use_stays) {
  const auto made = written([&](Txn& txn) { return module.department_create(txn, call, {pune, {"Heart"}}); });
  ASSERT_TRUE(made);
  EXPECT_EQ(written([&](Txn& txn) {
              return module.department_create(txn, call, {pune, {"HEART"}});
            })
                .error()
                .problem,
            &department_exists);
  write([&](Txn& txn) { store::practice_upsert(txn, {asha, pune, made->value.id, 100, "INR", true}); });
  EXPECT_EQ(written([&](Txn& txn) { return module.department_delete(txn, call, {made->value.id}); }).error().problem,
            &department_in_use);
  write([&](Txn& txn) { store::practice_upsert(txn, {asha, pune, std::nullopt, 100, "INR", true}); });
  EXPECT_TRUE(written([&](Txn& txn) { return module.department_delete(txn, call, {made->value.id}); }));
  EXPECT_TRUE(module.department_list(call, {pune})->items.empty());
}

TEST_F(OperationsTest, lists_page_by_cursor) {
  auto page = module.hospital_list(call, {.limit = {1}});
  ASSERT_TRUE(page->next);
  EXPECT_EQ(page->items[0].name, "Lotus Hospital");
  page = module.hospital_list(call, {.limit = {1}, .cursor = Cursor{*page->next}});
  EXPECT_EQ(page->items.at(0).name, "Sunrise Hospital");
  EXPECT_FALSE(page->next);
  EXPECT_EQ(module.hospital_list(call, {.latitude = 15.5, .longitude = 73.8, .radius_km = 20})->items.at(0).name,
            "Sunrise Hospital");
}

TEST_F(OperationsTest, the_route_table_builds) {
  api::Routes routes;
  module.routes(routes);
}

TEST_F(OperationsTest, booking_reads_practices) {
  engine->read_now([&](Snapshot& db) {
    ASSERT_EQ(practices_of(db, asha).size(), 1u);
    EXPECT_EQ(practice_find(db, asha, pune)->doctor_name, "Dr Asha Rao");
    EXPECT_FALSE(practice_find(db, asha, goa));
    int count = 0;
    practices_each(db, [&](const Practice& practice) { count += practice.is_active ? 1 : 0; });
    EXPECT_EQ(count, 2);
  });
  EXPECT_EQ(*module.time_zone(pune), "Asia/Kolkata");
  EXPECT_EQ(module.time_zone(HospitalId{99}), nullptr);
}

// Bringing back needs a list of those who cannot be found.
TEST_F(OperationsTest, the_roster_shows_whom_patients_do_not_find) {
  const auto roster = [&](RosterQuery query) {
    std::optional<Result<Page<RosterItem>>> result;
    engine->read_now([&](Snapshot& db) { result.emplace(module.doctor_roster_list(db, call, query)); });
    return std::move(*result);
  };
  const auto names_of = [&](RosterQuery query) {
    std::string text;
    const auto page = roster(query);
    for (const auto& item : page->items) text += item.name + (item.bookable ? "+ " : "- ");
    return text;
  };
  EXPECT_EQ(names_of({}), "Dr Asha Rao+ Dr Ravi Iyer+ ");
  ASSERT_TRUE(written(
      [&](Txn& txn) { return module.doctor_update(txn, call, {.id = asha, .status = DoctorStatusInput::closed}); }));
  EXPECT_EQ(names_of({.status = RosterStatus::inactive}), "Dr Asha Rao- ");
  EXPECT_EQ(names_of({.status = RosterStatus::closed}), "Dr Asha Rao- ");
  EXPECT_EQ(names_of({.status = RosterStatus::bookable}), "Dr Ravi Iyer+ ");
  EXPECT_EQ(names_of({.status = RosterStatus::pending}), "");
  EXPECT_EQ(names_of({.keyword = Keyword{"ra"}}), "Dr Asha Rao- Dr Ravi Iyer+ ");
  EXPECT_EQ(names_of({.keyword = Keyword{"ravi iy"}}), "Dr Ravi Iyer+ ");
  EXPECT_EQ(names_of({.keyword = Keyword{"dermat rav"}}), "Dr Ravi Iyer+ ");
  EXPECT_EQ(roster({.cursor = Cursor{"x"}}).error().problem, &search_invalid);
  auto first = roster({.limit = {1}});
  ASSERT_TRUE(first->next);
  EXPECT_EQ(names_of({.limit = {1}, .cursor = Cursor{*first->next}}), "Dr Ravi Iyer+ ");

  call.caller = {api::Role::hospital_admin, UserId{5}, pune, {}};
  call.scope = api::Scope::hospital;
  EXPECT_EQ(names_of({}), "Dr Asha Rao- ");
  EXPECT_EQ(roster({.hospital_id = goa}).error().problem, &hospital_not_found);
  ASSERT_TRUE(written([&](Txn& txn) {
    return module.doctor_update(
        txn, call, {.id = asha, .status = DoctorStatusInput::active, .practices = std::vector<PracticeInput>{}});
  }));
  EXPECT_EQ(names_of({}), "Dr Asha Rao- ");  // active, but her practice here is closed
  EXPECT_FALSE(roster({})->items[0].practices.at(0).is_active);
}

TEST_F(OperationsTest, a_closed_hospital_is_neither_listed_nor_booked) {
  HospitalUpdate close{.id = pune, .status = HospitalStatus::closed};
  call.caller = {api::Role::hospital_admin, UserId{5}, pune, {}};
  call.scope = api::Scope::hospital;
  EXPECT_EQ(written([&](Txn& txn) { return module.hospital_update(txn, call, close); }).error().problem,
            &entry_invalid);
  call.scope = api::Scope::all;
  const auto closed = written([&](Txn& txn) { return module.hospital_update(txn, call, close); });
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->status, HospitalStatus::closed);
  EXPECT_EQ(module.hospital_list(call, {})->items.size(), 1u);
  EXPECT_EQ(module.hospital_list(call, {.status = HospitalStatusFilter::closed})->items.at(0).id, pune);
  EXPECT_EQ(module.hospital_list(call, {.status = HospitalStatusFilter::all})->items.size(), 2u);
  EXPECT_TRUE(find({.keyword = "asha"}).hits.empty());
  EXPECT_EQ(module.hospital_view(call, {pune})->status, HospitalStatus::closed);
  engine->read_now([&](Snapshot& db) { EXPECT_FALSE(practice_find(db, asha, pune)->is_active); });
  load();  // and so it is read from the database
  EXPECT_EQ(module.hospital_list(call, {})->items.size(), 1u);
  ASSERT_TRUE(written(
      [&](Txn& txn) { return module.hospital_update(txn, call, {.id = pune, .status = HospitalStatus::active}); }));
  EXPECT_EQ(find({.keyword = "asha"}).hits.size(), 1u);
}

}  // namespace
}  // namespace fairward::directory
