// Completion scripts for shells, from the same declaration as --help.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward::app {

// A command as the shell sees it: "import directory" and its options.
struct CompletionEntry {
  std::string command;  // "" is the program itself
  std::string summary;
  std::vector<std::string> words;  // sub-commands and options
};

// nullopt for a shell other than bash, zsh and fish.
std::optional<std::string> completion_script(std::string_view shell, const std::vector<CompletionEntry>& entries);

}  // namespace fairward::app
