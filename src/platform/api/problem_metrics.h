// Counts problems by code. The codes are constants of the program, so that the series are few; all of the catalogue are
// there from the start, so that the first of a kind shows as growth.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "platform/metrics/metrics.h"

namespace fairward::api {

class ProblemMetrics {
 public:
  ProblemMetrics(metrics::Metrics& metrics, const std::vector<const Problem*>& catalogue) : metrics_(metrics) {
    for (const Problem* problem : catalogue) counters_.emplace(problem->code, &counter(problem->code));
  }

  // Any thread.
  void count(const Problem& problem) {
    const auto found = counters_.find(problem.code);
    (found == counters_.end() ? counter(problem.code) : *found->second).add();
  }

 private:
  metrics::Counter& counter(std::string_view code) {
    return metrics_.counter("fairward_problems_total", "Problems that requests were answered with.",
                            "code=\"" + std::string(code) + "\"");
  }

  metrics::Metrics& metrics_;
  std::unordered_map<std::string_view, metrics::Counter*> counters_;  // fixed after construction
};

}  // namespace fairward::api
