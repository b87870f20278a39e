// What the endpoints of the error log take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"

namespace fairward::errors {

using ErrorId = Id<struct ErrorTag>;

struct ErrorQuery {
  std::optional<BoundedText<1, 80>> code;
  std::optional<Instant> since;  // of the last time that it happened
  BoundedIntOr<1, 200, 50> limit;
  std::optional<BoundedText<1, 20>> cursor;
};
BOOST_DESCRIBE_STRUCT(ErrorQuery, (), (code, since, limit, cursor))

struct ErrorCountQuery {
  std::optional<Instant> since;
};
BOOST_DESCRIBE_STRUCT(ErrorCountQuery, (), (since))

// What happened alike within an hour at one node is one entry.
struct ErrorEntry {
  ErrorId id;
  Instant first_at, last_at;
  std::int64_t repeats = 0;  // how often it happened: at least once
  std::string node;
  std::string message;
  std::optional<std::string> operation;  // of a request its operation, of a job its kind
  std::optional<std::string> code;       // of the problem that was answered
  std::optional<std::string> reason;
  std::optional<std::string> trace_id;  // of the last time
};
BOOST_DESCRIBE_STRUCT(ErrorEntry, (),
                      (id, first_at, last_at, repeats, node, message, operation, code, reason, trace_id))

struct ErrorCount {
  std::optional<std::string> code;  // absent: what no request was answered with
  std::int64_t repeats = 0;
  Instant last_at;
};
BOOST_DESCRIBE_STRUCT(ErrorCount, (), (code, repeats, last_at))
struct ErrorCounts {
  std::vector<ErrorCount> items;
};
BOOST_DESCRIBE_STRUCT(ErrorCounts, (), (items))

}  // namespace fairward::errors
