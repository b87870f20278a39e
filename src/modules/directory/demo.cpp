#include "modules/directory/demo.h"

#include <array>
#include <string>
#include <string_view>

#include "modules/directory/rules.h"
#include "modules/directory/store.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t doctors_per_transaction = 2000;

struct City {
  std::string_view name, state, language, postal_start;
  double latitude, longitude;
};
constexpr std::array<City, 20> cities{{
    {"Mumbai", "Maharashtra", "Marathi", "4000", 19.0760, 72.8777},
    {"Delhi", "Delhi", "Hindi", "1100", 28.6139, 77.2090},
    {"Bengaluru", "Karnataka", "Kannada", "5600", 12.9716, 77.5946},
    {"Hyderabad", "Telangana", "Telugu", "5000", 17.3850, 78.4867},
    {"Ahmedabad", "Gujarat", "Gujarati", "3800", 23.0225, 72.5714},
    {"Chennai", "Tamil Nadu", "Tamil", "6000", 13.0827, 80.2707},
    {"Kolkata", "West Bengal", "Bengali", "7000", 22.5726, 88.3639},
    {"Pune", "Maharashtra", "Marathi", "4110", 18.5204, 73.8567},
    {"Jaipur", "Rajasthan", "Hindi", "3020", 26.9124, 75.7873},
    {"Surat", "Gujarat", "Gujarati", "3950", 21.1702, 72.8311},
    {"Lucknow", "Uttar Pradesh", "Hindi", "2260", 26.8467, 80.9462},
    {"Kochi", "Kerala", "Malayalam", "6820", 9.9312, 76.2673},
    {"Nagpur", "Maharashtra", "Marathi", "4400", 21.1458, 79.0882},
    {"Indore", "Madhya Pradesh", "Hindi", "4520", 22.7196, 75.8577},
    {"Bhubaneswar", "Odisha", "Odia", "7510", 20.2961, 85.8245},
    {"Chandigarh", "Chandigarh", "Punjabi", "1600", 30.7333, 76.7794},
    {"Guwahati", "Assam", "Assamese", "7810", 26.1445, 91.7362},
    {"Visakhapatnam", "Andhra Pradesh", "Telugu", "5300", 17.6868, 83.2185},
    {"Coimbatore", "Tamil Nadu", "Tamil", "6410", 11.0168, 76.9558},
    {"Patna", "Bihar", "Hindi", "8000", 25.5941, 85.1376},
}};

struct Speciality {
  std::string_view name, qualification, department;
  int fee_rupees;
};
constexpr std::array<Speciality, 24> specialities{{
    {"Cardiologist", "MBBS, MD, DM (Cardiology)", "Cardiology", 900},
    {"Dermatologist", "MBBS, MD (Dermatology)", "Dermatology", 600},
    {"Paediatrician", "MBBS, MD (Paediatrics)", "Paediatrics", 500},
    {"Orthopaedic Surgeon", "MBBS, MS (Orthopaedics)", "Orthopaedics", 700},
    {"Gynaecologist", "MBBS, MD (Obstetrics and Gynaecology)", "Gynaecology", 650},
    {"Neurologist", "MBBS, MD, DM (Neurology)", "Neurology", 1000},
    {"Psychiatrist", "MBBS, MD (Psychiatry)", "Psychiatry", 800},
    {"Ophthalmologist", "MBBS, MS (Ophthalmology)", "Eye Care", 500},
    {"Dentist", "BDS, MDS", "Dental Care", 400},
    {"Gastroenterologist", "MBBS, MD, DM (Gastroenterology)", "Gastroenterology", 900},
    {"Endocrinologist", "MBBS, MD, DM (Endocrinology)", "Endocrinology", 850},
    {"Pulmonologist", "MBBS, MD (Respiratory Medicine)", "Chest Medicine", 700},
    {"Nephrologist", "MBBS, MD, DM (Nephrology)", "Nephrology", 900},
    {"Urologist", "MBBS, MS, MCh (Urology)", "Urology", 850},
    {"Oncologist", "MBBS, MD, DM (Medical Oncology)", "Oncology", 1200},
    {"Rheumatologist", "MBBS, MD, DM (Rheumatology)", "Rheumatology", 800},
    {"ENT Specialist", "MBBS, MS (ENT)", "Ear, Nose and Throat", 550},
    {"General Physician", "MBBS, MD (General Medicine)", "General Medicine", 400},
    {"Physiotherapist", "BPT, MPT", "Physiotherapy", 350},
    {"Haematologist", "MBBS, MD, DM (Haematology)", "Haematology", 900},
    {"General Surgeon", "MBBS, MS (General Surgery)", "Surgery", 650},
    {"Diabetologist", "MBBS, MD, Fellowship in Diabetology", "Diabetes Care", 600},
    {"Radiologist", "MBBS, MD (Radiodiagnosis)", "Radiology", 700},
    {"Anaesthesiologist", "MBBS, MD (Anaesthesiology)", "Anaesthesia", 700},
}};

