#include "modules/directory/module.h"

#include "modules/directory/hospital_list.h"
#include "modules/directory/text.h"
#include "platform/api/hub.h"

namespace fairward::directory {
namespace {

void hospitals_changed(World& world) { world.hospital_list = std::make_shared<const HospitalList>(world.hospitals); }

void postal_codes_load(World& world, Snapshot& db) {
  auto codes = std::make_shared<std::unordered_map<std::string, PostalCodeRow>>();
  store::postal_codes_each(db, [&](PostalCodeRow&& row) {
    auto code = row.code;
    codes->emplace(std::move(code), std::move(row));
  });
  world.postal_codes = std::move(codes);
}

void departments_load(World& world, Snapshot& db) {
  std::vector<DepartmentRow> of_one;
  const auto keep = [&] {
    if (of_one.empty()) return;
    const auto hospital = of_one.front().hospital.value;
    world.departments.fill(hospital, std::make_shared<const std::vector<DepartmentRow>>(std::exchange(of_one, {})));
  };
  for (auto& row : store::departments(db)) {
    if (!of_one.empty() && of_one.front().hospital != row.hospital) keep();
    of_one.push_back(std::move(row));
  }
  keep();
}

void doctors_load(World& world, Languages& languages, Snapshot& db, int year) {
  std::unordered_map<std::int64_t, std::vector<PracticeRow>> practices;
  store::practices_each(db, [&](PracticeRow&& row) { practices[row.doctor.value].push_back(std::move(row)); });
  store::doctors_each(db, [&](DoctorRow&& row) {
    const auto id = row.id.value;
    world.doctors.fill(id, doctor_card(world, languages, std::move(row), practices[id], year));
    practices.erase(id);
  });
}

}  // namespace

std::unique_ptr<Directory> make_directory(sql::Engine&, const Clock& clock) { return std::make_unique<Module>(clock); }

Module::Module(const Clock& clock) : clock_(clock) {
  auto empty = std::make_shared<Version>();
  empty->world.languages = std::make_shared<const Languages>();
  empty->world.postal_codes = std::make_shared<const std::unordered_map<std::string, PostalCodeRow>>();
  hospitals_changed(empty->world);
  current_ = std::move(empty);
}

int Module::year() const {
  const auto now = clock_.now();
  return civil_from_date(Date{static_cast<std::int32_t>(now.ms / 86'400'000)}).year;
}

std::shared_ptr<const Version> Module::current() const {
  const std::lock_guard lock(current_mutex_);
  return current_;
}

void Module::publish(std::shared_ptr<const Version> version) {
  const std::lock_guard lock(current_mutex_);
  current_.swap(version);  // the old one ends, if it does, after the lock is released
}

void Module::load(Snapshot& db) {
  const std::lock_guard lock(change_mutex_);
  auto version = std::make_shared<Version>();
  auto& world = version->world;
  auto languages = std::make_shared<Languages>();
  for (auto& row : store::cities(db)) {
    const auto id = row.id.value;
    world.cities.fill(id, city_card(std::move(row)));
  }
  for (auto& row : store::specialities(db)) {
    const auto id = row.id.value;
    world.specialities.fill(id, speciality_card(std::move(row)));
  }
  store::hospitals_each(db, [&](HospitalRow&& row) {
    const auto id = row.id.value;
    world.hospitals.fill(id, hospital_card(world, std::move(row)));
  });
  hospitals_changed(world);
  departments_load(world, db);
  postal_codes_load(world, db);
  doctors_load(world, *languages, db, year());
  world.languages = std::move(languages);
  segments_make(*version);
  publish(std::move(version));
}

const std::string* Module::time_zone(HospitalId hospital) const {
  const auto version = current();
  const auto* card = version->world.hospitals.find(hospital.value);
  return card == nullptr ? nullptr : card->time_zone;
}

void Module::free_times_changed(DoctorId doctor) {
  const auto version = current();
  const auto* card = version->world.doctors.find(doctor.value);
  if (card == nullptr) return;
  card->first_free.store(DoctorCard::free_unknown, std::memory_order_relaxed);
  for (const auto& view : version->segments) {
    if (const auto ordinal = view.segment->ordinal_of(doctor)) view.segment->free_orders().changed(*ordinal);
  }
}

void Module::free_times_arrange() {
  const auto version = current();
  const auto now = clock_.now();
  for (const auto& view : version->segments)
    view.segment->free_orders().by_time(*view.segment, now, first_free_ask(free_.load(), now));
}

void Module::refresh(Snapshot& db, DoctorId doctor) {
  auto row = store::doctor_find(db, doctor);
  if (!row) return;
  Change change;
  change.doctors.emplace_back(std::move(*row), store::practices_of_doctor(db, doctor));
  for (const auto& practice : change.doctors.front().second) {
    if (auto hospital = store::hospital_find(db, practice.hospital)) {
      if (auto city = store::city_find(db, hospital->city)) change.cities.push_back(std::move(*city));
      change.hospitals.push_back(std::move(*hospital));
    }
  }
  if (auto speciality = store::speciality_find(db, change.doctors.front().first.speciality))
    change.specialities.push_back(std::move(*speciality));
  apply(change);
}

bool Module::rating_change(Txn& txn, DoctorId doctor, std::int64_t stars, std::int64_t reviews) {
  if (!store::doctor_rate(txn, doctor, stars, reviews)) return false;
  Change change;
  change.doctors.emplace_back(store::doctor_find(txn, doctor).value(), store::practices_of_doctor(txn, doctor));
  apply_on_commit(txn, std::move(change));
  return true;
}

void Module::apply(const Change& change) {
  const std::lock_guard lock(change_mutex_);
  auto version = version_next(*current());
  auto& world = version->world;
  for (const auto& row : change.cities) world.cities.set(row.id.value, city_card(row));
  for (const auto& row : change.specialities) world.specialities.set(row.id.value, speciality_card(row));
  for (const auto& row : change.hospitals) {
    const auto* known = world.hospitals.find(row.id.value);
    if (known == nullptr || known->row.version <= row.version)
      world.hospitals.set(row.id.value, hospital_card(world, row));
  }
  if (!change.hospitals.empty()) hospitals_changed(world);
  for (const auto& [hospital, rows] : change.departments)
    world.departments.set(hospital.value, std::make_shared<const std::vector<DepartmentRow>>(rows));
  if (!change.doctors.empty()) {
    auto languages = std::make_shared<Languages>(*world.languages);
    std::vector<std::shared_ptr<const DoctorCard>> cards;
    for (const auto& [row, practices] : change.doctors) {
      const auto* known = world.doctors.find(row.id.value);
      if (known == nullptr || known->row.version <= row.version)
        cards.push_back(doctor_card(world, *languages, row, practices, year()));
    }
    world.languages = std::move(languages);
    doctors_put(*version, cards);
  }
  publish(std::move(version));
}

void Module::apply_on_commit(Txn& txn, Change change) {
  for (const auto& [row, practices] : change.doctors)
    txn.emit({"doctor/" + std::to_string(row.id.value), "directory.doctor_changed",
              "{\"doctor_id\":" + std::to_string(row.id.value) + "}"});
  std::set<HospitalId> hospitals;
  for (const auto& row : change.hospitals) hospitals.insert(row.id);
  for (const auto& [hospital, rows] : change.departments) hospitals.insert(hospital);
  for (const HospitalId id : hospitals)
    txn.emit({"hospital/" + std::to_string(id.value), "directory.hospital_changed",
              "{\"hospital_id\":" + std::to_string(id.value) + "}"});
  const auto shared = std::make_shared<const Change>(std::move(change));
  txn.on_commit([this, shared] { apply(*shared); });
  txn.on_doubt([this, shared] { doubt(*shared); });
}

void Module::doubt(const Change& change) {
  const std::lock_guard lock(doubts_mutex_);
  ++doubts_.number;
  for (const auto& [row, practices] : change.doctors) doubts_.doctors.insert(row.id);
  for (const auto& row : change.hospitals) doubts_.hospitals.insert(row.id);
  for (const auto& [hospital, rows] : change.departments) doubts_.hospitals.insert(hospital);
}

bool Module::practises_at(DoctorId doctor, const std::set<HospitalId>& hospitals) const {
  const auto version = current();
  const auto* card = version->world.doctors.find(doctor.value);
  return card && std::ranges::any_of(card->practices, [&](const auto& at) { return hospitals.contains(at.hospital); });
}

void Module::heard(const sql::Event& event) {
  if (!event.kind.starts_with("directory.")) return;
  const std::lock_guard lock(doubts_mutex_);
  ++doubts_.number;
  if (const auto doctor = api::topic_id<DoctorId>(event.topic, "doctor")) doubts_.doctors.insert(*doctor);
  if (const auto hospital = api::topic_id<HospitalId>(event.topic, "hospital")) doubts_.hospitals.insert(*hospital);
}

void Module::doubt_all() {
  const auto version = current();
  const std::lock_guard lock(doubts_mutex_);
  ++doubts_.number;
  version->world.doctors.each([&](const auto& card) { doubts_.doctors.insert(card->row.id); });
  version->world.hospitals.each([&](const auto& card) { doubts_.hospitals.insert(card->row.id); });
}

bool Module::is_in_doubt() const {
  const std::lock_guard lock(doubts_mutex_);
  return !doubts_.doctors.empty() || !doubts_.hospitals.empty();
}

void Module::doubts_settle(Snapshot& db) {
  Doubts doubts;
  {
    const std::lock_guard lock(doubts_mutex_);
    doubts = doubts_;
  }
  Change change;
  for (const HospitalId id : doubts.hospitals) {
    auto hospital = store::hospital_find(db, id);
    if (!hospital) continue;
    if (auto city = store::city_find(db, hospital->city)) change.cities.push_back(std::move(*city));
    change.hospitals.push_back(std::move(*hospital));
    change.departments.emplace_back(id, store::departments_of(db, id));
  }
  apply(change);
  for (const DoctorId id : doubts.doctors) refresh(db, id);
  const std::lock_guard lock(doubts_mutex_);
  if (doubts_.number == doubts.number) doubts_ = {{}, {}, doubts.number};  // else once more
}

// make_directory makes no other.
void deciding(Directory& directory, Deciding deciding) {
  static_cast<Module&>(directory).deciding(std::move(deciding));
}

}  // namespace fairward::directory
