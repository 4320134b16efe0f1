"""Write the pages of docs/reference and the schema of packs: `python -m tools.reference`."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trassa.config.settings")
django.setup()
# What the pages are made from needs models, so it is imported only now.
pages = import_module("tools.reference.pages")
for name, text in pages.make_pages().items():
    (pages.FOLDER / name).write_text(text, encoding="utf-8")
pages.SCHEMA.write_text(pages.pack_format.schema_text(), encoding="utf-8")
