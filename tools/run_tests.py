#!/usr/bin/env python3
"""Runs every suite against the built program and ends with one line: "N passed, N failed".

Usage: run_tests.py [--only NAME…] [--build build/release]. Suites run one after the other, none hides another's
failure; a suite that says nothing countable counts as one failure. How long the open-ended ones run:
FAIRWARD_CRASH_ROUNDS, FAIRWARD_RETRIED_REQUESTS, FAIRWARD_SIM_SEEDS, FAIRWARD_POWER_CUTS, FAIRWARD_HA_ROUNDS,
FAIRWARD_FUZZ_SECONDS (each target).
"""
import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUITE_SECONDS_MAX = int(os.environ.get("FAIRWARD_SUITE_SECONDS", "1800"))


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def run(command, cwd=ROOT, **environment):
    """Runs with the output on the terminal; answers the exit status, -1 when it took too long."""
    try:
        return subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, timeout=SUITE_SECONDS_MAX).returncode
    except subprocess.TimeoutExpired:
        print(f"stopped after {SUITE_SECONDS_MAX} s: {' '.join(map(str, command))}")
        return -1


def gtest_counts(folder):
    """What the GoogleTest programs wrote, each into a file of its own."""
    total = Count()
    for report in Path(folder).glob("*.json"):
        result = json.loads(report.read_text())
        failed = result["failures"] + result.get("errors", 0)
        skipped = sum(test.get("result") == "SKIPPED" for suite in result["testsuites"] for test in suite["testsuite"])
        total.add(Count(result["tests"] - failed - skipped - result.get("disabled", 0), failed, skipped))
    return total


def unit(build):
    """Unit and contract tests, beside their sources."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["ctest", "--test-dir", str(build), "--output-on-failure", "-j", str(os.cpu_count() or 1)]
        status = run(command, GTEST_OUTPUT=f"json:{folder}/", GTEST_BRIEF="1")
        counts = gtest_counts(folder)
    if status != 0 and counts.failed == 0:
        counts.failed = 1  # a program that crashed wrote no report
    return counts


def node_counts(report, status):
    """The totals at the end of a TAP report."""
    text = report.read_text() if report.exists() else ""
    found = {name: int(number) for name, number in re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", text, re.M)}
    counts = Count(found.get("pass", 0), found.get("fail", 0) + found.get("cancelled", 0), found.get("skipped", 0))
    if counts.passed + counts.failed == 0 or (status != 0 and counts.failed == 0):
        counts.failed += 1
    return counts


def node(files, cwd=ROOT, prefix=(), side_by_side=1, **environment):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.tap"
        reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap",
                     f"--test-reporter-destination={report}"]
        command = [*prefix, "node", "--test", f"--test-concurrency={side_by_side}", *reporters, *map(str, files)]
        status = run(command, cwd, **environment)
        return node_counts(report, status)


def black_box(build, folder, side_by_side=1):
    files = sorted((ROOT / "tests" / folder).glob("*.test.mjs"))
    return node(files, side_by_side=side_by_side, FAIRWARD_BIN=str(build / "fairward")) if files else Count()


def http(build):
    """The API from outside, on both engines."""
    return black_box(build, "http", side_by_side=2)


def heart(build):
    """Race, rush, crash, full disk and cut connections: the promises about slots and order."""
    return black_box(build, "heart")


def ha(build):
    """The database's primary dies, is cut off, hands over: nothing acknowledged is lost. And the pooler."""
    return black_box(build, "ha")


def ops(build):
    """Check, backup, restore, point-in-time recovery: what an administrator does, on both engines."""
    return black_box(build, "ops", side_by_side=2)


def tools(build):
    """The project's own checks find what they are for."""
    del build
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tests/tools", "-p", "*_test.py"]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    sys.stdout.write(done.stderr)
    ran = int((re.search(r"Ran (\d+) test", done.stderr) or [0, 0])[1])
    failed = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", done.stderr)))
    return Count(ran - failed, failed) if ran and (failed or done.returncode == 0) else Count(0, max(failed, 1))


def golden(build):
    """What the program prints about itself is what is committed."""
    total = Count()
    for command, committed in [(["policy"], "tests/policy/policy.txt"), (["openapi"], "openapi/api.json"),
                               (["config", "table"], "docs/configuration.md")]:
        done = subprocess.run([str(build / "fairward"), *command], stdout=subprocess.PIPE, text=True)
        path = ROOT / committed
        wanted = path.read_text() if path.exists() else ""
        is_same = done.returncode == 0 and done.stdout == wanted
        print(f"{'ok' if is_same else 'NOT OK'}  fairward {' '.join(command)} = {committed}")
        if not is_same:
            lines = difflib.unified_diff(wanted.splitlines(), done.stdout.splitlines(), committed, "now", lineterm="")
            print("\n".join(list(lines)[:40]))
            print(f"if the change is meant: fairward {' '.join(command)} > {committed}")
        total.add(Count(int(is_same), int(not is_same)))
    return total


# Each finds its bug within the budget, or the simulation has gone blind.
PLANTS = ["queue_check_skipped", "hold_released_twice", "acknowledged_before_commit", "lease_unchecked",
          "event_order_ignored"]


