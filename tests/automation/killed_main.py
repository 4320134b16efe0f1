"""Entry of a process that kills workers serving timers: `killed_main.py CONNINFO KILLS`.

Every timer of the purpose `test` leaves a line of history in the stream of its number.
"""

import importlib
import os
import random
import signal
import sys
import threading
import time
from typing import Any

import django


def serve() -> None:
    """Serve timers until killed."""
    random.seed(os.getpid())
    journal: Any = importlib.import_module("trassa.journal")
    registries: Any = importlib.import_module("trassa.automation.registries")
    firing: Any = importlib.import_module("trassa.automation.actions.firing")

    def leave_lines(timers: Any) -> None:
        entries = [
            journal.NewEntry(journal.Stream("timer", int(each.subject)), "served", {}) for each in timers
        ]
        journal.append(entries, actor_id=None, cause={})
        # A moment in which the process can die between writing and committing.
        time.sleep(random.uniform(0, 0.04))

    registries.timer_handlers.register("test", leave_lines)
    firing.BATCH = 5
    firing.run_timers(threading.Event())


def main() -> None:
    """Kill a worker as often as asked for, each at a random moment."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    chance = random.Random(7)
    for _kill in range(int(sys.argv[2])):
        child = os.fork()
        if child == 0:
            serve()
            os._exit(0)
        time.sleep(chance.uniform(0.02, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)


if __name__ == "__main__":
    main()
