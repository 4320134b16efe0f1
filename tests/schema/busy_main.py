"""Entry of a busy process: `python busy_main.py CONNINFO SEED`.

Says "ready", works until its standard input ends, then prints its report as JSON.
"""

import importlib
import json
import os
import random
import sys
import threading

import django


def main() -> None:
    """Set Django up on the test's database, then work until the test closes the pipe."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    # Its imports need models, which exist only from here on.
    busy_work = importlib.import_module("tests.schema.busy_work")
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    print("ready", flush=True)
    print(json.dumps(busy_work.work(stop, random.Random(int(sys.argv[2])))))


if __name__ == "__main__":
    main()
