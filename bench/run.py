"""Measures every number of the design that one machine can show, as ratios to limits of the same run; prints a table.

Each round measures the limits and then each row; the table shows medians over the rounds. Raw results go to
build/bench/results.json. docs/performance.md says what the rows mean.
"""
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

import lists
import two_nodes
from worlds import (BENCH, FIVE_YEARS, PROGRAM, ROOT, Nginx, Postgres, Server, add_past, add_past_to_postgres,
                    stored_bytes, temporary_folder, with_past)

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
PATIENTS = 1000
MEGABYTE = 1024 * 1024


def wanted(name, default):
    return os.environ.get(name, default) == "1"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


GZIP = ("-H", "Accept-Encoding: gzip, deflate, br")  # as every browser asks


def wrk(port, script=None, path="", words=()):
    """Answers a second; any answer other than 2xx is a failure."""
    words = ["wrk", "-t2", "-c64", f"-d{SECONDS}s", "--timeout", "30s", *words]
    words += ["-s", str(BENCH / script)] if script else []
    words.append(f"http://127.0.0.1:{port}/{path}")
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.raw = {}  # name -> one value a round
        self.nginx = Nginx(folder / "nginx")
        self.postgres = Postgres(folder / "cluster")
        self.number = 0
        self.has_failed = False

    def close(self):
        self.nginx.stop()
        self.postgres.stop()

    def note(self, name, value):
        self.raw.setdefault(name, []).append(value)

    def median(self, name):
        return statistics.median(self.raw[name])

    def ratio(self, name, limit):
        """Median of the ratios, each to the limit of its own round."""
        return statistics.median(value / of for value, of in zip(self.raw[name], self.raw[limit]))

    def attempt(self, measurement, *arguments):
        """A row that cannot be measured is said, shown as such and fails the run; the others still count."""
        try:
            measurement(*arguments)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            self.has_failed = True
            say(f"{measurement.__name__}: {error}\n{getattr(error, 'stderr', '') or ''}")

    def prepare(self):
        """A filled data folder and database with patients, to copy for each measurement."""
        say(f"preparing 6,000 doctors and {PATIENTS} patients on both engines")
        self.postgres.create("bench_limit")
        self.postgres.ask("psql", "-q", "-d", "bench_limit", "-f", BENCH / "limit_schema.sql")
        self.fill("embedded", None)
        self.fill("postgres", self.postgres.create("bench_origin"))

    def fill(self, name, database):
        data = self.folder / name
        flags = [f"--database.url={database}"] if database else []
        subprocess.run([PROGRAM, "demo", data, *flags], check=True, stdout=subprocess.DEVNULL)
        with Server(data, database) as server:
            tokens = server.load("register", count=PATIENTS)
        (self.folder / f"{name}.tokens").write_text(tokens, encoding="ascii")

    def tokens(self, name):
        return self.folder / f"{name}.tokens"

    def fresh_embedded(self):
        data = self.folder / "run"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "embedded", data)
        return Server(data)

    def fresh_postgres(self):
        self.number += 1
        database = self.postgres.create(f"bench_run{self.number}", "bench_origin")
        data = self.folder / "run"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "postgres", data)
        return Server(data, database)

    def limits(self):
        words = ["pgbench", "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", str(SECONDS), "-f"]
        text = self.postgres.ask(words[0], *words[1:], BENCH / "limit_hold.sql", "bench_limit")
        self.note("L1", float(re.search(r"tps = ([\d.]+)", text)[1]))
        self.note("L2", wrk(self.nginx.port))

    def holds(self, engine):
        for clients in (64, 1000):
            with self.fresh_embedded() if engine == "embedded" else self.fresh_postgres() as server:
                text = server.load("holds", self.tokens(engine), connections=clients, seconds=SECONDS)
            result = json.loads(text)
            if set(result["statuses"]) != {"201"}:
                raise RuntimeError(f"not all were held: {text}")
            self.note(f"holds_{engine}_{clients}", result["per_second"])
            self.note(f"holds_{engine}_{clients}_p99_ms", result["p99_ms"])

    def reads(self):
        with self.fresh_embedded() as server:
            self.note("ready_6000_seconds", server.ready_seconds)
            self.note("memory_bytes", server.memory())
            self.note("slots", wrk(server.port, "slots.lua"))
            self.note("slots_gzip", wrk(server.port, "slots.lua", words=GZIP))
            self.note("slots_ceiling", self.same_bytes(server.port))
            self.note("search", wrk(server.port, "search.lua"))
            self.again("departments", server.port, "api/departments?hospital_id=1")
            self.again("doctors", server.port, "api/doctors?city_id=1&sort=rating")
            self.note("memory_after_reads_bytes", server.memory())
            tokens = self.tokens("embedded")
            refusals = json.loads(server.load("refusals", tokens, connections=1000, seconds=SECONDS))
            self.note("refusals", refusals["per_second"])
            self.note("parked_bytes", server.parked_memory(tokens, 2000))

    def again(self, name, port, path):
        """A list asked for, and asked for again by who has it: 304 as long as nobody has changed it."""
        self.note(name, wrk(port, path=path, words=GZIP))
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as reply:
            known = ("-H", f"If-None-Match: {reply.headers['ETag']}")
        self.note(f"{name}_again", wrk(port, path=path, words=(*GZIP, *known)))

    def same_bytes(self, port):
        """nginx sending one of those replies from a file: what the sockets alone allow."""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/doctors/1/slots") as reply:
            (self.folder / "nginx/week.json").write_bytes(reply.read())
        return wrk(self.nginx.port, path="files/week.json")

    def people(self):
        with self.fresh_embedded() as server:
            tokens = self.tokens("embedded")
            flow = json.loads(server.load("flow", tokens, count=PATIENTS))
            self.note("flow", flow)
            calls = ("search", "slots", "hold", "pay")
            self.note("flow_p99_ms", max(flow[call]["p99_ms"] for call in calls))
        with self.fresh_embedded() as server:
            self.note("hand_over_p99_ms", json.loads(server.load("hand-over", tokens, count=300))["p99_ms"])

    def nodes(self):
        """Two servers over one PostgreSQL; each with the keys of the other."""
        with self.fresh_postgres() as first:
            data = self.folder / "second"
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(self.folder / "postgres", data)
            with Server(data, first.database) as second:
                tokens = self.tokens("postgres").read_text(encoding="ascii").split()
                self.note("shown_ms", two_nodes.visibility(first, second, tokens))
                self.note("told_ms", two_nodes.hand_over(first, second, tokens))
        for name in ("shown", "told"):
            median, last = self.raw[f"{name}_ms"][-1]
            self.note(f"{name}_median_ms", median)
            self.note(f"{name}_p99_ms", last)

    def five_years(self):
        say("five years of data")
        data = with_past(self.folder / "embedded", self.folder / "years", FIVE_YEARS)
        for _ in range(ROUNDS):
            with Server(data) as server:
                self.note("ready_five_years_seconds", server.ready_seconds)
        self.note("five_years_bytes", stored_bytes(data))
        add_past(data, FIVE_YEARS, "five_years_records")
        self.note("five_years_records_bytes", stored_bytes(data))
        with Server(data) as server:
            self.lists("embedded", server, data)
        shutil.rmtree(data)

    def five_years_of_postgres(self):
        say("five years of data on PostgreSQL")
        database = self.postgres.create("bench_years", "bench_origin")
        add_past_to_postgres(self.postgres, "bench_years", FIVE_YEARS, "five_years", "five_years_records")
        data = self.folder / "years"
        shutil.copytree(self.folder / "postgres", data)
        with Server(data, database) as server:
            self.lists("postgres", server, data)
        self.postgres.drop("bench_years")

    def lists(self, engine, server, data):
        for what, measured in lists.measure(server, data).items():
            slowest, (_, last) = max(measured.items(), key=lambda entry: entry[1][1])
            say(f"slowest of the {what}, {engine}: {slowest}")
            self.note(f"{what}_{engine}", measured)
            self.note(f"{what}_{engine}_p99_ms", last)

    def million(self):
        say("1,000,000 doctors")
        data = self.folder / "million"
        subprocess.run([PROGRAM, "demo", data, "--doctors", "1000000"], check=True, stdout=subprocess.DEVNULL)
        with Server(data) as server:
            self.note("ready_million_seconds", server.ready_seconds)
            for _ in range(ROUNDS):
                self.note("search_million", wrk(server.port, "search.lua"))
            self.note("memory_million_bytes", server.memory())

    def build(self):
        say("a clean build")
        out = subprocess.run([BENCH / "build_time.sh"], check=True, stdout=subprocess.PIPE, text=True).stdout
        clean, again = out.split()[-2:]
        self.note("build_seconds", float(clean))
        self.note("rebuild_seconds", float(again))

    def user_interface(self):
        """Bytes, each file compressed, that the first page loads before it can be used."""
        dist = ROOT / "web/dist"
        if not (dist / "manifest.json").exists():
            return
        manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
        files, names = set(), ["index.html"]
        while names:
            chunk = manifest.get(names.pop(), {})
            if chunk.get("file") and chunk["file"] not in files:
                files.update([chunk["file"], *chunk.get("css", [])])
                names += chunk.get("imports", [])
        self.note("first_route_bytes", sum(len(gzip.compress((dist / file).read_bytes(), 9)) for file in files))


