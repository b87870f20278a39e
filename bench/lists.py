"""How long every list of the API takes as each role that may see it, and the visit page, over five years of data.

    python3 bench/lists.py DATA [DATABASE]    measures a filled data folder and prints what every list took

The lists are those of the route table (`fairward openapi`): a new one is measured without a word here.
"""
import functools
import json
import subprocess
import sys
import time
from pathlib import Path

from two_nodes import Caller, percentile
from worlds import PROGRAM, Server

PAGES = 20  # one after the other, by cursor
PASSES = 5
PATIENTS = 100  # whose pages are opened
STATISTICS = "/api/admin/stats"  # of the last thirty days
NOT_LISTS = {STATISTICS, "/api/admin/no-shows", "/api/events", "/api/me", "/api/session", "/api/sandbox/messages",
             "/api/auth/jwks"}
# Beside the plain lists, what people ask of them.
ASKED = {
    "/api/appointments": ["?from=2022-06-01&to=2022-06-30", "?status=cancelled", "?doctor_id=1",
                          "?patient_id={patient}"],
    "/api/doctor/appointments": ["?from=2022-06-01&to=2022-06-30", "?status=noshow"],
    "/api/patients": ["?name=shalini", "?name=anil%20reddy", "?name=nobody", "?phone=%2B919100000042"],
    "/api/users": ["?q=imtiaz", "?q=nobody", "?q=demo.d", "?role=patient", "?status=disabled"],
    "/api/hospitals": ["?keyword=city", "?postal_code=110001"],
    "/api/prescriptions": ["?patient_id={patient}"],
    "/api/notifications/deliveries": ["?status=failed"],
    "/api/doctor/referrals": ["?direction=received"],
}
VISIT_PAGE = ["/api/appointments/{visit}", "/api/treatments/{visit}", "/api/patients/{patient}/summary",
              "/api/patients/{patient}/timeline", "/api/patients/{patient}/documents",
              "/api/prescriptions?patient_id={patient}"]


def anyone(server):
    caller = Caller(server.port, "")
    caller.headers.pop("Authorization")
    return caller


def logins(server, data):
    """For each role of the demo how its calls connect: anew for each list, because idle connections are closed."""
    connect = {"anyone": lambda: anyone(server)}
    for login in json.loads((Path(data) / "demo-logins.json").read_text(encoding="utf-8")):
        body = {"login": login["login"], "password": login["password"]}
        token = anyone(server).call("POST", "/api/auth/login", body)[0]["access_token"]
        connect[login["role"]] = functools.partial(Caller, server.port, token)
    return connect


def lists():
    """(path, roles) of every route that answers a list and names nothing in its path."""
    document = json.loads(subprocess.run([PROGRAM, "openapi"], check=True, capture_output=True, text=True).stdout)
    for path, operations in document["paths"].items():
        if "get" in operations and "{" not in path and path not in NOT_LISTS:
            yield path, operations["get"]["x-rights"].keys()


def timed(connection, path):
    began = time.perf_counter()
    reply = connection.call("GET", path)[0]
    return (time.perf_counter() - began) * 1000, reply


def pages(connection, path):
    """Milliseconds of each page, from the first into the past."""
    times = []
    for _ in range(PASSES):
        target = path
        for _ in range(PAGES):
            took, reply = timed(connection, target)
            times.append(took)
            if not isinstance(reply, dict) or not reply.get("next"):
                break
            target = f"{path}{'&' if '?' in path else '?'}cursor={reply['next']}"
    return times


def visit_page(doctor):
    """For each call of the page, the milliseconds it took for each of the doctor's visits."""
    took = {call: [] for call in VISIT_PAGE}
    visits = doctor.call("GET", "/api/doctor/appointments?status=fulfilled&limit=100")[0]["items"][:PATIENTS]
    for visit in visits:
        for call, times in took.items():
            times.append(timed(doctor, call.format(visit=visit["id"], patient=visit["patient_id"]))[0])
    return took


def measure(server, data):
    """{what: (median, p99)} in milliseconds, of every list, of the calls of the visit page, of the statistics."""
    connect = logins(server, data)
    visits = connect["doctor"]().call("GET", "/api/doctor/appointments?status=fulfilled&limit=1")[0]["items"]
    found = {"lists": {}, "visit_page": {}, "statistics": {}}
    for path, roles in lists():
        for role in roles:
            if role not in connect:
                continue
            for query in ["", *ASKED.get(path, [])]:
                target = path + query.format(patient=visits[0]["patient_id"])
                try:
                    times = pages(connect[role](), target)
                except RuntimeError as error:
                    if " 4" not in str(error)[:len(target) + 9]:
                        raise
                    continue  # asks for a parameter, or this role may not filter by it
                found["lists"][f"{role} {target}"] = (percentile(times, 0.5), percentile(times, 0.99))
    for call, times in visit_page(connect["doctor"]()).items():
        found["visit_page"][call] = (percentile(times, 0.5), percentile(times, 0.99))
    for role in ("hospital_admin", "platform_admin"):
        times = [timed(connect[role](), STATISTICS)[0] for _ in range(PAGES)]
        found["statistics"][role] = (percentile(times, 0.5), percentile(times, 0.99))
    return found


def main():
    data, database = (sys.argv[1:] + [None])[:2]
    with Server(data, database) as server:
        found = measure(server, data)
    for what, measured in found.items():
        print(f"{what}: {len(measured)}; median, p99 in ms")
        for name, (median, last) in sorted(measured.items(), key=lambda entry: -entry[1][1]):
            print(f"{median:9.2f} {last:9.2f}  {name}")


if __name__ == "__main__":
    main()
