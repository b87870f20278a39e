// Who sends this request? The port that the dispatcher asks; modules/identity answers.
#pragma once

#include <functional>

#include "base/result.h"
#include "base/time.h"
#include "platform/api/call.h"
#include "platform/http/http.h"

namespace fairward::api {

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // No credentials: Role::anyone. Wrong or expired ones: the failure (401), never silently anyone.
  // Answers at once from memory where it can (on the HTTP thread), else later from another thread. For cookie callers
  // on unsafe methods it has checked Origin / Sec-Fetch-Site and the CSRF header (403).
  virtual void authenticate(const http::Request& request, Instant now,
                            std::move_only_function<void(Result<Caller>)> answer) = 0;
};

}  // namespace fairward::api
