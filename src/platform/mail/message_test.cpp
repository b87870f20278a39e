// Headers cannot be broken out of, and every text arrives as it was written.
#include "platform/mail/message.h"

#include <gtest/gtest.h>

#include <sstream>

namespace fairward::mail {
namespace {

Message plain() {
  Message message;
  message.id = "m-17";
  message.from = {"City Clinic", "no-reply@clinic.example"};
  message.to = {"Asha Rao", "asha@example.org"};
  message.subject = "Your appointment";
  message.text = "Hello\n";
  message.at = parse_rfc3339("2026-11-22T02:47:30Z").value();
  return message;
}

TEST(message_text, is_lines_of_crlf_within_the_limits) {
  Message message = plain();
  message.subject = std::string(300, 'x') + " अपॉइंटमेंट की पुष्टि हो गई है, कृपया समय पर पहुँचें";
  message.text = std::string(400, 'y') + "\n.\nनमस्ते  \nend";
  message.html = "<p>" + message.text + "</p>";
  message.attachments.push_back({"invite.ics", "text/calendar; method=REQUEST", std::string(500, 'z'), true});
  const auto text = message_text(message);
  ASSERT_TRUE(text);
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size(), 79U) << line;
    for (const char c : line) EXPECT_LT(static_cast<unsigned char>(c), 128U);
  }
  EXPECT_NE(text->find("Message-ID: <m-17@clinic.example>\r\n"), std::string::npos);
  EXPECT_NE(text->find("Date: Sun, 22 Nov 2026 02:47:30 +0000\r\n"), std::string::npos);
}

TEST(message_text, lets_no_header_be_smuggled_in) {
  for (const std::string evil : {"x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\rBcc: all@example.org",
                                 "x\r\n\r\nBcc: body", "=?UTF-8?B?DQpCY2M6IHg=?=", "\xC3(\r\nBcc: y"}) {
    Message message = plain();
    message.subject = evil;
    message.to.name = evil;
    message.from.name = evil;
    message.language = evil;
    message.id = evil;
    message.attachments.push_back({evil, evil, "", false});
    const auto text = message_text(message);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->find("\nBcc:"), std::string::npos) << evil;
    EXPECT_EQ(text->find("\rBcc:"), std::string::npos) << evil;
  }
}

TEST(message_text, refuses_what_is_no_address) {
  for (const std::string bad : {"", "asha", "@example.org", "asha@", "a b@example.org", "a@b\r\nRCPT TO:<c@d>", "a@b@c",
                                "<a@b>", "a,b@c", "-oQ@example.org", "a@b>"}) {
    Message message = plain();
    message.to.address = bad;
    EXPECT_FALSE(message_text(message)) << bad;
  }
  EXPECT_FALSE(address_valid(std::string(65, 'a') + "@example.org"));
  EXPECT_TRUE(address_valid("आशा@example.org"));
}

TEST(header_text, encodes_what_is_not_plain) {
  EXPECT_EQ(header_text("Plain words", 9), "Plain words");
  EXPECT_EQ(header_text("Grüße", 9), "=?UTF-8?B?R3LDvMOfZQ==?=");
  EXPECT_EQ(header_text("=?not?=", 9), "=?UTF-8?B?PT9ub3Q/PQ==?=");
}

TEST(quoted_printable, keeps_every_byte) {
  EXPECT_EQ(quoted_printable("a=b"), "a=3Db");
  EXPECT_EQ(quoted_printable("end \nü"), "end=20\r\n=C3=BC");
  EXPECT_EQ(quoted_printable(std::string(80, 'x')), std::string(75, 'x') + "=\r\n" + std::string(5, 'x'));
}

TEST(mailbox_parse, reads_names_and_addresses) {
  const auto mailbox = mailbox_parse("City Clinic <no-reply@clinic.example>");
  ASSERT_TRUE(mailbox);
  EXPECT_EQ(mailbox->name, "City Clinic");
  EXPECT_EQ(mailbox->address, "no-reply@clinic.example");
  EXPECT_TRUE(mailbox_parse("a@b.example"));
  EXPECT_FALSE(mailbox_parse("City Clinic"));
  EXPECT_FALSE(mailbox_parse("x <a@b> y"));
}

}  // namespace
}  // namespace fairward::mail
