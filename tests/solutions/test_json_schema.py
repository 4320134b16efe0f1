"""The schema that editors use says what the reader says about one file."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from tests.factories.packs import GARAGE

from trassa.solutions.documents import Document, read_document, read_entry
from trassa.solutions.format import SECTIONS
from trassa.solutions.json_schema import DIALECT, EXTENSIONS, FILES, pack_schema
from trassa.solutions.registries import packs

FOLDERS = {section: each.noun for section, each in SECTIONS.items()}
BOX = [path for _code, source in packs.items() for path in sorted(source.folder.glob("**/*.yaml"))]


@cache
def validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(pack_schema() | {"anyOf": [{"$ref": f"#/$defs/{kind}"}]})


def kind_of(path: Path) -> str:
    extension = "_extension" if "extends" in path.parts else ""
    return (FOLDERS.get(path.parent.name) or path.stem) + extension


def content_of(path: Path) -> Any:
    document, problems = read_document(path, path.name)
    assert not problems
    return document.content


@pytest.mark.parametrize("path", BOX, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_file_of_the_packs_in_the_box_fits(path: Path) -> None:
    assert [error.message for error in validator(kind_of(path)).iter_errors(content_of(path))] == []


@pytest.mark.parametrize("path", BOX, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_file_of_the_packs_in_the_box_names_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    up = "../" * (len(path.relative_to(packs.get("auto").folder.parent).parts) - 1)
    assert first == f"# yaml-language-server: $schema={up}pack.schema.json#/$defs/{kind_of(path)}"


def test_the_schema_is_a_schema() -> None:
    assert pack_schema()["$schema"] == DIALECT
    jsonschema_rs.meta.validate(pack_schema())


def test_a_whole_document_is_recognised_without_saying_its_kind() -> None:
    whole = jsonschema_rs.Draft202012Validator(pack_schema())
    assert whole.is_valid(yaml.safe_load(GARAGE["types/car.yaml"]))
    assert not whole.is_valid({"color": "#ffffff"})


CAR = {"code": "car", "label": "Авто", "plural": "Авто", "title": "{a}", "fields": []}
WRONG: list[tuple[str, Any]] = [
    ("pack", {"code": "garage", "version": "1", "label": "Гараж"}),
    ("pack", {"code": "Garage", "version": "1.0.0", "label": "Гараж"}),
    ("pack", {"code": "garage", "version": "1.0.0", "label": "Гараж", "require": []}),
    ("type", {**CAR, "fields": [{"code": "a", "kind": "txt", "label": "А"}]}),
    ("type", {**CAR, "fields": [{"code": "a", "kind": "text"}]}),
    ("type", {**CAR, "fields": [{"code": "a", "kind": "text", "label": {"en": "A"}}]}),
    ("type", {**CAR, "number": {"width": 13}}),
    ("type", {**CAR, "layout": {"card": [{"label": "А"}]}}),
    ("type", {**CAR, "layout": {"card": [{"tab": "a", "sections": [{"fields": ["a"], "columns": 3}]}]}}),
    ("pipeline", {"code": "p", "type": "car", "label": "П", "stages": [{"code": "a", "label": "А"}]}),
    ("role", {"code": "r", "label": "Р", "grants": [{"type": "car", "verbs": []}]}),
    ("role", {"code": "r", "label": "Р", "grants": [{"type": "car", "verbs": ["sea"]}]}),
    ("role", {"code": "r", "label": "Р", "grants": [{"type": "car", "verbs": ["see"], "scope": "mine"}]}),
    ("retired", [{"type": "car", "stage": "new"}]),
    ("retired", [{"option": "new"}]),
    ("retired", [{"successor": "new"}]),
    ("departments", [{"code": "office"}]),
    ("people", {"people": [{"login": "Anna"}]}),
    ("type_extension", {"fields": []}),
    ("type_extension", {"code": "car", "fields": [{"code": "a", "remove": True}]}),
]


@pytest.mark.parametrize(("kind", "content"), WRONG)
def test_what_the_reader_refuses_does_not_fit(kind: str, content: Any) -> None:
    assert not validator(kind).is_valid(content)
    if kind in FILES:
        _place, model, listed = FILES[kind]
        document = Document("x", content, {})
        if listed:
            assert read_entry(document, model, (0,))[1]
        elif content.get("fields", [{}])[:1] != [{"code": "a", "kind": "txt", "label": "А"}]:
            assert read_entry(document, model)[1]


def test_an_extension_needs_only_what_it_changes() -> None:
    assert set(EXTENSIONS) <= set(FILES)
    car = {
        "code": "car",
        "label": {"ru": "Машина"},
        "fields": [{"code": "price", "required": True}, {"code": "x_a", "kind": "text", "label": "А"}],
        "layout": {"card": [{"tab": "old", "remove": True}], "list": ["title"]},
    }
    assert validator("type_extension").is_valid(car)
    assert not validator("type").is_valid(car)
    seller = {"code": "seller", "withdraws": [{"type": "car", "verbs": ["edit"]}]}
    assert validator("role_extension").is_valid(seller)
