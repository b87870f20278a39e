// Slows down guessing. Memory is fixed, whatever an attacker sends; state is per node and lost at restart.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "platform/clock/clock.h"

namespace fairward::identity {

// So many tries a minute for each key: all at once, then one at a time as the minute passes (GCRA: one number a key,
// the instant at which the key has paid for its tries). Thread-safe. A full table forgets the key that is most at rest.
class Throttle {
 public:
  explicit Throttle(int tries_per_minute);
  // Takes a try; zero when it was given, else how long to wait for the next one.
  Duration take(std::uint64_t key, Instant now);
  // How long to wait, without taking.
  Duration wait(std::uint64_t key, Instant now);
  void give_back(std::uint64_t key);

 private:
  static constexpr std::size_t ways = 4, sets = 4096, locks = 64;
  struct Slot {
    std::uint64_t key = 0;
    std::int64_t paid_until_us = 0;
  };
  using Set = std::array<Slot, ways>;
  Set& set_of(std::uint64_t key) { return slots_[key % sets]; }
  std::mutex& lock_of(std::uint64_t key) { return locks_[key % sets % locks]; }
  static Slot* find(Set& set, std::uint64_t key);
  static Slot& find_or_replace(Set& set, std::uint64_t key);
  Duration wait_of(const Slot& slot, Instant now) const;

  std::int64_t interval_us_;  // between two tries in the long run
  std::int64_t burst_us_;     // how far ahead of now a key may have paid
  std::vector<Set> slots_;
  std::array<std::mutex, locks> locks_;
};

// The three limits on logging in. Failures count; a success gives its try back.
//   (login, address)  tries_per_minute: guessing at one account from one place
//   address           ten times that: trying many accounts from one place; hospitals share an address
//   login             ten times that: guessing from many places. Does not hold for an address from which this login
//                     has succeeded before, so that an attacker cannot lock the owner out.
class LoginThrottle {
 public:
  LoginThrottle(int tries_per_minute, Entropy& entropy);
  // Counts a try; zero when it may go on, else how long to wait.
  Duration begin(std::string_view login, std::string_view address, Instant now);
  void succeeded(std::string_view login, std::string_view address);
  // For what is not about one account: signing up, asking whether a login is known, refreshing.
  Duration begin_anonymous(std::string_view address, Instant now);

 private:
  // Keyed, so that nobody can choose names that share a slot.
  std::uint64_t key(char kind, std::string_view login, std::string_view address) const;
  bool is_familiar(std::uint64_t pair) const;

  std::string secret_;
  Throttle pairs_, addresses_, logins_, anonymous_;
  // Pairs that have succeeded; a table of fixed size, the newest of a slot stays.
  std::vector<std::atomic<std::uint64_t>> familiar_;
};

}  // namespace fairward::identity
