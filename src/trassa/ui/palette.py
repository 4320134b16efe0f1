"""The command palette: everything that a person may go to, create or do, found by words.

What it offers is gathered from the registries of the shell, in every language of the interface, so that
Russian and English words find the same things, typed in either keyboard layout.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.kernel import switch_layout
from trassa.ui.navigation import Command, commands, finders
from trassa.ui.shell import Shell

#: Commands shown for a text, and entries chosen lately that come first without one.
SHOWN, RECENT = 12, 6


@dataclass(frozen=True, slots=True)
class Section:
    """Options under a heading."""

    label: str
    options: Sequence[Command]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the palette."""

    text: str
    #: Keys of what was chosen lately, the last one first.
    recent: Sequence[str] = ()
    #: Buttons of the page: name, what they belong to, and further words for them.
    buttons: Sequence[tuple[str, str, str]] = ()


def answer(request: HttpRequest, asked: Asked) -> list[Section]:
    """What fits, best first; without a text everything, what was chosen lately first."""
    offered = [*pressing(asked.buttons), *gathered(request)]
    if asked.text:
        found = fitting(offered, asked.text, asked.recent)
        hits = [each for find in finders for each in find(request, asked.text, ())]
        return [section for section in (Section("", found), Section(_("Found"), hits)) if section.options]
    known = {each.key: each for each in offered}
    if asked.recent:
        known |= {each.key: each for find in finders for each in find(request, "", asked.recent)}
    lately = [known[key] for key in asked.recent if key in known][:RECENT]
    sections = [Section(_("Recent"), lately)] if lately else []
    for group in dict.fromkeys(each.group for each in offered):
        options = [each for each in offered if each.group == group and each not in lately]
        sections.append(Section(group, [replace(each, hint="") for each in options]))
    return [section for section in sections if section.options]


def pressing(buttons: Iterable[tuple[str, str, str]]) -> list[Command]:
    """Commands that press buttons of the page."""
    return [
        Command(
            f"press.{place}.{label}",
            label,
            place or _("On this page"),
            presses=number,
            icon="bolt",
            words=(words,),
        )
        for number, (label, place, words) in enumerate(buttons)
    ]


def gathered(request: HttpRequest) -> list[Command]:
    """Everything that the person may go to, create or do, with its words in every language."""
    present = in_language(request)
    others: dict[str, list[str]] = {}
    for language, _name in settings.LANGUAGES:
        if language == translation.get_language():
            continue
        with translation.override(language):
            for each in in_language(request):
                others.setdefault(each.key, []).extend((each.label, each.group, *each.words))
    return [replace(each, words=(*each.words, *others.get(each.key, ()))) for each in present]


def in_language(request: HttpRequest) -> list[Command]:
    """Everything with its words in the language that is spoken now."""
    shell = Shell(request)
    own = {item.key: str(item.label) for group in shell.groups for item in group.items}
    found: dict[str, Command] = {}

    def add(each: Command) -> None:
        found.setdefault(each.key, each)

    for group in (*shell.groups, *shell.all_groups):
        for item in group.items:
            label, key = str(item.label), item.key or item.url
            name = own.get(item.key, label)
            add(Command(key, name, _("Go to"), item.url, item.icon, str(group.label), words=(label,)))
    for item in shell.creatable:
        add(Command(item.key, str(item.label), _("Create"), item.url, "plus", dialog=item.dialog))
    for provide in commands:
        for each in provide(request):
            add(each)
    return list(found.values())


def fitting(offered: Sequence[Command], text: str, recent: Sequence[str]) -> list[Command]:
    """The commands that fit a text, or the same keys in the other layout when nothing does."""
    for typed in (text, switch_layout(text)):
        wanted = fold(typed).split()
        ranked = [(rank, each) for each in offered if wanted and (rank := rank_of(each, wanted))]
        if ranked:
            ages = {key: age for age, key in enumerate(recent)}
            ranked.sort(key=lambda pair: (-pair[0], ages.get(pair[1].key, len(ages))))
            return [each for _rank, each in ranked[:SHOWN]]
    return []


def rank_of(command: Command, wanted: Sequence[str]) -> int:
    """How well a command fits: by the beginning of its name 3, of a word 2, by a part of one 1, else 0."""
    name = fold(command.label)
    texts = [name, fold(command.group), fold(command.hint), *(fold(each) for each in command.words)]
    if name.startswith(" ".join(wanted)):
        return 3
    return min(max(rank_of_word(word, text) for text in texts) for word in wanted)


def rank_of_word(word: str, text: str) -> int:
    if any(each.startswith(word) for each in text.replace(":", " ").replace("-", " ").split()):
        return 2
    return int(len(word) > 2 and word in text)


def fold(text: str) -> str:
    """A text as texts are compared."""
    return text.lower().replace("ё", "е")
