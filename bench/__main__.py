"""`python -m bench --scale 1000000 --out figures.json`: generate, serve, measure, write the figures."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import django


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=100_000, help="deals in the large company")
    parser.add_argument("--small", type=int, default=10_000, help="deals in the small company")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--data", type=Path, help="data folder to keep; a temporary one when left out")
    parser.add_argument("--port", type=int, default=free_port())
    parser.add_argument("--times", type=int, default=60, help="requests a page and reader")
    parser.add_argument("--timers", type=int, default=100_000, help="timers that fall due")
    parser.add_argument("--within", type=int, default=300, help="seconds within which they do")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks of everybody")
    parser.add_argument("--formulas", type=int, default=100_000, help="formulas behind one input")
    parser.add_argument("--lines", type=int, default=100_000, help="lines of the imported workbook")
    parser.add_argument(
        "--only",
        choices=[
            "import_xlsx",
            "bulk_move",
            "writes",
            "screens",
            "timers",
            "reminders",
            "rules_idle",
            "formulas",
            "inbox",
        ],
        help="measure this alone, in the small company",
    )
    return parser.parse_args()


@contextmanager
def serving(data: Path, port: int) -> Iterator[int]:
    """`trassa up` as its users start it; gives its process id."""
    trassa = Path(sys.executable).parent / "trassa"
    log = (data / "bench.log").open("ab")
    process = subprocess.Popen(
        [str(trassa), "--data", str(data), "--port", str(port), "up"], stdout=log, stderr=log
    )
    try:
        await_answer(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


def await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5).read()
            return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                raise SystemExit("trassa up ended; see bench.log in the data folder") from None
            time.sleep(0.1)
    raise SystemExit("trassa up does not answer")


def main() -> None:
    arguments = read_arguments()
    with tempfile.TemporaryDirectory(prefix="trassa-bench-") as temporary:
        data = (arguments.data or Path(temporary)).resolve()
        data.mkdir(parents=True, exist_ok=True)
        os.environ |= {
            "TRASSA_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "trassa.config.settings",
            "TRASSA_API_REQUESTS_PER_MINUTE": "100000000",
        }
        django.setup()
        from bench.run import run  # noqa: PLC0415 - needs Django's settings

        figures = run(arguments, data, serving)
    arguments.out.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
