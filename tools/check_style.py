#!/usr/bin/env python3
"""The style rules that a program can decide. A ban names its replacement; the exceptions only shrink.

Usage: check_style.py [ROOT]. Prints each violation as file:line: text and ends with 1 if there is any.
"""
import re
import sys
from pathlib import Path

LINE_MAX = 120
FUNCTION_LINES_MAX = 70
ROOTS = ("src", "tests", "tools", "db", "bench")
SKIPPED = {"node_modules", "dist", "build"}

# Pattern, replacement. Looked for in C++ outside of comments and texts.
BANS = [
    (re.compile(r"\bstd::(format|print|println)\b"), "fmt::format (GCC 12 has no std::format)"),
    (re.compile(r"\bstd::expected\b"), "Result<T> of base/result.h"),
    (re.compile(r"\bassert\s*\("), "FAIRWARD_CHECK, which stays on in release builds"),
    (re.compile(r"\bstd::endl\b"), "'\\n'"),
    (re.compile(r"\b(strcpy|strcat|sprintf|gets)\s*\("), "std::string or fmt::format"),
    (re.compile(r"\b(atoi|atol|atof|std::stoi|std::stol|std::stod)\s*\("), "std::from_chars, which says what is wrong"),
    (re.compile(r"\bstd::cout\b"), "the log, or fmt::print in src/app"),
    (re.compile(r"\bnew [A-Z]\w*\("), "std::make_unique"),
    (re.compile(r"\bvolatile\b"), "std::atomic"),
    (re.compile(r"\busing namespace (?!std::(?:chrono_)?literals)(?!.*literals)"), "the qualified name"),
    (re.compile(r"co_await[^;]*\[[^\]&]*=|co_await[^;]*\[\s*[a-z_]+\s*[,\]=]"),
     "a named local: GCC 12 miscompiles lambda temporaries with captures by value inside co_await"),
    (re.compile(r"co_await[^;]*\bstd::bind_front\b"), "a named local: GCC 12 miscompiles it inside co_await"),
]
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

# (file, rule) -> reason. This list only shrinks.
EXCEPTIONS = {
    ("src/app", "std::cout"): "the command line writes its answers to stdout",
}

OPENS = {".h": "//", ".cpp": "//", ".py": ('"""', "#"), ".mjs": "//", ".sh": "#", ".sql": "--"}


def opening_fault(path, lines):
    """A source whose header has the comment needs none; of the queries only those for one engine alone do."""
    if path.suffix == ".cpp" and path.with_suffix(".h").exists():
        return ""
    if path.suffix == ".sql" and not path.name.endswith(".pg.sql"):
        return ""
    wanted = OPENS.get(path.suffix)
    body = [line for line in lines if not line.startswith("#!")]
    if wanted and (not body or not body[0].startswith(wanted)):
        return "a file opens with a comment that says what it is for"
    return ""


def code_of(line):
    """The line without texts and line comments."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'', '""', line).split("//")[0]


FUNCTION_HEAD = re.compile(r"^(?:[\w:<>,&*~\[\]\s()=.'\"{}-]+)\)\s*(?:const|noexcept|override|final|->[^{]*|\s)*\{\s*$")
NO_FUNCTION = re.compile(r"^\s*(?:namespace|class|struct|enum|union|extern|if|for|while|switch|do|else|try|catch)\b")


def function_faults(lines):
    """Functions longer than the limit, found by the indentation of the closing brace."""
    start, indent = None, ""
    for number, line in enumerate(lines, 1):
        stripped = line.rstrip()
        if start is None:
            blanks = len(stripped) - len(stripped.lstrip())
            if blanks <= 2 and FUNCTION_HEAD.match(stripped) and not NO_FUNCTION.match(stripped):
                start, indent = number, stripped[:blanks]
        elif stripped in (indent + "}", indent + "};"):
            if number - start + 1 > FUNCTION_LINES_MAX:
                yield start, f"this function has {number - start + 1} lines; {FUNCTION_LINES_MAX} are enough, split it"
            start = None


def excepted(relative, rule):
    return any(relative.startswith(prefix) and rule == banned for prefix, banned in EXCEPTIONS)


def cpp_faults(relative, lines):
    for number, line in enumerate(lines, 1):
        code = code_of(line)
        for pattern, instead in BANS:
            match = pattern.search(code)
            if match and not excepted(relative, match.group(0)):
                yield number, f"{match.group(0)[:40].strip()}: use {instead}"
    yield from function_faults(lines)


def file_faults(root, path):
    relative = path.relative_to(root).as_posix()
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    if fault := opening_fault(path, lines):
        yield f"{relative}:1: {fault}"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX and path.suffix != ".sql":
            yield f"{relative}:{number}: {len(line)} columns; {LINE_MAX} are the limit"
        if UNFINISHED.search(line):
            yield f"{relative}:{number}: unfinished spots go into the issue, not into the source"
        if line != line.rstrip() or "\t" in line:
            yield f"{relative}:{number}: blanks at the end or a tab"
    if path.suffix in (".h", ".cpp"):
        if path.suffix == ".h" and "#pragma once" not in text:
            yield f"{relative}:1: a header has #pragma once"
        for number, fault in cpp_faults(relative, lines):
            yield f"{relative}:{number}: {fault}"


def check(root):
    faults = []
    for top in ROOTS:
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and path.suffix in OPENS and not SKIPPED.intersection(path.relative_to(root).parts):
                faults += file_faults(root, path)
    return faults


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    faults = check(root)
    for fault in faults:
        print(fault)
    print(f"style: {len(faults)} violations")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
