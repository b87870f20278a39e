// What must be true of a simulated world after each step: what is due is done, by one of the nodes that run, and the
// memory of each node that hears the others is what the database is.
#include <boost/json.hpp>

#include "platform/audit/verify.h"
#include "world.h"

namespace fairward::sim {
namespace json = boost::json;
namespace {

struct Lease {
  std::int64_t part, node;
  Instant until;
};
constexpr sql::Query leases{"leases", "SELECT part, node, until_at FROM platform_lease",
                            "SELECT part, node, until_at FROM platform_lease"};

// Until the work of a node that died or froze is done by others: its leases end, the others look once a second, and a
// clock that is set may cost them one more.
constexpr Duration gap_max = nodes::lease_ttl + nodes::tick_period * 3;

}  // namespace

// What is due now gets its ticks; then nothing is left to excuse a difference.
void World::settle() {
  judge();
  stage_.is_hostile = false;
  pump();
  pass_time(milliseconds(100), milliseconds(100));
  come_to_settled();
  judge_.verdict();
  stage_.is_hostile = true;
}

// Whoever holds a lease at the end has held it for long enough to do the work.
void World::come_to_settled() {
  constexpr int tries_max = 10;
  cover_leases();
  pass_time(milliseconds(1100), milliseconds(1100));
  // What was heard now is read anew, and who waits is told a new place a second later, or two if a clock was set back.
  if (is_shared()) {
    come_to_rest();
    pass_time(milliseconds(2200), milliseconds(1100));
  }
  int tries = 0;
  do {
    cover_leases();
    come_to_rest();
  } while (watch_leases() && ++tries < tries_max);
  if (tries == tries_max) judge_.accuse("leases go from node to node");
  // Of what has happened at the very end, too, they are told within a second, or two.
  for (int i = 0; i < 2 && !are_polls_told(); ++i) pass_time(milliseconds(1100), milliseconds(1100));
  judge_settled();
}

void World::judge() {
  database_.look([&](Snapshot& db) { judge_.check(db); });
  judge_.verdict();
}

void World::judge_settled() {
  judge();
  const auto running = nodes_that(&Node::runs);
  const bool all_hear = std::all_of(running.begin(), running.end(), [](const Node* node) { return node->hears(); });
  std::vector<Instant> clocks;
  for (Node* node : running) clocks.push_back(node->clock().now());
  // Who holds leases and hears nothing sees what is due late.
  const bool has_had_minutes = stage_.clock.steady_us() - set_ahead_at_us_ > minutes(2).ms * 1000;
  if (all_hear) judge_.check_settled(clocks, has_had_minutes);
  for (Node* node : running)
    if (node->hears()) judge_memory(*node);
  judge_guests();
}

// Every part of the work has a node that does it, after some seconds at most.
void World::cover_leases() {
  if (!is_shared()) return;
  watch_leases();
  for (Duration waited{}; !are_leases_covered(); waited = waited + seconds(1)) {
    if (waited > gap_max + database_set_back_)
      return judge_.accuse(fmt::format("nobody has taken over some leases for {} ms", waited.ms));
    pass_time(seconds(1), seconds(1));
    watch_leases();
  }
  database_set_back_ = {};
}

bool World::are_leases_covered() const {
  const auto running = nodes_that(&Node::runs);
  const auto covers = [&](const Lease& lease) {
    return lease.until > database_clock_.now() && std::any_of(running.begin(), running.end(), [&](const Node* node) {
             return std::as_const(*node).engine().node() == lease.node;
           });
  };
  bool are_covered = true;
  const_cast<Database&>(database_).look([&](Snapshot& db) {
    for (const Lease& lease : db.all<Lease>(leases)) are_covered &= covers(lease);
  });
  return are_covered;
}

// From whom did those who have leases now get them? False: nobody got one.
bool World::watch_leases() {
  bool has_moved = false;
  database_.look([&](Snapshot& db) {
    for (const Lease& lease : db.all<Lease>(leases)) {
      std::int64_t& owner = lease_owners_.at(static_cast<std::size_t>(lease.part));
      const std::int64_t before = std::exchange(owner, lease.node);
      has_moved |= before != lease.node;
      if (before == lease.node || before == 0) continue;
      const auto was = std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& node) {
        return !node->is_down() && node->engine().node() == before;
      });
      note(was == nodes_.end()   ? "lease taken over from a node that is gone"
           : (*was)->is_frozen() ? "lease taken over from a frozen node"
                                 : "lease taken over from a node that runs");
    }
  });
  return has_moved;
}

// What was heard is applied, or read anew.
void World::come_to_rest() {
  constexpr int rounds_max = 40;
  const auto is_restless = [](const Node* node) { return node->hears() && !node->is_at_rest(); };
  for (int round = 0; round < rounds_max; ++round) {
    pass_time(milliseconds(50), milliseconds(50));
    const auto running = nodes_that(&Node::runs);
    if (round > 0 && std::none_of(running.begin(), running.end(), is_restless)) return;
  }
  judge_.accuse("memory does not come to rest");
}

void World::quiesce() {
  stage_.is_hostile = false;
  everybody_returns();
  for (int i = 0; i < 40; ++i) pass_time(minutes(1), seconds(15));
  for (int i = 0; i < 20; ++i) pass_time(minutes(5), seconds(60));
  come_to_settled();
  const auto totals = gateway_->totals();
  database_.look([&](Snapshot& db) { judge_.check_money(db, totals.captured_minor, totals.refunded_minor); });
  judge_record();
  judge_.verdict();
  stage_.trace.say("the end: {} appointments, {} waits, {} payments", judge_.model().state.appointments.size(),
                   judge_.model().state.waits.size(), judge_.model().state.payments.size());
}

