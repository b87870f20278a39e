// What the directory's endpoints take and give. Names as in the API; lengths are code points, money in minor units.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"

namespace fairward::directory {

using Keyword = BoundedText<0, 120>;
using Cursor = BoundedText<1, 600>;
using PostalCodeText = BoundedText<1, 12>;

struct CityQuery {
  std::optional<Keyword> keyword;
  BoundedIntOr<1, 500, 100> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(CityQuery, (), (keyword, limit, cursor))
struct CityItem {
  CityId id;
  std::string name;
  std::optional<std::string> state;
  std::int64_t hospitals = 0, doctors = 0;
};
BOOST_DESCRIBE_STRUCT(CityItem, (), (id, name, state, hospitals, doctors))

struct SpecialityQuery {
  std::optional<CityId> city_id;
};
BOOST_DESCRIBE_STRUCT(SpecialityQuery, (), (city_id))
struct SpecialityItem {
  SpecialityId id;
  std::string name;
  std::int64_t doctors = 0;
};
BOOST_DESCRIBE_STRUCT(SpecialityItem, (), (id, name, doctors))

// pending: waits for the platform's administrator, who alone sees it, or refused.
BOOST_DEFINE_ENUM_CLASS(HospitalStatus, active, closed, pending, refused)
BOOST_DEFINE_ENUM_CLASS(HospitalStatusFilter, active, closed, all, pending, refused)
struct HospitalQuery {
  std::optional<CityId> city_id;
  std::optional<Keyword> keyword;
  std::optional<PostalCodeText> postal_code;
  std::optional<double> latitude, longitude, radius_km;
  std::optional<HospitalStatusFilter> status;  // active ones when absent
  BoundedIntOr<1, 100, 20> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(HospitalQuery, (),
                      (city_id, keyword, postal_code, latitude, longitude, radius_km, status, limit, cursor))
struct HospitalItem {
  HospitalId id;
  std::string name;
  CityId city_id;
  std::string city_name;
  std::optional<std::string> address, postal_code;
  std::string time_zone;
  std::optional<double> latitude, longitude;
  std::optional<std::string> phone;
  std::optional<double> distance_km;
  std::int64_t doctors = 0;
  HospitalStatus status = HospitalStatus::active;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(HospitalItem, (),
                      (id, name, city_id, city_name, address, postal_code, time_zone, latitude, longitude, phone,
                       distance_km, doctors, status, version))
struct HospitalPath {
  HospitalId id;
};
BOOST_DESCRIBE_STRUCT(HospitalPath, (), (id))
struct HospitalCreate {
  BoundedText<1, 200> name;
  BoundedText<1, 100> city_name;  // made when it is not known
  std::optional<BoundedText<0, 100>> state;
  std::optional<BoundedText<0, 300>> address;
  std::optional<PostalCodeText> postal_code;
  BoundedText<1, 64> time_zone;  // IANA
  std::optional<double> latitude, longitude;
  std::optional<BoundedText<0, 40>> phone;
};
BOOST_DESCRIBE_STRUCT(HospitalCreate, (),
                      (name, city_name, state, address, postal_code, time_zone, latitude, longitude, phone))
struct HospitalApply {
  BoundedText<1, 200> name;
  BoundedText<1, 100> city_name;
  std::optional<BoundedText<0, 100>> state;
  std::optional<BoundedText<0, 300>> address;
  std::optional<PostalCodeText> postal_code;
  BoundedText<1, 64> time_zone;  // IANA
  std::optional<double> latitude, longitude;
  std::optional<BoundedText<0, 40>> phone;
  BoundedText<1, 200> contact_name;           // who will manage it
  BoundedText<3, 200> contact_email;          // where the answer goes
  std::optional<BoundedText<2, 8>> language;  // of the answer
};
BOOST_DESCRIBE_STRUCT(HospitalApply, (),
                      (name, city_name, state, address, postal_code, time_zone, latitude, longitude, phone,
                       contact_name, contact_email, language))
struct HospitalApplied {
  HospitalStatus status = HospitalStatus::pending;
};
BOOST_DESCRIBE_STRUCT(HospitalApplied, (), (status))
struct HospitalApplication {
  HospitalId hospital_id;
  HospitalStatus status = HospitalStatus::pending;
  std::string contact_name, contact_email;
  Instant applied_at;
  std::optional<Instant> decided_at;
  std::optional<std::string> reason;
  bool is_invited = false;  // an invitation went to the contact when it was approved
};
BOOST_DESCRIBE_STRUCT(HospitalApplication, (),
                      (hospital_id, status, contact_name, contact_email, applied_at, decided_at, reason, is_invited))
struct HospitalApproval {
  HospitalId id;
  bool approved = false;
  std::optional<BoundedText<1, 500>> reason;  // why not; it is told to the contact
};
BOOST_DESCRIBE_STRUCT(HospitalApproval, (), (id, approved, reason))
struct HospitalUpdate {  // what is absent stays
  HospitalId id;
  std::optional<BoundedText<1, 200>> name;
  std::optional<BoundedText<1, 100>> city_name;
  std::optional<BoundedText<0, 100>> state;
  std::optional<BoundedText<0, 300>> address;
  std::optional<PostalCodeText> postal_code;
  std::optional<BoundedText<1, 64>> time_zone;
  std::optional<double> latitude, longitude;
  std::optional<BoundedText<0, 40>> phone;
  std::optional<HospitalStatus> status;  // the platform's administrator opens and closes
};
BOOST_DESCRIBE_STRUCT(HospitalUpdate, (),
                      (id, name, city_name, state, address, postal_code, time_zone, latitude, longitude, phone, status))

struct DepartmentQuery {
  HospitalId hospital_id;
};
BOOST_DESCRIBE_STRUCT(DepartmentQuery, (), (hospital_id))
struct DepartmentItem {
  DepartmentId id;
  HospitalId hospital_id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(DepartmentItem, (), (id, hospital_id, name))
struct DepartmentCreate {
  HospitalId hospital_id;
  BoundedText<1, 100> name;
};
BOOST_DESCRIBE_STRUCT(DepartmentCreate, (), (hospital_id, name))
struct DepartmentPath {
  DepartmentId id;
};
BOOST_DESCRIBE_STRUCT(DepartmentPath, (), (id))

BOOST_DEFINE_ENUM_CLASS(DoctorSort, relevance, rating, distance, first_free, fee, name)
struct DoctorQuery {
  std::optional<Keyword> keyword;
  std::optional<CityId> city_id;
  std::optional<SpecialityId> speciality_id;
  std::optional<HospitalId> hospital_id;
  std::optional<BoundedText<0, 60>> language;
  std::optional<BoundedInt<0, 1'000'000'000'000>> fee_max_minor;
  std::optional<double> rating_min;
  std::optional<double> latitude, longitude;
  std::optional<PostalCodeText> postal_code;
  std::optional<double> radius_km;
  std::optional<BoundedText<1, 40>> available_from, available_to;  // RFC 3339 instants or local days
  std::optional<DoctorSort> sort;
  BoundedIntOr<1, 30, 10> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DoctorQuery, (),
                      (keyword, city_id, speciality_id, hospital_id, language, fee_max_minor, rating_min, latitude,
                       longitude, postal_code, radius_km, available_from, available_to, sort, limit, cursor))

struct Named {
  std::int64_t id = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Named, (), (id, name))
struct PracticeItem {
  HospitalId hospital_id;
  std::string hospital_name, city_name;
  std::optional<DepartmentId> department_id;
  Money fee;
  std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(PracticeItem, (), (hospital_id, hospital_name, city_name, department_id, fee, time_zone))
struct DoctorItem {
  DoctorId id;
  std::string name, title;
  Named speciality;
  std::string qualification;
  std::optional<std::int64_t> experience_years;
  std::vector<std::string> languages;
  double rating = 0;
  std::int64_t reviews = 0;
  std::string bio;
  std::optional<std::string> image_url;
  std::optional<Named> city;
  std::vector<PracticeItem> practices;
  std::optional<double> distance_km;
  std::optional<Instant> first_free_at;
  std::vector<Instant> next_free;
};
BOOST_DESCRIBE_STRUCT(DoctorItem, (),
                      (id, name, title, speciality, qualification, experience_years, languages, rating, reviews, bio,
                       image_url, city, practices, distance_km, first_free_at, next_free))
struct FacetItem {
  std::int64_t id = 0;
  std::string name;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(FacetItem, (), (id, name, count))
struct LanguageFacet {
  std::string name;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(LanguageFacet, (), (name, count))
struct DoctorFacets {
  std::vector<FacetItem> specialities, cities;
  std::vector<LanguageFacet> languages;
};
BOOST_DESCRIBE_STRUCT(DoctorFacets, (), (specialities, cities, languages))
struct DoctorPage {
  std::vector<DoctorItem> items;
  std::optional<std::string> next;
  std::int64_t total = 0;
  std::optional<std::string> suggestion;
  DoctorFacets facets;
};
BOOST_DESCRIBE_STRUCT(DoctorPage, (), (items, next, total, suggestion, facets))
struct DoctorProfile {
  DoctorId id;
  std::string name, title;
  Named speciality;
  std::string qualification;
  std::optional<std::int64_t> experience_years;
  std::vector<std::string> languages;
  double rating = 0;
  std::int64_t reviews = 0;
  std::string bio;
  std::optional<std::string> image_url;
  std::optional<Named> city;
  std::vector<PracticeItem> practices;
  std::optional<Instant> first_free_at;
  std::vector<Instant> next_free;
  std::int64_t max_booking_days = 0;
  std::optional<std::string> telephone, email;
  std::string given_name, family_name, status;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(DoctorProfile, (),
                      (id, name, title, speciality, qualification, experience_years, languages, rating, reviews, bio,
                       image_url, city, practices, first_free_at, next_free, max_booking_days, telephone, email,
                       given_name, family_name, status, version))
struct DoctorPath {
  DoctorId id;
};
BOOST_DESCRIBE_STRUCT(DoctorPath, (), (id))

struct PracticeInput {
  HospitalId hospital_id;
  std::optional<DepartmentId> department_id;
  Money fee;
  std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(PracticeInput, (), (hospital_id, department_id, fee, is_active))
struct DoctorCreate {
  std::optional<BoundedText<0, 20>> title;
  BoundedText<1, 80> given_name;
  std::optional<BoundedText<0, 80>> family_name;
  std::optional<SpecialityId> speciality_id;  // one of the two
  std::optional<BoundedText<1, 80>> speciality;
  std::optional<BoundedText<0, 200>> qualification;
  std::optional<BoundedInt<0, 80>> experience_years;
  std::optional<std::vector<BoundedText<1, 40>>> languages;
  std::optional<BoundedText<0, 2000>> bio;
  std::optional<BoundedText<0, 500>> image_url;
  std::optional<BoundedText<0, 40>> telephone;
  std::optional<BoundedText<0, 254>> email;
  std::vector<PracticeInput> practices;
};
BOOST_DESCRIBE_STRUCT(DoctorCreate, (),
                      (title, given_name, family_name, speciality_id, speciality, qualification, experience_years,
                       languages, bio, image_url, telephone, email, practices))
BOOST_DEFINE_ENUM_CLASS(DoctorStatusInput, active, pending, closed)
struct DoctorUpdate {  // what is absent stays
  DoctorId id;
  std::optional<BoundedText<0, 20>> title;
  std::optional<BoundedText<1, 80>> given_name;
  std::optional<BoundedText<0, 80>> family_name;
  std::optional<SpecialityId> speciality_id;
  std::optional<BoundedText<1, 80>> speciality;
  std::optional<BoundedText<0, 200>> qualification;
  std::optional<BoundedInt<0, 80>> experience_years;
  std::optional<std::vector<BoundedText<1, 40>>> languages;
  std::optional<BoundedText<0, 2000>> bio;
  std::optional<BoundedText<0, 500>> image_url;
  std::optional<BoundedText<0, 40>> telephone;
  std::optional<BoundedText<0, 254>> email;
  std::optional<DoctorStatusInput> status;
  std::optional<std::vector<PracticeInput>> practices;  // those of the caller's hospitals; the others stay
};
BOOST_DESCRIBE_STRUCT(DoctorUpdate, (),
                      (id, title, given_name, family_name, speciality_id, speciality, qualification, experience_years,
                       languages, bio, image_url, telephone, email, status, practices))

// The doctors of a hospital for its administrators, those whom patients do not find too.
BOOST_DEFINE_ENUM_CLASS(RosterStatus, bookable, inactive, pending, closed)
struct RosterQuery {
  std::optional<HospitalId> hospital_id;
  std::optional<Keyword> keyword;      // how words of the name or of the speciality begin
  std::optional<RosterStatus> status;  // inactive: whoever is not bookable, for whatever reason
  BoundedIntOr<1, 100, 30> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(RosterQuery, (), (hospital_id, keyword, status, limit, cursor))
struct RosterPractice {
  HospitalId hospital_id;
  std::string hospital_name, city_name;
  std::optional<DepartmentId> department_id;
  Money fee;
  bool is_active = true;
};
BOOST_DESCRIBE_STRUCT(RosterPractice, (), (hospital_id, hospital_name, city_name, department_id, fee, is_active))
struct RosterItem {
  DoctorId id;
  std::string name;
  Named speciality;
  DoctorStatusInput status = DoctorStatusInput::active;
  bool bookable = false;  // at the hospital that was asked for, or anywhere
  std::vector<RosterPractice> practices;
  std::int64_t version = 0;  // for If-Match
};
BOOST_DESCRIBE_STRUCT(RosterItem, (), (id, name, speciality, status, bookable, practices, version))

struct ProfileUpdate {  // what a doctor may say of the own person
  std::optional<BoundedText<0, 200>> qualification;
  std::optional<BoundedInt<0, 80>> experience_years;
  std::optional<std::vector<BoundedText<1, 40>>> languages;
  std::optional<BoundedText<0, 2000>> bio;
  std::optional<BoundedText<0, 500>> image_url;
  std::optional<BoundedText<0, 40>> telephone;
  std::optional<BoundedText<0, 254>> email;
};
BOOST_DESCRIBE_STRUCT(ProfileUpdate, (), (qualification, experience_years, languages, bio, image_url, telephone, email))
struct NoInput {};
BOOST_DESCRIBE_STRUCT(NoInput, (), ())

// SearchDoctors of document (C): these names and no others, and `cursor`, which the Link header brings.
struct DoctorSearchQuery {
  std::optional<BoundedText<0, 200>> api_dev_key;
  std::optional<Keyword> keyword;
  std::optional<BoundedText<0, 100>> city;
  std::optional<BoundedText<0, 60>> lat_long;
  std::optional<BoundedText<0, 20>> radius;  // kilometres
  std::optional<BoundedText<0, 40>> start_datetime, end_datetime;
  std::optional<BoundedText<0, 12>> postal_code;
  std::optional<BoundedText<0, 8>> includeSpellcheck;
  std::optional<BoundedText<0, 8>> results_per_page;
  std::optional<BoundedText<0, 30>> sorting_order;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DoctorSearchQuery, (),
                      (api_dev_key, keyword, city, lat_long, radius, start_datetime, end_datetime, postal_code,
                       includeSpellcheck, results_per_page, sorting_order, cursor))
struct DoctorSearchHit {
  std::int64_t id = 0;
  std::string fname, sname, sal_name, spec_name, bio;
  std::optional<std::string> img_url;
  std::int64_t max_bok_day = 0;
  std::string city_name;
  std::optional<std::string> email, tel;
  std::string ful_name, full_name;
  std::optional<Date> first_avl_day;
};
BOOST_DESCRIBE_STRUCT(DoctorSearchHit, (),
                      (id, fname, sname, sal_name, spec_name, bio, img_url, max_bok_day, city_name, email, tel,
                       ful_name, full_name, first_avl_day))

BOOST_DEFINE_ENUM_CLASS(SuggestionKind, speciality, city, hospital, doctor)
struct SuggestionQuery {
  std::optional<Keyword> q;
  std::optional<CityId> city_id;  // counts and doctors of this city
  BoundedIntOr<1, 10, 4> limit;   // of each kind
};
BOOST_DESCRIBE_STRUCT(SuggestionQuery, (), (q, city_id, limit))
struct SuggestionItem {
  SuggestionKind kind = SuggestionKind::speciality;
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> detail;    // a doctor's speciality and city, a hospital's city, a city's state
  std::optional<std::int64_t> doctors;  // of a speciality or city
};
BOOST_DESCRIBE_STRUCT(SuggestionItem, (), (kind, id, name, detail, doctors))
struct SuggestionList {
  std::vector<SuggestionItem> items;
  std::optional<std::string> suggestion;
};
BOOST_DESCRIBE_STRUCT(SuggestionList, (), (items, suggestion))

struct PostalCodePath {
  PostalCodeText code;
};
BOOST_DESCRIBE_STRUCT(PostalCodePath, (), (code))
struct PostalCodeItem {
  std::string code;
  std::optional<double> latitude, longitude;
  std::optional<std::string> city_name, state;
};
BOOST_DESCRIBE_STRUCT(PostalCodeItem, (), (code, latitude, longitude, city_name, state))

}  // namespace fairward::directory
