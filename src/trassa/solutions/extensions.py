"""Extensions: files that say only what differs from a thing that a required pack brings.

`laid_over` gives the whole thing that an extension means, `difference` the shortest extension that means a
whole thing; they are inverse to each other. Mappings are laid over key by key, lists of things with codes
item by item, everything else is replaced. A new item stands behind the one that it follows in the extension.
Layouts, tabs, sections, menu groups, conditions and items of checklists go with `remove: true`; other things
are named in `retired.yaml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from trassa.solutions.documents import Document, Place
from trassa.solutions.format import (
    CardEntry,
    ConditionEntry,
    Entry,
    FieldEntry,
    GrantEntry,
    ItemEntry,
    LayoutEntry,
    MenuGroupEntry,
    OptionEntry,
    PlainTabEntry,
    ReasonEntry,
    SectionEntry,
    StageEntry,
    TabEntry,
)
from trassa.solutions.grants import in_order, join_grants, single_grants

#: Lists of things with codes, and what an item is.
ITEMS: Mapping[str, type[Entry]] = {
    "fields": FieldEntry,
    "options": OptionEntry,
    "stages": StageEntry,
    "reasons": ReasonEntry,
    "enter_when": ConditionEntry,
    "checklist": ItemEntry,
    "card": TabEntry,
    "cards": CardEntry,
    "tabs": PlainTabEntry,
    "sections": SectionEntry,
    "menu": MenuGroupEntry,
}
#: Items that `remove: true` takes away: no data hang on them.
REMOVABLE = frozenset({"enter_when", "checklist", "card", "cards", "tabs", "sections", "menu"})
REMOVE = "remove"
#: Rights that an extension takes away from a role.
WITHDRAWS = "withdraws"
#: Mappings that are values as a whole.
_WHOLE = frozenset({"settings"})
_CARD: Place = ("layout", "card")


def laid_over(whole: Entry, extension: Document) -> Document:
    """The content of the whole thing that an extension of `whole` means, with the lines of the extension."""
    content, lines = _with_tab(extension)
    laying = _Laying(lines)
    merged = laying.lay(whole.model_dump(mode="json"), content, (), ())
    return replace(extension, content=merged, lines=laying.lines)


def _with_tab(extension: Document) -> tuple[Any, Mapping[Place, int]]:
    """The extension with sections in the one tab of a card that is written without tabs."""
    content, lines = extension.content, extension.lines
    layout = content.get("layout") if isinstance(content, Mapping) else None
    card = layout.get("card") if isinstance(layout, Mapping) else None
    tabs = LayoutEntry.accept_plain_sections(card)
    if not isinstance(layout, Mapping) or tabs is card:
        return content, lines
    depth = len(_CARD)
    moved = {
        (*place[:depth], 0, "sections", *place[depth:]) if place[:depth] == _CARD else place: line
        for place, line in lines.items()
    }
    return {**content, "layout": {**layout, "card": tabs}}, moved


@dataclass(slots=True)
class _Laying:
    """One extension on its way to a whole thing."""

    #: Lines of the extension, and lines of the whole by its own places.
    found: Mapping[Place, int]
    lines: dict[Place, int] = field(default_factory=dict)

    def lay(self, base: Any, part: Any, source: Place, place: Place) -> Any:
        if source in self.found:
            self.lines[place] = self.found[source]
        name = place[-1] if place else ""
        if isinstance(part, Mapping) and isinstance(base, Mapping) and name not in _WHOLE:
            return self._lay_mapping(base, part, source, place)
        if name in ITEMS and is_keyed(base) and is_keyed(part):
            return self._lay_items(base, part, source, place)
        self._keep_lines(part, source, place)
        return part

    def _lay_mapping(
        self, base: Mapping[str, Any], part: Mapping[str, Any], source: Place, place: Place
    ) -> dict[str, Any]:
        laid = {
            key: self.lay(base.get(key), value, (*source, key), (*place, key)) for key, value in part.items()
        }
        merged = {**base, **laid}
        if place or "grants" not in base:
            return merged
        whole = _with_grants(base, merged)
        if whole is not merged:
            self.lines = {
                at: line for at, line in self.lines.items() if at[0:1] != ("grants",) or len(at) == 1
            }
        return whole

    def _lay_items(self, base: Sequence[Any], part: Sequence[Any], source: Place, place: Place) -> list[Any]:
        older = {_key(item): item for item in base}
        newer = {_key(item): (index, item) for index, item in enumerate(part)}
        removing = place[-1] in REMOVABLE
        gone = {key for key, (_index, item) in newer.items() if removing and item.get(REMOVE) is True}
        merged: list[Any] = []
        staying = [key for key in older if key not in gone]
        for key in in_order_of(staying, [key for key in newer if key not in gone]):
            if key not in newer:
                merged.append(older[key])
                continue
            index, item = newer[key]
            where = (*place, len(merged))
            merged.append(self.lay(older.get(key), item, (*source, index), where))
        return merged

    def _keep_lines(self, part: Any, source: Place, place: Place) -> None:
        """Lines of everything in a part that is taken over as it is."""
        items: Iterable[tuple[str | int, Any]] = ()
        if isinstance(part, Mapping):
            items = part.items()
        elif isinstance(part, list):
            items = enumerate(part)
        for step, value in items:
            if (*source, step) in self.found:
                self.lines[(*place, step)] = self.found[(*source, step)]
            self._keep_lines(value, (*source, step), (*place, step))


def is_keyed(value: Any) -> bool:
    """A list of things that are told apart by code, tab or name."""
    return isinstance(value, list) and all(isinstance(item, Mapping) and _key(item) for item in value)


def _key(item: Mapping[str, Any]) -> str:
    """What tells an item from its neighbours: its code, that of a tab, or the name of a section."""
    label = item.get("label")
    name = label.get("ru") if isinstance(label, Mapping) else label
    return str(item.get("code") or item.get("tab") or name or "")


def in_order_of(base: Sequence[Any], named: Sequence[Any]) -> list[Any]:
    """`base` with the named ones among it in their order, and each new one behind the one it follows.

    A new one that follows nothing stands before the one that follows it, or at the end.
    """
    common = iter([key for key in named if key in base])
    result = [next(common) if key in named else key for key in base]
    for index, key in enumerate(named):
        if key in result:
            continue
        follower = next((each for each in named[index + 1 :] if each in result), None)
        if index:
            result.insert(result.index(named[index - 1]) + 1, key)
        else:
            result.insert(len(result) if follower is None else result.index(follower), key)
    return result


def _with_grants(base: Mapping[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    """A role with the rights that an extension adds and without those it withdraws."""
    added, withdrawn = merged["grants"], merged.pop(WITHDRAWS, [])
    if added is base["grants"]:
        added = []
    if not isinstance(added, list) or not isinstance(withdrawn, list):
        return merged
    try:
        ours, more, less = (_singles(grants) for grants in (base["grants"], added, withdrawn))
    except ValidationError:
        # The model says what is wrong with which line.
        merged["grants"] = [*added, *withdrawn]
        return merged
    grants = join_grants(in_order((ours | more) - less))
    return {**merged, "grants": [each.model_dump(mode="json") for each in grants]}


def _singles(grants: Iterable[Any]) -> set[GrantEntry]:
    return single_grants(GrantEntry.model_validate(each) for each in grants)


# From whole things to extensions


def difference(base: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """What an extension of `base` must say to mean `whole`; both as JSON in their normal form.

    Empty when nothing differs. Things with codes that `whole` lacks are not told: they are retired.
    """
    found = {}
    for key, value in whole.items():
        if base.get(key) == value:
            continue
        told = _differing(key, base.get(key), value)
        if told == value or told not in ([], {}):
            found[key] = told
    return found


def _differing(name: str, base: Any, whole: Any) -> Any:
    if isinstance(base, Mapping) and isinstance(whole, Mapping) and name not in _WHOLE:
        return difference(base, whole)
    if name in ITEMS and is_keyed(base) and is_keyed(whole):
        return _differing_items(name, base, whole)
    return whole


def _differing_items(name: str, base: Sequence[Any], whole: Sequence[Any]) -> list[Any]:
    older = {_key(item): item for item in base}
    newer = {_key(item): item for item in whole}
    said: dict[str, Any] = {}
    for key, item in newer.items():
        if key not in older:
            said[key] = ITEMS[name].model_validate(item).model_dump(mode="json", exclude_defaults=True)
        elif older[key] != item and (told := difference(older[key], item)):
            said[key] = _named(item) | told
    standing = [key for key in older if key in newer]
    named = _anchored(list(said), standing, list(newer))
    items = [said.get(key, _named(newer[key])) for key in named]
    if name in REMOVABLE:
        items += [_named(item) | {REMOVE: True} for key, item in older.items() if key not in newer]
    return items


def _anchored(said: Sequence[str], standing: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """What an extension must name so that its things come in the wanted order, few neighbours besides."""
    if in_order_of(standing, said) == wanted:
        return list(said)
    new = [key for key in said if key not in standing]
    neighbours = {wanted[max(wanted.index(key) - 1, 0)] for key in new}
    neighbours |= {wanted[1]} if new and wanted[0] in new and len(wanted) > 1 else set()
    named = [key for key in wanted if key in said or key in neighbours]
    return named if in_order_of(standing, named) == wanted else list(wanted)


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with what identifies it only."""
    for name in ("code", "tab"):
        if item.get(name):
            return {name: item[name]}
    return {"label": {"ru": item["label"]["ru"]}}
