"""The place of a role as rows that are moved about: headings of groups, entries, what is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict

from trassa.people.types import MenuGroup, PlaceSpec
from trassa.ui import Shell

#: Rows that always stand last: what no group names, and what is left out.
REST, HIDDEN = "rest", "hidden"
_GROUP, _ENTRY = "group:", "entry:"


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of the navigation that a menu may show."""

    key: str
    label: str
    #: The heading under which its room puts it.
    group: str

    @property
    def whole(self) -> str:
        return f"{self.group}: {self.label}" if self.group else self.label


@dataclass(frozen=True, slots=True)
class MenuRow:
    """One row of the editor. `value` says what it is, `code` names its words in the form."""

    value: str
    code: str
    label: str = ""
    #: Own words by language.
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.value.startswith(_GROUP)

    @property
    def is_fixed(self) -> bool:
        return self.value in (REST, HIDDEN)


def place_choices(request: HttpRequest) -> list[Choice]:
    """Everything in the navigation of this person that a menu can name."""
    return [
        Choice(item.key, str(item.label), str(group.label))
        for group in Shell(request).all_groups
        for item in group.items
        if item.key
    ]


def menu_rows(place: PlaceSpec, choices: Sequence[Choice]) -> list[MenuRow]:
    """The rows of a place: its groups, then what they do not name, then what is left out."""
    known = {each.key: each for each in choices}

    def entry(key: str) -> MenuRow:
        label = known[key].whole if key in known else key
        return MenuRow(f"{_ENTRY}{key}", key, label, place.labels.get(key, {}))

    rows: list[MenuRow] = []
    for group in place.menu:
        rows.append(MenuRow(f"{_GROUP}{group.code}", group.code, words=group.label))
        rows += [entry(key) for key in group.entries]
    named = {key for group in place.menu for key in group.entries}
    rows.append(MenuRow(REST, REST))
    rows += [entry(each.key) for each in choices if each.key not in named and each.key not in place.hidden]
    rows.append(MenuRow(HIDDEN, HIDDEN))
    return rows + [entry(key) for key in place.hidden if key not in named]


def read_place(sent: QueryDict) -> PlaceSpec:
    """The place that the form says: rows in their order, own words, where to begin, its order."""
    groups, hidden = _groups_of(sent.getlist("row"))
    keys = [key for _code, entries in groups for key in entries]
    labels = {key: words for key in keys if (words := _words_of(sent, key))}
    position = sent.get("position", "").strip()
    return PlaceSpec(
        start=sent.get("address", "").strip() or sent.get("start", ""),
        menu=tuple(MenuGroup(code, _words_of(sent, code), tuple(entries)) for code, entries in groups),
        hidden=tuple(hidden),
        labels=labels,
        position=int(position) if position.lstrip("-").isdigit() and len(position) < 6 else 0,
    )


def _groups_of(rows: Sequence[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Groups with their entries, and the entries that are left out; empty groups go."""
    groups: list[tuple[str, list[str]]] = []
    hidden: list[str] = []
    where: list[str] | None = None
    for row in rows:
        if row.startswith(_GROUP):
            where = []
            groups.append((row.removeprefix(_GROUP), where))
        elif row == REST:
            where = []
        elif row == HIDDEN:
            where = hidden
        elif row.startswith(_ENTRY):
            if where is None:
                where = []
                groups.append(("first", where))
            where.append(row.removeprefix(_ENTRY))
    return [(code, entries) for code, entries in groups if entries], hidden


def _words_of(sent: QueryDict, code: str) -> dict[str, str]:
    return dict(_typed(sent, code))


def _typed(sent: QueryDict, code: str) -> Iterator[tuple[str, str]]:
    for language in ("ru", "en"):
        text = sent.get(f"words.{code}.{language}", "").strip()
        if text:
            yield language, text
