#include "modules/directory/importer.h"

#include <zlib.h>

#include <array>
#include <deque>
#include <filesystem>
#include <map>
#include <set>

#include "base/csv.h"
#include "modules/directory/geo.h"
#include "modules/directory/rules.h"
#include "modules/directory/store.h"
#include "modules/directory/text.h"
#include "platform/api/audit_entry.h"

namespace fairward::directory {
namespace {

constexpr std::size_t batch_rows = 500;
constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::int64_t unpacked_bytes_max = std::int64_t{4} << 30;
constexpr double like_degrees = 1e-7;  // coordinates that are the same
constexpr double neighbour_km = 50;    // a hospital of the same name so near is the same one
constexpr std::size_t field_letters_max = 300;

// One data row, by field.
struct Entry {
  std::int64_t line = 0;
  std::string name, city, state, postal_code, phone, address;
  std::optional<Place> place;
  bool is_postal_code_bad = false, is_place_bad = false;
};

std::string cleaned(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < field_letters_max * 4;) {
    char32_t c = code_point_next(text, at);
    if (c < 0x20 || c == 0x7F || c == 0xA0) c = ' ';
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    code_point_append(out, c);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// What a postal code of the country looks like, without blanks; "" when it is none.
std::string postal_code_cleaned(std::string_view text, const std::string& country) {
  std::string code;
  for (const char c : text) {
    if (c != ' ') code += c;
  }
  if (country != "IN") return is_postal_code(code) ? code : "";
  const bool is_digits = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
  return code.size() == 6 && is_digits && code[0] != '0' ? code : "";
}

// "0" and the general emergency number are nobody's telephone.
std::string phone_cleaned(std::string_view text) {
  const auto phone = cleaned(text);
  const auto digits = std::ranges::count_if(phone, [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 5 && phone.size() <= 80 ? phone : "";
}

bool is_same(const std::optional<Place>& a, const std::optional<Place>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::abs(a->latitude - b->latitude) < like_degrees && std::abs(a->longitude - b->longitude) < like_degrees;
}

// A hospital as the importer knows it: read before, or made in this run.
struct Known {
  HospitalRow row;
  std::string city_key, state_key;  // folded
  std::string city_name, state;     // of one that is to be made
  bool is_touched = false;          // a row of this run is about it
  bool is_new = false, is_changed = false;
};

// Decides what each row means, from memory, and writes a batch at a time.
class HospitalImport {
 public:
  HospitalImport(sql::Engine& engine, const Mapping& mapping, ImportReport& report)
      : engine_(engine), mapping_(mapping), report_(report) {
    engine_.read_now([&](Snapshot& db) { load(db); });
  }

  void take(const Entry& entry) {
    if (entry.is_postal_code_bad) ++report_.without_postal_code;
    if (entry.is_place_bad) ++report_.without_place;
    const bool is_by_place = entry.place && entry.postal_code.empty();
    if (is_by_place) place_take(entry);
    else key_take(entry);
    if (++waiting_ >= batch_rows) write();
  }

  void write() {
    waiting_ = 0;
    if (work_.empty()) return;
    engine_.write_now([&](Txn& txn) {
      std::map<std::pair<std::string, std::string>, CityId> fresh;  // the engine may run this again
      for (auto* known : work_) known_write(txn, *known, fresh);
      txn.record(api::audit_entry("directory_import"));
      return true;
    });
    for (auto* known : work_) {
      if (!known->is_new) ++known->row.version;
      known->is_new = known->is_changed = false;
    }
    work_.clear();
  }

 private:
  void load(Snapshot& db) {
    std::unordered_map<std::int64_t, CityRow> cities;
    for (auto& city : store::cities(db)) cities.emplace(city.id.value, std::move(city));
    store::hospitals_each(db, [&](HospitalRow&& row) {
      const auto& city = cities[row.city.value];
      auto& known =
          known_.emplace_back(Known{std::move(row), folded(city.name), folded(city.state), city.name, city.state});
      index(known);
    });
    store::postal_codes_each(db, [&](PostalCodeRow&& row) {
      if (row.latitude && row.longitude) postal_places_.emplace(row.code, Place{*row.latitude, *row.longitude});
    });
  }
  void index(Known& known) {
    by_name_[folded(known.row.name)].push_back(&known);
    if (known.row.source == mapping_.source && known.row.source_key) by_key_.emplace(*known.row.source_key, &known);
    located_add(known);
  }
  void located_add(const Known& known) {
    if (const auto place = place_of(known.row)) grid_[cell(*place)].emplace_back(*place, &known);
  }
  static std::pair<int, int> cell(Place place) {
    return {static_cast<int>(std::floor(place.latitude * 2)), static_cast<int>(std::floor(place.longitude * 2))};
  }

  void known_write(Txn& txn, Known& known, std::map<std::pair<std::string, std::string>, CityId>& fresh) {
    if (known.is_new) {
      auto& city = fresh[{known.city_name, known.state}];
      if (!city) city = store::city_ensure(txn, known.city_name, known.state);
      known.row.city = city;
      known.row.id = store::hospital_insert(txn, known.row);
    } else {
      store::hospital_update(txn, known.row, known.row.version);
    }
  }

  // The identity of a row that comes without coordinates of its own, or with a postal code.
  void key_take(const Entry& entry) {
    const auto key =
        folded(entry.name) + '|' + folded(entry.state) + '|' + folded(entry.city) + '|' + entry.postal_code;
    if (const auto at = by_key_.find(key); at != by_key_.end()) return known_take(*at->second, entry, true);
    make(entry, key, entry.city.empty() ? entry.state : entry.city, entry.state);
  }

  // A row with coordinates: the hospital of that name (and city) that lies there, or that has no place of its own yet.
  void place_take(const Entry& entry) {
    const bool has_city = !entry.city.empty();
    const auto city_key = folded(entry.city), state_key = folded(entry.state);
    std::vector<Known*> alike;
    for (auto* known : by_name_[folded(entry.name)]) {
      if (!has_city || (known->city_key == city_key && (state_key.empty() || known->state_key == state_key)))
        alike.push_back(known);
    }
    const auto find = [&](auto&& test) {
      const auto at = std::ranges::find_if(alike, test);
      return at == alike.end() ? nullptr : *at;
    };
    if (auto* there = find(
            [&](const Known* known) { return place_of(known->row) && is_same(place_of(known->row), entry.place); }))
      return known_take(*there, entry, true);
    if (has_city || alike.size() == 1) {
      auto* free = find([](const Known* known) { return !known->is_touched && !place_of(known->row); });
      if (free == nullptr && has_city) free = find([](const Known* known) { return !known->is_touched; });
      if (free != nullptr && !has_city && place_of(free->row)) free = nullptr;
      if (free != nullptr) return known_take(*free, entry, true);
    }
    if (!has_city) {
      const auto is_near = [&](const Known* known) {
        const auto place = place_of(known->row);
        return place && distance_km(*place, *entry.place) <= neighbour_km;
      };
      if (alike.size() == 1 && is_near(alike.front())) return known_take(*alike.front(), entry, false);
    }
    place_make(entry);
  }
  void place_make(const Entry& entry) {
    std::string city = entry.city, state = entry.state;
    if (city.empty()) {
      const auto* near = nearest(*entry.place);
      if (near == nullptr) return reject(entry.line, "no city, and no known hospital near these coordinates");
      city = near->city_name, state = near->state;
    }
    std::string key = folded(entry.name) + '|' + folded(state) + '|' + folded(city) + '|';
    integer_append(key, std::llround(entry.place->latitude * 1e7));
    integer_append(key += ',', std::llround(entry.place->longitude * 1e7));
    if (const auto at = by_key_.find(key); at != by_key_.end()) return known_take(*at->second, entry, true);
    make(entry, key, city, state);
  }
  const Known* nearest(Place place) const {
    const auto [row, column] = cell(place);
    const Known* best = nullptr;
    double least = neighbour_km;
    for (int r = row - 1; r <= row + 1; ++r) {
      for (int c = column - 1; c <= column + 1; ++c) {
        const auto at = grid_.find({r, c});
        if (at == grid_.end()) continue;
        for (const auto& [other, known] : at->second) {
          if (const double km = distance_km(place, other); km < least) least = km, best = known;
        }
      }
    }
    return best;
  }

  void make(const Entry& entry, const std::string& key, const std::string& city, const std::string& state) {
    if (folded(city).empty()) return reject(entry.line, "city is missing");
    auto& known = known_.emplace_back();
    auto& row = known.row;
    row.name = entry.name, row.source = mapping_.source, row.source_key = key, row.time_zone = mapping_.time_zone;
    known.city_name = city, known.state = state, known.city_key = folded(city), known.state_key = folded(state);
    auto place = entry.place;
    if (const auto at = postal_places_.find(entry.postal_code); !place && at != postal_places_.end())
      place = at->second;
    fill(known, entry);
    if (place) row.latitude = place->latitude, row.longitude = place->longitude;
    known.is_touched = known.is_new = true;
    work_.push_back(&known);
    index(known);
    ++report_.imported;
  }
  // Takes over what the row says and the hospital does not know, or knows otherwise. True: something changed.
  static bool fill(Known& known, const Entry& entry) {
    bool is_changed = false;
    const auto set = [&](std::optional<std::string>& into, const std::string& value) {
      if (value.empty() || into == value) return;
      into = value, is_changed = true;
    };
    set(known.row.postal_code, entry.postal_code), set(known.row.phone, entry.phone);
    if (!known.row.address) set(known.row.address, entry.address);
    return is_changed;
  }
  void known_take(Known& known, const Entry& entry, bool is_place_taken) {
    if (known.is_touched) return void(++report_.duplicate);
    known.is_touched = true;
    bool is_changed = fill(known, entry);
    if (is_place_taken && entry.place && !is_same(place_of(known.row), entry.place)) {
      known.row.latitude = entry.place->latitude, known.row.longitude = entry.place->longitude;
      located_add(known);
      is_changed = true;
    }
    ++(is_changed ? report_.updated : report_.unchanged);
    if (!is_changed || known.is_changed) return;
    known.is_changed = true;
    work_.push_back(&known);
  }
  void reject(std::int64_t line, std::string reason) {
    ++report_.rejected;
    if (report_.rejections.size() < import_notes_max) report_.rejections.push_back({line, std::move(reason)});
  }

  sql::Engine& engine_;
  const Mapping& mapping_;
  ImportReport& report_;
  std::deque<Known> known_;
  std::unordered_map<std::string, std::vector<Known*>> by_name_;
  std::unordered_map<std::string, Known*> by_key_;
  std::map<std::pair<int, int>, std::vector<std::pair<Place, const Known*>>> grid_;
  std::unordered_map<std::string, Place> postal_places_;
  std::vector<Known*> work_;
  std::size_t waiting_ = 0;
};

class PostalCodeImport {
 public:
  PostalCodeImport(sql::Engine& engine, ImportReport& report) : engine_(engine), report_(report) {
    engine_.read_now([&](Snapshot& db) {
      store::postal_codes_each(db, [&](PostalCodeRow&& row) {
        auto code = row.code;
        known_.emplace(std::move(code), Known{std::move(row)});
      });
      store::hospitals_each(db, [&](HospitalRow&& row) {
        if (row.postal_code && !row.latitude) unlocated_.insert(*row.postal_code);
      });
    });
  }

  void take(const Entry& entry) {
    if (entry.is_place_bad) ++report_.without_place;
    const auto [at, is_new] = known_.try_emplace(entry.postal_code);
    auto& known = at->second;
    if (known.is_touched) return void(++report_.duplicate);
    known.is_touched = true;
    auto row = known.row;
    row.code = entry.postal_code;
    if (entry.place) row.latitude = entry.place->latitude, row.longitude = entry.place->longitude;
    if (!entry.city.empty()) row.city = entry.city;
    if (!entry.state.empty()) row.state = entry.state;
    if (!is_new && row == known.row) return void(++report_.unchanged);
    known.row = std::move(row), known.is_new = is_new;
    ++(is_new ? report_.imported : report_.updated);
    work_.push_back(&known);
    if (work_.size() >= batch_rows) write();
  }

  void write() {
    if (work_.empty()) return;
    std::int64_t located = 0;
    engine_.write_now([&](Txn& txn) {
      located = 0;
      for (const auto* known : work_) {
        const auto& row = known->row;
        if (known->is_new) store::postal_code_insert(txn, row);
        else store::postal_code_update(txn, row);
        if (row.latitude && unlocated_.contains(row.code))
          located += store::hospitals_locate(txn, row.code, {*row.latitude, *row.longitude});
      }
      txn.record(api::audit_entry("postal_code_import"));
      return true;
    });
    report_.hospitals_located += located;
    work_.clear();
  }

 private:
  struct Known {
    PostalCodeRow row;
    bool is_touched = false, is_new = false;
  };
  sql::Engine& engine_;
  ImportReport& report_;
  std::unordered_map<std::string, Known> known_;
  std::set<std::string> unlocated_;
  std::vector<Known*> work_;
};

// Turns CSV rows into entries and hands them to the right import.
class Run {
 public:
  Run(sql::Engine& engine, std::optional<Mapping> mapping, ImportReport& report)
      : engine_(engine), report_(report), mapping_(std::move(mapping)) {
    columns_.fill(-1);
    if (mapping_ && !mapping_->has_header) begin({});
  }
  void take(CsvRow&& row) {
    if (!report_.failure.empty() || row.is_blank()) return;
    if (!is_begun_) return header_take(row);
    ++report_.rows;
    if (!row.problem.empty()) return reject(row.line, row.problem);
    const auto entry = entry_of(row);
    if (!hospitals_) {
      if (entry.postal_code.empty()) return reject(row.line, "postal code is missing or invalid");
      note(entry);
      return postal_codes_->take(entry);
    }
    if (folded(entry.name).empty()) return reject(row.line, "hospital name is missing");
    note(entry);
    hospitals_->take(entry);
  }
  void finish() {
    if (!is_begun_ && report_.failure.empty()) report_.failure = "the file has no rows";
    if (hospitals_) hospitals_->write();
    if (postal_codes_) postal_codes_->write();
  }

 private:
  void header_take(const CsvRow& row) {
    if (!mapping_) mapping_ = mapping_detect(row.fields);
    if (!mapping_) return void(report_.failure = "the header is not known; give a mapping");
    begin(row.fields);
  }
  static bool is_like(std::string_view a, std::string_view b) {
    return cleaned(a).size() == cleaned(b).size() && folded(a) == folded(b);
  }

  void begin(const std::vector<std::string>& header) {
    for (const auto& column : mapping_->columns) {
      auto index = column.index;
      for (std::size_t i = 0; i < header.size() && index < 0; ++i) {
        if (is_like(header[i], column.name)) index = static_cast<int>(i);
      }
      if (index < 0) return void(report_.failure = "the header has no column " + column.name);
      columns_[static_cast<std::size_t>(column.field)] = index;
    }
    is_begun_ = true;
    if (columns_[static_cast<std::size_t>(ImportField::hospital_name)] >= 0)
      hospitals_.emplace(engine_, *mapping_, report_);
    else postal_codes_.emplace(engine_, report_);
  }
  std::string_view field(const CsvRow& row, ImportField field) const {
    const int index = columns_[static_cast<std::size_t>(field)];
    return index < 0 || static_cast<std::size_t>(index) >= row.fields.size()
               ? std::string_view()
               : std::string_view(row.fields[static_cast<std::size_t>(index)]);
  }

  Entry entry_of(const CsvRow& row) const {
    Entry entry;
    entry.line = row.line;
    entry.name = cleaned(field(row, ImportField::hospital_name)), entry.city = cleaned(field(row, ImportField::city));
    entry.state = cleaned(field(row, ImportField::state)), entry.address = cleaned(field(row, ImportField::address));
    entry.phone = phone_cleaned(field(row, ImportField::phone));
    const auto code = field(row, ImportField::postal_code);
    entry.postal_code = postal_code_cleaned(code, mapping_->country);
    entry.is_postal_code_bad =
        entry.postal_code.empty() && columns_[static_cast<std::size_t>(ImportField::postal_code)] >= 0;
    place_read(entry, row);
    return entry;
  }
  // 0,0 lies in the sea and stands for "unknown" in every file.
  void place_read(Entry& entry, const CsvRow& row) const {
    const auto both = field(row, ImportField::coordinates), latitude = field(row, ImportField::latitude),
               longitude = field(row, ImportField::longitude);
    if (!both.empty()) entry.place = place_parse(both);
    else if (!latitude.empty() || !longitude.empty())
      entry.place = place_parse(std::string(latitude) + "," + std::string(longitude));
    else return;
    if (entry.place && entry.place->latitude == 0 && entry.place->longitude == 0) entry.place.reset();
    entry.is_place_bad = !entry.place;
  }
  void note(const Entry& entry) {
    if (entry.is_postal_code_bad && hospitals_) warn(entry.line, "taken without postal code: it is missing or invalid");
    if (entry.is_place_bad) warn(entry.line, "taken without place: the coordinates are missing or invalid");
  }
  void warn(std::int64_t line, std::string reason) {
    if (report_.warnings.size() < import_notes_max) report_.warnings.push_back({line, std::move(reason)});
  }
  void reject(std::int64_t line, std::string reason) {
    ++report_.rejected;
    if (report_.rejections.size() < import_notes_max) report_.rejections.push_back({line, std::move(reason)});
  }

  sql::Engine& engine_;
  ImportReport& report_;
  std::optional<Mapping> mapping_;
  std::array<int, static_cast<std::size_t>(ImportField::longitude) + 1> columns_{};
  std::optional<HospitalImport> hospitals_;
  std::optional<PostalCodeImport> postal_codes_;
  bool is_begun_ = false;
};

using File = std::unique_ptr<gzFile_s, decltype(&gzclose)>;

}  // namespace

ImportReport import_directory(sql::Engine& engine, const std::string& path, const std::optional<Mapping>& mapping,
                              const std::function<void(const ImportProgress&)>& progress) {
  ImportReport report;
  const File file(gzopen(path.c_str(), "rb"), &gzclose);  // reads plain files as they are
  if (!file) {
    report.failure = "the file cannot be opened";
    return report;
  }
  std::error_code no_size;
  const auto size = std::filesystem::file_size(path, no_size);
  const auto bytes_total = no_size ? std::int64_t{0} : static_cast<std::int64_t>(size);
  Run run(engine, mapping, report);
  CsvReader csv(mapping ? mapping->delimiter : ',', [&](CsvRow&& row) { run.take(std::move(row)); });
  std::vector<char> buffer(read_bytes);
  std::int64_t unpacked = 0;
  for (int got; report.failure.empty() &&
                (got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) != 0;) {
    if (got > 0) unpacked += got;
    if (got < 0 || unpacked > unpacked_bytes_max) {
      report.failure = got < 0 ? "the file is damaged" : "the file is too large";
      break;
    }
    csv.feed({buffer.data(), static_cast<std::size_t>(got)});
    if (progress) progress({report.rows, static_cast<std::int64_t>(gzoffset(file.get())), bytes_total});
  }
  if (report.failure.empty()) csv.finish();
  run.finish();
  return report;
}

}  // namespace fairward::directory
