// A value can never break out of its line, whatever the client sent.
#include <gtest/gtest.h>

#include <limits>

#include "platform/log/line.h"

namespace fairward::log {
namespace {

std::string text_of(Format format, std::optional<Instant> at, Level level, std::string_view message,
                    std::initializer_list<Field> fields) {
  return line_text(format, at, level, message, std::span(fields.begin(), fields.size()));
}

std::string json(std::string_view message, std::initializer_list<Field> fields = {}) {
  return text_of(Format::json, std::nullopt, Level::info, message, fields);
}

TEST(log_line, is_one_json_object_with_the_fields_in_order) {
  EXPECT_EQ(json("done", {{"route", "hold_create"}, {"status", 201LL}, {"seconds", 0.25}}),
            "{\"level\":\"info\",\"message\":\"done\",\"route\":\"hold_create\",\"status\":201,\"seconds\":0.25}\n");
}

TEST(log_line, bears_the_instant_when_there_is_a_clock) {
  EXPECT_EQ(text_of(Format::json, Instant{0}, Level::error, "x", {}),
            "{\"at\":\"1970-01-01T00:00:00Z\",\"level\":\"error\",\"message\":\"x\"}\n");
}

TEST(log_line, escapes_what_could_forge_a_line) {
  struct Case {
    std::string_view value, escaped;
  };
  const Case cases[] = {
      {"a\nb", "a\\nb"},
      {"a\r\nb", "a\\r\\nb"},
      {"tab\there", "tab\\there"},
      {std::string_view("nul\0x", 5), "nul\\u0000x"},
      {"\x1b[2J", "\\u001b[2J"},
      {"\x7f", "\\u007f"},
      {"\xc2\x85", "\\u0085"},  // next line, C1
      {"\xe2\x80\xa8", "\\u2028"},
      {"\xe2\x80\xa9", "\\u2029"},
      {"say \"hi\" \\", "say \\\"hi\\\" \\\\"},
      {"\xff\xfe", "\\ufffd\\ufffd"},
      {"\xc0\xaf", "\\ufffd\\ufffd"},             // overlong slash
      {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},  // surrogate
      {"cut \xe0\xa4", "cut \\ufffd\\ufffd"},
      {"आशा", "आशा"},
  };
  for (const auto& [value, escaped] : cases) {
    const std::string line = json("m", {{"v", value}});
    EXPECT_EQ(line, "{\"level\":\"info\",\"message\":\"m\",\"v\":\"" + std::string(escaped) + "\"}\n");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const std::string plain = text_of(Format::text, std::nullopt, Level::info, value, {{"v", value}});
    EXPECT_EQ(plain.find('\n'), plain.size() - 1);
    EXPECT_EQ(plain.find('\r'), std::string::npos);
  }
}

TEST(log_line, writes_no_number_that_json_does_not_know) {
  EXPECT_EQ(json("m", {{"v", std::numeric_limits<double>::infinity()}}),
            "{\"level\":\"info\",\"message\":\"m\",\"v\":null}\n");
}

TEST(log_line, reads_well_as_text) {
  EXPECT_EQ(text_of(Format::text, std::nullopt, Level::warning, "queue full", {{"queue", 20LL}, {"name", "writes"}}),
            "warning queue full queue=20 name=\"writes\"\n");
}

TEST(log_enabled, follows_the_configured_level) {
  configure(Level::warning, Format::json);
  EXPECT_FALSE(enabled(Level::info));
  EXPECT_TRUE(enabled(Level::warning));
  configure(Level::off, Format::json);
  EXPECT_FALSE(enabled(Level::error));
  configure(Level::info, Format::json);
}

TEST(log_write, goes_to_stderr_as_one_line) {
  testing::internal::CaptureStderr();
  info("hello", {{"n", 1LL}});
  write(Level::debug, "hidden");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "{\"level\":\"info\",\"message\":\"hello\",\"n\":1}\n");
}

TEST(log_on_error, tells_of_errors_alone_whatever_is_written) {
  std::vector<std::string> told;
  on_error([&](std::string_view message, std::span<const Field> fields) {
    told.push_back(std::string(message) + "/" + std::string(fields.empty() ? "" : fields.front().first));
  });
  configure(Level::off, Format::json);
  testing::internal::CaptureStderr();
  error("broken", {{"reason", "a"}});
  warning("odd");
  info("done");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  on_error({});
  error("unheard");
  configure(Level::info, Format::json);
  EXPECT_EQ(told, std::vector<std::string>{"broken/reason"});
}

}  // namespace
}  // namespace fairward::log
