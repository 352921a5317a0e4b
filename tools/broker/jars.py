"""The jars of the broker: fetched once by Maven, kept in the user's cache, and checked against the pinned hashes."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINS = HERE / "jars.sha256"
POM = HERE / "pom.xml"
MAVEN_SECONDS = 900


class BrokerUnavailableError(Exception):
    """No broker can be started here; the text says why."""


def jars() -> Path:
    """The folder of the jars, fetched if they are not there yet. Raises BrokerUnavailableError."""
    pins = _pins()
    folder = _cache() / f"kafka-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]}"
    if not folder.is_dir():
        _fetch(folder)
    for name, expected in pins.items():
        jar = folder / name
        if not jar.is_file():
            raise BrokerUnavailableError(f"{folder} lacks {name}; delete the folder to fetch it again")
        if hashlib.sha256(jar.read_bytes()).hexdigest() != expected:
            raise BrokerUnavailableError(f"{jar} is not the file that {PINS.name} names")
    if extra := sorted(path.name for path in folder.glob("*.jar") if path.name not in pins):
        raise BrokerUnavailableError(f"{folder} has jars that {PINS.name} does not name: {', '.join(extra)}")
    return folder


def _pins() -> dict[str, str]:
    lines = (line.split() for line in PINS.read_text().splitlines())
    return {name: digest for digest, name in lines}


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "greffe"


def _fetch(folder: Path) -> None:
    """Has Maven collect the jars beside the cache, then moves them in: a cache is whole, or is not there."""
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerUnavailableError("no mvn to fetch Apache Kafka with; on Debian: apt-get install maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as temporary:
        fetched = Path(temporary) / "jars"
        done = subprocess.run(  # noqa: S603 - Maven, on our own file
            [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=MAVEN_SECONDS,
        )
        if done.returncode:
            raise BrokerUnavailableError(f"Maven could not fetch Apache Kafka: {done.stdout[-2000:]}{done.stderr}")
        try:
            fetched.rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was quicker
                raise
