// What people do in a simulated world. They know what they were told, and nothing else: the model is not asked for what
// a person could not know, but to make the unlikely likely.
#include <boost/json.hpp>

#include "world.h"

namespace fairward::sim {
namespace json = boost::json;
using http::Method;

void World::act() {
  const auto who = pick(100);
  if (who < 90) person(anyone());
  else if (who < 92) staff_books();
  else if (who < 95) staff_changes();
  else if (who < 97) doctor_on_leave();
  else if (who < 98) doctor_extends();
  else if (who < 99 && chance(50)) guest_acts();
  else if (who < 99) exception_taken_back();
  else hours_changed();
}

void World::person(Patient& patient) {
  if (patient.unanswered && stage_.clock.now() - patient.unanswered->first_sent < hours(1) && chance(70)) {
    Request again = *std::exchange(patient.unanswered, std::nullopt);
    note("request sent again");
    const bool takes_reason = again.target == "/api/holds" || again.target == "/api/appointments";
    if (!again.key.empty() && takes_reason && chance(10))
      again.body.as_object()["reason"] = "another";  // a client's bug
    return send(std::move(again));
  }
  if (chance(30)) stay(patient);
  if (patient.hold == 0 && patient.wait != 0) look(patient);
  if (patient.hold != 0 && chance(50)) look(patient);
  if (patient.hold != 0) {
    const auto what = pick(10);
    if (what < 3) return pay(patient);
    if (what < 4) return give_back(patient);
    if (what < 5) return take(patient);  // refused: one at a time
    return;                              // lets it lapse, perhaps
  }
  if (patient.released != 0 && chance(10)) {  // presses the button again
    patient.hold = patient.released;
    return give_back(patient);
  }
  if (patient.wait != 0 && chance(15)) return give_back(patient);
  const auto what = pick(20);
  if (what < 9) take(patient);
  else if (what < 16) join(patient);
  else if (what < 19) change(patient);
  else book_free_of_charge(patient);
}

// A time from the list as it is shown; often one that is not free, or not any more.
std::optional<Instant> World::slot_time(std::int64_t doctor, bool wants_free) {
  const Reply reply = get(fmt::format("/api/doctors/{}/slots", doctor), "");
  std::vector<Instant> times;
  for (const auto& item : reply.body.at("items").as_array())
    if (!wants_free || item.at("status").as_string() == "free")
      times.push_back(*parse_rfc3339(std::string(item.at("starts_at").as_string())));
  if (times.empty()) return std::nullopt;
  return times[static_cast<std::size_t>(pick(static_cast<std::int64_t>(times.size())))];
}

void World::take(Patient& patient) {
  const std::int64_t doctor = a_doctor(), slots = 1 + pick(5) / 3;
  const auto starts = slot_time(doctor, chance(50));
  if (!starts) return;
  const std::int64_t hospital = chance(20) ? 1 + pick(2) : 0;
  Request request;
  request.what = "hold";
  request.method = Method::post;
  request.target = "/api/holds";
  json::object body{{"doctor_id", doctor}, {"starts_at", to_rfc3339(*starts)}, {"slots", slots}};
  if (hospital != 0) body["hospital_id"] = hospital;
  request.body = std::move(body);
  request.token = patient.token;
  request.key = key_of(patient, 60);
  request.patient = &patient;
  request.is_taken = [this, doctor, starts = *starts](std::int64_t believes_since) {
    // Memory refuses a run when any of it is taken.
    return judge_.was_taken(doctor, starts, starts + hours(2), believes_since);
  };
  request.intent = [id = patient.id, doctor, hospital, starts = *starts, slots](Model& model, Instant now) {
    return model.hold(now, id, doctor, hospital, starts, slots);
  };
  request.learn = [&patient](const Reply& reply) {
    if (reply.status == 201) patient.hold = reply.id();
    // The refusal names what stands in the way.
    if (const std::string hold = reply.text("hold"); hold.starts_with("/api/holds/"))
      patient.hold = std::stoll(hold.substr(std::string("/api/holds/").size()));
    if (const std::string wait = reply.text("wait"); wait.starts_with("/api/waits/"))
      patient.wait = std::stoll(wait.substr(std::string("/api/waits/").size()));
  };
  if (chance(10) && !request.key.empty()) {  // impatient: twice at once
    note("sent twice at once");
    Request twin = request;
    send(std::move(twin));
  }
  send(std::move(request));
}

void World::join(Patient& patient) {
  const std::int64_t doctor = a_doctor(), hospital = chance(70) ? 1 + pick(2) : 0, slots = 1 + pick(5) / 3;
  const Date from = today(Place::kolkata) + static_cast<int>(pick(5) / 2);
  const Date to = from + static_cast<int>(pick(5) / 3);
  Request request;
  request.what = "wait";
  request.method = Method::post;
  request.target = "/api/waits";
  json::object body{{"doctor_id", doctor}, {"from", to_iso(from)}, {"to", to_iso(to)}, {"slots", slots}};
  if (hospital != 0) body["hospital_id"] = hospital;
  request.body = std::move(body);
  request.token = patient.token;
  request.key = key_of(patient, 60);
  request.patient = &patient;
  request.intent = [id = patient.id, doctor, hospital, from, to, slots](Model& model, Instant now) {
    return model.join(now, id, doctor, hospital, from, to, slots);
  };
  request.learn = [&patient](const Reply& reply) {
    if (reply.status == 201) patient.wait = reply.id();
  };
  send(std::move(request));
}

void World::pay(Patient& patient) {
  constexpr const char* outcomes[] = {"success", "success", "success", "fail", "late", "late"};
  Request request;
  const char* outcome = outcomes[pick(std::size(outcomes))];
  request.what = fmt::format("payment {}", outcome);
  request.method = Method::post;
  request.target = fmt::format("/api/holds/{}/payments", patient.hold);
  request.body = {{"method", "sandbox"}, {"outcome", outcome}};
  request.token = patient.token;
  request.key = key_of(patient, 50);
  request.patient = &patient;
  request.intent = [hold = patient.hold](Model& model, Instant now) { return model.pay(now, hold); };
  send(std::move(request));
}

void World::give_back(Patient& patient) {
  Request request;
  request.method = Method::del;
  request.token = patient.token;
  request.patient = &patient;
  if (patient.hold != 0) {
    request.what = "release";
    request.target = fmt::format("/api/holds/{}", patient.hold);
    request.intent = [hold = patient.hold](Model& model, Instant now) { return model.release(now, hold); };
    request.learn = [&patient, hold = patient.hold](const Reply&) {
      patient.released = hold;
      if (patient.hold == hold) patient.hold = 0;
    };
  } else if (patient.wait != 0) {
    request.what = "leave";
    request.target = fmt::format("/api/waits/{}", patient.wait);
    request.intent = [wait = patient.wait](Model& model, Instant now) { return model.leave(now, wait); };
    request.learn = [&patient](const Reply&) { patient.wait = 0; };
  } else {
    return;
  }
  send(std::move(request));
}

// What a patient's browser does: sees what became of the wait and the hold.
void World::look(Patient& patient) {
  const Model& model = judge_.model();
  if (patient.wait != 0) {
    const Reply reply = get(fmt::format("/api/waits/{}", patient.wait), patient.token);
    const Wait& wait = model.wait(patient.wait);
    if (reply.text("status") != wait.status)
      judge_.accuse(fmt::format("wait {} is shown as {}, not {}", wait.id, reply.text("status"), wait.status));
    if (wait.status == "offered") patient.hold = reply.body.at("offer").at("hold_id").as_int64();
    if (wait.status != "waiting") patient.wait = 0;
  }
  if (patient.hold == 0) return;
  stage_.trace.say("  patient {} looks at {}", patient.id, patient.hold);
  const Reply reply = get(fmt::format("/api/appointments/{}", patient.hold), patient.token);
  const Appointment& hold = model.appointment(patient.hold);
  if (reply.text("status") != hold.status)
    judge_.accuse(fmt::format("appointment {} is shown as {}, not {}", hold.id, reply.text("status"), hold.status));
  if (hold.status == "booked") {
    patient.appointments.push_back(hold.id);
    note("seen booked");
  }
  if (hold.status != "pending" && chance(70)) patient.hold = 0;  // else goes on as if it were still open
}

// Leaves the page open.
void World::stay(const Patient& patient) {
  const auto watched = patient.wait != 0   ? fmt::format("/api/waits/{}", patient.wait)
                       : patient.hold != 0 ? fmt::format("/api/holds/{}", patient.hold)
                                           : "";
  if (!watched.empty()) park(watched, patient.token, static_cast<int>(1 + pick(60)));
}

void World::change(Patient& patient) {
  if (patient.appointments.empty()) return;
  const auto id =
      patient.appointments[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patient.appointments.size())))];
  Request request;
  request.method = Method::put;
  request.token = patient.token;
  request.patient = &patient;
  if (chance(50)) {
    request.what = "cancel";
    request.target = fmt::format("/api/appointments/{}/cancel", id);
    request.body = json::object();
    request.intent = [id](Model& model, Instant now) { return model.change(now, id, "cancelled", false); };
  } else {
    const auto starts = slot_time(judge_.model().appointment(id).doctor, chance(60));
    if (!starts) return;
    request.what = "move";
    request.target = fmt::format("/api/appointments/{}", id);
    request.body = {{"starts_at", to_rfc3339(*starts)}};
    request.intent = [id, starts = *starts](Model& model, Instant now) { return model.move(now, id, starts); };
  }
  send(std::move(request));
}

