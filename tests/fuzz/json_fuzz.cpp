// Bodies into every kind of request. The first byte chooses the kind, the rest is the JSON.
#include "decoding.h"

namespace fairward::fuzz {
namespace {

template <class T>
void body(std::string_view text) {
  check_decoded(api::decode<T>(text));
  api::RequestParts parts;
  parts.path = {{"id", "7"}};
  parts.body = text;
  check_request<T>(parts);
}

constexpr void (*kinds[])(std::string_view) = {
    body<booking::HoldCreate>,     body<booking::AppointmentUpdate>, body<booking::WaitCreate>,
    body<booking::ScheduleUpdate>, body<booking::ExceptionCreate>,   body<booking::HoldPaymentCreate>,
    body<directory::DoctorCreate>, body<directory::DoctorUpdate>,    body<directory::HospitalCreate>,
    body<identity::PatientCreate>, body<identity::UserCreate>};

}  // namespace

void run(std::string_view input) {
  if (input.empty()) return;
  kinds[static_cast<unsigned char>(input[0]) % std::size(kinds)](input.substr(1));
}

}  // namespace fairward::fuzz
