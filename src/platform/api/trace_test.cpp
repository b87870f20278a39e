// The header traceparent, by the cases of the W3C's own test suite (trace-context/test/test.py) and of the text.
#include "platform/api/trace.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

#include "platform/api/trace_source.h"

namespace fairward::api {
namespace {

constexpr std::string_view id = "12345678901234567890123456789012";
constexpr std::string_view span = "1234567890123456";

std::array<std::uint8_t, trace_random_bytes> random_bytes(std::uint8_t first) {
  std::array<std::uint8_t, trace_random_bytes> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(first + i);
  return bytes;
}

TEST(trace_parse, takes_what_the_specification_allows) {
  struct Case {
    std::string_view text, says;
    bool is_sampled;
  };
  const Case cases[] = {
      {"00-12345678901234567890123456789012-1234567890123456-01", "sampled", true},
      {"00-12345678901234567890123456789012-1234567890123456-00", "not sampled", false},
      {"00-12345678901234567890123456789012-1234567890123456-ff", "flags of later levels", true},
      {"00-12345678901234567890123456789012-1234567890123456-02", "flags of later levels", false},
      {" \t00-12345678901234567890123456789012-1234567890123456-01\t ", "blanks around it", true},
      {"cc-12345678901234567890123456789012-1234567890123456-01", "a later version", true},
      {"cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like", "and its more", true},
      {"01-12345678901234567890123456789012-1234567890123456-01-", "and its nothing more", true},
  };
  for (const auto& [text, says, is_sampled] : cases) {
    const auto trace = trace_parse(text);
    ASSERT_TRUE(trace) << says;
    EXPECT_EQ(hex_text(trace->id), id) << says;
    EXPECT_EQ(hex_text(trace->span), span) << says;
    EXPECT_EQ(trace->is_sampled, is_sampled) << says;
  }
}

TEST(trace_parse, refuses_everything_else) {
  struct Case {
    std::string_view text, says;
  };
  const Case cases[] = {
      {"", "nothing"},
      {"00", "a version alone"},
      {"00-12345678901234567890123456789012-1234567890123456-01.", "more than version 00 has"},
      {"00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like", "that, too"},
      {"cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-not-like",
       "more without a dash"},
      {"ff-12345678901234567890123456789012-1234567890123456-01", "version ff"},
      {".0-12345678901234567890123456789012-1234567890123456-01", "version of other characters"},
      {"0.-12345678901234567890123456789012-1234567890123456-01", "version of other characters"},
      {"000-12345678901234567890123456789012-1234567890123456-01", "version too long"},
      {"0000-12345678901234567890123456789012-1234567890123456-01", "version too long"},
      {"0-12345678901234567890123456789012-1234567890123456-01", "version too short"},
      {"00-00000000000000000000000000000000-1234567890123456-01", "trace id of zeros"},
      {"00-.2345678901234567890123456789012-1234567890123456-01", "trace id of other characters"},
      {"00-1234567890123456789012345678901.-1234567890123456-01", "trace id of other characters"},
      {"00-1234567890123456789012345678901A-1234567890123456-01", "upper case"},
      {"00-123456789012345678901234567890123-1234567890123456-01", "trace id too long"},
      {"00-1234567890123456789012345678901-1234567890123456-01", "trace id too short"},
      {"00-12345678901234567890123456789012-0000000000000000-01", "parent id of zeros"},
      {"00-12345678901234567890123456789012-.234567890123456-01", "parent id of other characters"},
      {"00-12345678901234567890123456789012-123456789012345F-01", "upper case"},
      {"00-12345678901234567890123456789012-12345678901234567-01", "parent id too long"},
      {"00-12345678901234567890123456789012-123456789012345-01", "parent id too short"},
      {"00-12345678901234567890123456789012-1234567890123456-.0", "flags of other characters"},
      {"00-12345678901234567890123456789012-1234567890123456-0.", "flags of other characters"},
      {"00-12345678901234567890123456789012-1234567890123456-0A", "upper case"},
      {"00-12345678901234567890123456789012-1234567890123456-001", "flags too long"},
      {"00-12345678901234567890123456789012-1234567890123456-1", "flags too short"},
      {"00_12345678901234567890123456789012_1234567890123456_01", "other separators"},
      {"00-12345678901234567890123456789012-1234567890123456-01,00-12345678901234567890123456789012-1234567890123456-"
       "01",
       "two in one"},
  };
  for (const auto& [text, says] : cases) EXPECT_FALSE(trace_parse(text)) << says << ": " << text;
}

TEST(trace_begin, goes_on_with_the_trace_that_was_sent) {
  const auto random = random_bytes(1);
  const Trace trace = trace_begin("00-12345678901234567890123456789012-1234567890123456-01", random);
  EXPECT_EQ(hex_text(trace.id), id);
  EXPECT_EQ(hex_text(trace.parent), span);
  EXPECT_EQ(hex_text(trace.span), "1112131415161718") << "a span of its own";
  EXPECT_TRUE(trace.is_sampled);
  EXPECT_EQ(traceparent_text(trace), "00-12345678901234567890123456789012-1112131415161718-01");
}

TEST(trace_begin, begins_a_trace_when_none_was_sent_or_it_is_not_valid) {
  for (const std::string_view sent : {"", "00-00000000000000000000000000000000-1234567890123456-01", "nonsense"}) {
    const Trace trace = trace_begin(sent, random_bytes(1));
    EXPECT_EQ(traceparent_text(trace), "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-00") << sent;
    EXPECT_FALSE(trace.has_parent());
  }
}

TEST(trace_begin, makes_no_id_of_zeros) {
  const Trace trace = trace_begin("", std::array<std::uint8_t, trace_random_bytes>{});
  EXPECT_TRUE(trace_parse(traceparent_text(trace)));
}

TEST(trace_source, never_gives_the_same_twice) {
  const auto entropy = make_seeded_entropy(7);
  TraceSource source(*entropy);
  std::mutex mutex;
  std::set<TraceSource::Bytes> taken;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 1000; ++round) {
        const auto bytes = source.take();
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(taken.insert(bytes).second);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken.size(), 4000u);
}

TEST(trace, there_is_none_until_it_begins) {
  EXPECT_FALSE(Trace{});
  EXPECT_TRUE(trace_begin("", random_bytes(1)));
}

}  // namespace
}  // namespace fairward::api
