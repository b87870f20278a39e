#include "modules/notifications/templates.h"

#include <algorithm>

namespace fairward::notifications {

std::span<const Language* const> languages() {
  static constexpr std::array all{&english, &hindi};
  return all;
}

const Language& language_find(std::string_view code) {
  const std::string_view first = code.substr(0, code.find('-'));
  for (const Language* language : languages())
    if (language->code == code) return *language;
  for (const Language* language : languages())
    if (language->code == first) return *language;
  return english;
}

const Template* template_find(const Language& language, std::string_view kind) {
  const auto found = std::ranges::find(language.templates, kind, &Template::kind);
  return found == language.templates.end() ? nullptr : &*found;
}

}  // namespace fairward::notifications
