// The later source wins, every mistake is found with its place, and no secret is printed.
#include "platform/config/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace fairward::config {
namespace {

// A file that goes away with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    static int count = 0;
    path_ = (std::filesystem::temp_directory_path() /
             ("fairward_config_" + std::to_string(::getpid()) + "_" + std::to_string(++count) + ".toml"))
                .string();
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<std::string> faults(const std::string& file_text, const Environment& environment = {},
                                const Flags& flags = {}) {
  const TemporaryFile file(file_text);
  std::vector<std::string> found;
  if (const auto loaded = load(file.path(), environment, flags); !loaded)
    for (const auto& error : loaded.error()) {
      std::string text = to_text(error);
      if (text.starts_with(file.path())) text = "file" + text.substr(file.path().size());
      found.push_back(text);
    }
  return found;
}

TEST(config_table, every_default_passes_its_own_check) {
  Flags flags;
  for (const Setting& setting : table()) flags.emplace_back(setting.name, setting.fallback);
  EXPECT_TRUE(load("", {}, flags).has_value());
}

TEST(config_table, describes_every_setting_once) {
  std::map<std::string_view, int> seen;
  for (const Setting& setting : table()) {
    EXPECT_EQ(++seen[setting.name], 1) << setting.name;
    EXPECT_TRUE(setting.description.ends_with(".")) << setting.name;
    EXPECT_NE(setting.name.find('.'), std::string_view::npos);
  }
}

TEST(config_load, the_later_source_wins) {
  const TemporaryFile file("[http]\nport = 1\nthreads = 1\nidle_seconds_max = 1\n");
  const auto loaded =
      load(file.path(), {{"FAIRWARD_HTTP_PORT", "2"}, {"FAIRWARD_HTTP_THREADS", "2"}}, {{"http.port", "3"}});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->integer("http.port"), 3);
  EXPECT_EQ(loaded->origin("http.port"), "--http.port");
  EXPECT_EQ(loaded->integer("http.threads"), 2);
  EXPECT_EQ(loaded->integer("http.idle_seconds_max"), 1);
  EXPECT_EQ(loaded->origin("http.idle_seconds_max"), file.path() + ":4:20");
  EXPECT_EQ(loaded->integer("booking.hold_seconds"), 300);
  EXPECT_EQ(loaded->origin("booking.hold_seconds"), "default");
}

TEST(config_load, names_the_place_of_every_mistake) {
  struct Case {
    std::string file;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"[http]\nport = \"x\"\n", {"file:2:8: http.port must be a whole number"}},
      {"[http]\nport = 65536\n", {"file:2:8: http.port must be from 0 to 65535"}},
      {"[http]\nport = -1\n", {"file:2:8: http.port must be from 0 to 65535"}},
      {"[http]\ntrusted_proxies = \"10.0.0.1/8\"\n",
       {"file:2:19: http.trusted_proxies must be networks such as 10.0.0.0/8, with commas between"}},
      {"[http]\ntrusted_proxies = 10\n", {"file:2:19: http.trusted_proxies must be a text in quotes"}},
      {"[http]\nprot = 80\n", {"file:2:8: there is no setting http.prot"}},
      {"[htpp]\nport = 80\n", {"file:2:8: there is no setting htpp.port"}},
      {"port = 80\n", {"file:1:8: port must be a section"}},
      {"[log]\nlevel = \"loud\"\n", {"file:2:9: log.level must be one of debug|info|warning|error|off"}},
      {"[log]\nlevel = 5\n", {"file:2:9: log.level must be a text in quotes"}},
      {"[billing]\nsandbox = 1\n", {"file:2:11: billing.sandbox must be true or false"}},
      {"[http]\nport = 80.5\n", {"file:2:8: http.port must be a whole number"}},
  };
  for (const auto& [file, expected] : cases) EXPECT_EQ(faults(file), expected) << file;
}

