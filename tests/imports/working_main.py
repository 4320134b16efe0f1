"""Entry of a process that works on a run until it is killed: `python working_main.py CONNINFO FILES RUN`.

Says a line after every batch.
"""

import importlib
import os
import sys

import django


def main() -> None:
    """Set Django up on the test's database and work."""
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    importlib.import_module("django.conf").settings.TRASSA_FILES = sys.argv[2]
    # Needs models, which exist only from here on.
    working = importlib.import_module("trassa.imports.actions.working")
    working.work(int(sys.argv[3]), progress=lambda done: print(done, flush=True))


if __name__ == "__main__":
    main()
