#include "platform/api/rights.h"

#include "platform/api/problems.h"

namespace fairward::api {

Result<Scope> right_of(const RouteData& route, const Caller& caller) {
  const bool is_for_anyone = route.scope(Role::anyone) != Scope::none;
  if (caller.is_restricted && !is_for_anyone && !route.is_for_restricted) return fail(second_factor_missing);
  const Scope scope = route.scope(caller.role);
  if (scope == Scope::none) return fail(caller.role == Role::anyone ? login_required : right_missing);
  return scope;
}

}  // namespace fairward::api
