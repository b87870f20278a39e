// What an operation answered as an HTTP reply: headers, entity tags, links, compression.
#pragma once

#include <string>
#include <string_view>

#include "platform/api/exchange.h"

namespace fairward::api {

// A tag of what a body says, however it is encoded: the same at every node.
std::string body_tag(std::string_view body);
// `"7"` from call.etag; without one, the tag of the body where it may be asked for again: long polls and public replies
// (of those that are kept compressed, only these); else "".
std::string etag_of(const Exchange& exchange, const Reply& reply);
// Does If-None-Match name this tag? Weak comparison, lists and "*" included.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

// The headers that the reply itself brings: Location, ETag, Link and what the operation set.
Headers reply_headers(const Exchange& exchange, const Reply& reply);

// 200 … 204, or 304 when the client has it already. Takes the body out of the reply.
http::Response reply_response(const Exchange& exchange, Reply&& reply);

// Headers that every reply bears; compresses large bodies for clients that accept it.
void response_finish(const Exchange& exchange, http::Response& response);

}  // namespace fairward::api
