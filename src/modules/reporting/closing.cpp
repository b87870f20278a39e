// Days that are over are counted once, and counted anew when something of them has changed.
//
// Counting reads a snapshot outside of any transaction; the result is stored only if nobody else has stored one since:
// a day is closed by whoever moves the hospital's mark on, and a changed day is settled by whoever takes its changes
// away, all of those that were there when it was counted. What changes after that snapshot leaves a change of its own,
// in its own transaction, so that the day counts as changed until it is counted again.
#include <algorithm>

#include "modules/reporting/module.h"

namespace fairward::reporting {
namespace {

// Later than that after its end no transaction that began during the day is still to be committed.
constexpr Duration closed_after = hours(1);
constexpr int days_at_once = 31;
constexpr std::int64_t changes_at_once = 200;
constexpr std::int64_t visits_at_once = 50'000;  // no more days are begun when so many were counted

}  // namespace

Date open_day(const Zone& zone, Instant now) { return zone.date_of(now - closed_after); }

void visit_changed(Txn& txn, HospitalId hospital, const std::string& time_zone, Instant starts_at, Instant now) {
  const Zone* zone = zone_find(time_zone);
  if (!zone) return;
  const Date day = zone->date_of(starts_at);
  if (day < zone->date_of(now)) store::change_insert(txn, hospital, day);
}

namespace {

using Days = std::map<Date, Figures>;

Days counted(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to) {
  Days days;
  for (Date day = from; day < to; day = day + 1) days[day];
  store::days_count(db, hospital, zone, from, to, [&](Date day) -> Figures& { return days[day]; });
  return days;
}

std::int64_t visits_in(const Days& days) {
  std::int64_t visits = 0;
  for (const auto& [day, figures] : days) visits += figures.appointments;
  return visits;
}

std::optional<Piece> changed_piece(Snapshot& db, const store::ChangedDay& changed) {
  const auto closed = store::closed_find(db, changed.hospital);
  const Zone* zone = closed ? zone_find(closed->time_zone) : nullptr;
  if (!zone) return std::nullopt;
  Piece piece{changed.hospital, zone, changed.day, changed.day + 1, closed, store::change_ids(db, changed), {}, false};
  piece.days = counted(db, piece.hospital, *zone, piece.from, piece.to);
  return piece;
}

// The next days of a hospital that are over and not counted yet.
std::optional<Piece> closing_piece(Snapshot& db, HospitalId hospital, Instant now) {
  const auto name = store::time_zone_of(db, hospital);
  const Zone* zone = name ? zone_find(*name) : nullptr;
  if (!zone) return std::nullopt;
  const Date open = open_day(*zone, now);
  Piece piece{hospital, zone, open, open, store::closed_find(db, hospital), {}, {}, false};
  if (piece.closed && piece.closed->time_zone != *name) {
    piece.is_forgotten = true;
    return piece;
  }
  if (piece.closed) piece.from = piece.closed->before;
  else piece.from = std::min(store::first_day(db, hospital, *zone).value_or(open), open);
  if (piece.closed && piece.from >= open) return std::nullopt;
  piece.to = std::min(piece.from + days_at_once, open);
  piece.days = counted(db, hospital, *zone, piece.from, piece.to);
  return piece;
}

}  // namespace

std::vector<Piece> pieces_find(Snapshot& db, Instant now) {
  std::vector<Piece> pieces;
  std::int64_t visits = 0;
  const auto add = [&](std::optional<Piece>&& piece) {
    if (!piece) return;
    visits += visits_in(piece->days);
    pieces.push_back(std::move(*piece));
  };
  for (const auto& changed : store::changes_due(db, changes_at_once))
    if (visits < visits_at_once) add(changed_piece(db, changed));
  for (const HospitalId hospital : store::hospitals_with_visits(db)) {
    if (visits >= visits_at_once) break;
    add(closing_piece(db, hospital, now));
  }
  return pieces;
}

bool piece_store(Txn& txn, const Piece& piece) {
  if (piece.is_forgotten) {
    store::closed_forget(txn, piece.hospital, piece.closed->time_zone);
    return true;
  }
  const auto closed = store::closed_find(txn, piece.hospital);
  if (closed && closed->time_zone != piece.zone->name()) return false;
  const bool is_first =
      !piece.changes.empty()
          ? std::ranges::all_of(piece.changes, [&](std::int64_t id) { return store::change_delete(txn, id); })
      : piece.closed ? store::closed_advance(txn, piece.hospital, *piece.closed, piece.to)
                     : store::closed_insert(txn, piece.hospital, {piece.zone->name(), piece.to});
  if (!is_first) return false;
  for (const auto& [day, figures] : piece.days) store::day_put(txn, piece.hospital, day, figures);
  store::patients_add(txn, piece.hospital, *piece.zone, piece.from, piece.to);
  return true;
}

void Module::tick(Instant now) {
  expire(now);
  if (is_closing_.exchange(true)) return;  // the tick before is not done
  const auto pieces = std::make_shared<std::vector<Piece>>();
  engine_.read_long([pieces, now](Snapshot& db) { *pieces = pieces_find(db, now); },
                    [this, pieces](sql::Outcome) {
                      is_closing_ = false;
                      for (std::size_t i = 0; i < pieces->size(); ++i)
                        engine_.write(
                            0, [pieces, i](Txn& txn) { return piece_store(txn, (*pieces)[i]); }, [](sql::Outcome) {});
                    });
}

}  // namespace fairward::reporting
