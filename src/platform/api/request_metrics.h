// Counts and times of requests by route. Series are made when first needed and then found without a lock.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <string>

#include "platform/metrics/metrics.h"

namespace fairward::api {

class RouteMetrics {
 public:
  RouteMetrics(metrics::Metrics& metrics, std::string route)
      : metrics_(metrics),
        route_(std::move(route)),
        duration_(metrics.histogram("fairward_http_request_duration_seconds", "Time from request to reply", label())) {}

  void observe(int status, std::int64_t us) {
    duration_.observe(static_cast<double>(us) / 1e6);
    std::atomic<metrics::Counter*>& place = counters_[static_cast<std::size_t>(status) % counters_.size()];
    metrics::Counter* counter = place.load(std::memory_order_acquire);
    if (!counter) {
      counter = &metrics_.counter("fairward_http_requests_total", "Requests answered",
                                  label() + ",code=\"" + std::to_string(status) + "\"");
      place.store(counter, std::memory_order_release);
    }
    counter->add();
  }

 private:
  static constexpr std::size_t status_places = 499;  // no two statuses of 200 … 599 that are sent share a place
  std::string label() const { return "route=\"" + route_ + "\""; }

  metrics::Metrics& metrics_;
  std::string route_;
  metrics::Histogram& duration_;
  std::array<std::atomic<metrics::Counter*>, status_places> counters_{};
};

}  // namespace fairward::api
