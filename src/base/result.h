// What an operation answers: a value, or a failure that names a declared problem. Not for bugs: those throw.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace fairward {

// The family of a problem; one exhaustive switch in platform/api turns it into the HTTP status.
enum class ProblemKind : std::uint8_t {
  malformed,              // 400  cannot be read at all
  unauthenticated,        // 401
  forbidden,              // 403
  not_found,              // 404  also: the caller may not know that it exists
  method_not_allowed,     // 405
  conflict,               // 409
  precondition_failed,    // 412  If-Match names another version
  too_large,              // 413
  unsupported_media,      // 415
  misdirected,            // 421  another node answers it
  invalid,                // 422  readable, but breaks a rule; carries field errors
  precondition_required,  // 428  If-Match is missing
  rate_limited,           // 429
  internal,               // 500
  unavailable,            // 503
};

// What a client may do with the same request.
enum class Retry : std::uint8_t { never, after_change, later };

// A problem is declared once, as a constexpr value in its module's errors.h.
struct Problem {
  std::string_view code;  // "booking.slot_taken": stable, for programs
  ProblemKind kind;
  std::string_view title;  // one public sentence, for people
  Retry retry = Retry::never;
};

struct FieldError {
  std::string pointer;  // JSON pointer into the body ("/starts_at"), or "?name" for a query or path parameter
  std::string detail;   // public sentence
  friend bool operator==(const FieldError&, const FieldError&) = default;
};

struct Failure {
  const Problem* problem;
  std::vector<FieldError> errors;
  std::vector<std::pair<std::string, std::string>> members;  // extension members of the problem document
  std::string internal;                                      // for the log only, never sent
  int retry_after_seconds = 0;                               // sent as Retry-After when above zero

  Failure&& with(std::string name, std::string value) && {
    members.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

template <class T>
using Result = tl::expected<T, Failure>;

using Failed = tl::unexpected<Failure>;

inline Failed fail(const Problem& problem) { return Failed(Failure{&problem, {}, {}, {}, 0}); }
inline Failed fail(const Problem& problem, std::vector<FieldError> errors) {
  return Failed(Failure{&problem, std::move(errors), {}, {}, 0});
}
inline Failed fail(Failure failure) { return Failed(std::move(failure)); }

}  // namespace fairward

// Leaves the function with the failure of an expression of type Result<…>; otherwise goes on.
#define FAIRWARD_TRY(expression)                                      \
  do {                                                                \
    if (auto fairward_try = (expression); !fairward_try) [[unlikely]] \
      return ::fairward::Failed(std::move(fairward_try).error());     \
  } while (false)

// Declares `name` with the value of a Result<…>, or leaves the function with its failure.
#define FAIRWARD_TRY_AS(name, expression)                        \
  auto name##_result = (expression);                             \
  if (!name##_result) [[unlikely]]                               \
    return ::fairward::Failed(std::move(name##_result).error()); \
  auto& name = *name##_result
