// Query strings into every kind of question. The first byte chooses the kind, the rest is the query.
#include "decoding.h"
#include "platform/http/http.h"

namespace fairward::fuzz {
namespace {

template <class T>
void question(const api::RequestParts& parts) {
  check_request<T>(parts);
}

constexpr void (*kinds[])(const api::RequestParts&) = {
    question<directory::DoctorQuery>, question<directory::HospitalQuery>,  question<directory::DoctorSearchQuery>,
    question<booking::SlotQuery>,     question<booking::AppointmentQuery>, question<booking::LedgerQuery>,
    question<identity::PatientQuery>, question<identity::UserQuery>};

void check_escapes(std::string_view text) {
  bool ok = false;
  demand(http::url_decode(http::url_encode(text), &ok) == text && ok, "what was escaped reads otherwise");
  http::url_decode(text, &ok);
}

}  // namespace

void run(std::string_view input) {
  if (input.empty()) return;
  check_escapes(input.substr(1));
  auto query = api::decode_query(input.substr(1));
  if (!query) return check_refusal(query.error());
  api::RequestParts parts;
  parts.path = {{"id", "7"}};
  parts.query = std::move(*query);
  kinds[static_cast<unsigned char>(input[0]) % std::size(kinds)](parts);
}

}  // namespace fairward::fuzz
