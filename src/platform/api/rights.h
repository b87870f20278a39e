// May this caller do that? The one place that answers: the dispatcher asks it of every call, and who wants to know why
// somebody was refused asks it too.
#pragma once

#include "base/result.h"
#include "platform/api/routes.h"

namespace fairward::api {

// How far the right reaches; never none. What belongs to whom is decided by the operation.
// Errors, in this order: second_factor_missing, login_required (nobody is signed in), right_missing.
Result<Scope> right_of(const RouteData& route, const Caller& caller);

}  // namespace fairward::api
