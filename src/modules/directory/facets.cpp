// Counted facets as JSON text, the fullest first.
#include "modules/directory/search.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t facet_items_max = 20;

template <class NameOf>
void facets_append(std::string& out, std::vector<Count> counts, NameOf&& name_of, bool has_id) {
  const auto most = std::min(counts.size(), facet_items_max);
  std::ranges::partial_sort(
      counts, counts.begin() + static_cast<std::ptrdiff_t>(most),
      [](const Count& a, const Count& b) { return std::pair(b.doctors, a.id) < std::pair(a.doctors, b.id); });
  counts.resize(most);
  out += '[';
  for (const auto& [id, doctors] : counts) {
    if (out.back() != '[') out += ',';
    out += '{';
    if (has_id) {
      integer_append(out += "\"id\":", id);
      out += ',';
    }
    json_string_append(out += "\"name\":", name_of(id));
    integer_append(out += ",\"count\":", doctors);
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string facets_json(const World& world, const FacetCounts& facets) {
  std::string out = "{\"specialities\":";
  facets_append(
      out, facets.specialities,
      [&](std::uint32_t id) {
        const auto* card = world.specialities.find(id);
        return card == nullptr ? std::string_view() : std::string_view(card->row.name);
      },
      true);
  out += ",\"cities\":";
  facets_append(
      out, facets.cities,
      [&](std::uint32_t id) {
        const auto* card = world.cities.find(id);
        return card == nullptr ? std::string_view() : std::string_view(card->row.name);
      },
      true);
  out += ",\"languages\":";
  facets_append(
      out, facets.languages,
      [&](std::uint32_t id) { return std::string_view(world.languages->name(static_cast<LanguageId>(id))); }, false);
  out += '}';
  return out;
}

}  // namespace fairward::directory
