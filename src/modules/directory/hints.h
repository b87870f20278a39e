// What people call a speciality, or complain of: extra words under which its doctors are found. Folded.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace fairward::directory {

// The first part begins the speciality's folded name.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 24> speciality_hints{{
    {"cardio", "cardiology heart chest pain palpitations blood pressure"},
    {"dermato", "dermatology skin acne rash eczema hair"},
    {"paediatric", "paediatrics pediatrician pediatrics child children baby"},
    {"pediatric", "pediatrics paediatrician paediatrics child children baby"},
    {"orthopaedic", "orthopaedics orthopedics orthopedic bone bones fracture knee joint back pain"},
    {"orthopedic", "orthopedics orthopaedics orthopaedic bone bones fracture knee joint back pain"},
    {"gynaecolog", "gynaecology gynecology gynecologist pregnancy women"},
    {"gynecolog", "gynecology gynaecology gynaecologist pregnancy women"},
    {"neurolog", "neurology headache migraine epilepsy stroke nerves"},
    {"psychiatr", "psychiatry depression anxiety sleep"},
    {"ophthalmolog", "ophthalmology eye eyes vision cataract"},
    {"dent", "dental dentistry teeth tooth toothache gum"},
    {"gastroenterolog", "gastroenterology stomach liver digestion acidity"},
    {"endocrinolog", "endocrinology diabetes thyroid hormones"},
    {"pulmonolog", "pulmonology lung lungs asthma cough breathing"},
    {"nephrolog", "nephrology kidney kidneys dialysis"},
    {"urolog", "urology urine prostate kidney stone"},
    {"oncolog", "oncology cancer tumour tumor"},
    {"rheumatolog", "rheumatology arthritis joints"},
    {"ent", "ear nose throat sinus hearing tonsils"},
    {"general physician", "fever cold flu family medicine"},
    {"physiotherap", "physiotherapy back pain neck pain sports injury"},
    {"haematolog", "haematology hematology blood anaemia"},
    {"general surgeon", "surgery hernia appendix"},
}};

constexpr std::string_view hints_of(std::string_view folded_name) {
  for (const auto& [start, words] : speciality_hints) {
    if (folded_name.starts_with(start)) return words;
  }
  return {};
}

}  // namespace fairward::directory