def sim(build):
    """The whole product in one thread, in a fixed budget of simulated worlds; a failure names its seed."""
    programs = build / "tests/sim"
    if not (programs / "fairward_sim").exists():
        print("not built")
        return Count(0, 1)
    seeds = int(os.environ.get("FAIRWARD_SIM_SEEDS", "100"))
    budget = ["--seed", os.environ.get("FAIRWARD_SEED", "1"), "--jobs", str(os.cpu_count() or 1)]
    status = run([str(programs / "fairward_sim"), *budget, "--seeds", str(seeds), "--repeat", "3"])
    total = Count(seeds, 0) if status == 0 else Count(0, 1)
    for plant in PLANTS:
        print(f"planted: {plant}", flush=True)
        found = run([str(programs / f"fairward_sim_{plant}"), *budget, "--seeds", str(min(seeds, 40)), "--find"]) == 0
        total.add(Count(int(found), int(not found)))
    return total


def at_once(commands):
    """Runs the commands side by side, as many as there are processors; yields each with its status and output."""
    def one(command):
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return command, done.returncode, done.stdout.decode(errors="replace")
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(one, commands)


def powercut(build):
    """The power goes at any write: what was acknowledged is there. Not so with synchronous=NORMAL or a planted bug."""
    program = str(build / "tests/powercut/fairward_powercut")
    cuts, lanes = int(os.environ.get("FAIRWARD_POWER_CUTS", "2000")), os.cpu_count() or 1
    first = int(os.environ.get("FAIRWARD_SEED", "1"))
    commands = [[program, "--seed", str(first + lane * SEEDS_APART), "--cuts", str(-(-cuts // lanes))]
                for lane in range(lanes)]
    control, planted = [program, "--control", "--cuts", "500"], [f"{program}_planted", "--cuts", "2000"]
    total = Count()
    for command, status, output in at_once([*commands, control, planted]):
        is_good = status == 1 and "is lost" in output if command is planted else status == 0
        print(f"{Path(command[0]).name} {' '.join(command[1:])}: {'ok' if is_good else 'FAILED'}\n{output}", flush=True)
        total.add(Count(int(is_good), int(not is_good)))
    return total


def fuzz(build):
    """All that strangers write, mutated under ASan and UBSan; what was found before is tried first."""
    del build
    folder, seconds = ROOT / "build/fuzz", os.environ.get("FAIRWARD_FUZZ_SECONDS", "10")
    seed = os.environ.get("FAIRWARD_FUZZ_SEED", "1")  # 0: by chance
    commands = []
    for committed in sorted((ROOT / "tests/fuzz/corpus").iterdir()):
        grown, crashes = folder / "corpus" / committed.name, folder / "crashes"
        grown.mkdir(parents=True, exist_ok=True)
        crashes.mkdir(exist_ok=True)
        commands.append([str(folder / f"tests/fuzz/fairward_fuzz_{committed.name}"), str(grown), str(committed),
                         f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={crashes}/{committed.name}-",
                         "-timeout=10", "-max_len=4096", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"])
    total = Count()
    for command, status, output in at_once(commands):
        inputs = (re.search(r"number_of_executed_units: (\d+)", output) or [0, "0"])[1]
        print(f"{Path(command[0]).name}: {inputs} inputs, {'ok' if status == 0 else 'FAILED'}", flush=True)
        if status != 0:
            print(output[-6000:])
        total.add(Count(int(status == 0), int(status != 0)))
    return total


def web(build):
    """The UI's unit tests."""
    del build
    if not (ROOT / "web/node_modules").is_dir():
        print("web/node_modules is missing: tools/setup.sh")
        return Count(0, 1)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        status = run(["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=json",
                      f"--outputFile.json={report}"], ROOT / "web")
        if not report.exists():
            return Count(0, 1)
        result = json.loads(report.read_text())
    failed = max(result["numFailedTests"], 1 if status != 0 else 0)
    return Count(result["numPassedTests"], failed, result.get("numPendingTests", 0))


def e2e(build):
    """The UI in a browser, against the real program; what happens when a hold runs out, with short holds."""
    server = ["node", str(ROOT / "tests/lib/with_world.mjs")]
    total, program = Count(), str(build / "fairward")
    for is_short in (False, True):
        files = [file for file in sorted((ROOT / "web/e2e").glob("*.e2e.mjs")) if (file.name == EXPIRY) == is_short]
        settings = {"FAIRWARD_HOLD_SECONDS": "8"} if is_short else {}
        total.add(node(files, ROOT / "web", server, FAIRWARD_BIN=program, **settings))
    return total


def deploy(build):
    """What operators get: the gateway before real nodes, unit, package, containers and manifests."""
    return black_box(build, "deploy")


EXPIRY = "expiry.e2e.mjs"
SEEDS_APART = 1_000_000  # of processes that run side by side
SUITES = [unit, tools, golden, http, heart, ops, sim, powercut, fuzz, web, e2e, deploy, ha]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=Path, default=ROOT / "build/release")
    arguments.add_argument("--only", nargs="+", choices=[suite.__name__ for suite in SUITES])
    options = arguments.parse_args()
    build = options.build.resolve()
    total, summary = Count(), []
    for suite in SUITES:
        if options.only and suite.__name__ not in options.only:
            continue
        print(f"\n== {suite.__name__}: {suite.__doc__.strip()}", flush=True)
        started = time.monotonic()
        counts = suite(build)
        summary.append((suite.__name__, counts, time.monotonic() - started))
        total.add(counts)
    print()
    for name, counts, seconds in summary:
        skipped = f", {counts.skipped} skipped" if counts.skipped else ""
        print(f"{name:8} {counts.passed:5} passed, {counts.failed} failed{skipped}  ({seconds:.0f} s)")
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
