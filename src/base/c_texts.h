// Texts as C takes a list of them: a program's arguments, its environment.
#pragma once

#include <string>
#include <vector>

namespace fairward {

// A pointer to each, and a null at the end. They are good as long as the texts stay as they are.
inline std::vector<char*> c_texts(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace fairward
