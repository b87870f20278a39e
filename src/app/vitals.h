// The vital signs of a node as lines of text, from what its /metrics said at two moments.
#pragma once

#include <string>
#include <vector>

#include "app/exposition.h"
#include "base/time.h"

namespace fairward::app {

struct Moment {
  Exposition metrics;
  Instant at;
  std::int64_t steady_us = 0;
};

// A line: a heading, in capitals for parts that are tables, and what stands behind it.
struct VitalLine {
  std::string heading, text;
};
std::vector<VitalLine> vitals_of(const Moment& before, const Moment& now);

// The quantile of what was observed between the two, as histogram_quantile of Prometheus; NaN when nothing was.
double quantile_between(const Exposition& before, const Exposition& now, std::string_view histogram, double quantile,
                        const SeriesFilter& filter = {});

std::string duration_text(double seconds);  // "1.25 ms", "-" for NaN

}  // namespace fairward::app