def verdict(value, goal, moonshot, more_is_better):
    sign = 1 if more_is_better else -1
    if sign * value >= sign * moonshot:
        return "moonshot"
    return "goal" if sign * value >= sign * goal else "missed"


class Table:
    def __init__(self, bench):
        self.bench = bench
        self.rows = []

    def ratio(self, what, name, limit, goal, moonshot):
        if name not in self.bench.raw:
            return self.absent(what, f"≥ {goal} × {limit}", f"{moonshot} × {limit}")
        value = self.bench.ratio(name, limit)
        reached = f"{value:.2f} × {limit} ({self.bench.median(name):,.0f}/s)"
        self.add(what, f"≥ {goal} × {limit}", f"{moonshot} × {limit}", reached, verdict(value, goal, moonshot, True))

    def most(self, what, name, unit, goal, moonshot, scale=1.0):
        """A number that should be small."""
        if name not in self.bench.raw:
            return self.absent(what, f"≤ {goal} {unit}", f"{moonshot} {unit}")
        value = self.bench.median(name) * scale
        self.add(what, f"≤ {goal} {unit}", f"{moonshot} {unit}", f"{value:,.3g} {unit}" if value < 100 else
                 f"{value:,.0f} {unit}", verdict(value, goal, moonshot, False))

    def absent(self, what, goal, moonshot):
        self.add(what, goal, moonshot, "not measured", "–")

    def add(self, *cells):
        self.rows.append(cells)

    def text(self):
        rows = [("what", "goal", "moonshot", "reached", ""), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)


