// What is private stays private, and a key is made once.
#include "app/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/completion.h"

namespace fairward::app {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / ("fairward_files_" + std::to_string(::getpid()))).string();
    folder_make(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static unsigned mode(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
  }
  std::string folder_;
};

TEST_F(Files, a_new_folder_and_what_is_written_belong_to_the_owner_alone) {
  EXPECT_EQ(mode(folder_), 0700U);
  private_file_write(folder_ + "/a", "one");
  private_file_write(folder_ + "/a", "two");
  EXPECT_EQ(mode(folder_ + "/a"), 0600U);
  EXPECT_EQ(file_read(folder_ + "/a"), "two");
}

TEST_F(Files, nothing_is_left_beside_what_was_written) {
  private_file_write(folder_ + "/a", "one");
  const auto entropy = make_seeded_entropy(1);
  key_load_or_make(folder_ + "/key", *entropy);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
}

TEST_F(Files, a_key_is_made_once) {
  const auto first = make_seeded_entropy(1);
  const auto second = make_seeded_entropy(2);
  const std::string key = key_load_or_make(folder_ + "/key", *first);
  EXPECT_EQ(key.size(), 43U);  // 32 bytes in base64url
  EXPECT_EQ(key_load_or_make(folder_ + "/key", *second), key);
  EXPECT_EQ(mode(folder_ + "/key"), 0600U);
}

TEST_F(Files, what_cannot_be_read_is_named) {
  try {
    file_read(folder_ + "/none");
    FAIL();
  } catch (const std::system_error& error) { EXPECT_NE(std::string(error.what()).find("/none"), std::string::npos); }
}

TEST(completion_script, knows_three_shells) {
  const std::vector<CompletionEntry> entries{{"", "", {"serve", "--help"}}, {"serve", "", {"--sandbox"}}};
  EXPECT_NE(completion_script("bash", entries)->find("'serve') words='--sandbox'"), std::string::npos);
  EXPECT_NE(completion_script("zsh", entries)->find("bashcompinit"), std::string::npos);
  EXPECT_NE(completion_script("fish", entries)->find("__fish_seen_subcommand_from serve' -l sandbox"),
            std::string::npos);
  EXPECT_FALSE(completion_script("tcsh", entries));
}

}  // namespace
}  // namespace fairward::app
