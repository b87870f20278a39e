"""How soon one node shows what another has committed, and how soon who is parked at one hears of it."""
import http.client
import json
import statistics
import threading
import time
from datetime import datetime, timedelta, timezone

ROUNDS = 150


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Caller:
    """One connection to one node, as one patient."""

    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method, path, body=None, **headers):
        self.connection.request(method, path, json.dumps(body) if body is not None else None,
                                {**self.headers, **headers})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 400:
            raise RuntimeError(f"{method} {path}: {reply.status} {text[:300]}")
        return json.loads(text) if text else None, reply.headers.get("ETag")


def visibility(first, second, tokens):
    """Milliseconds from sending a hold, or its release, to one node until another shows it, calls included."""
    writer, reader = Caller(first.port, tokens[0]), Caller(second.port, tokens[1])
    day = (datetime.now(timezone.utc) + timedelta(days=5)).date().isoformat()
    path = f"/api/doctors/1/slots?from={day}&to={day}"
    slots = [slot["starts_at"] for slot in reader.call("GET", path)[0]["items"]]
    times = []

    def until(starts_at, status):
        began = time.perf_counter()
        while True:
            items = reader.call("GET", path)[0]["items"]
            if next(slot["status"] for slot in items if slot["starts_at"] == starts_at) == status:
                return (time.perf_counter() - began) * 1000
            if time.perf_counter() - began > 10:
                raise RuntimeError(f"{starts_at} is not {status} at the other node")

    for number in range(ROUNDS):
        starts_at = slots[number % len(slots)]
        hold = writer.call("POST", "/api/holds", {"doctor_id": 1, "starts_at": starts_at})[0]
        times.append(until(starts_at, "held"))
        writer.call("DELETE", f"/api/holds/{hold['id']}")
        times.append(until(starts_at, "free"))
    return statistics.median(times), percentile(times, 0.99)


def hand_over(first, second, tokens):
    """Milliseconds from sending the release to one node until the waiter parked at another has the offer."""
    day = (datetime.now(timezone.utc) + timedelta(days=6)).date().isoformat()
    path = f"/api/doctors/2/slots?from={day}&to={day}"
    everyone = [Caller(first.port, token) for token in tokens]
    slots = [slot["starts_at"] for slot in everyone[0].call("GET", path)[0]["items"]]
    holds = [everyone[number].call("POST", "/api/holds", {"doctor_id": 2, "starts_at": starts_at})[0]["id"]
             for number, starts_at in enumerate(slots)]
    times = []
    for number, hold in enumerate(holds):
        waiter = Caller(second.port, tokens[len(slots) + number])
        wait, _ = waiter.call("POST", "/api/waits", {"doctor_id": 2, "from": day, "to": day})
        _, etag = waiter.call("GET", f"/api/waits/{wait['id']}")
        told = []

        def park():
            told.append((waiter.call("GET", f"/api/waits/{wait['id']}?wait=30", **{"If-None-Match": etag})[0],
                         time.perf_counter()))

        parked = threading.Thread(target=park)
        parked.start()
        time.sleep(0.02)
        began = time.perf_counter()
        everyone[number].call("DELETE", f"/api/holds/{hold}")
        parked.join()
        if told[0][0]["status"] != "offered":
            raise RuntimeError(f"the waiter was told {told[0][0]['status']}")
        times.append((told[0][1] - began) * 1000)
    return statistics.median(times), percentile(times, 0.99)
