"""The pages of the documentation as its tests read them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Page:
    """One file of Markdown."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without blocks of code."""
        return _BLOCK.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """Blocks of code in this language."""
        return [block for name, block in _BLOCK.findall(self.text) if name == language]

    @property
    def links(self) -> list[str]:
        """Targets of links and pictures."""
        return _LINK.findall(_CODE.sub("", self.prose))

    @property
    def codes(self) -> list[str]:
        """What stands between backticks."""
        return _CODE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What links into this page may name behind the #."""
        return {anchor(heading) for heading in _HEADING.findall(self.prose)}


def anchor(heading: str) -> str:
    """A heading as the anchor that Git hosts make of it."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def pages() -> list[Page]:
    """README and everything in docs."""
    return [Page(ROOT / "README.md"), *(Page(path) for path in sorted((ROOT / "docs").rglob("*.md")))]