// However commits ended, the record of who did what is whole.
void World::judge_record() {
  audit::Report report;
  database_.look([&](Snapshot& db) { report = audit::verify(db, std::span(&audit_key, 1)); });
  for (const audit::Fault& fault : report.faults)
    judge_.accuse(fmt::format("the audit record: chain {} block {} {}", fault.chain, fault.number, fault.what));
  if (report.entries == 0) judge_.accuse("the audit record is empty");
}

// Memory is a cache: what it answers is what the model says, which is what the database says.
void World::judge_memory(Node& node) {
  const Model& model = judge_.model();
  const auto stats = node.product().booking().stats();
  const auto holds =
      static_cast<std::size_t>(std::count_if(model.state.appointments.begin(), model.state.appointments.end(),
                                             [](const Appointment& a) { return a.status == "pending"; }));
  std::size_t waiting = 0;
  for (const auto& [doctor, hours] : model.hours) waiting += static_cast<std::size_t>(model.waiting(doctor));
  if (stats.holds_active != holds)
    judge_.accuse(fmt::format("node {} knows {} holds of {}", node.place(), stats.holds_active, holds));
  if (stats.waiting != waiting)
    judge_.accuse(fmt::format("node {} knows {} waits of {}", node.place(), stats.waiting, waiting));
  for (const auto& [doctor, hours] : model.hours) judge_slots(node, doctor);
  judge_positions(node);
  judge_polls(node);
}

void World::judge_positions(Node& node) {
  std::map<std::int64_t, std::int64_t> before;
  for (const Wait& w : judge_.model().state.waits) {
    if (w.status != "waiting") continue;
    const auto patient =
        std::find_if(patients_.begin(), patients_.end(), [&](const Patient& p) { return p.id == w.patient; });
    const Reply reply = get(node, fmt::format("/api/waits/{}", w.id), patient->token);
    const auto position = ++before[w.doctor];
    if (reply.status != 200 || reply.body.at("position").as_int64() != position)
      judge_.accuse(fmt::format("wait {} should be at place {} at node {}: {}", w.id, position, node.place(),
                                json::serialize(reply.body)));
  }
}

// A hold near its end is shown by each node's own clock; those who watch it are told when it has been ended.
bool World::is_about_to_lapse(const Poll& poll) const {
  constexpr std::string_view holds = "/api/holds/";
  if (!is_shared() || !poll.target.starts_with(holds)) return false;
  const Appointment& hold = judge_.model().appointment(std::stoll(poll.target.substr(holds.size())));
  return hold.status == "pending" && hold.lapses < stage_.clock.now() + minutes(1);
}

bool World::are_polls_told() {
  return std::all_of(polls_.begin(), polls_.end(), [&](const auto& entry) {
    const Poll& poll = entry.second;
    return !poll.node->hears() || get(*poll.node, poll.target, poll.token).etag == poll.etag;
  });
}

// Whoever still waits to be told has seen what there is.
void World::judge_polls(const Node& node) {
  for (const auto& [id, poll] : polls_) {
    if (poll.node != &node) continue;
    const std::string etag = get(*poll.node, poll.target, poll.token).etag;
    if (!is_about_to_lapse(poll) && etag != poll.etag)
      judge_.accuse(fmt::format("long poll {} at node {} was not told of a change of {}, from {} to {}", id,
                                node.place(), poll.target, poll.etag, etag));
    if (poll.until <= poll.node->clock().now())
      judge_.accuse(fmt::format("long poll {} of {} does not end", id, poll.target));
  }
}

void World::judge_slots(Node& node, std::int64_t doctor) {
  const Model& model = judge_.model();
  const Hours& hours = model.hours.at(doctor);
  const Instant now = node.clock().now();
  const Reply reply = get(node, fmt::format("/api/doctors/{}/slots", doctor), "");
  std::string seen, wanted;
  for (const auto& item : reply.body.at("items").as_array()) {
    const auto* frees_by = item.as_object().if_contains("frees_by");
    seen += fmt::format("{} {} {};", item.at("starts_at").as_string().c_str(), item.at("status").as_string().c_str(),
                        frees_by && frees_by->is_string() ? frees_by->as_string().c_str() : "");
  }
  std::optional<Instant> first_free;
  for (const Slot& slot : hours.slots(hours.earliest(now), hours.latest(now))) {
    constexpr const char* words[] = {"free", "held", "booked"};
    const Model::Use use = model.use(doctor, slot.starts, slot.ends);
    if (use == Model::Use::free && !first_free) first_free = slot.starts;
    const Appointment* owner = model.owner(doctor, slot.starts);
    wanted += fmt::format("{} {} {};", to_rfc3339(slot.starts), words[static_cast<int>(use)],
                          use == Model::Use::held && owner ? to_rfc3339(owner->lapses) : "");
  }
  if (seen != wanted)
    judge_.accuse(
        fmt::format("memory of doctor {} at node {} shows {} instead of {}", doctor, node.place(), seen, wanted));
  const auto found = node.product().booking().free_times().first_free(DoctorId{doctor}, {}, now, hours.latest(now));
  if (found != first_free)
    judge_.accuse(fmt::format("the first free time of doctor {} at node {} is {}, not {}", doctor, node.place(),
                              first_free ? to_rfc3339(*first_free) : "none", found ? to_rfc3339(*found) : "none"));
}

}  // namespace fairward::sim
