// Counters, gauges and histograms in the Prometheus text exposition; no server, no registry beyond the one passed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fairward::metrics {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Seconds, in buckets from 0.5 ms to 10 s.
class Histogram {
 public:
  static constexpr double bounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  static constexpr int buckets = sizeof(bounds) / sizeof(bounds[0]) + 1;
  void observe(double seconds);
  std::uint64_t bucket(int i) const { return counts_[i].load(std::memory_order_relaxed); }
  double sum() const { return static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6; }

 private:
  std::atomic<std::uint64_t> counts_[buckets]{};
  std::atomic<std::uint64_t> sum_us_{0};
};

class Metrics {
 public:
  virtual ~Metrics() = default;
  // The same name and labels give the same object; it lives as long as the registry.
  // labels: `route="hold_create",code="201"`.
  virtual Counter& counter(std::string name, std::string help, std::string labels = "") = 0;
  virtual Histogram& histogram(std::string name, std::string help, std::string labels = "") = 0;
  virtual void gauge(std::string name, std::string help, std::function<double()> read, std::string labels = "") = 0;
  // A number that only grows and that somebody else counts.
  virtual void counter_from(std::string name, std::string help, std::function<double()> read,
                            std::string labels = "") = 0;
  virtual std::string exposition() const = 0;  // text/plain; version=0.0.4
};

// Text that may stand between the quotes of a label.
std::string label_value(std::string_view text);

std::unique_ptr<Metrics> make_metrics();

}  // namespace fairward::metrics
