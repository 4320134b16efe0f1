"""The tutorial "Add a field type" works: its blocks are executed one after the other."""

import re
from pathlib import Path
from typing import Any

import pytest

from trassa.schema.kinds import BUILT_IN
from trassa.schema.registries import field_kinds

PAGE = Path(__file__).parents[2] / "docs" / "developer" / "add-a-field-type.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FACET = re.compile(r"`([a-z_]+)`")


@pytest.mark.django_db
def test_the_blocks_of_the_tutorial_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_kinds, "_entries", dict(field_kinds.items()))
    page = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "tutorial"}
    blocks = list(_BLOCK.finditer(page))
    assert len(blocks) == 4
    for block in blocks:
        line = page.count("\n", 0, block.start()) + 1
        exec(compile("\n" * line + block[1], str(PAGE), "exec"), names)


def test_the_tutorial_names_facets_that_exist() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in _FACET.findall(row.split("|")[1])}
    assert len(named) > 15
    assert all(hasattr(BUILT_IN[0], name) for name in named)
