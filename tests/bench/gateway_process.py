"""Runs a gateway in a folder of its own, for the measurements of this folder."""
import os
import re
import subprocess
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("LIENTHONG", os.path.join(HERE, "../../build/release/bin/lienthong"))

SOURCE = """
[[source]]
name = "his"
kind = "mllp"
listen = "127.0.0.1:0"
check = "off"
profile = "hl7v2"
facility = "79999"
facility_name = "Bệnh viện Ví dụ"
"""


class Gateway:
    """`tables`: the configuration behind [gateway], [http] and [repository]. Ports are chosen by the system."""

    def __init__(self, tables=SOURCE, repository=True, folder=None):
        self.temporary = None if folder else tempfile.TemporaryDirectory(prefix="lienthong-bench-")
        self.folder = folder or self.temporary.name
        self.config = os.path.join(self.folder, "gateway.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(
                f'[gateway]\nname = "bench"\ndata_dir = "{self.folder}/data"\n'
                f'[http]\nlisten = "127.0.0.1:0"\n[repository]\nenabled = {str(repository).lower()}\n{tables}'
            )
        started = time.monotonic()
        self.log = open(os.path.join(self.folder, "log"), "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", self.config], stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        line = self.process.stdout.readline()
        self.ready_after = time.monotonic() - started
        if "ready" not in line:
            raise SystemExit(f"the gateway did not start: see {self.log.name}")
        self.http = self._port(line, r"http \S+?:(\d+)")
        self.mllp = self._port(line, r"mllp \S+ \S+?:(\d+)")

    @staticmethod
    def _port(line, pattern):
        found = re.search(pattern, line)
        return int(found.group(1)) if found else None

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def metric(self, name):
        """The sum of a metric's series."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics") as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(name + r"[{ ]", line))

    def send_morning(self, patients, connections=64):
        """Its line of figures, as text."""
        done = subprocess.run(
            [PROGRAM, "send", "--mllp", f"127.0.0.1:{self.mllp}", "--morning", str(patients),
             "--connections", str(connections), "--summary"],
            stdout=subprocess.PIPE, text=True, check=False,
        )
        return done.stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        if self.temporary:
            self.temporary.cleanup()
