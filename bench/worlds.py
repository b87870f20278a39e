"""What the benchmark measures and what it measures it against: the product, PostgreSQL, nginx, each started apart."""
import datetime
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
PROGRAM = Path(os.environ.get("FAIRWARD_BIN", ROOT / "build/release/fairward")).resolve()
LOAD = Path(os.environ.get("FAIRWARD_LOAD", ROOT / "build/release/bench/fairward_load")).resolve()
POSTGRES_BIN = Path(os.environ.get("FAIRWARD_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
UNLIMITED = 100_000_000
FIVE_YEARS = 1_800_000  # appointments
SETTINGS = {
    **{f"limits.{name}_per_minute": UNLIMITED for name in
       ("address", "address_writes", "address_logins", "user", "user_writes", "login_failures")},
    "identity.access_minutes": 1440,
    "booking.open_holds_per_patient": 100,  # a thousand patients hold a hundred thousand slots
    "log.level": "warning",
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def until_answers(port, target, process, seconds=120):
    """Asks over and over until the answer is 200."""
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"ended with {process.returncode}: {process.args}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(request)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.001)
    raise RuntimeError(f"{target} was not ready in {seconds} s")


def ended(process, seconds=120):
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """The product on a data folder; database is an address or None for the embedded engine."""

    def __init__(self, data, database=None):
        self.port = free_port()
        self.database = database
        settings = {**SETTINGS, "http.port": self.port, "data.folder": data}
        if database:
            settings["database.url"] = database
        flags = [f"--{name}={value}" for name, value in settings.items()]
        begin = time.monotonic()
        self.log = open(Path(data) / "server.log", "a", encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM, "serve", "--sandbox", *flags], stdout=self.log, stderr=self.log)
        until_answers(self.port, "/ready", self.process)
        self.ready_seconds = time.monotonic() - begin

    def __enter__(self):
        return self

    def __exit__(self, *_):
        ended(self.process)
        self.log.close()

    def memory(self):
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def load(self, scenario, tokens=None, **options):
        words = [LOAD, scenario, "--port", str(self.port)]
        if tokens:
            words += ["--tokens", str(tokens)]
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    def parked_memory(self, tokens, clients):
        """Resident bytes that each waiting client adds."""
        before = self.memory()
        words = [LOAD, "park", "--port", str(self.port), "--tokens", str(tokens), "--connections", str(clients)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parked:
            if parked.stdout.readline() != "parked\n":
                raise RuntimeError("the clients did not park")
            after = self.memory()
            answered = json.loads(parked.communicate("\n")[0])["answered"]
        if answered:
            raise RuntimeError(f"{answered} parked clients were answered at once")
        return (after - before) / clients


class Postgres:
    """A cluster of its own that syncs what it commits; no port, a socket in the folder."""

    def __init__(self, folder, more=()):
        self.folder = folder
        folder.mkdir()
        folder.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        self.run("initdb", "-D", data, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=fairward")
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "max_connections=60",
                    "shared_buffers=256MB", "max_wal_size=4GB", "synchronous_commit=on", *more)
        words = [word for line in settings for word in ("-c", line)]
        self.log = open(folder.parent / "postgres.log", "a", encoding="utf-8")
        self.process = subprocess.Popen(self.words("postgres", "-D", data, *words), stdout=self.log, stderr=self.log,
                                        cwd="/")
        while subprocess.run([POSTGRES_BIN / "pg_isready", "-q", "-h", folder], check=False).returncode:
            time.sleep(0.05)

    def words(self, command, *arguments):
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
        return [*become, POSTGRES_BIN / command, *arguments]

    def run(self, command, *arguments):
        subprocess.run(self.words(command, *arguments), check=True, stdout=subprocess.DEVNULL, cwd="/")

    def ask(self, command, *arguments):
        words = [POSTGRES_BIN / command, "-h", self.folder, "-U", "fairward", *arguments]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    def create(self, name, template="template1"):
        self.ask("createdb", "--template", template, name)
        return f"postgresql:///{name}?host={urllib.parse.quote(str(self.folder), safe='')}&user=fairward"

    def drop(self, name):
        self.ask("dropdb", "--force", name)

    def stop(self):
        self.process.send_signal(2)  # fast shutdown; setpriv has become postgres
        self.process.wait()
        self.log.close()


NGINX_CONFIG = """
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
daemon off;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port} reuseport; location / {{ return 200 "ok"; }}
    location /files/ {{ alias {folder}/; }} }}
}}
"""


class Nginx:
    def __init__(self, folder):
        folder.mkdir()
        folder.chmod(0o755)
        self.folder = folder
        self.port = free_port()
        config = folder / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(folder=folder, port=self.port), encoding="utf-8")
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([program, "-e", folder / "nginx.log", "-c", config])
        until_answers(self.port, "/", self.process)

    def stop(self):
        ended(self.process)


def past_script(name, appointments, iso_date):
    """A script of the past with its parameters filled in; a patient comes 3.6 times in five years."""
    values = {":appointments": max(appointments, 1), ":patients": max(appointments * 10 // 36, 1),
              ":today": f"CAST({int(time.time() // 86400)} AS BIGINT)", ":iso_date": iso_date}
    text = (BENCH / f"{name}.sql").read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(word, str(value))
    return text


def iso_date(milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).date().isoformat()


def add_past(data, appointments, *parts):
    """Fills a data folder with so many visits of the past, or with what they left behind."""
    with sqlite3.connect(data / "fairward.db") as database:
        database.create_function("iso_date", 1, iso_date, deterministic=True)
        database.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY;")
        for part in ("past", *parts):
            database.executescript(f"BEGIN; {past_script(part, appointments, 'iso_date')} COMMIT;")
    database.close()


ISO_DATE_OF_POSTGRES = """
CREATE FUNCTION pg_temp.iso_date(at BIGINT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS
  $$ SELECT to_char(to_timestamp(at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD') $$;
"""


def add_past_to_postgres(postgres, name, appointments, *parts):
    """The same in a database of the cluster."""
    script = postgres.folder / "past.sql"
    texts = [past_script(part, appointments, "pg_temp.iso_date") for part in ("past", *parts)]
    script.write_text("\n".join([ISO_DATE_OF_POSTGRES, "SET synchronous_commit = off;", *texts, "ANALYZE;"]),
                      encoding="utf-8")
    postgres.ask("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", script)


def with_past(origin, data, appointments):
    """A copy of a data folder with so many appointments more."""
    shutil.copytree(origin, data)
    add_past(data, appointments, "five_years")
    return data


def stored_bytes(data):
    return sum(file.stat().st_size for file in data.glob("fairward.db*"))


def temporary_folder():
    """On the disk of the build tree: commits must reach a disk, which a memory file system is not."""
    base = ROOT / "build/bench"
    base.mkdir(parents=True, exist_ok=True)
    place = os.environ.get("BENCH_FOLDER", "/var/tmp")
    return Path(tempfile.mkdtemp(prefix="fairward-bench-", dir=place))
