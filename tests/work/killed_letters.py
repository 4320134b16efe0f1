"""Entry of a process that kills workers sending letters: `killed_letters.py CONNINFO KILLS PORT`.

The port is that of the mail server.
"""

import importlib
import os
import random
import signal
import sys
import time
from typing import Any

import django


def serve() -> None:
    """Send what is due, one letter after the other, until nothing is left."""
    deliveries: Any = importlib.import_module("trassa.work.actions.deliveries")
    models: Any = importlib.import_module("trassa.work.models")
    note = deliveries.note_attempt

    def slowly(*given: Any, **named: Any) -> None:
        # A moment in which the process can die between the server's answer and our note of it.
        time.sleep(random.uniform(0, 0.03))
        note(*given, **named)

    deliveries.note_attempt = slowly
    while due := list(
        models.Delivery.objects.filter(state="due").order_by("id").values_list("id", flat=True)
    ):
        for id in due:
            deliveries.deliver(id)


def main() -> None:
    """Kill a worker as often as asked for, then let one finish."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    settings: Any = importlib.import_module("django.conf").settings
    settings.TRASSA_MAIL_SERVER = f"smtp+plain://127.0.0.1:{sys.argv[3]}"
    settings.TRASSA_MAIL_FROM = "Трасса <crm@dealer.example>"
    kills, chance = int(sys.argv[2]), random.Random(7)
    for number in range(kills + 1):
        child = os.fork()
        if child == 0:
            random.seed(os.getpid())
            serve()
            os._exit(0)
        if number < kills:
            time.sleep(chance.uniform(0.4, 0.9))
            os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "finished", flush=True)


if __name__ == "__main__":
    main()
