// See the header. Codes: http://hl7.org/fhir/R4/auditevent.html
#include "fhir/audit_event.h"

#include <fmt/format.h>

#include <boost/describe/class.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/api/codec.h"

namespace fairward::fhir {
namespace {

constexpr const char* terminology = "http://terminology.hl7.org/CodeSystem/";
constexpr const char* dicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr const char* own = "urn:fairward:";

struct Coding {
  std::string system, code;
  std::optional<std::string> display;
};
BOOST_DESCRIBE_STRUCT(Coding, (), (system, code, display))
struct Concept {
  std::vector<Coding> coding;
};
BOOST_DESCRIBE_STRUCT(Concept, (), (coding))
struct Identifier {
  std::string system, value;
};
BOOST_DESCRIBE_STRUCT(Identifier, (), (system, value))
struct Reference {
  std::optional<std::string> reference;
  std::optional<Identifier> identifier;
  std::optional<std::string> display;
};
BOOST_DESCRIBE_STRUCT(Reference, (), (reference, identifier, display))
struct Network {
  std::string address, type;  // "2": an IP address
};
BOOST_DESCRIBE_STRUCT(Network, (), (address, type))
struct Agent {
  std::vector<Concept> role;
  std::optional<Reference> who;
  bool requestor = true;
  std::optional<Network> network;
};
BOOST_DESCRIBE_STRUCT(Agent, (), (role, who, requestor, network))
struct Source {
  Reference observer;
  std::vector<Coding> type;
};
BOOST_DESCRIBE_STRUCT(Source, (), (observer, type))
struct Entity {
  Reference what;
  Coding type, role;
};
BOOST_DESCRIBE_STRUCT(Entity, (), (what, type, role))
struct AuditEvent {
  std::string resourceType = "AuditEvent", id;
  Coding type;
  std::vector<Coding> subtype;
  std::string action, recorded, outcome;
  std::optional<std::string> outcomeDesc;
  std::optional<std::vector<Concept>> purposeOfEvent;
  std::vector<Agent> agent;
  Source source;
  std::optional<std::vector<Entity>> entity;
};
BOOST_DESCRIBE_STRUCT(AuditEvent, (),
                      (resourceType, id, type, subtype, action, recorded, outcome, outcomeDesc, purposeOfEvent, agent,
                       source, entity))

Coding coded(std::string_view system, std::string code, std::optional<std::string> display = {}) {
  return {fmt::format("{}{}", terminology, system), std::move(code), std::move(display)};
}

// What an operation does, from the verb of its name: "hold_create".
std::string action_of(std::string_view operation) {
  const std::string_view verb = operation.substr(operation.rfind('_') + 1);
  if (verb == "create" || verb == "add" || verb == "upload") return "C";
  if (verb == "get" || verb == "list" || verb == "file" || verb == "search") return "R";
  if (verb == "put" || verb == "change" || verb == "update" || verb == "correct" || verb == "merge") return "U";
  if (verb == "delete" || verb == "remove") return "D";
  return "E";
}

bool is_login(const api::AuditEntry& entry) {
  return entry.account || entry.did.starts_with("login") || entry.did.starts_with("session") ||
         entry.did.starts_with("code_login") || entry.did.starts_with("code_session");
}

Agent agent_of(const api::AuditEntry& entry) {
  Agent agent;
  agent.role.push_back({{{fmt::format("{}role", own), entry.role, {}}}});
  if (entry.user)
    agent.who = Reference{{}, Identifier{fmt::format("{}user", own), std::to_string(entry.user->value)}, {}};
  if (entry.from) agent.network = Network{*entry.from, "2"};
  return agent;
}

std::vector<Entity> entities_of(const api::AuditEntry& entry) {
  std::vector<Entity> entities;
  const auto person = coded("audit-entity-type", "1", "Person");
  if (entry.of)
    for (const UserId patient : *entry.of)
      entities.push_back(
          {{fmt::format("Patient/{}", patient.value), {}, {}}, person, coded("object-role", "1", "Patient")});
  if (entry.account)
    entities.push_back({{{}, Identifier{fmt::format("{}user", own), std::to_string(entry.account->value)}, {}},
                        person,
                        coded("object-role", "11", "Security User Entity")});
  if (entry.on)
    entities.push_back({{{}, {}, *entry.on},
                        coded("audit-entity-type", "2", "System Object"),
                        coded("object-role", "4", "Domain Resource")});
  return entities;
}

}  // namespace

std::string audit_event(const std::string& id, Instant at, const api::AuditEntry& entry) {
  AuditEvent event;
  event.id = id;
  event.type = is_login(entry) ? Coding{dicom, "110114", "User Authentication"}
                               : coded("audit-event-type", "rest", "RESTful Operation");
  event.subtype.push_back({fmt::format("{}operation", own), entry.did, {}});
  event.action = action_of(entry.did);
  event.recorded = to_rfc3339(at);
  event.outcome = entry.refused ? "4" : "0";
  if (entry.refused)
    event.outcomeDesc = entry.times ? fmt::format("{}, {} times", *entry.refused, *entry.times) : *entry.refused;
  if (entry.why == "emergency")
    event.purposeOfEvent = std::vector{Concept{{coded("v3-ActReason", "BTG", "break the glass")}}};
  event.agent.push_back(agent_of(entry));
  event.source = {{{}, {}, "Fairward"}, {coded("security-source-type", "4", "Application Server")}};
  if (auto entities = entities_of(entry); !entities.empty()) event.entity = std::move(entities);
  std::string json;
  api::encode(json, event);
  return json;
}

}  // namespace fairward::fhir
