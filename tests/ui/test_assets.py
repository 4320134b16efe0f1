"""What Vite built."""

import json
from pathlib import Path

import pytest

from trassa.ui import assets
from trassa.ui.assets import BUILD, AssetsNotBuilt, asset, preloads

FRONTEND = Path(__file__).parent.parent.parent / "frontend"
STYLE_LIMIT = 40_000
SCRIPT_LIMIT = 100_000


def _file(name: str) -> Path:
    return BUILD / asset(name).split("/ui/build/")[1]


@pytest.mark.parametrize("name", ["main.js", "main.css", "icons.svg"])
def test_every_asset_has_a_hashed_name(name: str) -> None:
    stem, suffix = name.split(".")
    assert asset(name).startswith(f"/static/ui/build/assets/{stem}-")
    assert _file(name).suffix == f".{suffix}"


def test_the_style_sheet_stays_small() -> None:
    assert _file("main.css").stat().st_size < STYLE_LIMIT


def test_what_every_page_loads_of_script_stays_small() -> None:
    imported = [BUILD / address.split("/ui/build/")[1] for address in preloads("main.js")]
    assert sum(path.stat().st_size for path in [_file("main.js"), *imported]) < SCRIPT_LIMIT


def test_the_sprite_has_every_listed_icon() -> None:
    sprite = _file("icons.svg").read_text()
    missing = [
        name for name in json.loads((FRONTEND / "icons.json").read_text()) if f'id="{name}"' not in sprite
    ]
    assert not missing


def test_an_unknown_asset_names_the_known_ones() -> None:
    with pytest.raises(AssetsNotBuilt, match=r"it has: .*main\.css"):
        asset("nothing.css")


def test_an_unbuilt_front_end_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    assets._built_at.cache_clear()
    with pytest.raises(AssetsNotBuilt, match="make install"):
        asset("main.js")
    assets._built_at.cache_clear()


def test_dependencies_are_pinned_exactly() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(version[0].isdigit() for version in versions.values())
    assert (FRONTEND / "package-lock.json").exists()
