"""A record's history in words: who, what, before → after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from trassa.records.queries.attachments import BESIDE_KEY
from trassa.records.queries.cards import FROZEN, HistoryEntry
from trassa.records.queries.merges import MergedRecord, merged_records
from trassa.records.queries.names import NamesWanted, base_labels, id_of, ids_in
from trassa.records.screens.comments import NOBODY, CommentView, Reader, view_comment
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Label, LinkPeriod, Names, TypeSpec
from trassa.ui import avatar_color, date_exact, date_short, initials

#: Longer values are cut: history is for recognising a change.
MAX_WORDS = 120
PAGE = 20


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: "Сумма: 5 000 000 ₽ → 5 800 000 ₽"; the label stands alone for long texts."""

    label: str
    before: str = ""
    after: str = ""
    #: Whether before and after are worth showing.
    valued: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    seq: int
    who: str
    initials: str
    tone: str
    headline: str
    changes: Sequence[ChangeLine]
    at: str
    at_exact: str
    cause: str
    #: Whether this person may take it back.
    revertible: bool = False
    comment: CommentView | None = None
    #: The record merged into this one in whose history the line stands, "" for its own.
    origin: str = ""
    #: The record that was taken in with this entry and still is part of this one: it can be taken back.
    taken_in: int | None = None


def want_names(spec: TypeSpec, entries: Sequence[HistoryEntry], wanted: NamesWanted) -> None:
    """Note everybody and everything that these entries mention."""
    for entry in entries:
        wanted.add_person(entry.actor_id)
        wanted.add_person(person_behind(entry.cause))
        for person in entry.comment.people if entry.comment else ():
            wanted.add_person(person)
        for key, pair in entry.changes:
            field = spec.by_code.get(key.removeprefix(FROZEN))
            for value in map(kept_value, pair) if key.startswith(FROZEN) else pair:
                if field is not None:
                    wanted.add_value(field, value)
                elif key == "owner":
                    wanted.add_person(value)
                elif source := far_type(key):
                    wanted.records[source.id].update(ids_in(value))


def make_events(
    spec: TypeSpec,
    entries: Sequence[HistoryEntry],
    names: Names,
    *,
    editable: bool = False,
    reader: Reader = NOBODY,
    above: bool = False,
) -> list[Event]:
    """The timeline of these entries, newest first; entries without anything to say are left out.

    On an `editable` card changes can be taken back. Pinned comments stand `above` the timeline, not in it.
    """
    labels = base_labels()
    merged = merged_records({id for entry in entries for id in merged_ids(entry)})
    events = (
        replace(
            make_event(spec, entry, names, labels, merged),
            taken_in=taken_in(entry, merged) if editable else None,
            revertible=editable and is_revertible(entry),
            comment=view_comment(entry.comment, reader, names.people) if entry.comment else None,
        )
        for entry in entries
        if above or entry.comment is None or entry.comment.pinned_at is None
    )
    return [event for event in events if event.headline or event.changes or event.comment]


def merged_ids(entry: HistoryEntry) -> Iterator[int]:
    """The records that an entry about a merge names, and the one in whose history it stands."""
    named = (entry.cause.get(key) for key in ("merged_from", "merged_into", "parted_from"))
    yield from (id for id in (*named, entry.record_id) if isinstance(id, int))


def taken_in(entry: HistoryEntry, merged: Mapping[int, MergedRecord]) -> int | None:
    """The record that this entry took in, as long as it stands."""
    source = entry.cause.get("merged_from")
    stands = entry.record_id is None and isinstance(source, int) and merged[source].survivor_id is not None
    return source if stands else None


def is_revertible(entry: HistoryEntry) -> bool:
    """Whether the entry changed something that can be written back."""
    return (
        entry.record_id is None
        and entry.kind in ("changed", "moved")
        and any("." not in key and key != BESIDE_KEY for key, _pair in entry.changes)
    )


def headline_of(entry: HistoryEntry, merged: Mapping[int, MergedRecord]) -> str:
    """What happened when it was no change of values alone."""
    other = next((merged[id].title for id in merged_ids(entry) if id in merged), "")
    return {
        "created": _("Created"),
        "binned": _("Moved to the bin"),
        "restored": _("Restored from the bin"),
        "overdue": _("The stage is overdue"),
        "escalated": _("Long overdue: a matter for the head"),
        "merged": _("“%(name)s” was merged into this record") % {"name": other},
        "joined": _("Merged into “%(name)s”") % {"name": other},
        "unmerged": _("The merge with “%(name)s” was taken back") % {"name": other},
        "parted": _("The merge with “%(name)s” was taken back") % {"name": other},
    }.get(entry.kind, "")


def make_event(
    spec: TypeSpec,
    entry: HistoryEntry,
    names: Names,
    labels: Mapping[str, str],
    merged: Mapping[int, MergedRecord],
) -> Event:
    who = names.people.get(entry.actor_id or 0, "")
    headline = headline_of(entry, merged)
    told = (change for change in entry.changes if not change[0].startswith(("comment:", "comment_files:")))
    pairs = sorted(told, key=lambda change: place_of(spec, change[0]))
    valued = not headline or entry.kind in ("merged", "unmerged")
    changes = [] if not valued else [line_of(spec, key, pair, names, labels) for key, pair in pairs]
    return Event(
        seq=entry.seq,
        who=who,
        initials=initials(who) if who else "",
        tone=f"t{avatar_color(entry.actor_id or 0)}",
        headline=headline,
        changes=changes,
        at=date_short(entry.at),
        at_exact=date_exact(entry.at),
        cause=", ".join(
            filter(None, (cause_in_words(entry.cause), names.people.get(person_behind(entry.cause) or 0)))
        ),
        origin=merged[entry.record_id].title if entry.record_id is not None else "",
    )