def table_of(bench):
    table = Table(bench)
    for clients, goal_ms, moonshot_ms in ((64, 10, 5), (1000, 60, 40)):
        name = f"holds_embedded_{clients}"
        table.ratio(f"durable holds, embedded engine, {clients} clients", name, "L1", 2, 4)
        table.most(f"… their p99, {clients} clients", f"{name}_p99_ms", "ms", goal_ms, moonshot_ms)
    for clients in (64, 1000):
        table.ratio(f"durable holds, PostgreSQL engine, {clients} clients", f"holds_postgres_{clients}", "L1", 1, 2)
    table.ratio("refusals, 1000 clients want one slot", "refusals", "L2", 0.4, 0.7)
    table.ratio("slots of a doctor's week, as browsers ask (gzip)", "slots_gzip", "L2", 0.4, 0.7)
    table.ratio("… not compressed, 45 KB", "slots", "L2", 0.4, 0.7)
    if "slots_ceiling" in bench.raw:
        ceiling = f"{bench.ratio('slots_ceiling', 'L2'):.2f} × L2"
        table.add("… nginx with the same 45 KB from a file", "–", "–", ceiling, "–")
    table.ratio("search, 30 of 6,000 doctors with first free times", "search", "L2", 0.25, 0.5)
    table.ratio("departments of a hospital, from memory", "departments", "L2", 0.4, 0.7)
    table.ratio("… asked for again by who has them: 304", "departments_again", "L2", 0.4, 0.7)
    table.ratio("a city's best doctors with first free times (gzip)", "doctors", "L2", 0.25, 0.5)
    table.ratio("… asked for again by who has them: 304", "doctors_again", "L2", 0.4, 0.7)
    if "search_million" in bench.raw:
        bench.raw["million_cost"] = [bench.median("search") / value for value in bench.raw["search_million"]]
    table.most("the same of 1,000,000 doctors, cost against 6,000", "million_cost", "×", 3, 1.5)
    table.most("1000 people at once, search … booked, p99 of the slowest call", "flow_p99_ms", "ms", 100, 25)
    table.most("freed slot reaches the first waiter, p99", "hand_over_p99_ms", "ms", 100, 10)
    table.most("another node shows a hold or its end, median", "shown_median_ms", "ms", 10, 5)
    table.most("… p99", "shown_p99_ms", "ms", 100, 20)
    table.most("freed slot reaches the first waiter at another node, median", "told_median_ms", "ms", 10, 5)
    table.most("… p99", "told_p99_ms", "ms", 100, 20)
    table.most("memory, 6,000 doctors × 60 days", "memory_bytes", "MB", 150, 80, 1 / MEGABYTE)
    table.most("… after all were read, under load", "memory_after_reads_bytes", "MB", 150, 80, 1 / MEGABYTE)
    table.most("memory of a parked client", "parked_bytes", "KB", 16, 6, 1 / 1024)
    table.most("start to ready, 6,000 doctors", "ready_6000_seconds", "s", 1, 0.3)
    table.most("start to ready, five years (1.8 M appointments)", "ready_five_years_seconds", "s", 1, 0.3)
    table.most("storage of those five years", "five_years_bytes", "GB", 2, 1, 1 / MEGABYTE / 1024)
    if "five_years_records_bytes" in bench.raw:
        size = bench.median("five_years_records_bytes") / MEGABYTE / 1024
        table.add("… with what the visits left behind", "–", "–", f"{size:.3g} GB", "–")
    for engine, name in (("embedded", "embedded engine"), ("postgres", "PostgreSQL")):
        table.most(f"slowest list with five years of data, p99, {name}", f"lists_{engine}_p99_ms", "ms", 100, 20)
        table.most(f"… slowest call of the visit page, p99, {name}", f"visit_page_{engine}_p99_ms", "ms", 100, 20)
        if f"statistics_{engine}" in bench.raw:
            one, all_of_them = (took[0] for took in bench.raw[f"statistics_{engine}"][0].values())
            table.add(f"… statistics of a hospital, of all 200, median, {name}", "–", "–",
                      f"{one:.3g} ms, {all_of_them:.3g} ms", "–")
    table.most("clean build, program without UI", "build_seconds", "s", 300, 180)
    table.most("rebuild after one module file", "rebuild_seconds", "s", 15, 5)
    table.most("first route of the UI, gzip", "first_route_bytes", "KB", 165, 100, 1 / 1024)
    return table


