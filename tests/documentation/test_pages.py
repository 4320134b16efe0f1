"""What the documentation names is there: pages, files, commands, options, settings, targets of make."""

import re
import shlex

import pytest
from tests.documentation.pages import ROOT, Page, pages
from tools.reference.commands import options_of, words_and_commands

from trassa.config.options import OPTIONS

PAGES = pages()
#: Where a file named in prose may lie.
PLACES = (
    *("", "src/trassa/", "frontend/", "frontend/src/", "docs/", "tests/"),
    *(f"{path}/" for path in (ROOT / "src" / "trassa").glob("*/jinja2")),
)
#: Programs of the system that examples may call.
PROGRAMS = {"apt-get", "cd", "curl", "export", "git", "psql", "sudo", "systemctl", "journalctl", "python"}
_FILE = re.compile(r"[\w\-./]+\.(?:py|js|css|html|yaml|md|csv|toml|lock)")
_SETTING = re.compile(r"\b(?:TRASSA_[A-Z_]+|DATABASE_[A-Z_]*URL)\b")
_OURS = {"TRASSA_PASSWORD"} | {option.name for option in OPTIONS}
COMMANDS = dict(words_and_commands())
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        if re.match(r"\w+:", link):
            continue
        place, _, wanted = link.partition("#")
        target = (page.path.parent / place).resolve() if place else page.path
        assert target.exists(), f"{page}: {link}"
        if wanted:
            assert wanted in Page(target).anchors, f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_files_that_are_named_exist(page: Page) -> None:
    for code in page.codes:
        if "/" in code and _FILE.fullmatch(code):
            here = [*(ROOT / place / code for place in PLACES), page.path.parent / code]
            assert any(path.exists() for path in here), f"{page}: {code}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_settings_that_are_named_exist(page: Page) -> None:
    for name in _SETTING.findall(page.text):
        assert name in _OURS, f"{page}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_that_are_shown_exist(page: Page) -> None:
    lines = [line for block in page.blocks("sh") for line in block.replace("\\\n", " ").splitlines()]
    for line in [*lines, *(code for code in page.codes if code.split()[0] in ("trassa", "make"))]:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue  # the tail of a quoted text of several lines
        check_command(words, f"{page}: {line}")


def check_command(words: list[str], place: str) -> None:
    """Fail when the words call something that is not there."""
    while words and (words[0] == "sudo" or re.fullmatch(r"[A-Z_]+=.*", words[0])):
        words = words[1:]
    if not words:
        return
    words[0] = words[0].removeprefix(".venv/bin/")
    if words[0] == "make":
        named = {word for word in words[1:] if "=" not in word}
        assert named <= TARGETS, place
    elif words[0] == "trassa":
        check_trassa(words[1:], place)


def check_trassa(words: list[str], place: str) -> None:
    """Fail when command or option are unknown to the command line."""
    ours = words[: words.index("--")] if "--" in words else words
    while ours and ours[0] in ("--data", "--port"):
        ours = ours[2:]
    if not ours or ours[0] in ("COMMAND", "--help", "--version"):
        return
    found = COMMANDS.get(" ".join(ours[:2])) or COMMANDS.get(ours[0])
    nouns = {words.split()[0] for words in COMMANDS}
    assert found or (len(ours) == 1 and ours[0] in nouns) or "|" in place.split(": ", 1)[1], place
    for word in ours:
        if word.startswith("-") and found:
            assert word.partition("=")[0] in options_of(found), f"{place} ({word})"


def test_examples_call_only_known_programs() -> None:
    for page in PAGES:
        for block in page.blocks("sh"):
            if page.path.name == "api.md":
                continue  # run by test_api_guide
            for line in block.replace("\\\n", " ").splitlines():
                words = [word for word in shlex.split(line, comments=True) if "=" not in word]
                assert not words or words[0] in PROGRAMS | {"make", "trassa"}, f"{page}: {line}"
