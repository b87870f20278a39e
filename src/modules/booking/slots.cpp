// The slots of a doctor, from memory: free, held and booked told apart. No SQL. Source: mission B1.
#include "modules/booking/errors.h"
#include "modules/booking/module.h"

namespace fairward::booking {
namespace {

constexpr int window_days_max = 31;
constexpr int window_days_usual = 7;

// Writes a Slot as api::encode would, some times faster: a doctor's week has hundreds of them.
class SlotWriter {
 public:
  explicit SlotWriter(std::string& out) : out_(out) {}

  void session(const Session& session) {
    hospital_ = R"(","hospital_id":)";
    api::encode_integer(hospital_, session.hospital.value);
    hospital_ += R"(,"status":")";
    out_.reserve(out_.size() + static_cast<std::size_t>(session.slots) * slot_bytes);
  }
  void slot(Instant starts_at, Instant ends_at, SlotState status, std::optional<Instant> frees_by) {
    constexpr std::string_view words[] = {"free", "held", "booked"};
    if (!is_first_) out_ += ',';
    is_first_ = false;
    out_ += R"({"starts_at":")";
    instant(starts_at);
    out_ += R"(","ends_at":")";
    instant(ends_at);
    out_ += hospital_;
    out_ += words[static_cast<std::size_t>(status)];
    if (frees_by) {
      out_ += R"(","frees_by":")";
      instant(*frees_by);
    }
    out_ += R"("})";
  }

 private:
  static constexpr std::size_t slot_bytes = 140;
  void instant(Instant at) {
    char text[api::instant_bytes_max];
    out_.append(text, api::instant_write(text, at));
  }
  std::string& out_;
  std::string hospital_;  // what stands between the end and the status
  bool is_first_ = true;
};

}  // namespace

// The window is [from, to], both days of the hospital's zone, at most 31 days; slots that can no longer be booked are
// left out. Errors, in this order: schedule_not_found, range_invalid.
Result<Serialized<SlotList>> Module::slot_list(Call& call, const SlotQuery& query) {
  const auto schedule = availability_.open(query.id);
  if (!schedule) return fail(schedule_not_found);
  const Zone* zone = schedule_zone(*schedule, query.hospital_id);
  if (!zone) return Serialized<SlotList>{R"({"time_zone":"UTC","items":[]})"};
  const Date from = query.from.value_or(zone->date_of(call.now));
  const Date to = query.to.value_or(from + (window_days_usual - 1));
  if (to < from) return fail(range_invalid, {{"?to", "This is before `from`."}});
  if (to - from >= window_days_max) return fail(range_invalid, {{"?to", "At most 31 days at once."}});
  const BookableRange bookable = bookable_range(*schedule, call.now);
  const Instant begin = std::max(zone->instant(from, {0}), bookable.earliest);
  const Instant end = std::min(zone->instant(to + 1, {0}), bookable.latest);
  std::string out = R"({"time_zone":)";
  api::encode_text(out, zone->name());
  out += R"(,"items":[)";
  SlotWriter writer(out);
  availability_.with(query.id, [&](const Schedule& current, const TakenCells& taken) {
    sessions_each(current, begin, end, [&](const Session& session) {
      if (query.hospital_id && session.hospital != *query.hospital_id) return true;
      writer.session(session);
      for (int i = 0; i < session.slots; ++i) {
        const Instant starts_at = session.starts_at + session.slot_length() * i;
        const auto status = static_cast<SlotState>(taken.status(cell_of(starts_at), session.slot_minutes / 5));
        std::optional<Instant> frees_by;
        if (status == SlotState::held) frees_by = active_.frees_by(query.id, starts_at);
        writer.slot(starts_at, starts_at + session.slot_length(), status, frees_by);
      }
      return true;
    });
  });
  out += "]}";
  return Serialized<SlotList>{std::move(out)};
}

// The list changes with the doctor's schedule and cells, and when a slot begins, becomes too near or a day opens: at
// full five minutes, of the time itself or of the time with the doctor's notice.
api::ReplyState Module::slot_list_state(const Call& call, const SlotQuery& query) const {
  const auto schedule = availability_.schedule(query.id);
  if (!schedule) return {};
  const Instant earliest = bookable_range(*schedule, call.now).earliest;
  const auto moment = static_cast<std::uint64_t>(cell_of(earliest - milliseconds(1))) << 32 |
                      static_cast<std::uint64_t>(cell_of(call.now));
  return {availability_.version(query.id), moment};
}

Result<Serialized<SlotList>> Module::own_slot_list(Call& call, const OwnSlotQuery& query) {
  return slot_list(call, {call.caller.doctor, query.from, query.to, query.hospital_id});
}

}  // namespace fairward::booking
