"""Entry of a process that kills whole workers: `killed_worker.py CONNINFO KILLS`; one works to the end.

A worker is what `trassa worker` runs: relay, timers and jobs. The last one works until its input is closed.
"""

import importlib
import os
import random
import signal
import sys
import time
from typing import Any

import django


def begin(worker: Any) -> int:
    """A process that is a worker until killed."""
    child = os.fork()
    if child == 0:
        worker.run_worker()
        os._exit(0)
    return child


def end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main() -> None:
    """Kill a worker as often as asked for, each at a random moment."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    # It is loaded before the first fork, so that workers begin to work at once.
    worker = importlib.import_module("trassa.config.worker")
    firing: Any = importlib.import_module("trassa.automation.actions.firing")
    # Small parts, so that some are done before each kill.
    firing.BATCH = 3
    chance = random.Random(7)
    for _kill in range(int(sys.argv[2])):
        child = begin(worker)
        time.sleep(chance.uniform(0.3, 2.0))
        end(child)
        print("killed", flush=True)
    last = begin(worker)
    sys.stdin.read()
    end(last)


if __name__ == "__main__":
    main()
