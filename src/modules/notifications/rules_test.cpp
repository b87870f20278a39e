// Rules as tables: when something may be told, how long it is tried, what is still worth telling.
#include "modules/notifications/rules.h"

#include <gtest/gtest.h>

#include "modules/notifications/render.h"

namespace fairward::notifications {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

struct QuietCase {
  Urgency urgency;
  Channel channel;
  const char *now, *told_at;
};

TEST(not_before, heeds_the_quiet_hours_of_the_wall) {
  const Zone& berlin = *zone_find("Europe/Berlin");
  constexpr Quiet night{22 * 60, 7 * 60};
  for (const QuietCase& c : {
           QuietCase{Urgency::calm, Channel::sms, "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"},
           {Urgency::calm, Channel::sms, "2026-11-22T20:59:59Z", "2026-11-22T20:59:59Z"},
           {Urgency::calm, Channel::sms, "2026-11-22T21:00:00Z", "2026-11-23T06:00:00Z"},
           {Urgency::calm, Channel::email, "2026-11-22T23:30:00Z", "2026-11-23T06:00:00Z"},
           {Urgency::calm, Channel::email, "2026-11-23T05:59:00Z", "2026-11-23T06:00:00Z"},
           {Urgency::calm, Channel::email, "2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z"},
           {Urgency::reply, Channel::email, "2026-11-22T23:30:00Z", "2026-11-22T23:30:00Z"},
           {Urgency::reply, Channel::sms, "2026-11-22T23:30:00Z", "2026-11-23T06:00:00Z"},
           {Urgency::urgent, Channel::sms, "2026-11-22T23:30:00Z", "2026-11-22T23:30:00Z"},
           // The night in which the clocks go back: seven o'clock is an hour later.
           {Urgency::calm, Channel::sms, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"},
           // And in which they go forward.
           {Urgency::calm, Channel::sms, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"},
       })
    EXPECT_EQ(to_rfc3339(not_before(c.urgency, c.channel, night, berlin, at(c.now))), c.told_at) << c.now;
  EXPECT_EQ(not_before(Urgency::calm, Channel::sms, {0, 0}, berlin, at("2026-11-22T23:30:00Z")),
            at("2026-11-22T23:30:00Z"));
  EXPECT_EQ(to_rfc3339(not_before(Urgency::calm, Channel::sms, {13 * 60, 15 * 60}, berlin, at("2026-11-22T13:00:00Z"))),
            "2026-11-22T14:00:00Z");
}

TEST(retry_after, grows_to_hours) {
  EXPECT_EQ(retry_after(1), seconds(5));
  EXPECT_EQ(retry_after(4), minutes(10));
  EXPECT_EQ(retry_after(attempts_max - 1), hours(8));
  for (std::int64_t tries = 1; tries < 30; ++tries) EXPECT_LE(retry_after(tries), retry_after(tries + 1));
}

TEST(is_still_so, asks_for_the_visit_as_it_is_now) {
  const Instant told{1000}, other{2000};
  const VisitNow booked{true, false, false, told}, moved{true, false, false, other}, gone{false, false, true, told},
      held{false, true, false, told};
  for (const char* kind : {"appointment_booked", "appointment_moved", "appointment_reminder"}) {
    EXPECT_TRUE(is_still_so(kind, told, booked)) << kind;
    EXPECT_FALSE(is_still_so(kind, told, moved)) << kind;
    EXPECT_FALSE(is_still_so(kind, told, gone)) << kind;
  }
  EXPECT_TRUE(is_still_so("appointment_cancelled", told, gone));
  EXPECT_FALSE(is_still_so("appointment_cancelled", told, booked));
  EXPECT_TRUE(is_still_so("offer_made", told, held));
  EXPECT_FALSE(is_still_so("offer_made", told, booked));
  EXPECT_TRUE(is_still_so("refund_done", told, gone));
}

TEST(is_on_by_default, rings_only_where_it_must) {
  const Kind &offer = *kind_find("offer_made"), &booked = *kind_find("appointment_booked");
  EXPECT_TRUE(is_on_by_default(offer, Channel::sms, {true, true}));
  EXPECT_FALSE(is_on_by_default(booked, Channel::sms, {true, true}));
  EXPECT_TRUE(is_on_by_default(booked, Channel::sms, {false, true}));
  EXPECT_TRUE(is_on_by_default(booked, Channel::email, {true, true}));
  EXPECT_FALSE(is_on_by_default(*kind_find("monthly_report"), Channel::sms, {false, true}));
}

std::vector<std::string> names_in(std::string_view pattern) {
  std::vector<std::string> names;
  for (std::size_t open = 0; (open = pattern.find('{', open)) != std::string_view::npos; ++open)
    names.emplace_back(pattern.substr(open, pattern.find('}', open) - open + 1));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

TEST(templates, say_the_same_in_every_language) {
  for (const Language* language : languages()) {
    EXPECT_EQ(language->templates.size(), kinds().size()) << language->code;
    EXPECT_EQ(names_in(language->greeting), names_in(english.greeting)) << language->code;
    for (const Kind& kind : kinds()) {
      const Template *words = template_find(*language, kind.name), *same = template_find(english, kind.name);
      ASSERT_TRUE(words && same) << language->code << " " << kind.name;
      EXPECT_FALSE(words->subject.empty() || words->text.empty()) << kind.name;
      EXPECT_EQ(words->sms.empty(), same->sms.empty()) << kind.name;
      EXPECT_EQ(words->link.empty(), same->link.empty()) << kind.name;
      EXPECT_EQ(names_in(words->subject), names_in(same->subject)) << language->code << " " << kind.name;
      EXPECT_EQ(names_in(words->text), names_in(same->text)) << language->code << " " << kind.name;
      EXPECT_EQ(names_in(words->sms), names_in(same->sms)) << language->code << " " << kind.name;
    }
  }
}

// What lies open on a telephone or in a chat names neither doctor nor patient.
TEST(templates, tell_by_sms_no_more_than_is_needed) {
  for (const Language* language : languages())
    for (const Template& words : language->templates)
      for (const std::string& name : names_in(words.sms))
        EXPECT_TRUE(name != "{doctor}" && name != "{name}" && name != "{report}") << words.kind;
}

TEST(language_find, knows_regions_and_falls_back) {
  EXPECT_EQ(language_find("hi-IN").code, "hi");
  EXPECT_EQ(language_find("en").code, "en");
  EXPECT_EQ(language_find("xx").code, "en");
  EXPECT_EQ(language_find("").code, "en");
}

TEST(render, escapes_what_it_is_given) {
  const Template words{"k", "Hello {doctor}", "See {doctor}\n\n{when}", "{doctor}", "Go"};
  const auto out = render(english, words, {{"doctor", "<b>\"Dr\" & 'X'</b>"}, {"when", "{doctor}"}}, "<i>Asha</i>",
                          "https://x.example/?a=1&b=\"2\"");
  EXPECT_EQ(out.html.find("<b>"), std::string::npos);
  EXPECT_EQ(out.html.find("<i>"), std::string::npos);
  EXPECT_NE(out.html.find("&lt;b&gt;&quot;Dr&quot; &amp; &#39;X&#39;&lt;/b&gt;"), std::string::npos);
  EXPECT_NE(out.html.find("href=\"https://x.example/?a=1&amp;b=&quot;2&quot;\""), std::string::npos);
  EXPECT_NE(out.text.find("{doctor}"), std::string::npos) << "what a value says is not filled in again";
  EXPECT_NE(out.text.find("Dear <i>Asha</i>,"), std::string::npos);
}

TEST(render, writes_times_on_the_wall_and_money) {
  const Zone& kolkata = *zone_find("Asia/Kolkata");
  EXPECT_EQ(when_text(english, kolkata, at("2026-11-22T20:00:00Z")), "Mon, 23 Nov 2026, 01:30");
  EXPECT_EQ(when_text(hindi, kolkata, at("2026-11-22T20:00:00Z")), "सोम, 23 नव॰ 2026, 01:30");
  EXPECT_EQ(until_text(english, kolkata, at("2026-11-22T10:05:00Z"), at("2026-11-22T10:00:00Z")), "15:35");
  EXPECT_EQ(money_text(50'005, "INR"), "INR 500.05");
  EXPECT_EQ(money_text(500, "JPY"), "JPY 500");
}

}  // namespace
}  // namespace fairward::notifications