constexpr std::array<std::string_view, 64> given_names{
    "Asha",      "Ravi",      "Priya",    "Arjun",   "Meera",    "Vikram",  "Ananya",    "Rahul",
    "Kavita",    "Suresh",    "Lakshmi",  "Imran",   "Fatima",   "Joseph",  "Mary",      "Harpreet",
    "Gurleen",   "Debashish", "Sharmila", "Anjali",  "Karthik",  "Divya",   "Venkatesh", "Padma",
    "Nikhil",    "Sneha",     "Rohan",    "Pooja",   "Amit",     "Neha",    "Sanjay",    "Ritu",
    "Manoj",     "Sunita",    "Ajay",     "Geeta",   "Farhan",   "Zoya",    "Thomas",    "Elizabeth",
    "Balwinder", "Simran",    "Subhash",  "Moumita", "Prakash",  "Revathi", "Murali",    "Saraswati",
    "Hiren",     "Jigna",     "Pranab",   "Rupali",  "Biswajit", "Madhuri", "Chetan",    "Vidya",
    "Naveen",    "Swati",     "Deepak",   "Aparna",  "Tenzin",   "Pema",    "Salman",    "Ayesha"};
constexpr std::array<std::string_view, 72> family_names{
    "Rao",        "Sharma",    "Iyer",      "Patel",   "Nair",      "Singh",   "Gupta",    "Reddy",       "Das",
    "Banerjee",   "Khan",      "Fernandes", "Kaur",    "Menon",     "Joshi",   "Desai",    "Kulkarni",    "Deshpande",
    "Chatterjee", "Mukherjee", "Bose",      "Ghosh",   "Sen",       "Pillai",  "Krishnan", "Subramanian", "Murthy",
    "Hegde",      "Shetty",    "Gowda",     "Naidu",   "Chowdhury", "Ansari",  "Siddiqui", "Sheikh",      "Qureshi",
    "Thomas",     "Mathew",    "George",    "D'Souza", "Pereira",   "Gill",    "Sandhu",   "Dhillon",     "Bhatia",
    "Malhotra",   "Kapoor",    "Chopra",    "Mehta",   "Shah",      "Trivedi", "Parikh",   "Agarwal",     "Jain",
    "Bansal",     "Mittal",    "Mishra",    "Pandey",  "Tiwari",    "Dubey",   "Yadav",    "Verma",       "Saxena",
    "Srivastava", "Mohanty",   "Patnaik",   "Panda",   "Borah",     "Saikia",  "Kalita",   "Bhutia",      "Lepcha"};
constexpr std::array<std::string_view, 16> hospital_starts{
    "Sanjeevani", "Aarogya",  "Lotus",      "City Care", "Sunrise",   "Shanti",   "Jeevan", "Green Park",
    "Amrit",      "Lifeline", "Saint Mary", "Navjeevan", "Riverside", "Ashirwad", "Metro",  "Dhanvantari"};
constexpr std::array<std::string_view, 6> hospital_ends{
    "Hospital", "Multispeciality Hospital", "Medical Centre", "Clinic", "Nursing Home", "Institute of Medicine"};
constexpr std::array<std::string_view, 12> streets{"Station Road", "M G Road",        "Nehru Marg",   "Gandhi Chowk",
                                                   "Ring Road",    "Lake View Road",  "Park Street",  "Temple Road",
                                                   "Market Yard",  "University Road", "Airport Road", "Civil Lines"};
