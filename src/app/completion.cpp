#include "app/completion.h"

#include <fmt/format.h>

namespace fairward::app {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// The words typed so far that name commands, one below the other, are the command: values of options are passed by.
// Files complete everywhere.
std::string bash_script(const std::vector<CompletionEntry>& entries) {
  std::string cases, commands = "|";
  for (const CompletionEntry& entry : entries) {
    cases += fmt::format("    '{}') words='{}' ;;\n", entry.command, joined(entry.words));
    commands += entry.command + "|";
  }
  return fmt::format(
      "_fairward() {{\n  local word next command='' words=''\n  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    next=\"${{command:+$command }}$word\"\n"
      "    case '{}' in *\"|$next|\"*) command=$next ;; esac\n  done\n  case $command in\n{}  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\")\n}}\n"
      "complete -o default -F _fairward fairward\n",
      commands, cases);
}

std::string fish_script(const std::vector<CompletionEntry>& entries) {
  std::string out = "complete -c fairward -f\n";
  for (const CompletionEntry& entry : entries) {
    const std::string last = entry.command.substr(entry.command.rfind(' ') + 1);
    const std::string when = entry.command.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + last;
    for (const std::string& word : entry.words)
      out += word.starts_with("--") ? fmt::format("complete -c fairward -n '{}' -l {}\n", when, word.substr(2))
                                    : fmt::format("complete -c fairward -n '{}' -a {}\n", when, word);
  }
  return out;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, const std::vector<CompletionEntry>& entries) {
  if (shell == "bash") return bash_script(entries);
  if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(entries);
  if (shell == "fish") return fish_script(entries);
  return std::nullopt;
}

}  // namespace fairward::app
