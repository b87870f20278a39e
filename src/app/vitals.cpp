// What is shown of a node, and how it is reckoned: see vitals.h.
#include "app/vitals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fairward::app {
namespace {

constexpr double megabyte = 1024.0 * 1024.0;
constexpr double second_us = 1e6;
constexpr std::size_t rows_max = 8;

// On these clients wait for a change: their time is the client's wish.
constexpr std::string_view waiting_routes[] = {"event_stream", "appointment_get", "hold_get", "payment_get",
                                               "wait_get"};
bool is_prompt(const Series& series) {
  return std::ranges::find(waiting_routes, series.label("route")) == std::end(waiting_routes);
}
bool is_fault(const Series& series) { return series.label("code").starts_with('5'); }

std::string time_text(double seconds) {
  const auto minutes = static_cast<long long>(std::max(seconds, 0.0)) / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / 1440, minutes / 60 % 24);
}

class Vitals {
 public:
  Vitals(const Moment& before, const Moment& now)
      : before_(before.metrics),
        now_(now.metrics),
        at_(now.at),
        seconds_(std::max(static_cast<double>(now.steady_us - before.steady_us) / second_us, 1e-3)) {}

  std::vector<VitalLine> lines() {
    add("node", node());
    add("calls", calls());
    add("queues", queues());
    add("database", database());
    add("nodes", nodes());
    add("booking", booking());
    add("process", process());
    problems();
    routes();
    return std::move(lines_);
  }

 private:
  void add(std::string heading, std::string text) { lines_.push_back({std::move(heading), std::move(text)}); }

  // Of a counter; one that began anew counts from zero.
  double grown(std::string_view name, const SeriesFilter& filter = {}) const {
    const double now = now_.sum(name, filter), before = before_.sum(name, filter);
    return now >= before ? now - before : now;
  }
  double rate(std::string_view name, const SeriesFilter& filter = {}) const { return grown(name, filter) / seconds_; }
  double value(std::string_view name, const SeriesFilter& filter = {}) const { return now_.sum(name, filter); }
  std::string quantile(double q, const SeriesFilter& filter) const {
    return duration_text(quantile_between(before_, now_, "fairward_http_request_duration_seconds", q, filter));
  }
  // The mean of what was added up, for each that was counted.
  std::string each(double sum, double count) const { return count > 0 ? duration_text(sum / count) : "-"; }

  std::string node() const {
    const auto& build = now_.of("fairward_build_info");
    const double up = static_cast<double>(at_.ms) / 1e3 - value("process_start_time_seconds");
    return fmt::format("fairward {}, up {}, {}", build.empty() ? "?" : build.front().label("version"), time_text(up),
                       to_rfc3339(at_));
  }
  std::string calls() const {
    return fmt::format("{:.1f} /s   p50 {}   p99 {}   5xx {:.1f} /s   connections {:.0f}",
                       rate("fairward_http_requests_total"), quantile(0.5, is_prompt), quantile(0.99, is_prompt),
                       rate("fairward_http_requests_total", is_fault), value("fairward_http_connections"));
  }
  std::string queues() const {
    const double batches = rate("fairward_engine_write_batches_total");
    const double calls = rate("fairward_engine_write_calls_total");
    return fmt::format("write {:.0f}   read {:.0f}   batches {:.1f} /s of {}   refused {:.1f} /s   run again {:.1f} /s",
                       value("fairward_engine_write_queue"), value("fairward_engine_read_queue"), batches,
                       batches > 0 ? fmt::format("{:.1f}", calls / batches) : "-",
                       rate("fairward_engine_refused_total"), rate("fairward_engine_retries_total"));
  }
  std::string database() const {
    std::string text;
    for (const auto& [kind, calls] : {std::pair{"writer", "fairward_engine_write_calls_total"},
                                      std::pair{"reader", "fairward_engine_read_calls_total"}}) {
      const auto of_kind = labelled("kind", kind);
      text += fmt::format("{}s {:.0f} of {:.0f} busy, wait {}   ", kind,
                          value("fairward_database_connections_busy", of_kind),
                          value("fairward_database_connections", of_kind),
                          each(grown("fairward_database_wait_seconds_total", of_kind), grown(calls)));
    }
    return text + fmt::format("reconnects {:.0f}", value("fairward_database_reconnects_total"));
  }
  std::string nodes() const {
    const double heard = value("fairward_events_heard_age_seconds");
    return fmt::format("{:.0f}   leases {:.0f} of 64   heard {}   event lag p99 {}", value("fairward_nodes"),
                       value("fairward_leases_held"), heard > 0 ? duration_text(heard) + " ago" : "-",
                       duration_text(quantile_between(before_, now_, "fairward_event_lag_seconds", 0.99)));
  }
  std::string booking() const {
    return fmt::format("holds {:.0f}   waiting {:.0f}   parked {:.0f}   doctors {:.0f}, {:.0f} read anew",
                       value("fairward_holds_active"), value("fairward_waitlist_length"),
                       value("fairward_parked_clients"), value("fairward_doctors_loaded"),
                       value("fairward_doctors_reloading"));
  }
  std::string process() const {
    return fmt::format("memory {:.0f} MB   processors {:.2f}   files {:.0f} of {:.0f}   errors dropped {:.0f}",
                       value("process_resident_memory_bytes") / megabyte, rate("process_cpu_seconds_total"),
                       value("process_open_fds"), value("process_max_fds"), value("fairward_errors_dropped_total"));
  }

