// See the header.
#include "modules/records/icd10.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>

#include "base/spelling.h"
#include "base/text.h"

namespace fairward::records {
namespace {

constexpr std::size_t typed_words_max = 8;
constexpr std::size_t prefix_letters_min = 2;

// Small letters and digits, cut at everything else.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : ascii_lower(text)) {
    const bool is_part =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0;
    if (is_part) words.back() += c;
    else if (!words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Words that say nothing of a disease.
bool is_filler(std::string_view word) {
  constexpr std::array<std::string_view, 10> fillers{"of", "and", "the", "with", "in", "due", "to", "or", "by", "for"};
  return std::ranges::find(fillers, word) != fillers.end();
}

// What patients call it, and what the list calls it.
struct Plain {
  std::string_view said, meant;
};
constexpr std::array plain{
    Plain{"heart attack", "myocardial infarction"},
    Plain{"high blood pressure", "hypertension"},
    Plain{"bp", "hypertension"},
    Plain{"low blood pressure", "hypotension"},
    Plain{"sugar", "diabetes mellitus"},
    Plain{"flu", "influenza"},
    Plain{"stroke", "cerebral infarction"},
    Plain{"cold", "nasopharyngitis"},
    Plain{"sore throat", "pharyngitis"},
    Plain{"runny nose", "rhinitis"},
    Plain{"stomach ache", "abdominal pain"},
    Plain{"loose motion", "diarrhea"},
    Plain{"uti", "urinary tract infection"},
    Plain{"tb", "tuberculosis"},
    Plain{"copd", "chronic obstructive pulmonary disease"},
    Plain{"piles", "hemorrhoids"},
    Plain{"jaundice", "hepatitis"},
    Plain{"kidney stone", "calculus kidney"},
    Plain{"gallstone", "calculus gallbladder"},
    Plain{"pink eye", "conjunctivitis"},
    Plain{"acidity", "gastro esophageal reflux"},
    Plain{"acid reflux", "gastro esophageal reflux"},
    Plain{"chicken pox", "varicella"},
    Plain{"cancer", "malignant neoplasm"},
};

std::string in_their_words(std::string_view text) {
  std::string typed;
  for (const std::string& word : words_of(text)) typed += " " + word;
  typed += ' ';
  for (const Plain& one : plain)
    if (const auto at = typed.find(" " + std::string(one.said) + " "); at != std::string::npos)
      typed.replace(at + 1, one.said.size(), one.meant);
  return typed;
}

// A letter and then a digit: nobody begins a word so.
bool is_code_begun(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return text.size() >= 2 && is_letter(text[0]) && text[1] >= '0' && text[1] <= '9' &&
         text.find(' ') == std::string_view::npos;
}

std::string code_begun(std::string_view text) {
  std::string code;
  for (const char c : text)
    if (c != '.') code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return code;
}

}  // namespace

Icd10::Icd10(std::vector<Icd10Code> codes) : codes_(std::move(codes)) {
  std::map<std::string, Places, std::less<>> by_word;
  for (std::uint32_t place = 0; place < codes_.size(); ++place) {
    const auto words = words_of(codes_[place].words);
    word_count_.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(words.size(), 1000)));
    for (const std::string& word : words) {
      Places& places = by_word[word];
      if (places.empty() || places.back() != place) places.push_back(place);
    }
  }
  for (auto& [word, places] : by_word) {
    words_.push_back(word);
    codes_of_.push_back(std::move(places));
  }
}

const Icd10Code* Icd10::find(std::string_view code) const {
  const auto at = std::ranges::lower_bound(codes_, code, {}, &Icd10Code::code);
  return at != codes_.end() && at->code == code ? &*at : nullptr;
}

std::vector<const Icd10Code*> Icd10::search(std::string_view text, std::size_t limit) const {
  text = trimmed(text);
  if (is_code_begun(text)) return by_code(code_begun(text), limit);
  std::vector<std::string> words = words_of(in_their_words(text));
  if (words.size() > 1) std::erase_if(words, [](const std::string& word) { return is_filler(word); });
  if (words.size() > typed_words_max) words.resize(typed_words_max);
  return words.empty() ? std::vector<const Icd10Code*>() : by_words(words, limit);
}

std::vector<const Icd10Code*> Icd10::by_code(std::string_view begin, std::size_t limit) const {
  std::vector<const Icd10Code*> found;
  for (auto at = std::ranges::lower_bound(codes_, begin, {}, &Icd10Code::code);
       at != codes_.end() && at->code.starts_with(begin) && found.size() < limit; ++at)
    found.push_back(&*at);
  return found;
}

void Icd10::append(std::size_t word, Places& into) const {
  into.insert(into.end(), codes_of_[word].begin(), codes_of_[word].end());
}

// The word itself and what begins with it; where there is nothing, what is nearest to it.
Icd10::Places Icd10::match(std::string_view word) const {
  Places found;
  const auto first = std::ranges::lower_bound(words_, word);
  for (auto at = first; at != words_.end() && at->starts_with(word); ++at) {
    if (word.size() < prefix_letters_min && *at != word) break;
    append(static_cast<std::size_t>(at - words_.begin()), found);
  }
  if (found.empty()) {
    int nearest = mistakes_max(word.size()) + 1;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const int slips = edit_distance(word, words_[i], nearest);
      if (slips > nearest || slips > mistakes_max(word.size())) continue;
      if (slips < nearest) found.clear();
      nearest = slips;
      append(i, found);
    }
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

// All words are wanted. What says the least besides them comes first, then the shorter code, then their order.
std::vector<const Icd10Code*> Icd10::by_words(const std::vector<std::string>& words, std::size_t limit) const {
  Places left;
  for (std::size_t i = 0; i < words.size(); ++i) {
    Places one = match(words[i]);
    if (i == 0) {
      left = std::move(one);
      continue;
    }
    Places both;
    std::ranges::set_intersection(left, one, std::back_inserter(both));
    left = std::move(both);
  }
  const auto is_better = [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(word_count_[a], codes_[a].code.size(), a) < std::tuple(word_count_[b], codes_[b].code.size(), b);
  };
  const std::size_t count = std::min(limit, left.size());
  std::ranges::partial_sort(left, left.begin() + static_cast<std::ptrdiff_t>(count), is_better);
  std::vector<const Icd10Code*> found;
  for (std::size_t i = 0; i < count; ++i) found.push_back(&codes_[left[i]]);
  return found;
}

}  // namespace fairward::records
