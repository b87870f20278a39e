// Small private files in the data folder: keys and logins that only the owner may read.
#pragma once

#include <string>

#include "platform/clock/clock.h"

namespace fairward::app {

// All throw std::system_error with the path.
void folder_make(const std::string& path);                                      // 0700 when it is new
void private_file_write(const std::string& path, const std::string& content);   // 0600, all of it or nothing
void private_file_append(const std::string& path, const std::string& content);  // 0600 when it is new
void file_sync(const std::string& path);                                        // a file, or a folder
std::string file_read(const std::string& path);
bool file_exists(const std::string& path);

// The key kept in this file; made when there is none. Two programs that start at once agree on one.
std::string key_load_or_make(const std::string& path, Entropy& entropy);

}  // namespace fairward::app
