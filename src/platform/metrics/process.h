// What the kernel says about this process, under the names that Prometheus clients use for it.
#pragma once

#include "platform/metrics/metrics.h"

namespace fairward::metrics {

// process_resident_memory_bytes, process_virtual_memory_bytes, process_open_fds, process_max_fds,
// process_cpu_seconds_total, process_start_time_seconds; read from /proc when asked. What cannot be read is NaN.
void process_measure(Metrics& metrics);

}  // namespace fairward::metrics
