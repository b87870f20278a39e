// The registry and the text exposition (Prometheus format 0.0.4). Reading never stops a writer: values are atomics.
#include "platform/metrics/metrics.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <mutex>

#include "base/check.h"

namespace fairward::metrics {

void Histogram::observe(double seconds) {
  const double positive = seconds > 0 ? seconds : 0;  // a clock stepped back, or not a number, counts as nothing
  int index = 0;
  while (index < buckets - 1 && positive > bounds[index]) ++index;
  counts_[index].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(std::min(positive, 1e9) * 1e6 + 0.5), std::memory_order_relaxed);
}

namespace {

using Read = std::function<double()>;
// Series of one name, by labels.
struct Family {
  std::string kind;
  std::string help;
  std::map<std::string, std::unique_ptr<Counter>> counters;
  std::map<std::string, std::unique_ptr<Histogram>> histograms;
  std::map<std::string, Read> reads;
};

std::string help_text(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string braces(const std::string& labels, std::string_view more = "") {
  if (labels.empty() && more.empty()) return "";
  return fmt::format("{{{}{}{}}}", labels, labels.empty() || more.empty() ? "" : ",", more);
}

void write_histogram(std::string& out, const std::string& name, const std::string& labels, const Histogram& histogram) {
  std::uint64_t total = 0;  // buckets are cumulative: each counts everything up to its bound
  for (int i = 0; i < Histogram::buckets; ++i) {
    total += histogram.bucket(i);
    const bool is_last = i == Histogram::buckets - 1;
    const std::string bound = is_last ? "le=\"+Inf\"" : fmt::format("le=\"{}\"", number_text(Histogram::bounds[i]));
    out += fmt::format("{}_bucket{} {}\n", name, braces(labels, bound), total);
  }
  out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, braces(labels), number_text(histogram.sum()), name,
                     braces(labels), total);
}

void write_family(std::string& out, const std::string& name, const Family& family) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help_text(family.help), name, family.kind);
  for (const auto& [labels, counter] : family.counters)
    out += fmt::format("{}{} {}\n", name, braces(labels), counter->value());
  for (const auto& [labels, read] : family.reads)
    out += fmt::format("{}{} {}\n", name, braces(labels), number_text(read()));
  for (const auto& [labels, histogram] : family.histograms) write_histogram(out, name, labels, *histogram);
}

class Registry final : public Metrics {
 public:
  Counter& counter(std::string name, std::string help, std::string labels) override {
    const std::lock_guard lock(mutex_);
    auto& slot = family(name, "counter", help).counters[labels];
    if (!slot) slot = std::make_unique<Counter>();
    return *slot;
  }

  Histogram& histogram(std::string name, std::string help, std::string labels) override {
    const std::lock_guard lock(mutex_);
    auto& slot = family(name, "histogram", help).histograms[labels];
    if (!slot) slot = std::make_unique<Histogram>();
    return *slot;
  }

  void gauge(std::string name, std::string help, Read read, std::string labels) override {
    const std::lock_guard lock(mutex_);
    family(name, "gauge", help).reads[labels] = std::move(read);
  }

  void counter_from(std::string name, std::string help, Read read, std::string labels) override {
    const std::lock_guard lock(mutex_);
    family(name, "counter", help).reads[labels] = std::move(read);
  }

  std::string exposition() const override {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& [name, family] : families_) write_family(out, name, family);
    return out;
  }

 private:
  Family& family(const std::string& name, const char* kind, std::string& help) {
    Family& found = families_[name];
    FAIRWARD_CHECK(found.kind.empty() || found.kind == kind);  // one name, one kind: anything else is a bug
    if (found.kind.empty()) {
      found.kind = kind;
      found.help = std::move(help);
    }
    return found;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;
};

}  // namespace

std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '"') out += "\\\"";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

std::unique_ptr<Metrics> make_metrics() { return std::make_unique<Registry>(); }

}  // namespace fairward::metrics