def machine():
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", info)
    return f"{os.cpu_count()} cores, {model[1] if model else 'unknown processor'}"


def measure(bench):
    bench.prepare()
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        bench.limits()
        bench.attempt(bench.holds, "embedded")
        bench.attempt(bench.holds, "postgres")
        bench.attempt(bench.reads)
        bench.attempt(bench.people)
        bench.attempt(bench.nodes)
    if wanted("BENCH_FIVE_YEARS", "1"):
        bench.attempt(bench.five_years)
        bench.attempt(bench.five_years_of_postgres)
    if wanted("BENCH_MILLION", "0"):
        bench.attempt(bench.million)
    if wanted("BENCH_BUILD", "0"):
        bench.attempt(bench.build)
    bench.user_interface()


def main():
    folder = temporary_folder()
    folder.chmod(0o755)
    bench = Bench(folder)
    busy_before = os.getloadavg()[0]
    try:
        measure(bench)
    finally:
        bench.close()
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
    table = table_of(bench)
    results = {"machine": machine(), "load_before": busy_before, "rounds": ROUNDS, "seconds": SECONDS,
               "raw": bench.raw}
    (ROOT / "build/bench/results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(f"{machine()}; load average before {busy_before:.1f}; medians of {ROUNDS} rounds of {SECONDS} s")
    print(f"L1 = {bench.median('L1'):,.0f}/s (pgbench), L2 = {bench.median('L2'):,.0f}/s (nginx)\n")
    print(table.text())
    sys.exit(1 if bench.has_failed else 0)


if __name__ == "__main__":
    main()
