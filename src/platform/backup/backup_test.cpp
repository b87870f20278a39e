// A folder of backups: what counts as one, what goes, what is found when it is opened.
#include "platform/backup/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <utime.h>

#include <filesystem>

#include "platform/backup/files.h"
#include "platform/backup/process.h"
#include "platform/backup/shelf.h"

namespace fairward::backup {
namespace {

namespace fs = std::filesystem;

const Instant today{1'800'000'000'000};

crypto::SealKey key_of(char letter) { return *crypto::SealKey::parse(crypto::base64url(std::string(32, letter))); }

class shelf : public ::testing::Test {
 protected:
  shelf() {
    std::string path = (fs::temp_directory_path() / "fairward-shelf-XXXXXX").string();
    folder = ::mkdtemp(path.data());
  }
  ~shelf() override { fs::remove_all(folder); }

  // A backup that is so many days old.
  Found put(int age_days, const std::optional<crypto::SealKey>& key = {}) {
    Manifest manifest;
    manifest.ended_at = today - days(age_days);
    manifest.name = "fairward-" + std::to_string(manifest.ended_at.ms) + "-sqlite";
    manifest.engine = "sqlite";
    if (key) manifest.key_id = key->id();
    const std::string path = folder + "/" + manifest.name;
    fs::create_directory(path);
    text_write(path + "/database", "content");
    manifest.files.push_back({"database", 7, file_hash(path + "/database")});
    manifest.tables.push_back({"table", 3, ""});
    text_write(path + "/manifest.json", to_json(manifest));
    text_write(path + "/manifest.seal", seal_of(to_json(manifest), key));
    return {path, manifest};
  }
  std::vector<int> ages() {
    std::vector<int> all;
    for (const Found& one : list(folder, {}))
      all.push_back(static_cast<int>((today - one.manifest.ended_at).ms / days(1).ms));
    return all;
  }
  std::vector<int> ages_after(Keep keep) {
    thin_out(folder, keep, {}, today);
    return ages();
  }

