// Exports over jobs that are interrupted, links that end, files that are removed; and what files are made of.
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "modules/reporting/module.h"
#include "platform/clock/clock.h"
#include "platform/sql/testing.h"

namespace fairward::reporting {
namespace {

constexpr const char* world_text = R"(
INSERT INTO directory_city (id, name, name_key) VALUES (1, 'C', 'c');
INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'S', 's');
INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) VALUES
  (1, 1, 'A', 'a', 'Asia/Kolkata', 'test', '1');
INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES (1, 'D', 'Dr D', 1, 'active');
INSERT INTO identity_user (id, role, status, name, name_key, created_at, changed_at) VALUES
  (1, 'patient', 'active', 'Asha', 'asha', 0, 0), (2, 'doctor', 'active', 'D', 'd', 0, 0);
)";

constexpr const char* visit_text =
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) "
    "VALUES ($1, 1, 1, 1, 1, 'staff', 'fulfilled', CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 300000, 1, 0, 'INR', 0, 1)";
constexpr sql::Query visit_insert{"test_exports_visit_insert", visit_text, visit_text};
constexpr const char* treatment_text =
    "INSERT INTO records_visit (id, appointment_id, doctor_id, hospital_id, patient_id, starts_at, opened_at, "
    "opened_by, closed_at, closed_by, version) VALUES ($1, $2, 1, 1, 1, $3, $3, 2, $3, 2, 1)";
constexpr sql::Query treatment_insert{"test_exports_treatment_insert", treatment_text, treatment_text};
constexpr const char* note_text =
    "INSERT INTO records_note (visit_id, number, written_at, written_by, notes) VALUES ($1, 1, 0, 2, 'Well')";
constexpr sql::Query note_insert{"test_exports_note_insert", note_text, note_text};

class exports_on : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  exports_on() : database(GetParam()) {
    database.execute(world_text);
    start();
  }
  ~exports_on() override { engine->stop(); }

  void start() {
    engine = database.open(clock);
    jobs = jobs::make_jobs(*engine, clock, *entropy);
    module = std::make_unique<Module>(*engine, ReportingOptions{"secret", hours(24)});
    module->jobs(*jobs);
  }
  // The process ends, and another one goes on.
  void restart() {
    engine->stop();
    jobs.reset();
    module.reset();
    engine.reset();
    start();
  }
  void treatments(std::int64_t count) {
    engine->write_now([&](Txn& txn) {
      for (std::int64_t i = 1; i <= count; ++i) {
        const std::int64_t appointment = (1 << 26) + i;
        const Instant starts = clock.now() - days(30) + minutes(10 * (i / 2));  // two at a time
        txn.exec(visit_insert, appointment, starts);
        txn.exec(treatment_insert, i, appointment, starts);
        txn.exec(note_insert, i);
      }
      return true;
    });
  }
  Call call() const {
    Call call;
    call.caller.role = api::Role::patient;
    call.caller.user = UserId{1};
    call.scope = api::Scope::own;
    call.now = clock.now();
    return call;
  }
  ExportId ask(ExportFormat format) {
    ExportId id;
    engine->write_now([&](Txn& txn) {
      Call by = call();
      id = module->export_create(txn, by, {format, {}, {}, {}})->value.id;
      return true;
    });
    return id;
  }
  Export look(ExportId id) {
    Export seen;
    engine->read_now([&](Snapshot& db) {
      Call by = call();
      seen = *module->export_get(db, by, {id});
    });
    return seen;
  }
  Result<File> file(ExportId id, const std::string& url) {
    Result<File> got = File{};
    engine->read_now([&](Snapshot& db) {
      Call by = call();
      got = module->export_file_get(db, by, {id, {url.substr(url.find("key=") + 4)}});
    });
    return got;
  }

  sql::testing::Database database;
  ManualClock clock{*parse_rfc3339("2026-11-30T12:00:00Z")};
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(7);
  std::unique_ptr<sql::Engine> engine;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<Module> module;
};
INSTANTIATE_TEST_SUITE_P(engines, exports_on, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(exports_on, go_on_where_a_process_ended) {
  if (GetParam() == sql::testing::Kind::inline_sqlite) GTEST_SKIP() << "ends with its process";
  treatments(250);
  const ExportId id = ask(ExportFormat::csv);
  EXPECT_EQ(look(id).status, ExportStatus::queued);
  jobs->run_due();
  EXPECT_EQ(look(id).total, 250);
  jobs->run_due();
  EXPECT_EQ(look(id).done, 100);
  restart();
  EXPECT_EQ(look(id).done, 100);
  while (look(id).status == ExportStatus::running) ASSERT_TRUE(jobs->run_due());
  const Export made = look(id);
  EXPECT_EQ(made.status, ExportStatus::done);
  EXPECT_EQ(made.done, 250);
  std::istringstream lines(file(id, *made.url)->bytes);
  std::string line;
  std::getline(lines, line);
  for (int number = 1; number <= 250; ++number) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(line.substr(0, line.find(',')), std::to_string(number));
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_P(exports_on, end_with_their_link_and_their_time) {
  const ExportId id = ask(ExportFormat::xlsx);
  while (jobs->run_due()) {}
  const std::string url = look(id).url.value();
  EXPECT_TRUE(file(id, url)->bytes.starts_with("PK"));
  clock.advance(minutes(15) + milliseconds(1));
  EXPECT_EQ(file(id, url).error().problem->code, "reporting.link_expired");
  EXPECT_TRUE(file(id, look(id).url.value()).has_value());
  clock.advance(hours(24));
  EXPECT_EQ(look(id).status, ExportStatus::expired);
  EXPECT_EQ(file(id, url).error().problem->code, "reporting.export_not_found");
  module->tick(clock.now());
  for (int i = 0; i < 200; ++i) {
    std::size_t left = 1;
    engine->read_now([&](Snapshot& db) { left = exports::pages_of(db, id).size(); });
    if (left == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  engine->read_now([&](Snapshot& db) {
    EXPECT_TRUE(exports::pages_of(db, id).empty());
    EXPECT_TRUE(exports::subjects_of(db, id).empty());
    EXPECT_EQ(exports::export_find(db, id)->status, ExportStatus::expired);
  });
}

TEST(csv_row, quotes_and_disarms) {
  EXPECT_EQ(csv_row({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(csv_row({"a,b", "say \"x\"", "two\nlines"}), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n");
  for (const char* formula : {"=1+1", "+1", "-1", "@x", "\tx", "\rx"})
    EXPECT_NE(csv_row({formula}).find(std::string("'") + formula), std::string::npos) << formula;
  EXPECT_EQ(csv_row({"1-2=3"}), "1-2=3\r\n");
}

TEST(rows_text, comes_back_as_it_was) {
  const std::vector<Cells> rows{{"a", "", "c\n\t"}, {"", ""}, {"ä", "\"", ","}};
  std::vector<Cells> read;
  rows_read(rows_text(rows), read);
  EXPECT_EQ(read, rows);
  EXPECT_EQ(cell_clean("a\x1f\x1e\x01\rb\nc\x7f"), "a    b\nc ");
}

}  // namespace
}  // namespace fairward::reporting
