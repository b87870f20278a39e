// The codes of diagnoses in memory: search by the beginning of a code, by words as somebody types them, misspelt or in
// everyday language. Immutable once made. Source: ICD-10-CM; mission R1.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairward::records {

struct Icd10Code {
  std::string code;  // without the dot
  std::string words;
};

class Icd10 {
 public:
  // In the order of the codes, each once.
  explicit Icd10(std::vector<Icd10Code> codes);

  // The best first. "e11" finds codes that begin so; "diabtes kidney" what has words like these.
  std::vector<const Icd10Code*> search(std::string_view text, std::size_t limit) const;
  const Icd10Code* find(std::string_view code) const;  // without the dot; nullptr: unknown
  std::size_t size() const { return codes_.size(); }

 private:
  using Places = std::vector<std::uint32_t>;  // of codes, in order
  std::vector<const Icd10Code*> by_code(std::string_view begin, std::size_t limit) const;
  std::vector<const Icd10Code*> by_words(const std::vector<std::string>& words, std::size_t limit) const;
  Places match(std::string_view word) const;
  void append(std::size_t word, Places& into) const;

  std::vector<Icd10Code> codes_;
  std::vector<std::string> words_;         // sorted
  std::vector<Places> codes_of_;           // by word
  std::vector<std::uint16_t> word_count_;  // by code
};

// What is offered while nothing was imported: the codes that a practice writes every day.
std::vector<Icd10Code> common_codes();

}  // namespace fairward::records
