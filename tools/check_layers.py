#!/usr/bin/env python3
"""Proves who may include whom, which library lives where, and that a module's SQL touches its own tables only.

  base <- platform <- modules <- fhir <- app
  modules bottom-up: identity, directory, billing, booking, reviews, reception, notifications, records, reporting.

Usage: check_layers.py [ROOT]. Prints each violation as file:line: text and ends with 1 if there is any.
"""
import re
import sys
from pathlib import Path

# Folder -> what it may include besides itself and base; the same as the lines of CMakeLists.txt.
PLATFORM = {
    "clock": set(), "log": set(), "metrics": set(), "config": set(), "crypto": {"clock"},
    "sql": {"clock", "log"}, "http": {"log"}, "nodes": {"clock", "log", "sql"},
    "api": {"clock", "log", "metrics", "crypto", "sql", "http"},
    "errors": {"clock", "log", "sql", "api"},
    "audit": {"clock", "log", "crypto", "sql", "api"},
    "backup": {"clock", "log", "crypto", "sql", "api"},
    "mail": {"http"}, "scan": set(),
    "jobs": {"clock", "log", "metrics", "sql", "api", "http"},
}
# Each may use those before it.
MODULES = ["identity", "directory", "billing", "booking", "reviews", "reception", "notifications", "records",
           "reporting"]
# Not config: modules take their settings as options.
MODULE_PLATFORM = {"clock", "log", "metrics", "crypto", "sql", "http", "api", "jobs", "nodes", "mail", "scan"}

# What only one folder (or two) may name: pattern, the folders, what to use instead.
HOMES = [
    (re.compile(r"#include <boost/(asio|beast)"), "platform/http", "http::serve, http::Client"),
    (re.compile(r"#include <curl/"), "platform/http platform/mail", "http::Client or mail::Mailer"),
    (re.compile(r"#include <(sqlite3|libpq-fe)\.h>"), "platform/sql", "sql::Engine, Snapshot and Txn"),
    (re.compile(r"\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)\b|\btime\(nullptr\)"),
     "platform/clock", "the Clock that is passed, or call.now"),
    (re.compile(r"\brandom_device\b|\bgetrandom\b|\bgetentropy\b|\bs?rand\(|\bmt19937"), "platform/clock",
     "the Entropy that is passed, or call.random"),
    (re.compile(r"\b(secure_)?getenv\b|\benviron\b"), "platform/config", "config::Settings"),
]

# Files that may break a rule, with the reason. This list only shrinks.
EXCEPTIONS = {
    ("src/platform/http", "clock"): "socket deadlines and the Date header follow the real clock; they decide nothing",
    ("src/platform/sql", "clock"): "waiting for a batch or a retry; stored times come from the Clock",
    ("src/platform/api", "clock"): "durations for the metrics; decisions use the Clock",
    ("src/modules/billing", "clock"): "the sandbox gateway is a program of its own; its thread sleeps",
    ("src/platform/jobs", "clock"): "how long a worker thread sleeps; what is due is decided by the Clock",
}

INCLUDE = re.compile(r'^\s*#include "([^"]+)"')
TABLE = re.compile(r"\b(?:from|join|into|update|table|references|on)\s+([a-z]+_[a-z_]+)", re.I)


def folder_of(path):
    """src/modules/booking/x.cpp -> ("modules", "booking"); src/app/x.cpp -> ("app", "")."""
    parts = path.split("/")
    if parts[0] in ("platform", "modules") and len(parts) > 2:
        return parts[0], parts[1]
    return parts[0], ""


def include_fault(own, included):
    """Why a file of folder `own` may not include `included`; "" if it may."""
    layer, name = own
    other, other_name = folder_of(included)
    if other not in ("base", "platform", "modules", "fhir", "app"):
        return ""
    if layer == "main.cpp" or layer == "app" or other == "base" or (layer, name) == (other, other_name):
        return ""
    if layer == "base":
        return "base includes nothing above it"
    if layer == "platform":
        if other == "platform" and other_name in PLATFORM.get(name, set()):
            return ""
        return f"platform/{name} may not use {other}/{other_name}".rstrip("/")
    if layer == "fhir":
        is_public = included == f"modules/{other_name}/{other_name}.h"
        return "" if other == "platform" or is_public else "fhir stands on the modules' public headers"
    if layer == "modules":
        if other == "platform":
            return "" if other_name in MODULE_PLATFORM else f"modules take options, not platform/{other_name}"
        if other == "modules" and name in MODULES and other_name in MODULES:
            if MODULES.index(other_name) > MODULES.index(name):
                return f"{name} stands below {other_name}: it hears of it by an event or a port"
            if included not in (f"modules/{other_name}/{other_name}.h", f"modules/{other_name}/events.h"):
                return f"only modules/{other_name}/{other_name}.h and events.h are for others"
            return ""
    return f"{layer}/{name} may not include {included}"


def without_comments(line):
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', line.split("//")[0])


def check_source(root, path):
    relative = path.relative_to(root / "src").as_posix()
    own = folder_of(relative)
    is_test = path.name.endswith("_test.cpp") or path.stem == "testing"
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if match := INCLUDE.match(line):
            if fault := include_fault(own, match.group(1)):
                yield f"src/{relative}:{number}: {fault}"
        code = line if "#include" in line else without_comments(line)
        for pattern, home, instead in HOMES:
            if relative.startswith(tuple(f"{one}/" for one in home.split())) or not pattern.search(code) or is_test:
                continue
            folder = "src/" + "/".join(part for part in own if part)
            if (folder, home.split("/")[1]) not in EXCEPTIONS:
                yield f"src/{relative}:{number}: only {home} may do this; use {instead}"


def check_sql(root, path):
    """A module's SQL names no table of another module; reading report_ views is allowed."""
    module = path.relative_to(root / "src").parts[1]
    others = [name for name in MODULES + ["jobs", "api", "sql"] if name != module]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for table in TABLE.findall(line.split("--")[0]):
            owner = table.lower().split("_")[0]
            if owner in others:
                where = f"{path.relative_to(root).as_posix()}:{number}"
                yield f"{where}: {table} belongs to {owner}; call its function instead"


def check(root):
    faults = []
    for path in sorted((root / "src").rglob("*")):
        if path.suffix in (".h", ".cpp"):
            faults += check_source(root, path)
        elif path.suffix == ".sql":
            faults += check_sql(root, path)
    return faults


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    faults = check(root)
    for fault in faults:
        print(fault)
    print(f"layers: {len(faults)} violations")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
