// A directory in memory for the tests of this folder: an inline database, a clock that stands still, free times made
// to order.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "modules/directory/module.h"
#include "platform/sql/engine.h"

namespace fairward::directory {

class FakeFree final : public FreeTimes {
 public:
  std::map<std::int64_t, Instant> first;  // by doctor; who is absent has nothing
  std::optional<Instant> first_free(DoctorId doctor, HospitalId, Instant from, Instant to) const override {
    const auto at = first.find(doctor.value);
    if (at == first.end() || at->second < from || at->second >= to) return std::nullopt;
    return at->second;
  }
  std::vector<Instant> next_free(DoctorId doctor, HospitalId hospital, Instant from, int) const override {
    const auto at = first_free(doctor, hospital, from, from + days(400));
    return at ? std::vector{*at} : std::vector<Instant>();
  }
  int max_booking_days(DoctorId) const override { return 60; }
  Upcoming upcoming(DoctorId doctor, Instant now) const override {
    Upcoming next;
    for (const auto at : next_free(doctor, {}, now, Upcoming::most)) next.starts[next.count++] = at;
    next.max_booking_days = max_booking_days(doctor);
    return next;
  }
};

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest()
      : clock(*parse_rfc3339("2026-11-21T05:00:00Z")),
        engine(sql::open_sqlite_inline(":memory:", clock)),
        module(clock) {
    sql::migrate_inline(*engine);
    module.free_times(free);
    call.now = clock.now();
    call.scope = api::Scope::all;
    call.caller.role = api::Role::platform_admin;
  }
  void load() {
    engine->read_now([&](Snapshot& db) { module.load(db); });
  }
  template <class F>
  void write(F&& work) {
    engine->write_now([&](Txn& txn) {
      work(txn);
      return true;
    });
  }

  HospitalId hospital_add(const std::string& name, const std::string& city, std::optional<Place> place = std::nullopt) {
    HospitalRow row;
    write([&](Txn& txn) {
      row.city = store::city_ensure(txn, city, "");
      row.name = name, row.time_zone = "Asia/Kolkata", row.source = "test";
      if (place) row.latitude = place->latitude, row.longitude = place->longitude;
      row.id = store::hospital_insert(txn, row);
    });
    return row.id;
  }
  struct Doctor {
    std::string given, family, speciality;
    int stars = 0, reviews = 0;
    std::int64_t fee_minor = 50'000;
    std::string languages = "English";
  };
  DoctorId doctor_add(const Doctor& doctor, std::vector<HospitalId> hospitals) {
    DoctorRow row;
    write([&](Txn& txn) {
      row.title = "Dr", row.given_name = doctor.given, row.family_name = doctor.family;
      row.full_name = "Dr " + doctor.given + " " + doctor.family;
      row.speciality = store::speciality_ensure(txn, doctor.speciality);
      row.languages = doctor.languages;
      row.rating_sum = doctor.stars * doctor.reviews, row.rating_count = doctor.reviews;
      row.id = store::doctor_insert(txn, row);
      for (const auto hospital : hospitals)
        store::practice_upsert(txn, {row.id, hospital, std::nullopt, doctor.fee_minor, "INR", true});
    });
    return row.id;
  }
  Found find(Criteria criteria) { return search(*module.current(), criteria, &free, clock.now()); }
  static std::vector<std::string> names(const Found& found) {
    std::vector<std::string> result;
    for (const auto& hit : found.hits) result.push_back(hit.doctor->row.given_name);
    return result;
  }

  ManualClock clock;
  std::unique_ptr<sql::Engine> engine;
  FakeFree free;
  Module module;
  Call call;
};

using Names = std::vector<std::string>;

}  // namespace fairward::directory