  struct Counted {
    std::string name;
    double rate, total;
  };
  // By a label, the busiest first.
  std::vector<Counted> busiest(std::string_view metric, const std::string& label) const {
    std::vector<Counted> all;
    for (const Series& series : now_.of(metric)) {
      const std::string name(series.label(label));
      if (std::ranges::any_of(all, [&](const Counted& one) { return one.name == name; })) continue;
      const auto filter = labelled(label, name);
      all.push_back({name, rate(metric, filter), value(metric, filter)});
    }
    std::ranges::stable_sort(all, [](const Counted& a, const Counted& b) {
      return std::pair(a.rate, a.total) > std::pair(b.rate, b.total);
    });
    std::erase_if(all, [](const Counted& one) { return one.total <= 0; });
    if (all.size() > rows_max) all.resize(rows_max);
    return all;
  }
  void problems() {
    const auto all = busiest("fairward_problems_total", "code");
    add("PROBLEMS", fmt::format("{:<36} {:>10} {:>10}", "", "a second", "in all"));
    for (const auto& [code, rate, total] : all) add("", fmt::format("{:<36} {:>10.1f} {:>10.0f}", code, rate, total));
    if (all.empty()) add("", "none since the node was started");
  }
  void routes() {
    add("OPERATIONS", fmt::format("{:<36} {:>10} {:>10} {:>10}", "", "a second", "p50", "p99"));
    for (const auto& [route, rate, total] : busiest("fairward_http_requests_total", "route")) {
      const auto filter = labelled("route", route);
      add("",
          fmt::format("{:<36} {:>10.1f} {:>10} {:>10}", route, rate, quantile(0.5, filter), quantile(0.99, filter)));
    }
  }

  const Exposition& before_;
  const Exposition& now_;
  const Instant at_;
  const double seconds_;
  std::vector<VitalLine> lines_;
};

// What was observed between the two up to each bound, the bounds ascending.
std::map<double, double> buckets_between(const Exposition& before, const Exposition& now, const std::string& name,
                                         const SeriesFilter& filter) {
  const auto counts = [&](const Exposition& metrics) {
    std::map<double, double> sums;
    for (const Series& series : metrics.of(name))
      if (!filter || filter(series))
        sums[std::strtod(std::string(series.label("le")).c_str(), nullptr)] += series.value;
    return sums;
  };
  auto grown = counts(now);
  const auto old = counts(before);
  const bool is_restarted = !grown.empty() && !old.empty() && old.rbegin()->second > grown.rbegin()->second;
  if (!is_restarted)
    for (const auto& [bound, count] : old) grown[bound] -= count;
  return grown;
}

}  // namespace

double quantile_between(const Exposition& before, const Exposition& now, std::string_view histogram, double quantile,
                        const SeriesFilter& filter) {
  const auto buckets = buckets_between(before, now, std::string(histogram) + "_bucket", filter);
  if (buckets.empty() || buckets.rbegin()->second <= 0) return std::numeric_limits<double>::quiet_NaN();
  const double rank = quantile * buckets.rbegin()->second;
  double low = 0, below = 0;
  for (const auto& [bound, count] : buckets) {
    if (count >= rank) return std::isinf(bound) ? low : low + (bound - low) * (rank - below) / (count - below);
    low = bound;
    below = count;
  }
  return low;
}

std::string duration_text(double seconds) {
  if (std::isnan(seconds)) return "-";
  if (seconds < 1e-3) return fmt::format("{:.0f} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} s", seconds);
}

std::vector<VitalLine> vitals_of(const Moment& before, const Moment& now) { return Vitals(before, now).lines(); }

}  // namespace fairward::app