TEST(config_load, names_line_and_column_of_a_file_that_is_no_toml) {
  const auto found = faults("[http]\nport = = 5\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("file:2:8: ")) << found[0];
}

TEST(config_load, reports_all_mistakes_of_all_sources_at_once) {
  EXPECT_EQ(faults("[http]\nport = true\n", {{"FAIRWARD_HTTP_THREADS", "many"}}, {{"no.such", "1"}}),
            (std::vector<std::string>{"file:2:8: http.port must be a whole number",
                                      "FAIRWARD_HTTP_THREADS: http.threads must be a whole number",
                                      "--no.such: there is no setting no.such"}));
}

TEST(config_load, refuses_a_misspelt_variable_but_not_those_of_others) {
  EXPECT_EQ(faults("", {{"FAIRWARD_HTTP_PROT", "1"}, {"FAIRWARD_BIN", "x"}, {"HOME", "/"}}),
            (std::vector<std::string>{"FAIRWARD_HTTP_PROT: there is no such setting"}));
}

TEST(config_load, a_missing_file_is_a_mistake) {
  const auto loaded = load("/nowhere/fairward.toml", {}, {});
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error()[0].where, "/nowhere/fairward.toml");
}

TEST(config_load, reads_the_usual_database_variables) {
  const auto loaded =
      load("", {{"DATABASE_URL", "postgresql://a/b"}, {"DATABASE_USER", "u"}, {"DATABASE_PASSWORD", "p"}}, {});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->text("database.url"), "postgresql://a/b");
  EXPECT_EQ(loaded->text("database.user"), "u");
  EXPECT_EQ(loaded->text("database.password"), "p");
  EXPECT_EQ(load("", {{"DATABASE_URL", "a"}, {"FAIRWARD_DATABASE_URL", "b"}}, {})->text("database.url"), "b");
}

TEST(config_load, reads_a_secret_from_a_file) {
  const TemporaryFile secret("s3cret-s3cret-s3cret-s3cret\n");
  const auto loaded = load("", {{"FAIRWARD_BILLING_GATEWAY_SECRET_FILE", secret.path()}}, {});
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->text("billing.gateway_secret"), "s3cret-s3cret-s3cret-s3cret");
  EXPECT_FALSE(load("", {{"FAIRWARD_BILLING_GATEWAY_SECRET_FILE", "/nowhere/x"}}, {}).has_value());
  EXPECT_FALSE(load("", {{"FAIRWARD_HTTP_PORT_FILE", secret.path()}}, {}).has_value());  // no secret, no file
}

TEST(config_flags, are_taken_out_of_the_arguments) {
  std::vector<std::string> arguments{"serve", "--http.port=1", "--sandbox", "--log.level",
                                     "debug", "file.csv",      "--x.y"};
  EXPECT_EQ(flags_take(arguments), (Flags{{"http.port", "1"}, {"log.level", "debug"}, {"x.y", ""}}));
  EXPECT_EQ(arguments, (std::vector<std::string>{"serve", "--sandbox", "file.csv"}));
}

TEST(config_print, shows_values_and_origins_but_no_secret) {
  Settings settings = defaults();
  settings.set("billing.gateway_secret", "hush-hush", "FAIRWARD_BILLING_GATEWAY_SECRET");
  settings.set("data.folder", "a\"b\\c\n", "--data.folder");
  const std::string text = settings_toml(settings);
  EXPECT_EQ(text.find("hush"), std::string::npos);
  EXPECT_NE(text.find("gateway_secret = \"(set, not shown)\"  # FAIRWARD_BILLING_GATEWAY_SECRET"), std::string::npos);
  EXPECT_NE(text.find("folder = \"a\\\"b\\\\c\\u000A\"  # --data.folder"), std::string::npos);
  const TemporaryFile file(text);
  EXPECT_TRUE(load(file.path(), {}, {}).has_value());
}

}  // namespace
}  // namespace fairward::config