// Where nothing is to pay an appointment is booked at once; elsewhere this is a hold.
void World::book_free_of_charge(Patient& patient) {
  const std::int64_t doctor = a_doctor();
  const auto starts = slot_time(doctor, true);
  if (!starts) return;
  Request request;
  request.what = "appointment";
  request.method = Method::post;
  request.target = "/api/appointments";
  request.body = {{"doctor_id", doctor}, {"starts_at", to_rfc3339(*starts)}};
  request.token = patient.token;
  request.key = key_of(patient, 60);
  request.patient = &patient;
  request.intent = [id = patient.id, doctor, starts = *starts](Model& model, Instant now) {
    return model.book(now, id, false, doctor, starts, 1);
  };
  request.learn = [&patient](const Reply& reply) {
    if (reply.status != 201) return;
    if (reply.text("status") == "pending") patient.hold = reply.id();
    else patient.appointments.push_back(reply.id());
  };
  send(std::move(request));
}

void World::staff_books() {
  const std::int64_t doctor = a_doctor(), slots = 1 + pick(4) / 3;
  const auto starts = slot_time(doctor, chance(70));
  if (!starts) return;
  Patient& patient = anyone();
  Request request;
  request.what = "staff booking";
  request.method = Method::post;
  request.target = "/api/appointments";
  request.body = {
      {"doctor_id", doctor}, {"starts_at", to_rfc3339(*starts)}, {"patient_id", patient.id}, {"slots", slots}};
  request.token = staff_token_;
  request.intent = [id = patient.id, doctor, starts = *starts, slots](Model& model, Instant now) {
    return model.book(now, id, true, doctor, starts, slots);
  };
  request.learn = [&patient](const Reply& reply) {
    if (reply.status == 201) patient.appointments.push_back(reply.id());
  };
  send(std::move(request));
}

