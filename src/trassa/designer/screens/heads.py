"""The list of types, and what stands above every page of the designer of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.designer.queries import RetiredThing
from trassa.designer.types import DraftState
from trassa.solutions.queries import list_edits
from trassa.solutions.types import TypeEntry, Words

PAGES: Mapping[str, str | Promise] = {
    "card": gettext_lazy("Fields and card"),
    "stages": gettext_lazy("Stages"),
    "lists": gettext_lazy("List and board"),
    "naming": gettext_lazy("Title and number"),
    "rights": gettext_lazy("Rights"),
    "preview": gettext_lazy("Preview"),
}
#: Icons to choose from for a type.
ICONS = (
    "steering-wheel",
    "car",
    "calendar",
    "clipboard-list",
    "file-text",
    "cash",
    "briefcase",
    "key",
    "phone",
    "users",
    "building-store",
    "map-pin",
    "star",
    "tag",
    "checkbox",
    "message",
)


def said(words: Words | None) -> str:
    """Words in the language of the person."""
    if words is None:
        return ""
    return words.en if (translation.get_language() or "ru").startswith("en") and words.en else words.ru


@dataclass(frozen=True, slots=True)
class Line:
    """One type in the list of the designer."""

    label: str
    code: str
    icon: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Head:
    """The upper part of every page."""

    label: str
    code: str
    icon: str
    tabs: Sequence[Mapping[str, object]]
    is_draft: bool
    has_past: bool
    #: Who edits it, when it is somebody else.
    other: str
    review_url: str
    back_url: str
    drop_url: str
    #: Takes the last applied edit of this type back; "" when there is none.
    undo_url: str
    open_url: str


@dataclass(frozen=True, slots=True)
class RetiredLine:
    """A type out of use, how many records it has, and where it is brought back."""

    label: str
    code: str
    icon: str
    count: int
    url: str


def list_retired_lines(things: Iterable[RetiredThing], drafts: Iterable[DraftState]) -> list[RetiredLine]:
    """Types out of use, without those that a draft is about to bring back."""
    begun = {draft.code for draft in drafts}
    return [
        RetiredLine(
            said(entry.plural),
            entry.code,
            entry.icon,
            each.count,
            reverse("designer:restore", args=[entry.code]),
        )
        for each in things
        if isinstance(entry := each.entry, TypeEntry) and entry.code not in begun
    ]


def list_lines(
    types: Iterable[TypeEntry], drafts: Iterable[DraftState], names: Mapping[int, str]
) -> list[Line]:
    """New types first, then those in use."""
    begun = {draft.code: draft for draft in drafts}
    lines = []
    for draft in begun.values():
        if draft.is_new:
            note = _("not applied yet; edited by %s") % names.get(draft.edited_by_id, "—")
            lines.append(_line(draft.design.type, note))
    for entry in types:
        found = begun.get(entry.code)
        note = _("has a draft by %s") % names.get(found.edited_by_id, "—") if found else ""
        lines.append(_line(entry, note))
    return lines


def _line(entry: TypeEntry, note: str) -> Line:
    return Line(
        said(entry.plural), entry.code, entry.icon, reverse("designer:page", args=[entry.code, "card"]), note
    )


def make_head(draft: DraftState, page: str, person_id: int, names: Mapping[int, str]) -> Head:
    entry, code = draft.design.type, draft.code
    tabs = [
        {"label": label, "url": reverse("designer:page", args=[code, name]), "active": name == page}
        for name, label in PAGES.items()
    ]
    edits = [] if draft.is_new else list_edits(code)
    return Head(
        label=said(entry.label),
        code=code,
        icon=entry.icon,
        tabs=tabs,
        is_draft=draft.revision > 0,
        has_past=draft.has_past,
        other="" if draft.edited_by_id == person_id else names.get(draft.edited_by_id, "—"),
        review_url=reverse("designer:review", args=[code]),
        back_url=reverse("designer:back", args=[code]),
        drop_url=reverse("designer:drop", args=[code]),
        undo_url=reverse("designer:undo", args=[edits[0].number]) if edits else "",
        open_url="" if draft.is_new else _open_url(draft),
    )


def _open_url(draft: DraftState) -> str:
    """Where records of the type are worked with: its board, or its list."""
    pipelines = draft.found.pipelines
    if pipelines:
        return reverse("records:board", args=[pipelines[0].code])
    return reverse("records:list", args=[draft.code])