constexpr std::array<std::string_view, 5> bios{
    "Listens first, explains every step and treats with as little medicine as possible.",
    "Known for careful diagnosis and for keeping to the time of the appointment.",
    "Works with families on long illnesses and on how to prevent them.",
    "Trained at teaching hospitals in India; regularly teaches young doctors.",
    "Combines examination, tests and advice in one visit wherever that is possible."};

// A generator whose numbers are the same everywhere (splitmix64); the standard distributions are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ull + 0x1234567) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
  }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class List>
  const auto& of(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }
  double spread(double most) { return (static_cast<double>(below(20'001)) / 10'000 - 1) * most; }

 private:
  std::uint64_t state_;
};

struct DemoHospital {
  HospitalId id;
  std::vector<DepartmentId> departments;  // by place in specialities
};

HospitalRow hospital_invent(Chance& chance, const City& city, CityId city_id, int number) {
  HospitalRow row;
  row.city = city_id, row.source = "demo", row.is_demo = true, row.time_zone = "Asia/Kolkata";
  row.name = std::string(hospital_starts[static_cast<std::size_t>(number) % hospital_starts.size()]) + " " +
             std::string(chance.of(hospital_ends));
  if (number >= static_cast<int>(hospital_starts.size()))
    row.name += " " + std::to_string(number / static_cast<int>(hospital_starts.size()) + 1);
  row.source_key = folded(city.name) + "|" + std::to_string(number);
  row.address =
      std::to_string(1 + chance.below(200)) + ", " + std::string(chance.of(streets)) + ", " + std::string(city.name);
  row.postal_code = std::string(city.postal_start) + (number < 9 ? "0" : "") + std::to_string(number % 99 + 1);
  row.latitude = city.latitude + chance.spread(0.12), row.longitude = city.longitude + chance.spread(0.12);
  row.phone = "+91 00000 " + std::to_string(10000 + chance.below(90000));
  return row;
}

DemoHospital departments_invent(Txn& txn, HospitalId id) {
  DemoHospital hospital{id, {}};
  for (const auto& speciality : specialities) {
    const auto made = store::department_insert(txn, id, speciality.department);
    hospital.departments.push_back(made.value_or(DepartmentId{}));
  }
  return hospital;
}

// Ratings come from reviews and are not invented. What was drawn for them is drawn still, so that the demo has the same
// people as ever: the written search queries (tests/search) name them.
void ratings_skip(Chance& chance) {
  if (chance.one_in(12)) return;
  for (auto count = 1 + chance.below(240); count > 0; --count)
    if (chance.one_in(3)) chance.below(3);
}

DoctorRow doctor_invent(Chance& chance, std::string_view language, std::size_t speciality, SpecialityId speciality_id,
                        int year) {
  const auto& kind = specialities[speciality];
  DoctorRow row;
  row.title = "Dr", row.given_name = chance.of(given_names), row.family_name = chance.of(family_names);
  row.full_name = full_name(row.title, row.given_name, row.family_name);
  row.speciality = speciality_id, row.qualification = kind.qualification;
  row.practising_since = year - 2 - chance.below(34);
  std::vector<std::string> languages{"English", std::string(language)};
  if (language != "Hindi" && !chance.one_in(3)) languages.emplace_back("Hindi");
  if (chance.one_in(9)) languages.emplace_back("Urdu");
  row.languages = languages_joined(languages);
  row.bio = std::string(kind.name) + " with " + std::to_string(year - *row.practising_since) +
            " years of experience. " + std::string(chance.of(bios));
  row.telephone = "+91 00000 " + std::to_string(10000 + chance.below(90000));
  row.email = folded(row.given_name) + "." + folded(row.family_name) + "." + std::to_string(chance.below(1'000'000)) +
              "@example.org";
  ratings_skip(chance);
  row.is_demo = true;
  return row;
}

std::int64_t fee_invent(Chance& chance, std::size_t speciality, std::int64_t since, int year) {
  const auto base = specialities[speciality].fee_rupees + (year - since) * 10 + chance.below(9) * 50;
  return base / 50 * 50 * 100;
}

std::vector<SpecialityId> specialities_ensure(Txn& txn) {
  std::vector<SpecialityId> ids;
  ids.reserve(std::size(specialities));
  for (const auto& speciality : specialities) ids.push_back(store::speciality_ensure(txn, speciality.name));
  return ids;
}

int year_of(Instant now) { return civil_from_date(Date{static_cast<std::int32_t>(now.ms / 86'400'000)}).year; }

// One doctor of the city with one or two hospitals.
void doctor_add(Txn& txn, Chance& chance, DemoDirectory& made, const std::vector<DemoHospital>& hospitals,
                std::string_view language, std::size_t speciality, SpecialityId speciality_id, int year) {
  const auto row = doctor_invent(chance, language, speciality, speciality_id, year);
  const auto id = store::doctor_insert(txn, row);
  made.doctors.push_back(id);
  const auto first = static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(hospitals.size())));
  const std::size_t count = hospitals.size() > 1 && chance.one_in(8) ? 2 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& hospital = hospitals[(first + i) % hospitals.size()];
    const auto department = hospital.departments[speciality];
    store::practice_upsert(txn, {id, hospital.id, department ? std::optional(department) : std::nullopt,
                                 fee_invent(chance, speciality, *row.practising_since, year), "INR", true});
    made.practices.push_back({id, hospital.id, i == 0});
  }
}

}  // namespace