def place_of(spec: TypeSpec, key: str) -> int:
    """Stage, owner and the like first, then fields in their order."""
    field = spec.by_code.get(key.removeprefix(FROZEN))
    return -1 if field is None else field.position


def line_of(
    spec: TypeSpec, key: str, pair: tuple[Any, Any], names: Names, labels: Mapping[str, str]
) -> ChangeLine:
    """One change in words, or a formula whose value began to stay or no longer does."""
    field = spec.by_code.get(key.removeprefix(FROZEN))
    if field is None or not key.startswith(FROZEN):
        return change_line(spec, key, pair, names, labels)
    before, after = (value_words(field, kept_value(value), names) for value in pair)
    label = _("No longer fixed: %(what)s") if pair[1] is None else _("Fixed: %(what)s")
    return ChangeLine(label % {"what": field.label}, before, after)


def change_line(
    spec: TypeSpec, key: str, pair: tuple[Any, Any], names: Names, labels: Mapping[str, str]
) -> ChangeLine:
    """One change in words."""
    field = spec.by_code.get(key)
    if source := far_type(key):
        before, after = (far_words(links, names) for links in pair)
        return ChangeLine(str(source.plural), before, after)
    if key.startswith("check:"):
        before, after = (str(Label(**words)) if words else "" for words in pair)
        return ChangeLine(_("Checklist"), before, after)
    if key == BESIDE_KEY or (field is not None and field.kind == "files"):
        before, after = file_words(pair, field)
        return ChangeLine(str(field.label) if field else _("Files"), before, after)
    if field is None:
        before, after = (base_words(key, value, names) for value in pair)
        return ChangeLine(labels.get(key, key), before, after)
    if field.kind == "long_text":
        return ChangeLine(str(field.label), valued=False)
    before, after = (value_words(field, value, names) for value in pair)
    return ChangeLine(str(field.label), before, after)


def kept_value(told: Any) -> Any:
    """The value that stayed, as history tells it; None where none did."""
    return told["value"] if told is not None else None


def file_words(pair: tuple[Any, Any], field: FieldSpec | None) -> tuple[str, str]:
    """Names of the files that went, and of those that came; what stayed is left out."""
    kinds = {option.code: str(option.label) for option in field.options} if field else {}

    def words(files: Any) -> list[str]:
        return [" · ".join(filter(None, (each["name"], kinds.get(each.get("kind"))))) for each in files or ()]

    before, after = (words(files) for files in pair)
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    return shortened(", ".join(gone)), shortened(", ".join(come))


def shortened(words: str) -> str:
    return words if len(words) <= MAX_WORDS else f"{words[:MAX_WORDS]}…"


def far_words(links: Sequence[Any], names: Names) -> str:
    """Records that were linked here, with their periods where they have some."""
    words = []
    for link in links:
        name = names.records.get(id_of(link), "")
        days = (link.get("from"), link.get("to")) if isinstance(link, Mapping) else (None, None)
        since, until = (date.fromisoformat(day) if day else None for day in days)
        words.append(f"{name} {LinkPeriod(0, since, until)}".strip())
    return ", ".join(words)


def far_type(key: str) -> TypeSpec | None:
    """The type whose many-relation was linked here, from a key such as "deal.other_cars"."""
    code, dot, _field = key.partition(".")
    return current_generation().types.get(code) if dot else None


def value_words(field: FieldSpec, value: Any, names: Names) -> str:
    """A JSON value of a field as people read it; what the kind no longer takes is shown as it stands."""
    if value is None or value in ("", []):
        return ""
    kind = field_kinds.get(field.kind)
    try:
        words = kind.cell(kind.parse(value, field), field, names)
    except ValueRefused:
        words = str(value)
    return shortened(words)


def base_words(key: str, value: Any, names: Names) -> str:
    """A stage, a pipeline, a reason or an owner by name."""
    if value is None:
        return ""
    generation = current_generation()
    found: Any = {
        "stage": generation.stages_by_id,
        "pipeline": generation.pipelines_by_id,
        "reason": generation.reasons_by_id,
    }.get(key, {})
    if value in found:
        return str(found[value].label)
    return names.people.get(value, "") if key == "owner" else ""


def person_behind(cause: Mapping[str, Any]) -> int | None:
    """Who set a rule off that made a change."""
    person = cause.get("person") if cause.get("kind") == "rule" else None
    return person if isinstance(person, int) else None


def cause_in_words(cause: Mapping[str, Any]) -> str:
    """Where a change came from, when it was not a person at a screen."""
    if cause.get("kind") == "rule":
        return _("rule “%(name)s”") % {"name": Label(**cause.get("label", {"ru": "?"}))}
    words = {
        "api": _("through the API"),
        "import": _("import"),
        "pack": _("package"),
        "demo": "",
        "revert": _("taken back"),
        "bulk": _("many at once"),
        "bulk_undo": _("taken back"),
        "handover": _("hand-over"),
        "handover_undo": _("taken back"),
        "merge": _("merge"),
        "formulas": _("counted anew"),
    }
    return words.get(str(cause.get("kind", "")), "")
