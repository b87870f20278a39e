// What entries of the directory must be like, and who may change which. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "modules/directory/api.h"
#include "modules/directory/store.h"

namespace fairward::directory {

// Errors with pointers into the body, in the order of the members.
std::vector<FieldError> hospital_errors(const HospitalRow& row);
std::vector<FieldError> doctor_errors(const DoctorRow& row);
std::vector<FieldError> language_errors(const std::vector<std::string>& names);
std::vector<FieldError> practice_errors(const std::vector<PracticeInput>& practices);

// "Dr" "Asha" "Rao" → "Dr Asha Rao".
std::string full_name(std::string_view title, std::string_view given_name, std::string_view family_name);
std::string languages_joined(const std::vector<std::string>& names);  // each once
bool is_web_address(std::string_view text);  // http(s)://… or an absolute path, without blanks and quotes
bool is_email(std::string_view text);        // one @ with something around it, no blanks; "" is none
bool is_postal_code(std::string_view text);  // 3 … 12 letters, digits, inner blanks and hyphens

}  // namespace fairward::directory
