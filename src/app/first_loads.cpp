#include "app/first_loads.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <vector>

namespace fairward::app {
namespace {

namespace json = boost::json;

constexpr std::string_view entry = "index.html";
constexpr std::string_view words = "src/i18n/en_pages.json";

struct Page {
  std::string_view path;   // a path that ends with / stands for every path of one more word
  std::string_view chunk;  // its module, in the manifest; the first page is in the entry
};
constexpr Page pages[] = {
    {"/", ""},
    {"/d/", "src/features/doctor/doctor_page.tsx"},
    {"/book/", "src/features/booking/book_page.tsx"},
    {"/a/", "src/features/appointment/appointment_page.tsx"},
    {"/wait/", "src/features/wait/wait_page.tsx"},
    {"/login", "src/features/login/login_page.tsx"},
    {"/me", "src/features/me/me_page.tsx"},
};

// The word after the page's path; nullopt when it is another page.
std::optional<std::string_view> word_of(const Page& page, std::string_view path) {
  if (page.path == "/" || !page.path.ends_with('/')) return path == page.path ? std::optional("") : std::nullopt;
  if (!path.starts_with(page.path)) return std::nullopt;
  path.remove_prefix(page.path.size());
  const bool is_number =
      !path.empty() && path.size() <= 18 && std::ranges::all_of(path, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::optional(path) : std::nullopt;
}

void add(std::string& links, std::string_view address, std::string_view attributes) {
  if (!links.empty()) links += ", ";
  ((links += '<') += address) += ">; ";
  links += attributes;
}

// The mode and the credentials are those of the client's fetch; with others the browser would ask twice.
void add_call(std::string& links, std::string_view address) {
  add(links, address, "rel=preload; as=fetch; crossorigin");
}

void calls_add(std::string& links, const Page& page, std::string_view word, bool has_query) {
  add_call(links, "/api/session");
  if (page.path == "/d/") add_call(links, "/api/doctors/" + std::string(word));
  if (page.path != "/") return;
  add_call(links, "/api/cities?limit=500");
  if (has_query) return;
  add_call(links, "/api/doctors?limit=10");
  add_call(links, "/api/specialities");
}

// The module's files and those that it imports, each once, without those that the entry has brought.
class Chunks {
 public:
  explicit Chunks(const json::object& manifest) : manifest_(manifest) {}

  void skip(std::string_view module) {
    walk(module, [](std::string_view, std::string_view) {});
  }
  void add_to(std::string& links, std::string_view module) {
    walk(module,
         [&](std::string_view file, std::string_view attributes) { add(links, "/" + std::string(file), attributes); });
  }

 private:
  template <class Visit>
  void walk(std::string_view module, Visit&& visit) {
    if (std::ranges::find(seen_, module) != seen_.end()) return;
    seen_.emplace_back(module);
    const auto* found = manifest_.if_contains(module);
    const auto* chunk = found ? found->if_object() : nullptr;
    if (chunk == nullptr) return;
    each(*chunk, "imports", [&](std::string_view imported) { walk(imported, visit); });
    each(*chunk, "css", [&](std::string_view file) { visit(file, "rel=preload; as=style; crossorigin"); });
    if (const auto* file = chunk->if_contains("file"); file && file->is_string())
      visit(file->get_string(), "rel=modulepreload");
  }
  template <class Visit>
  static void each(const json::object& chunk, std::string_view member, Visit&& visit) {
    const auto* list = chunk.if_contains(member);
    if (list == nullptr || !list->is_array()) return;
    for (const auto& item : list->get_array())
      if (item.is_string()) visit(item.get_string());
  }

  const json::object& manifest_;
  std::vector<std::string> seen_;
};

std::string chunk_links(const Page& page, const json::value& manifest) {
  std::string links;
  if (page.chunk.empty() || !manifest.is_object()) return links;
  Chunks chunks(manifest.get_object());
  chunks.skip(entry);
  chunks.add_to(links, page.chunk);
  chunks.add_to(links, words);
  return links;
}

}  // namespace

FirstLoads::FirstLoads(std::string_view manifest) {
  boost::system::error_code error;
  const auto parsed = json::parse({manifest.data(), manifest.size()}, error);
  for (const Page& page : pages) chunks_.push_back(chunk_links(page, error ? json::value() : parsed));
}

std::string FirstLoads::links(std::string_view target) const {
  const std::string_view path = target.substr(0, target.find('?'));
  std::string links;
  for (std::size_t i = 0; i < std::size(pages); ++i) {
    const auto word = word_of(pages[i], path);
    if (!word) continue;
    calls_add(links, pages[i], *word, target.size() > path.size());
    return chunks_[i].empty() ? links : links + ", " + chunks_[i];
  }
  add_call(links, "/api/session");
  return links;
}

}  // namespace fairward::app
