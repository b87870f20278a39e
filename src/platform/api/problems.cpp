// Failures as HTTP replies: see problems.h.
#include "platform/api/problems.h"

#include "platform/api/codec.h"

namespace fairward::api {
namespace {

constexpr int retry_after_seconds_default = 1;

void member(std::string& out, std::string_view name, std::string_view value) {
  out += ',';
  encode_text(out, name);
  out += ':';
  encode_text(out, value);
}

void field_errors(std::string& out, const std::vector<FieldError>& errors) {
  out += ",\"errors\":[";
  for (const FieldError& error : errors) {
    if (out.back() != '[') out += ',';
    out += "{\"pointer\":";
    encode_text(out, error.pointer);
    member(out, "detail", error.detail);
    out += '}';
  }
  out += ']';
}

int retry_after(const Failure& failure) {
  if (failure.retry_after_seconds > 0) return failure.retry_after_seconds;
  const bool waits =
      failure.problem->kind == ProblemKind::unavailable || failure.problem->kind == ProblemKind::rate_limited;
  return waits ? retry_after_seconds_default : 0;
}

}  // namespace

int status_of(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::malformed: return 400;
    case ProblemKind::unauthenticated: return 401;
    case ProblemKind::forbidden: return 403;
    case ProblemKind::not_found: return 404;
    case ProblemKind::method_not_allowed: return 405;
    case ProblemKind::conflict: return 409;
    case ProblemKind::precondition_failed: return 412;
    case ProblemKind::too_large: return 413;
    case ProblemKind::unsupported_media: return 415;
    case ProblemKind::misdirected: return 421;
    case ProblemKind::invalid: return 422;
    case ProblemKind::precondition_required: return 428;
    case ProblemKind::rate_limited: return 429;
    case ProblemKind::internal: return 500;
    case ProblemKind::unavailable: return 503;
  }
  return 500;
}

std::string problem_json(const Failure& failure, std::string_view request_id, std::string_view trace_id) {
  const Problem& problem = *failure.problem;
  std::string out = "{\"type\":";
  encode_text(out, "/problems/" + std::string(problem.code));
  member(out, "title", problem.title);
  out += ",\"status\":";
  encode_integer(out, status_of(problem.kind));
  member(out, "code", problem.code);
  if (!request_id.empty()) member(out, "request_id", request_id);
  if (!trace_id.empty()) member(out, "trace_id", trace_id);
  if (!failure.errors.empty()) field_errors(out, failure.errors);
  for (const auto& [name, value] : failure.members) member(out, name, value);
  out += '}';
  return out;
}

http::Response problem_response(const Failure& failure, std::string_view request_id, std::string_view trace_id) {
  http::Response response;
  response.status = status_of(failure.problem->kind);
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (const int seconds = retry_after(failure); seconds > 0)
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  response.body = problem_json(failure, request_id, trace_id);
  return response;
}

}  // namespace fairward::api
