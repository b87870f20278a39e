// Days that are over, counted: see closing.cpp.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "modules/reporting/store.h"

namespace fairward::reporting {

// The first day that is not over, or has only just ended.
Date open_day(const Zone& zone, Instant now);

// Some days of a hospital as they were counted, and what they were counted for: changes, or else the closing.
struct Piece {
  HospitalId hospital;
  const Zone* zone = nullptr;
  Date from, to;  // not including `to`
  std::optional<store::Closed> closed;
  std::vector<std::int64_t> changes;
  std::map<Date, Figures> days;
  bool is_forgotten = false;  // the hospital has another zone by now: its days are forgotten
};
// What there is to count now, a bounded part of it.
std::vector<Piece> pieces_find(Snapshot& db, Instant now);
// False: somebody else has stored something since; nothing is to be kept.
bool piece_store(Txn& txn, const Piece& piece);

}  // namespace fairward::reporting
