// One request on its way through the dispatcher, from the match of its route to its reply. Internal to platform/api.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/api/problems.h"
#include "platform/api/routes.h"

namespace fairward::api {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The promise to answer. Answering twice is harmless, the first answer counts.
struct Exchange {
  http::Request request;
  http::Responder responder;
  const RouteData* route = nullptr;
  RequestParts parts;
  detail::Box input{nullptr, [](void*) {}};
  detail::Box prepared{nullptr, [](void*) {}};
  Call call;
  Result<Reply> result = fail(server_fault);
  std::int64_t started_us = 0;

  // For the log: the problem that it is answered with, what is behind it and is not told, whether something was thrown.
  const Problem* problem = nullptr;
  std::string reason;
  bool is_broken = false;

  // Idempotency: what names the key, and what tells its requests apart.
  std::int64_t key_hash = 0;
  std::string fingerprint;
  bool may_be_repeat = false;  // the key was seen: look for its reply before the work
  bool is_replayed = false;    // the reply is that of the first request

  bool is_compressed = false;  // the body of the result is gzip already
  std::string etag;            // of the body, where it is known already
  std::string allow;           // the methods of the path, where that is the answer
  Headers limit_headers;       // RateLimit fields, on answers that were limited

  // Long poll: until when, and the positions of its topics taken before the read that runs now.
  bool is_waiting = false;
  Instant wait_until;
  std::vector<std::pair<std::string, std::uint64_t>> positions;
};
using ExchangePtr = std::shared_ptr<Exchange>;

std::string_view path_of(std::string_view target);   // before the '?'
std::string_view query_of(std::string_view target);  // after it

}  // namespace fairward::api
