"""The pages of docs/reference say what the code says."""

import pytest
from tools.reference.events import documented_events
from tools.reference.pack_format import schema_text
from tools.reference.pages import FOLDER, SCHEMA, make_pages
from tools.reference.source import imported_modules, module_name, module_paths

from trassa.journal import subscribers

PAGES = make_pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    path = FOLDER / name
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == PAGES[name], f"{path.name} is stale. Run `make docs`."


def test_the_schema_of_packs_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "pack.schema.json is stale. Run `make docs`."


def test_there_are_no_other_pages_in_the_reference() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_every_event_somebody_listens_to_is_documented() -> None:
    assert {subscriber.event for subscriber in subscribers} <= set(documented_events())


def test_a_room_publishes_only_events_of_its_events_module() -> None:
    publishers = [path for path in module_paths() if "trassa.journal.publish" in imported_modules(path)]
    assert publishers
    for path in publishers:
        room = ".".join(module_name(path).split(".")[:2])
        constants = [name for name in imported_modules(path) if name.startswith(f"{room}.events.")]
        assert constants, f"{path} publishes something that {room}.events does not document"


def test_every_event_says_what_its_payload_is() -> None:
    for event, (_room, comment) in documented_events().items():
        assert "Payload: `{" in comment, event
