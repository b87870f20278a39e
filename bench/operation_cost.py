"""What one operation costs on PostgreSQL: CPU of the server and of the database, bytes of the write-ahead log.

    python3 bench/operation_cost.py          one partition
    python3 bench/operation_cost.py 1 4 8    so many partitions each, in turn

CPU time and bytes are counted, not rates, so that the figures mean something on a machine that does other work, too;
they move with it all the same, because caches and clock are shared. Therefore every round is printed, not an average:
BENCH_ROUNDS (3) rounds of BENCH_SECONDS (4), over the numbers of partitions in turn. What a run prints goes to
docs/scaling.md.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from worlds import BENCH, PROGRAM, Postgres, Server, temporary_folder

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
PATIENTS = 1000
TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")


def times_of(pid):
    """Microseconds of CPU of a process, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    user, system, of_children, of_children_system = (int(field) for field in fields[11:15])
    return (user + system) * TICK_US, (of_children + of_children_system) * TICK_US


class World:
    """A cluster with so many partitions; in it a database with doctors and patients, copied for each measurement."""

    def __init__(self, folder, partitions):
        self.folder = folder / f"partitions_{partitions}"
        self.folder.mkdir(parents=True)
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder / "cluster", [f"fairward.partitions={partitions}"])
        self.number = 0
        database = self.postgres.create("bench_origin")
        data = self.folder / "origin"
        subprocess.run([PROGRAM, "demo", data, f"--database.url={database}"], check=True, stdout=subprocess.DEVNULL)
        with Server(data, database) as server:
            (self.folder / "tokens").write_text(server.load("register", count=PATIENTS), encoding="ascii")

    def fresh(self):
        self.number += 1
        database = self.postgres.create(f"bench_run{self.number}", "bench_origin")
        data = self.folder / "run"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "origin", data)
        return Server(data, database)

    def database_cpu(self):
        """Of the postmaster and all that it has started."""
        main = self.postgres.process.pid
        own, ended = times_of(main)
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        return own + ended + sum(sum(times_of(pid)) for pid in children)

    def log_position(self):
        words = ("-X", "-A", "-t", "-d", "bench_origin", "-c", "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return int(self.postgres.ask("psql", *words))

    def cost(self, route, code, load):
        """(server µs, database µs, bytes of the log) for each call of the route so answered, while `load` runs."""
        with self.fresh() as server:
            self.postgres.ask("psql", "-X", "-q", "-d", "bench_origin", "-c", "CHECKPOINT")
            before = (sum(times_of(server.process.pid)), self.database_cpu(), self.log_position())
            calls = -calls_of(server, route, code)
            load(server)
            after = (sum(times_of(server.process.pid)), self.database_cpu(), self.log_position())
            calls += calls_of(server, route, code)
        return [(end - begin) / calls for begin, end in zip(before, after)]


def calls_of(server, route, code):
    """How many calls of a route the server has answered so."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as reply:
        text = reply.read().decode()
    found = re.search(rf'^fairward_http_requests_total\{{route="{route}",code="{code}"\}} (\d+)$', text, re.M)
    return int(found[1]) if found else 0


def wrk(script):
    def run(server):
        words = ["wrk", "-t1", "-c64", f"-d{SECONDS}s", "-s", BENCH / script, f"http://127.0.0.1:{server.port}/"]
        if "Non-2xx" in subprocess.run(words, check=True, capture_output=True, text=True).stdout:
            raise RuntimeError(f"{script}: not all were answered 200")
    return run


def operations(world):
    def load(scenario, **options):
        def run(server):
            result = json.loads(server.load(scenario, world.folder / "tokens", **options))
            if not set(result.get("statuses", {})) <= {"201", "409"}:
                raise RuntimeError(f"{scenario}: {result}")
        return run

    yield "search, 30 doctors", "doctor_list", 200, wrk("search.lua")
    yield "slots of a doctor's week", "slot_list", 200, wrk("slots.lua")
    for clients in (64, 1000):
        yield f"hold, {clients} clients", "hold_create", 201, load("holds", connections=clients, seconds=SECONDS)
    yield ("refusal of a held slot with Idempotency-Key, 64 clients", "hold_create", 409,
           load("refusals", connections=64, seconds=SECONDS))
    yield "a person served: search … booked, 1,000 at once", "hold_payment_create", 202, load("flow", count=PATIENTS)


def main():
    partitions = [int(word) for word in sys.argv[1:]] or [1]
    folder = temporary_folder()
    folder.chmod(0o755)
    worlds = {}
    costs = {}
    try:
        for number in partitions:
            worlds[number] = World(folder, number)
        for turn in range(ROUNDS):
            for number, world in worlds.items():
                for name, route, code, load in operations(world):
                    costs.setdefault((name, number), []).append(world.cost(route, code, load))
            print(f"round {turn + 1} of {ROUNDS}", file=sys.stderr, flush=True)
    finally:
        for world in worlds.values():
            world.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("| operation | partitions | server, µs | PostgreSQL, µs | log, bytes |\n|---|--:|--:|--:|--:|")
    for (name, number), rounds in costs.items():
        columns = [" / ".join(f"{value:,.0f}" for value in column) for column in zip(*rounds)]
        print(f"| {name} | {number} | " + " | ".join(columns) + " |")


if __name__ == "__main__":
    main()
