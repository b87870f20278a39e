#include "platform/api/audit_entry.h"

#include <algorithm>

#include "platform/api/codec.h"
#include "platform/api/exchange.h"

namespace fairward::api {

HospitalId hospital_of(const Call& call) {
  if (call.hospital) return call.hospital;
  return call.caller.is_staff() ? call.caller.hospital : HospitalId{};
}

std::string audit_entry(std::string did) {
  AuditEntry entry{.role = "operator", .did = std::move(did)};
  std::string json;
  encode(json, entry);
  return json;
}

std::string audit_entry(const Exchange& exchange) {
  const Call& call = exchange.call;
  AuditEntry entry;
  if (call.caller.user) entry.user = call.caller.user;
  if (call.caller.key.id != 0) entry.key = call.caller.key.id;
  entry.role = role_text(call.caller.role);
  if (const HospitalId hospital = hospital_of(call)) entry.hospital = hospital;
  entry.did = exchange.route->name;
  if (!call.patients.empty()) {
    entry.of = call.patients;
    std::sort(entry.of->begin(), entry.of->end());
    entry.of->erase(std::unique(entry.of->begin(), entry.of->end()), entry.of->end());
  }
  entry.on = exchange.result->location.empty() ? path_of(exchange.request.target) : exchange.result->location;
  entry.from = call.peer;
  if (!call.purpose.empty()) entry.why = call.purpose;
  std::string json;
  encode(json, entry);
  return json;
}

bool is_disclosure(const Exchange& exchange) {
  if (exchange.call.is_recorded && exchange.route->access != Access::write) return true;
  const auto& patients = exchange.call.patients;
  return exchange.route->access != Access::write && std::any_of(patients.begin(), patients.end(), [&](UserId patient) {
           return patient != exchange.call.caller.user;
         });
}

}  // namespace fairward::api
