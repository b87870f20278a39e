#!/usr/bin/env python3
"""Every test that docs/security.md names exists, and every line of it has a test or says why not yet."""
import re
import sys
from pathlib import Path

PAGE = "docs/security.md"
NAMED = re.compile(r'^\s*- `([^`]+)` (?:"([^"]+)"|`([\w]+)\.([\w]+)`)\s*$')
LINE = re.compile(r"^(\d+)\. ")


def has_test(text, words, suite, name):
    if words is not None:
        return any(f"{mark}{words}{mark}" in text for mark in "'\"`")
    return re.search(rf"\bTEST(_F|_P)?\(\s*{suite},\s*{name}\)", text) is not None


def check(root):
    """The faults, a sentence each."""
    page = root / PAGE
    if not page.exists():
        return []
    faults, proved, number = [], {}, None
    for at, line in enumerate(page.read_text().splitlines(), 1):
        begins = LINE.match(line)
        if begins:
            number = int(begins.group(1))
            proved[number] = False
        if number is not None and "*Not yet*" in line:
            proved[number] = True
        if not re.match(r"^\s+- `", line):
            continue
        named = NAMED.match(line)
        if not named:
            faults.append(f"{PAGE}:{at}: write `file` \"name\" or `file` `suite.name`")
            continue
        file, words, suite, name = named.groups()
        if not (root / file).exists():
            faults.append(f"{PAGE}:{at}: there is no {file}")
        elif not has_test((root / file).read_text(), words, suite, name):
            faults.append(f"{PAGE}:{at}: {file} has no test {words or f'{suite}.{name}'}")
        elif number is not None:
            proved[number] = True
    bare = [line for line, is_proved in proved.items() if not is_proved]
    faults += [f"{PAGE}: line {line} has neither a test nor a reason" for line in bare]
    return faults


def main():
    faults = check(Path(__file__).resolve().parents[1])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
