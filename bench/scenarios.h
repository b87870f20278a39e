// What people do, as many of them at once as the server carries. Each answers one line of JSON with what it measured.
#pragma once

#include <string>
#include <vector>

#include "crowd.h"

namespace fairward::bench {

struct Options {
  std::uint16_t port = 0;
  int connections = 64;
  double seconds = 4;
  std::vector<std::string> tokens;  // of patients
};

// Registers patients; answers their access tokens, one a line.
std::string patients_register(const Options& options, int patients);
// Each connection holds one free slot after the other, of many doctors, for one patient after the other.
std::string holds_take(const Options& options);
// All connections want the one slot that somebody has.
// Open loops: requests begin at moments of their own (Poisson arrivals), however slow the server is, and a latency
// counts from the moment at which its request should have begun: no coordinated omission.
std::string holds_open(const Options& options, double per_second);
std::string searches_open(const Options& options, double per_second);
std::string holds_refuse(const Options& options);
// Everybody once: search, slots, hold, pay, wait until it is booked.
std::string people_flow(const Options& options, int people);
// One by one: somebody gives a held slot back, somebody who waits for it hears of it.
std::string slot_hand_over(const Options& options, int rounds);
// Connections that wait for a change that does not come; says so, and ends with its standard input.
std::string clients_park(const Options& options);

}  // namespace fairward::bench