  std::string folder;
};

TEST_F(shelf, keeps_the_newest_and_the_young) {
  for (const int age : {40, 35, 31, 29, 10, 1}) put(age);
  EXPECT_EQ(ages_after({1, 30}), (std::vector{29, 10, 1}));
  EXPECT_EQ(ages_after({5, 0}), (std::vector{29, 10, 1}));
  EXPECT_EQ(ages_after({2, 0}), (std::vector{10, 1}));
  EXPECT_EQ(ages_after({0, 0}), std::vector{1});
  EXPECT_EQ(ages_after({0, 0}), std::vector{1});
}

TEST_F(shelf, keeps_the_last_good_one_however_old) {
  put(400);
  const Found broken = put(1);
  fs::resize_file(broken.path + "/database", 3);
  const utimbuf now{today.ms / 1000, today.ms / 1000};
  ::utime(broken.path.c_str(), &now);
  EXPECT_EQ(ages_after({1, 30}), std::vector{400});
  EXPECT_TRUE(is_folder(broken.path));  // young: somebody may want to look at it
  const utimbuf long_ago{0, 0};
  ::utime(broken.path.c_str(), &long_ago);
  EXPECT_EQ(ages_after({1, 30}), std::vector{400});
  EXPECT_FALSE(is_folder(broken.path));
}

TEST_F(shelf, removes_nothing_when_none_is_good) {
  const Found broken = put(100);
  fs::remove(broken.path + "/manifest.seal");
  const utimbuf long_ago{0, 0};
  ::utime(broken.path.c_str(), &long_ago);
  EXPECT_TRUE(ages_after({1, 30}).empty());
  EXPECT_TRUE(is_folder(broken.path));
}

TEST_F(shelf, leaves_alone_what_is_not_its_own) {
  put(1);
  fs::create_directory(folder + "/photographs");
  text_write(folder + "/fairward-notes.txt", "a file");
  thin_out(folder, {0, 0}, {}, today);
  EXPECT_TRUE(is_folder(folder + "/photographs"));
  EXPECT_TRUE(is_file(folder + "/fairward-notes.txt"));
}

TEST_F(shelf, lists_no_draft_and_removes_it) {
  const std::string draft = folder + "/.fairward-1-sqlite.partial";
  fs::create_directory(draft);
  EXPECT_TRUE(list(folder, {}).empty());
  partials_remove(folder);
  EXPECT_FALSE(is_folder(draft));
}

TEST_F(shelf, tells_a_wrong_key_from_a_bad_copy) {
  const Found sealed = put(1, key_of('k'));
  EXPECT_EQ(manifest_read(sealed.path, key_of('k')).key_id, key_of('k').id());
  const auto kind = [&](const std::optional<crypto::SealKey>& key) {
    try {
      manifest_read(sealed.path, key);
    } catch (const Trouble& trouble) { return trouble.kind; }
    return Trouble::Kind::unavailable;
  };
  EXPECT_EQ(kind(key_of('x')), Trouble::Kind::wrong_key);
  EXPECT_EQ(kind({}), Trouble::Kind::wrong_key);
  EXPECT_EQ(list(folder, {}).size(), 1u);  // on its word
  Manifest changed = sealed.manifest;
  changed.tables[0].rows = 4;
  fs::remove(sealed.path + "/manifest.json");
  text_write(sealed.path + "/manifest.json", to_json(changed));
  EXPECT_EQ(kind(key_of('k')), Trouble::Kind::bad_copy);
  EXPECT_TRUE(list(folder, key_of('k')).empty());
}

TEST_F(shelf, compares_what_was_restored) {
  const Manifest manifest = put(1).manifest;
  const auto refuses = [&](sql::DatabaseFacts facts) {
    try {
      facts_check(manifest, facts);
    } catch (const Trouble&) { return true; }
    return false;
  };
  EXPECT_FALSE(refuses({"", 0, 0, {{"table", 3, ""}}}));
  EXPECT_TRUE(refuses({"", 0, 0, {{"table", 2, ""}}}));
  EXPECT_TRUE(refuses({"", 0, 0, {{"table", 3, "other"}}}));
  EXPECT_TRUE(refuses({"", 0, 0, {{"another", 3, ""}}}));
  EXPECT_TRUE(refuses({"", 0, 0, {}}));
  EXPECT_TRUE(refuses({"", 1, 0, {{"table", 3, ""}}}));
  EXPECT_TRUE(refuses({"", 0, 9, {{"table", 3, ""}}}));
}

TEST_F(shelf, is_worked_on_by_one_at_a_time) {
  const auto first = std::make_unique<Lock>(folder + "/.lock");
  EXPECT_TRUE(first->is_held());
  EXPECT_FALSE(Lock(folder + "/.lock").is_held());
}

TEST(process, says_what_a_program_said_when_it_failed) {
  Process good({"/bin/sh", "-c", "echo out"}, {}, Process::Pipe::writes_to_us);
  std::string out;
  read_all(good.pipe(), "sh", [&](std::string_view piece) { out += piece; });
  EXPECT_EQ(out, "out\n");
  EXPECT_EQ(good.end(), "");
  Process bad({"/bin/sh", "-c", "echo it broke >&2; exit 3"}, {}, Process::Pipe::writes_to_us);
  EXPECT_EQ(bad.end(), "it broke");
  Process missing({"/nowhere/program"}, {}, Process::Pipe::writes_to_us);
  EXPECT_EQ(missing.end(), "it ended with status 127");
}

TEST(process, has_the_environment_it_is_given_and_no_other) {
  Process process({"/bin/sh", "-c", "echo \"$ONE|$HOME\""}, {{"ONE", "1"}}, Process::Pipe::writes_to_us);
  std::string out;
  read_all(process.pipe(), "sh", [&](std::string_view piece) { out += piece; });
  EXPECT_EQ(out, "1|\n");
  EXPECT_EQ(process.end(), "");
}

}  // namespace
}  // namespace fairward::backup
