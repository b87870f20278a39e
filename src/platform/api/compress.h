// gzip for replies that gain by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairward::api {

constexpr std::size_t gzip_bytes_min = 1024;  // below, replies are sent as they are

// Does Accept-Encoding allow gzip? ("gzip;q=0" forbids it.)
bool accepts_gzip(std::string_view accept_encoding);

// RFC 1952. "" when compressing failed or did not make it smaller.
std::string gzip(std::string_view text);

}  // namespace fairward::api
