// Passwords without the work of hashing: 20 ms at each start of the product would be most of a cut's time. Linked in
// place of platform/crypto/password.cpp, in this program only.
#include "platform/crypto/crypto.h"

namespace fairward::crypto {

std::string password_hash(std::string_view password, Entropy&) { return std::string(password); }
bool password_verify(const std::string& hash, std::string_view password) { return hash == password; }
bool password_hash_is_outdated(const std::string&) { return false; }

}  // namespace fairward::crypto
