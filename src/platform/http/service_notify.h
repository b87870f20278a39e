// Word to the service manager that started this program: it serves, it stops (sd_notify of systemd).
#pragma once

#include <string>
#include <string_view>

namespace fairward::http {

// Sends "READY=1", "STOPPING=1" and the like to the socket that NOTIFY_SOCKET names: a path, or @ and an abstract name.
// "" is nobody to tell. True when it was sent; nothing is done about it when not.
bool service_notify(const std::string& socket, std::string_view state);

}  // namespace fairward::http
