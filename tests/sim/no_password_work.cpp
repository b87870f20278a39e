// Hashing of passwords without the work: nobody logs in here, and 20 ms at each start of the product are most of a
// world's time. Linked in place of platform/crypto/password.cpp, in this program only.
#include "platform/crypto/crypto.h"

namespace fairward::crypto {

std::string password_hash(std::string_view, Entropy&) { return "simulated"; }
bool password_verify(const std::string&, std::string_view) { return false; }
bool password_hash_is_outdated(const std::string&) { return false; }

}  // namespace fairward::crypto