DemoDirectory demo_fill(sql::Engine& engine, const DemoOptions& options, Instant now) {
  DemoDirectory made;
  Chance chance(options.seed);
  const int year = year_of(now);
  std::vector<SpecialityId> speciality_ids;
  std::vector<std::vector<DemoHospital>> hospitals;
  const auto city_count = std::min<std::size_t>(cities.size(), static_cast<std::size_t>(std::max(0, options.cities)));
  engine.write_now([&](Txn& txn) {
    made = {}, chance = Chance(options.seed), hospitals.clear();  // the engine may run it again
    speciality_ids = specialities_ensure(txn);
    for (std::size_t c = 0; c < city_count; ++c) {
      const auto city = store::city_ensure(txn, cities[c].name, cities[c].state);
      auto& of_city = hospitals.emplace_back();
      for (int h = 0; h < std::max(1, options.hospitals_per_city); ++h) {
        const auto row = hospital_invent(chance, cities[c], city, h);
        if (store::hospital_find_by_source(txn, row.source, *row.source_key)) {
          made.is_new = false;
          return false;
        }
        of_city.push_back(departments_invent(txn, store::hospital_insert(txn, row)));
        made.hospitals.push_back(of_city.back().id);
      }
    }
    return true;
  });
  if (!made.is_new) return {{}, {}, {}, false};
  const auto total = city_count * static_cast<std::size_t>(std::max(0, options.doctors_per_city));
  for (std::size_t begin = 0; begin < total; begin += doctors_per_transaction) {
    const auto before = made;
    const auto chance_before = chance;
    engine.write_now([&](Txn& txn) {
      made = before, chance = chance_before;
      for (std::size_t i = begin; i < std::min(total, begin + doctors_per_transaction); ++i) {
        const auto city = i / static_cast<std::size_t>(options.doctors_per_city), speciality = i % specialities.size();
        doctor_add(txn, chance, made, hospitals[city], cities[city].language, speciality, speciality_ids[speciality],
                   year);
      }
      return true;
    });
  }
  return made;
}

DemoDirectory demo_doctors_for_hospitals(sql::Engine& engine, std::uint64_t seed, int doctors_each, int hospitals_max,
                                         Instant now) {
  DemoDirectory made;
  const int year = year_of(now);
  engine.write_now([&](Txn& txn) {
    made = {};
    Chance chance(seed);
    const auto speciality_ids = specialities_ensure(txn);
    std::size_t speciality = 0;
    for (const auto& row : store::hospitals_without_doctors(txn, hospitals_max)) {
      made.hospitals.push_back(row.id);
      const std::vector<DemoHospital> here{departments_invent(txn, row.id)};
      for (int i = 0; i < doctors_each; ++i, speciality = (speciality + 1) % specialities.size())
        doctor_add(txn, chance, made, here, "Hindi", speciality, speciality_ids[speciality], year);
    }
    return true;
  });
  return made;
}

}  // namespace fairward::directory
