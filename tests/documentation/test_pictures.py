"""Pictures: every one is shown by a page, every one that is shown is there, and together they are small."""

import re

from tests.documentation.pages import ROOT, Page, pages

PICTURES = ROOT / "docs" / "pictures"
MEGABYTES = 3
_SHOWN = re.compile(r"!\[[^]]+\]\(([^)]+)\)")


def test_every_picture_is_shown_by_a_page_and_there() -> None:
    there = {str(path.relative_to(ROOT)) for path in PICTURES.rglob("*") if path.is_file()}
    assert there == {picture for page in pages() for picture in pictures_of(page)}


def pictures_of(page: Page) -> set[str]:
    shown = ((page.path.parent / address).resolve() for address in _SHOWN.findall(page.text))
    return {str(path.relative_to(ROOT)) for path in shown if PICTURES in path.parents}


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.rglob("*.png")) < MEGABYTES * 1024**2
