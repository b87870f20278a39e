#include "modules/notifications/render.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace fairward::notifications {
namespace {

// Lines of a paragraph become lines, an empty line a new paragraph.
std::string html_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    std::string paragraph = html_escaped(text.substr(0, end));
    for (std::size_t at = 0; (at = paragraph.find('\n', at)) != std::string::npos; at += 5)
      paragraph.replace(at, 1, "<br>\n");
    out += "<p>" + paragraph + "</p>\n";
    text.remove_prefix(std::min(text.size(), end + 2));
  }
  return out;
}

std::string html_page(const Language& language, const std::string& subject, const std::string& body,
                      std::string_view button, const std::string& link) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>{}</title>\n</head>\n<body style=\"margin:0;padding:24px;"
      "font:16px/1.5 sans-serif;color:#1a1a1a;background:#ffffff;max-width:560px\">\n{}",
      language.code, language.direction, html_escaped(subject), body);
  if (!link.empty() && !button.empty())
    out += fmt::format(
        "<p><a href=\"{}\" style=\"display:inline-block;padding:12px 20px;background:#0b5e56;color:#ffffff;"
        "text-decoration:none;border-radius:6px\">{}</a></p>\n",
        html_escaped(link), html_escaped(button));
  return out + fmt::format(
                   "<hr style=\"border:0;border-top:1px solid #cccccc\">\n<p style=\"font-size:13px;"
                   "color:#555555\">{}</p>\n</body>\n</html>\n",
                   html_escaped(language.footer));
}

}  // namespace

std::string filled(std::string_view pattern, const Values& values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) return out + std::string(pattern);
    const auto value = values.find(pattern.substr(1, close - 1));
    if (value != values.end()) out += value->second;
    pattern.remove_prefix(close + 1);
  }
  return out;
}

std::string when_text(const Language& language, const Zone& zone, Instant at) {
  const LocalTime local = local_time(zone, at);
  const CivilDate civil = civil_from_date(local.date);
  return fmt::format("{}, {} {} {}, {}", language.weekdays[static_cast<std::size_t>(local.date.weekday() - 1)],
                     civil.day, language.months[static_cast<std::size_t>(civil.month - 1)], civil.year,
                     to_iso(local.time));
}

std::string until_text(const Language& language, const Zone& zone, Instant at, Instant now) {
  const LocalTime local = local_time(zone, at);
  return local.date == local_time(zone, now).date ? to_iso(local.time) : when_text(language, zone, at);
}

// Currencies without minor units are few; all others here have two digits.
std::string money_text(std::int64_t amount_minor, std::string_view currency) {
  constexpr std::string_view whole[] = {"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"};
  if (std::ranges::find(whole, currency) != std::end(whole)) return fmt::format("{} {}", currency, amount_minor);
  return fmt::format("{} {}.{:02}", currency, amount_minor / 100, amount_minor % 100);
}

Rendered render(const Language& language, const Template& words, const Values& values, const std::string& reader,
                const std::string& link, const std::string& html_body) {
  Values all = values;
  all["link"] = link;
  Rendered out;
  out.subject = filled(words.subject, all);
  out.brief = filled(words.text, all);
  out.sms = filled(words.sms, all);
  const std::string greeting =
      reader.empty() ? std::string(language.greeting_unnamed) : filled(language.greeting, {{"name", reader}});
  const std::string body = greeting + "\n\n" + out.brief;
  const std::string inner = html_body.empty() ? html_of(body) : html_of(greeting) + html_body;
  out.html = html_page(language, out.subject, inner, words.link, link);
  out.text = body + "\n\n";
  if (!link.empty() && !words.link.empty()) out.text += fmt::format("{}:\n{}\n\n", words.link, link);
  out.text += fmt::format("-- \n{}\n", language.footer);
  return out;
}

}  // namespace fairward::notifications
