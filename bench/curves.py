"""Measures curves: latency under open-loop load, and what grows with doctors and with years. Records them.

    python3 bench/curves.py            about six minutes; BENCH_MILLION=1 adds a million doctors
    python3 bench/plots.py             draws docs/performance/*.svg from the record

The record is docs/performance/curves.json. Latencies count from the moment at which a request should have begun.
"""
import json
import os
import re
import shutil
import subprocess

from worlds import BENCH, FIVE_YEARS, PROGRAM, ROOT, Server, stored_bytes, temporary_folder, with_past

RECORD = ROOT / "docs/performance/curves.json"
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
LOADS = (0.1, 0.25, 0.5, 0.7, 0.8, 0.9)  # of what the closed loop carried
DOCTORS = (6_000, 60_000, *((1_000_000,) if os.environ.get("BENCH_MILLION") == "1" else ()))
PASTS = (0, FIVE_YEARS // 1825, FIVE_YEARS // 5, FIVE_YEARS)  # nothing, a day, a year, five years


def say(text):
    print(f"curves: {text}", flush=True)


def wrk(port, script, *words):
    command = ["wrk", "-t2", "-c64", f"-d{SECONDS}s", *words, "-s", str(BENCH / script), f"http://127.0.0.1:{port}/"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


class Curves:
    def __init__(self, folder):
        self.folder = folder
        self.tokens = folder / "tokens"

    def fill(self, name, doctors):
        data = self.folder / name
        subprocess.run([PROGRAM, "demo", data, "--doctors", str(doctors)], check=True, stdout=subprocess.DEVNULL)
        return data

    def fresh(self, origin):
        data = self.folder / "run"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(origin, data)
        return data

    def load(self, server, scenario, **options):
        return json.loads(server.load(scenario, self.tokens, seconds=SECONDS, **options))

    def open_loop(self, origin):
        """One curve for each of holds and searches; every point begins with a copy of the same data."""
        with Server(self.fresh(origin)) as server:
            most = {"holds": self.load(server, "holds", connections=64)["per_second"],
                    "searches": wrk(server.port, "search.lua")}
        curves = {}
        for what, limit in most.items():
            curves[what] = {"closed_per_second": limit, "points": []}
            for share in LOADS:
                with Server(self.fresh(origin)) as server:
                    point = self.load(server, f"open-{what}", connections=1000, rate=int(share * limit))
                curves[what]["points"].append(point)
                say(f"{what} {point}")
        return curves

    def state(self, data):
        """What a database of this size costs."""
        copy = self.fresh(data)
        with Server(copy) as server:
            result = {"ready_seconds": server.ready_seconds, "memory_bytes": server.memory(),
                      "stored_bytes": stored_bytes(copy), "searches_per_second": wrk(server.port, "search.lua"),
                      "slots_per_second": wrk(server.port, "slots.lua", "-H", "Accept-Encoding: gzip")}
        with Server(copy) as server:
            holds = self.load(server, "holds", connections=64)
            result |= {"holds_per_second": holds["per_second"], "holds_p99_ms": holds["p99_ms"]}
        say(f"{data.name} {result}")
        return result

    def with_patients(self, data):
        with Server(data) as server:
            self.tokens.write_text(server.load("register", count=1000), encoding="ascii")
        return data

    def measure(self):
        origin = self.with_patients(self.fill("doctors-6000", DOCTORS[0]))
        record = {"seconds": SECONDS, "load_before": os.getloadavg()[0], "open_loop": self.open_loop(origin),
                  "doctors": [], "appointments": []}
        for past in PASTS:
            data = with_past(origin, self.folder / f"past-{past}", past) if past else origin
            record["appointments"].append({"appointments": past, **self.state(data)})
            if past:
                shutil.rmtree(data)
        for doctors in DOCTORS:
            is_first = doctors == DOCTORS[0]
            data = origin if is_first else self.with_patients(self.fill(f"doctors-{doctors}", doctors))
            record["doctors"].append({"doctors": doctors, **self.state(data)})
            keep(record)


def keep(record):
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    say(f"recorded in {RECORD.relative_to(ROOT)}")


def main():
    folder = temporary_folder()
    try:
        Curves(folder).measure()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
