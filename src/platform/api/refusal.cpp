#include "platform/api/refusal.h"

#include "platform/api/audit_entry.h"
#include "platform/api/exchange.h"
#include "platform/api/limiter.h"

namespace fairward::api {
namespace {

constexpr std::size_t id_digits = 20;
constexpr std::string_view digits = "0123456789";

// "/api/patients/17/timeline"; a part that is not a number stays as it is declared: "/api/feeds/{key}".
std::string path_shown(const Exchange& exchange) {
  std::string shown = exchange.route->paths.front();
  for (const auto& [name, value] : exchange.parts.path) {
    const bool is_number = !value.empty() && value.size() < id_digits && value.find_first_not_of(digits) == value.npos;
    const std::size_t at = shown.find("{" + name + "}");
    if (is_number && at != std::string::npos) shown.replace(at, name.size() + 2, value);
  }
  return shown;
}

}  // namespace

bool is_refusal(const Exchange& exchange) {
  if (!exchange.route || !exchange.problem || exchange.is_broken) return false;
  const RouteData& route = *exchange.route;
  switch (exchange.problem->kind) {
    case ProblemKind::forbidden: return true;
    // Who is not signed in and asks for more is told to sign in: no more than that has happened.
    case ProblemKind::unauthenticated: return exchange.problem != &login_required;
    case ProblemKind::not_found:
      return exchange.call.caller.role != Role::anyone && route.scope(Role::anyone) == Scope::none;
    case ProblemKind::rate_limited: return route.rate == RateClass::login || exchange.problem != &rate_exceeded;
    case ProblemKind::invalid: return exchange.call.account.value != 0;
    default: return false;
  }
}

Refusal refusal_of(const Exchange& exchange) {
  const Call& call = exchange.call;
  return {call.now,
          call.caller.role,
          call.caller.user,
          call.account,
          hospital_of(call),
          address_key(call.peer),
          exchange.route->name,
          exchange.problem->code,
          path_shown(exchange)};
}

}  // namespace fairward::api
