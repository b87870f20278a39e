// Invented cities, hospitals and doctors for trying the product; the same seed gives the same people. Everything is
// marked is_demo.
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/sql/engine.h"

namespace fairward::directory {

struct DemoOptions {
  std::uint64_t seed = 1;
  int cities = 20;  // at most 20
  int hospitals_per_city = 10;
  int doctors_per_city = 300;
};
struct DemoPractice {
  DoctorId doctor;
  HospitalId hospital;
  bool is_first = true;  // a doctor's second hospital has false
};
struct DemoDirectory {
  std::vector<HospitalId> hospitals;
  std::vector<DoctorId> doctors;
  std::vector<DemoPractice> practices;  // by doctor; for these booking makes shifts
  bool is_new = true;                   // false: the demonstration data was there already; the lists are empty
};

// Writes in a few large transactions; Directory::load afterwards. Throws sql::Error.
DemoDirectory demo_fill(sql::Engine& engine, const DemoOptions& options, Instant now);
// Gives invented doctors (so many each) to at most `hospitals_max` hospitals that came by import and have none.
DemoDirectory demo_doctors_for_hospitals(sql::Engine& engine, std::uint64_t seed, int doctors_each, int hospitals_max,
                                         Instant now);

}  // namespace fairward::directory
