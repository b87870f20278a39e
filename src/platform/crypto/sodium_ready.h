// Internal to platform/crypto: libsodium wants one call before the functions that need its random generator or guards.
#pragma once

namespace fairward::crypto {

// Initialises libsodium once; stops the process if that fails. Cheap afterwards, safe on any thread.
void sodium_ready();

}  // namespace fairward::crypto
