// The problems that the platform itself answers, and how any failure becomes an HTTP reply.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/http/http.h"

namespace fairward::api {

inline constexpr Problem request_malformed{"request.malformed", ProblemKind::malformed, "The request cannot be read.",
                                           Retry::after_change};
inline constexpr Problem request_invalid{"request.invalid", ProblemKind::invalid,
                                         "Some fields of the request are not valid.", Retry::after_change};
inline constexpr Problem request_too_large{"request.too_large", ProblemKind::too_large,
                                           "The request is larger than allowed.", Retry::after_change};
inline constexpr Problem media_unsupported{"request.media_unsupported", ProblemKind::unsupported_media,
                                           "The body must be application/json.", Retry::after_change};
inline constexpr Problem route_not_found{"request.route_not_found", ProblemKind::not_found,
                                         "There is nothing at this address."};
inline constexpr Problem method_not_allowed{"request.method_not_allowed", ProblemKind::method_not_allowed,
                                            "This address does not know this method."};
inline constexpr Problem served_elsewhere{"request.served_elsewhere", ProblemKind::misdirected,
                                          "This node does not serve that; another one does."};
inline constexpr Problem login_required{"request.login_required", ProblemKind::unauthenticated, "Please log in first.",
                                        Retry::after_change};
inline constexpr Problem right_missing{"request.right_missing", ProblemKind::forbidden,
                                       "Your role does not allow this."};
inline constexpr Problem second_factor_missing{"request.second_factor_missing", ProblemKind::forbidden,
                                               "Add a second factor to your account first.", Retry::after_change};
inline constexpr Problem key_scope_missing{"request.key_scope_missing", ProblemKind::forbidden,
                                           "This API key is not good for that."};
inline constexpr Problem key_quota_exceeded{"request.key_quota_exceeded", ProblemKind::rate_limited,
                                            "The quota of this API key is used up.", Retry::later};
inline constexpr Problem rate_exceeded{"request.rate_exceeded", ProblemKind::rate_limited,
                                       "Too many requests; please wait a moment.", Retry::later};
inline constexpr Problem if_match_required{"request.if_match_required", ProblemKind::precondition_required,
                                           "Send If-Match with the version that you have read.", Retry::after_change};
inline constexpr Problem precondition_failed{"request.precondition_failed", ProblemKind::precondition_failed,
                                             "Somebody changed this in the meantime; please read it again.",
                                             Retry::after_change};
inline constexpr Problem idempotency_key_malformed{"request.idempotency_key_malformed", ProblemKind::malformed,
                                                   "The Idempotency-Key must have 1 to 255 visible ASCII characters.",
                                                   Retry::after_change};
inline constexpr Problem idempotency_key_reused{"idempotency_key_reused", ProblemKind::invalid,
                                                "This Idempotency-Key was used for another request.",
                                                Retry::after_change};
inline constexpr Problem server_busy{"server.busy", ProblemKind::unavailable,
                                     "The server is busy; please try again in a moment.", Retry::later};
inline constexpr Problem server_unavailable{"server.unavailable", ProblemKind::unavailable,
                                            "The service is not available right now; please try again in a moment.",
                                            Retry::later};
inline constexpr Problem server_fault{"server.fault", ProblemKind::internal, "Something went wrong on our side.",
                                      Retry::later};
inline constexpr Problem topic_not_found{"events.topic_not_found", ProblemKind::not_found,
                                         "One of the topics does not exist, or is not yours."};
inline constexpr Problem streams_exceeded{"events.streams_exceeded", ProblemKind::rate_limited,
                                          "Too many event streams are open.", Retry::later};

int status_of(ProblemKind kind);

// The text of application/problem+json (RFC 9457). trace_id: where the operator may have to look; "" for none.
std::string problem_json(const Failure& failure, std::string_view request_id, std::string_view trace_id = "");

// The whole reply. Retry-After is set where the failure names one, and for what may be retried later.
http::Response problem_response(const Failure& failure, std::string_view request_id, std::string_view trace_id = "");

}  // namespace fairward::api
