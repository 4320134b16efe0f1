"""Templates of every room: nothing that the content security policy would refuse, no unknown icon."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "src" / "trassa").glob("*/jinja2/**/*.html"))
ICONS = set(json.loads((ROOT / "frontend" / "icons.json").read_text()))
FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style|\sstyle\s*=",
    "an event attribute": r"\son[a-z]+\s*=",
    "code for htmx": r"hx-on|[\"'](js|javascript):|hx-trigger=\"[^\"]*\w\[",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_obey_the_content_security_policy(template: Path, what: str) -> None:
    markup = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", template.read_text(), flags=re.DOTALL)
    found = re.search(FORBIDDEN[what], markup, re.IGNORECASE)
    assert not found, f"{template}: {what}: {found.group(0)!r}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_icons_named_in_templates_are_in_the_sprite(template: Path) -> None:
    named = set(re.findall(r"(?:ui\.|_)icon\(\"([a-z0-9-]+)\"|\bicon=\"([a-z0-9-]+)\"", template.read_text()))
    assert {a or b for a, b in named} <= ICONS


def test_icons_of_the_packs_are_in_the_sprite() -> None:
    packs = (ROOT / "src" / "trassa" / "packs").glob("*/types/*.yaml")
    named = {
        name for pack in packs for name in re.findall(r"^icon: ([\w-]+)", pack.read_text(), re.MULTILINE)
    }
    assert named <= ICONS
