"""The pages of docs/reference by the names of their files. Needs Django set up, but no database."""

from pathlib import Path

from django.utils import translation
from tools.reference import (
    commands,
    events,
    expression_functions,
    field_kinds,
    layers,
    pack_format,
    registries,
    settings,
)

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
#: The schema that files of packs name for editors.
SCHEMA = Path(__file__).parents[2] / "src" / "trassa" / "packs" / "pack.schema.json"
_MAKERS = {
    "commands.md": commands.page,
    "events.md": events.page,
    "field-kinds.md": field_kinds.page,
    "functions.md": expression_functions.page,
    "functions-ru.md": expression_functions.russian_page,
    "layers.md": layers.page,
    "pack-format.md": pack_format.page,
    "registries.md": registries.page,
    "settings.md": settings.page,
}


def make_pages() -> dict[str, str]:
    """File name → text, in English where the name says nothing else."""
    with translation.override("en"):
        return {name: make() for name, make in _MAKERS.items()}
