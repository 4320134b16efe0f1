"""Entry of a process that kills workers serving reminders: `killed_reminders.py CONNINFO KILLS SPEED`.

The clock of the workers begins where the one before was killed and runs SPEED times as fast.
"""

import importlib
import os
import random
import signal
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import django


def serve(began: float, speed: float) -> None:
    """Serve timers until killed, by a clock that runs ahead."""
    firing: Any = importlib.import_module("trassa.automation.actions.firing")
    reminders: Any = importlib.import_module("trassa.work.actions.reminders")
    clock: Any = importlib.import_module("trassa.kernel.clock")
    told = reminders.tell

    def ahead() -> Any:
        return clock.now() + timedelta(seconds=(time.time() - began) * speed)

    def slowly(notices: Any) -> Any:
        ids = told(notices)
        # A moment in which the process can die between writing and committing.
        time.sleep(random.uniform(0, 0.03))
        return ids

    firing.now, reminders.tell, firing.BATCH = ahead, slowly, 20
    firing.run_timers(threading.Event())


def main() -> None:
    """Kill a worker as often as asked for while reminders fall due, then let one finish."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    kills, speed = int(sys.argv[2]), float(sys.argv[3])
    began, chance = time.time(), random.Random(11)
    for number in range(kills + 1):
        child = os.fork()
        if child == 0:
            random.seed(os.getpid())
            serve(began, speed)
            os._exit(0)
        # The last one has time to finish.
        time.sleep(chance.uniform(0.5, 1.2) if number < kills else 6)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)


if __name__ == "__main__":
    main()
