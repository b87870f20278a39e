// The daemon "ActiveReservations" of document C as a structure: the pending holds of each doctor, oldest first, O(1)
// removal. It only remembers what to look at and when; the database decides. Rebuilt at start. Mission B12.
#pragma once

#include <list>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace fairward::booking {

class ActiveReservations {
 public:
  struct Hold {
    AppointmentId id;
    DoctorId doctor;
    Instant starts_at, ends_at;
    Instant expires_at;  // told to the client
    Instant lapses_at;   // acted upon
  };

  void add(const Hold& hold);
  void remove(AppointmentId id);
  // The doctor has these holds and no others.
  void replace(DoctorId doctor, const std::vector<Hold>& holds);
  // Doctors with a hold that has lapsed, each once, the longest lapsed first.
  std::vector<DoctorId> due(Instant now) const;
  // When a slot held now will be free at the latest; nullopt when no hold covers it.
  std::optional<Instant> frees_by(DoctorId doctor, Instant slot) const;
  // When the n-th oldest hold of the doctor lapses (1 = the oldest); nullopt when there are fewer.
  std::optional<Instant> lapse_of(DoctorId doctor, std::int64_t n) const;
  std::optional<Instant> next() const;
  std::size_t size() const;

 private:
  // Holds of one doctor in order of arrival. With one time to live per channel this is also the order of lapsing but
  // for a change of policy, so the front is kept right by inserting from the back.
  struct Doctor {
    std::list<Hold> oldest_first;
  };
  void erase_head(DoctorId doctor, const Doctor& d);
  void insert_head(DoctorId doctor, const Doctor& d);

  mutable std::mutex mutex_;
  std::unordered_map<DoctorId, Doctor> doctors_;
  std::unordered_map<AppointmentId, std::list<Hold>::iterator> places_;
  std::set<std::pair<Instant, DoctorId>> heads_;  // when the oldest hold of each doctor lapses
};

}  // namespace fairward::booking