// The hospital cancels, or writes down who came.
void World::staff_changes() {
  const auto& all = judge_.model().state.appointments;
  if (all.empty()) return;
  const std::size_t recent = std::min<std::size_t>(all.size(), 12);
  const std::int64_t id = all[all.size() - 1 - static_cast<std::size_t>(pick(static_cast<std::int64_t>(recent)))].id;
  constexpr const char* words[] = {"cancelled", "cancelled", "arrived", "noshow", "fulfilled"};
  const std::string to = words[pick(std::size(words))];
  Request request;
  request.what = "staff: " + to;
  request.method = Method::put;
  request.target = fmt::format("/api/appointments/{}", id);
  request.body = {{"status", to}};
  request.token = staff_token_;
  request.intent = [id, to](Model& model, Instant now) { return model.change(now, id, to, true); };
  send(std::move(request));
}

void World::doctor_on_leave() {
  const std::int64_t doctor = a_doctor();
  Exception leave;
  leave.hospital = pick(3);
  leave.on = today(Place::london) + static_cast<int>(pick(3));
  const bool is_whole_day = chance(25);
  json::object body{{"kind", "leave"}, {"on", to_iso(leave.on)}};
  if (leave.hospital != 0) body["hospital_id"] = leave.hospital;
  if (!is_whole_day) {
    constexpr int starts[] = {30, 60, 120, 9 * 60, 9 * 60 + 30, 14 * 60 + 5};
    leave.starts = starts[pick(std::size(starts))];
    leave.ends = leave.starts + 20 + static_cast<int>(pick(3)) * 15;
    body["starts"] = to_iso(TimeOfDay{leave.starts});
    body["ends"] = to_iso(TimeOfDay{leave.ends});
  }
  Request request;
  request.what = "leave of a doctor";
  request.method = Method::post;
  request.target = fmt::format("/api/doctors/{}/exceptions", doctor);
  request.body = std::move(body);
  request.token = staff_token_;
  request.intent = [doctor, leave](Model& model, Instant now) { return model.exception_add(now, doctor, leave); };
  send(std::move(request));
}

