// What an AuditEvent says of a line of the record.
#include "fhir/audit_event.h"

#include <gtest/gtest.h>

namespace fairward::fhir {
namespace {

TEST(audit_event, of_a_read_in_an_emergency_names_the_patient_and_the_reason) {
  const api::AuditEntry entry{.user = UserId{9},
                              .role = "doctor",
                              .did = "timeline_get",
                              .of = std::vector{UserId{5}},
                              .on = "/api/patients/5/timeline",
                              .from = "10.0.0.1",
                              .why = "emergency"};
  const std::string json = audit_event("1-2-3", Instant{1'700'000'000'000}, entry);
  for (const char* part : {R"("resourceType":"AuditEvent","id":"1-2-3")", R"("code":"rest")", R"("action":"R")",
                           R"("recorded":"2023-11-14T22:13:20)", R"("outcome":"0")", R"("code":"BTG")",
                           R"("requestor":true)", R"("reference":"Patient/5")", R"("address":"10.0.0.1","type":"2")",
                           R"("source":{"observer":{"display":"Fairward"})"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

TEST(audit_event, of_a_login_that_failed_is_a_user_authentication_with_its_count) {
  const api::AuditEntry entry{
      .role = "anyone", .did = "login_create", .refused = "identity.login_failed", .times = 7, .account = UserId{4}};
  const std::string json = audit_event("1-2-3", Instant{0}, entry);
  for (const char* part :
       {R"("code":"110114")", R"("outcome":"4")", R"("outcomeDesc":"identity.login_failed, 7 times")",
        R"("system":"urn:fairward:user","value":"4")"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

}  // namespace
}  // namespace fairward::fhir
