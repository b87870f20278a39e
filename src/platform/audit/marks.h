// What a block of the record is found by, beside the patients whom it tells of: who works here and did it, at which
// hospital, and that it was refused. See subjects.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairward::audit {

enum class MarkKind : std::uint8_t { actor = 1, hospital = 2, refused = 3 };

struct Mark {
  MarkKind kind = MarkKind::actor;
  std::int64_t ref = 0;
  friend auto operator<=>(const Mark&, const Mark&) = default;
};

// Each once, in order. Patients are no actors here, except where they were refused: a hold by its patient has no mark.
std::vector<Mark> marks_of(std::string_view entries);

}  // namespace fairward::audit
