// A set of doctors arranged for searching: who has this word, city, speciality, language or hospital, best rated
// first. Never changes once made; the newest doctors sit in small segments that are merged into larger ones
// (version.h).
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/directory/free_order.h"
#include "modules/directory/geo.h"
#include "modules/directory/phrase.h"
#include "modules/directory/vocabulary.h"
#include "modules/directory/world.h"

namespace fairward::directory {

struct Count {
  std::uint32_t id, doctors;
};
// How many of some doctors are of which speciality, in which city, speak what. Ordered by id.
struct FacetCounts {
  std::vector<Count> specialities, cities, languages;
};

// Doctors with something in common, ascending. Long lists also have one bit per doctor of the segment, and counted
// facets.
struct Posting {
  std::vector<Ordinal> list;
  std::vector<std::uint64_t> bits;
  std::shared_ptr<const FacetCounts> facets;

  bool contains(Ordinal ordinal) const {
    if (!bits.empty()) return bits[ordinal / 64] >> (ordinal % 64) & 1;
    return std::ranges::binary_search(list, ordinal);
  }
  void bits_make(std::size_t doctors);  // when the list is long enough to be worth it
};

// Who answers to a need at least so well; null: nobody. What is not of the segment is owned.
struct Levels {
  std::array<const Posting*, fits> upto{};
  std::vector<std::shared_ptr<const Posting>> owned;
  std::size_t weight() const;
};

// Several numbers per doctor in two flat arrays.
class FlatLists {
 public:
  void row_end() { begins_.push_back(static_cast<std::uint32_t>(values_.size())); }
  void add(std::uint32_t value) { values_.push_back(value); }
  std::span<const std::uint32_t> of(Ordinal row) const {
    return {values_.data() + begins_[row], values_.data() + begins_[row + 1]};
  }

 private:
  std::vector<std::uint32_t> begins_{0}, values_;
};

// What a doctor can be found by, besides words. city_speciality keeps the commonest pair of filters cheap.
enum class TermKind : std::uint8_t { city = 1, speciality, language, hospital, city_speciality };
constexpr std::uint64_t term_key(TermKind kind, std::uint64_t id, std::uint64_t second = 0) {
  return static_cast<std::uint64_t>(kind) << 60 | (second & 0x3FFFFFF) << 32 | (id & 0xFFFFFFFF);
}

// Counts facets; keeps its tables from search to search.
class FacetCounter {
 public:
  void add(const class Segment& segment, Ordinal ordinal);
  void add(const FacetCounts& counts, int sign);
  void subtract(const class Segment& segment, Ordinal ordinal);
  FacetCounts take();  // and starts anew

 private:
  struct Table {
    std::vector<std::uint32_t> counts;  // by id; the ids of one table lie close together
    void add(std::uint32_t id, std::uint32_t by) {
      if (id >= counts.size()) counts.resize(id + 64);
      counts[id] += by;  // may wrap below zero for a moment while dead doctors are subtracted
    }
    std::vector<Count> take();
  };
  Table specialities_, cities_, languages_;
};

class Segment {
 public:
  struct Located {
    HospitalId id;
    Place place;
    double x, y, z;  // on the unit sphere: comparing distances needs no trigonometry
    const Posting* doctors;
  };

  static std::shared_ptr<const Segment> make(const World& world, std::vector<std::shared_ptr<const DoctorCard>> cards);

  std::size_t size() const { return cards_.size(); }
  const DoctorCard& card(Ordinal ordinal) const { return *cards_[ordinal]; }
  const std::vector<std::shared_ptr<const DoctorCard>>& cards() const { return cards_; }
  std::optional<Ordinal> ordinal_of(DoctorId doctor) const;

  const Posting* term(TermKind kind, std::uint64_t id, std::uint64_t second = 0) const;
  const Posting* word(std::string_view exact) const;         // in any text of the doctor
  const Posting* strong_word(std::string_view exact) const;  // in name or speciality
  // Everybody who answers to a need, level by level; what is made for it is kept for the next time.
  Levels levels(const Need& need) const;
  // Everybody who is in one of them; without facets.
  std::shared_ptr<Posting> united(const std::vector<const Posting*>& postings) const;
  bool is_known(std::string_view word, bool is_prefix) const;
  const Vocabulary& vocabulary() const { return vocabulary_; }

  std::span<const Located> located() const { return located_; }
  std::span<const std::uint32_t> located_of(Ordinal ordinal) const { return located_of_.of(ordinal); }
  std::span<const Ordinal> by_fee() const { return by_fee_; }
  std::span<const Ordinal> by_name() const { return by_name_; }
  std::int64_t fee_minor(Ordinal ordinal) const { return fees_[ordinal]; }
  std::uint32_t speciality(Ordinal ordinal) const { return specialities_[ordinal]; }
  const Zone* zone(Ordinal ordinal) const { return zones_[ordinal]; }  // of the doctor's first hospital
  std::span<const std::uint32_t> cities_of(Ordinal ordinal) const { return cities_of_.of(ordinal); }
  std::span<const std::uint32_t> languages_of(Ordinal ordinal) const { return languages_of_.of(ordinal); }
  const std::shared_ptr<const FacetCounts>& facets() const { return facets_; }

  template <class F>
  void each_by_id(F&& visit) const {
    for (const auto& [id, ordinal] : by_id_) visit(ordinal);
  }
  const FreeOrders& free_orders() const { return free_orders_; }

 private:
  struct Builder;
  void postings_find(const Meaning& meaning, std::array<std::vector<const Posting*>, fits>& into) const;
  Levels levels_make(const Need& need) const;
  Levels levels_of_word(const Meaning& meaning) const;

  std::vector<std::shared_ptr<const DoctorCard>> cards_;
  std::vector<std::pair<std::int64_t, Ordinal>> by_id_;
  std::vector<std::int64_t> fees_;
  std::vector<std::uint32_t> specialities_;
  std::vector<const Zone*> zones_;
  FlatLists cities_of_, languages_of_, located_of_;
  std::vector<Ordinal> by_fee_, by_name_;
  Vocabulary vocabulary_;
  std::vector<Posting> words_, strong_words_;  // by place in the vocabulary
  std::array<Posting, 26> initials_;           // of names
  std::unordered_map<std::uint64_t, Posting> terms_;
  std::vector<Located> located_;
  std::shared_ptr<const FacetCounts> facets_;

  mutable std::mutex levels_mutex_;
  mutable std::unordered_map<std::string, Levels> levels_;  // by the key of the need
  mutable std::size_t levels_weight_ = 0;
  FreeOrders free_orders_;
};

}  // namespace fairward::directory