void World::doctor_extends() {
  const std::int64_t doctor = a_doctor();
  Exception extra;
  extra.is_extra = true;
  extra.hospital = 2;
  extra.on = today(Place::london) + static_cast<int>(pick(3));
  extra.starts = 16 * 60 + static_cast<int>(pick(3)) * 30;
  extra.ends = extra.starts + 20 + static_cast<int>(pick(3)) * 20;
  extra.slot_minutes = 20;
  Request request;
  request.what = "extra session";
  request.method = Method::post;
  request.target = fmt::format("/api/doctors/{}/exceptions", doctor);
  request.body = {{"kind", "extra"},
                  {"on", to_iso(extra.on)},
                  {"hospital_id", extra.hospital},
                  {"starts", to_iso(TimeOfDay{extra.starts})},
                  {"ends", to_iso(TimeOfDay{extra.ends})},
                  {"slot_minutes", extra.slot_minutes}};
  request.token = staff_token_;
  request.intent = [doctor, extra](Model& model, Instant now) { return model.exception_add(now, doctor, extra); };
  send(std::move(request));
}

void World::exception_taken_back() {
  const std::int64_t doctor = a_doctor();
  const auto& known = judge_.model().hours.at(doctor).exceptions;
  if (known.empty()) return;
  const std::int64_t id = known[static_cast<std::size_t>(pick(static_cast<std::int64_t>(known.size())))].id;
  Request request;
  request.what = "exception taken back";
  request.method = Method::del;
  request.target = fmt::format("/api/doctors/{}/exceptions/{}", doctor, id);
  request.token = staff_token_;
  request.intent = [doctor, id](Model& model, Instant now) { return model.exception_remove(now, doctor, id); };
  send(std::move(request));
}

void World::hours_changed() {
  const std::int64_t doctor = a_doctor();
  const std::int64_t version = judge_.model().hours.at(doctor).version;
  const int horizon = 1 + static_cast<int>(pick(2)), notice = static_cast<int>(pick(3)) * 20;
  Request request;
  request.what = "hours changed";
  request.method = Method::put;
  request.target = fmt::format("/api/doctors/{}/schedule", doctor);
  request.body = hours_json(doctor, horizon, notice);
  request.token = staff_token_;
  request.if_match = fmt::format("\"{}\"", version);
  request.intent = [doctor, version, horizon, notice](Model& model, Instant now) {
    return model.hours_change(now, doctor, version, horizon, notice);
  };
  send(std::move(request));
}

}  // namespace fairward::sim
