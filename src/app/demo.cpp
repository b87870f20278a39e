// The demo: the same hospitals and doctors each time, schedules for all of them, and one login for each role.
#include <fmt/format.h>

#include "app/audit.h"
#include "app/commands.h"
#include "app/database.h"
#include "app/files.h"
#include "modules/booking/booking.h"
#include "modules/directory/demo.h"
#include "modules/identity/identity.h"
#include "modules/records/records.h"
#include "modules/reporting/reporting.h"
#include "modules/reviews/reviews.h"
#include "platform/api/codec.h"

namespace fairward::app {
namespace {

constexpr std::size_t password_bytes = 12;

struct DemoLogin {
  std::string role, login, password;
  std::optional<UserId> user_id;
  std::optional<HospitalId> hospital_id;
  std::optional<DoctorId> doctor_id;
};
BOOST_DESCRIBE_STRUCT(DemoLogin, (), (role, login, password, user_id, hospital_id, doctor_id))

std::string logins_path(const std::string& folder) { return folder + "/demo-logins.json"; }

directory::DemoOptions demo_options(const DemoCommand& command) {
  directory::DemoOptions options;
  options.cities = command.cities;
  options.doctors_per_city = std::max(1, command.doctors / command.cities);
  options.hospitals_per_city = std::clamp(options.doctors_per_city / 3, 1, options.hospitals_per_city);
  return options;
}

// The staff of the demo work where the first doctor does.
directory::Practice first_practice(sql::Engine& engine) {
  std::optional<directory::Practice> first;
  engine.read_now([&](Snapshot& db) {
    directory::practices_each(db, [&](const directory::Practice& practice) {
      const bool is_earlier = !first || practice.doctor < first->doctor;
      if (practice.is_active && is_earlier) first = practice;
    });
  });
  return first.value();
}

// "Demo front desk"
std::string demo_name(std::string role) {
  std::ranges::replace(role, '_', ' ');
  return "Demo " + role;
}

std::vector<DemoLogin> logins_make(sql::Engine& engine, const World& world) {
  const directory::Practice here = first_practice(engine);
  std::vector<DemoLogin> logins{{"patient", "demo.patient"},
                                {"doctor", "demo.doctor", "", {}, {}, here.doctor},
                                {"front_desk", "demo.desk", "", {}, here.hospital, {}},
                                {"ward_admin", "demo.ward", "", {}, here.hospital, {}},
                                {"hospital_admin", "demo.hospital", "", {}, here.hospital, {}},
                                {"platform_admin", "demo.platform"}};
  for (DemoLogin& login : logins) {
    login.password = world.entropy.token(password_bytes);
    const bool is_doctor = login.doctor_id.has_value();
    identity::UserAdd user{*api::role_parse(login.role),
                           is_doctor ? here.doctor_name : demo_name(login.role),
                           login.login,
                           login.password,
                           login.hospital_id.value_or(HospitalId{}),
                           login.doctor_id.value_or(DoctorId{})};
    const auto added = identity::user_add(engine, user, world.clock.now(), world.entropy);
    if (!added)
      throw std::runtime_error("demo login " + login.login + ": " + std::string(added.error().problem->title));
    login.user_id = *added;
  }
  return logins;
}

// A past, so that ratings come from reviews that can be read, and records have something to show: and one visit that
// demo.patient may review.
void past_make(sql::Engine& engine, UserId guest, UserId doctor, Instant now) {
  static const std::vector<std::string> names{
      "Aditi Kulkarni", "Rakesh Yadav", "Shalini Menon", "Imtiaz Khan",   "Gurpreet Kaur", "Nandini Iyer",
      "Sameer Joshi",   "Leela Thomas", "Vivek Mishra",  "Roshni Patel",  "Anil Reddy",    "Jaya Banerjee",
      "Tarun Bhatia",   "Hema Nair",    "Yusuf Ansari",  "Pallavi Desai", "Mohan Das",     "Kiran Shetty",
      "Rekha Verma",    "Gopal Pillai", "Nisha Gupta",   "Feroz Sheikh",  "Asmita Ghosh",  "Dinesh Rao"};
  const auto patients = identity::patients_add(engine, names, now);
  booking::DemoVisits past = booking::demo_visits(engine, patients, guest, now);
  reviews::demo_reviews(engine, past.of_patients);
  if (past.of_guest) past.of_patients.push_back(*past.of_guest);
  records::demo_records(engine, past.of_patients, doctor);
  engine.write_now([&](Txn& txn) {
    for (const auto& [id, visit] : past.of_patients)
      if (const auto zone = directory::hospital_time_zone(txn, visit.hospital))
        reporting::visit_changed(txn, visit.hospital, *zone, visit.starts_at, now);
    return true;
  });
}

void logins_print(const std::vector<DemoLogin>& logins) {
  fmt::print("{:<16} {:<16} {}\n", "role", "login", "password");
  for (const DemoLogin& login : logins) fmt::print("{:<16} {:<16} {}\n", login.role, login.login, login.password);
}

std::vector<DemoLogin> logins_read(const std::string& path) {
  auto logins = api::decode<std::vector<DemoLogin>>(file_read(path));
  if (!logins) throw std::runtime_error(path + " cannot be read");
  return std::move(*logins);
}

// False: hospitals were asked for, and none that came by import is without doctors.
bool doctors_make(sql::Engine& engine, const World& world, const DemoCommand& command) {
  if (command.imported_hospitals == 0) {
    directory::demo_fill(engine, demo_options(command), world.clock.now());
    booking::demo_schedules(engine);
    return true;
  }
  constexpr std::uint64_t seed = 1;
  const auto made = directory::demo_doctors_for_hospitals(engine, seed, command.doctors_each,
                                                          command.imported_hospitals, world.clock.now());
  booking::demo_schedules(engine);
  fmt::print(stderr, "{} demo doctors for {} imported hospitals\n", made.doctors.size(), made.hospitals.size());
  return !made.doctors.empty();
}

}  // namespace

ExitCode command_demo(config::Settings settings, const World& world, const DemoCommand& command) {
  settings.set("data.folder", command.folder, "DATA_DIR");
  const std::string path = logins_path(command.folder);
  const bool is_filled = file_exists(path);
  if (is_filled && command.imported_hospitals == 0) {
    logins_print(logins_read(path));
    return exit_ok;
  }
  auto database = database_of(settings);
  if (!database) {
    fmt::print(stderr, "fairward: {}\n", database.error());
    return exit_config;
  }
  folder_make(command.folder);
  database_migrate(*database, [](const std::string&) {});
  audit_begin(*database, settings, world);
  const auto engine = database_open(*database, world.clock, false);
  if (!doctors_make(*engine, world, command)) {
    fmt::print(stderr, "fairward: no imported hospital without doctors: `fairward import directory FILE` first\n");
    return exit_failure;
  }
  if (is_filled) {
    logins_print(logins_read(path));
    return exit_ok;
  }
  const std::vector<DemoLogin> logins = logins_make(*engine, world);
  past_make(*engine, logins.front().user_id.value(), logins.at(1).user_id.value(), world.clock.now());
  engine->stop();
  std::string json;
  api::encode(json, logins);
  private_file_write(path, json + "\n");  // last: a folder without it is not filled
  logins_print(logins);
  return exit_ok;
}

}  // namespace fairward::app
