"""Entry of a busy process: `python busy_main.py CONNINFO SECONDS SEED`, JSON on standard output."""

import importlib
import json
import os
import random
import sys

import django

if __name__ == "__main__":
    os.environ["DATABASE_URL"] = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = "trassa.config.settings"
    django.setup()
    # Its imports need models, which exist only from here on.
    busy_work = importlib.import_module("tests.schema.busy_work")
    print(json.dumps(busy_work.work(float(sys.argv[2]), random.Random(int(sys.argv[3])))))
