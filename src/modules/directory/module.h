// The directory at work: the current version in memory, the operations behind the routes, and how a commit becomes the
// next version.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "modules/directory/api.h"
#include "modules/directory/directory.h"
#include "modules/directory/search.h"
#include "modules/directory/wiring.h"

namespace fairward::directory {

// What a transaction changed, as its rows are after it.
struct Change {
  std::vector<CityRow> cities;
  std::vector<SpecialityRow> specialities;
  std::vector<HospitalRow> hospitals;
  std::vector<std::pair<HospitalId, std::vector<DepartmentRow>>> departments;  // all of those hospitals
  std::vector<std::pair<DoctorRow, std::vector<PracticeRow>>> doctors;
};

class Module final : public Directory {
 public:
  explicit Module(const Clock& clock);

  void routes(api::Routes& routes) override;
  void load(Snapshot& db) override;
  void free_times(const FreeTimes& port) override { free_.store(&port); }
  const std::string* time_zone(HospitalId hospital) const override;
  void deciding(Deciding deciding) { deciding_ = std::move(deciding); }
  void free_times_changed(DoctorId doctor) override;
  void free_times_arrange() override;
  void refresh(Snapshot& db, DoctorId doctor) override;
  bool practises_at(DoctorId doctor, const std::set<HospitalId>& hospitals) const override;
  void heard(const sql::Event& event) override;
  void doubt_all() override;
  bool is_in_doubt() const override;
  void doubts_settle(Snapshot& db) override;
  bool rating_change(Txn& txn, DoctorId doctor, std::int64_t stars, std::int64_t reviews) override;

  // From memory.
  Result<Page<CityItem>> city_list(Call& call, const CityQuery& query);
  Result<Page<SpecialityItem>> speciality_list(Call& call, const SpecialityQuery& query);
  Result<Page<HospitalItem>> hospital_list(Call& call, const HospitalQuery& query);
  Result<HospitalItem> hospital_view(Call& call, const HospitalPath& path);
  Result<Page<DepartmentItem>> department_list(Call& call, const DepartmentQuery& query);
  Result<Serialized<DoctorPage>> doctor_list(Call& call, const DoctorQuery& query);
  api::ReplyState doctor_list_state(const Call& call, const DoctorQuery& query) const;
  Result<Serialized<std::vector<DoctorSearchHit>>> doctor_search(Call& call, const DoctorSearchQuery& query);
  Result<SuggestionList> suggestion_list(Call& call, const SuggestionQuery& query);
  Result<Serialized<DoctorProfile>> doctor_view(Call& call, const DoctorPath& path);
  Result<Serialized<DoctorProfile>> doctor_profile_view(Call& call, const NoInput&);
  Result<PostalCodeItem> postal_code_view(Call& call, const PostalCodePath& path);
  Result<Page<RosterItem>> doctor_roster_list(Snapshot& db, Call& call, const RosterQuery& query);

  // Writes.
  Result<Created<HospitalItem>> hospital_create(Txn& txn, Call& call, const HospitalCreate& body);
  Result<HospitalItem> hospital_update(Txn& txn, Call& call, const HospitalUpdate& body);
  // Anybody applies for a hospital; the platform's administrator decides.
  Result<Accepted<HospitalApplied>> hospital_application_create(Txn& txn, Call& call, const HospitalApply& body);
  Result<HospitalApplication> hospital_application_view(Snapshot& db, Call& call, const HospitalPath& path);
  Result<HospitalItem> hospital_approval_put(Txn& txn, Call& call, const HospitalApproval& body);
  Result<Created<DepartmentItem>> department_create(Txn& txn, Call& call, const DepartmentCreate& body);
  Result<NoContent> department_delete(Txn& txn, Call& call, const DepartmentPath& path);
  Result<Created<api::RawJson>> doctor_create(Txn& txn, Call& call, const DoctorCreate& body);
  Result<Serialized<DoctorProfile>> doctor_update(Txn& txn, Call& call, const DoctorUpdate& body);
  Result<Serialized<DoctorProfile>> doctor_profile_update(Txn& txn, Call& call, const ProfileUpdate& body);

  std::shared_ptr<const Version> current() const;

 private:
  void place_routes(api::Routes& routes);
  void doctor_routes(api::Routes& routes);
  int year() const;
  void publish(std::shared_ptr<const Version> version);
  void apply(const Change& change);
  void apply_on_commit(Txn& txn, Change change);
  void doubt(const Change& change);
  Result<CityId> city_write(Txn& txn, Change& change, const std::string& name, const std::string& state);
  Result<std::string> doctor_write(Txn& txn, Call& call, DoctorRow row,
                                   const std::optional<std::vector<PracticeInput>>& practices, Change change);
  std::string profile_json(const Version& version, const DoctorCard& doctor, Instant now) const;
  std::string profile_after(const Change& change, const DoctorRow& row, const std::vector<PracticeRow>& practices,
                            Instant now) const;
  HospitalItem hospital_item(const Version& version, const HospitalCard& hospital) const;

  const Clock& clock_;
  Deciding deciding_;
  std::atomic<const FreeTimes*> free_{nullptr};
  mutable std::mutex current_mutex_;  // held only to copy the pointer
  std::shared_ptr<const Version> current_;
  std::mutex change_mutex_;  // one maker of versions at a time
  // What commits without an answer may have changed.
  struct Doubts {
    std::set<DoctorId> doctors;
    std::set<HospitalId> hospitals;  // with their departments
    std::uint64_t number = 0;        // of doubts so far
  };
  mutable std::mutex doubts_mutex_;
  Doubts doubts_;
};

}  // namespace fairward::directory
