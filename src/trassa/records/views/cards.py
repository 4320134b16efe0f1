"""A record's card: full page, side panel, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.access.types import Verb
from trassa.kernel import NotFound
from trassa.records.moments import read_moment
from trassa.records.queries import get_record, list_history
from trassa.records.queries.audience import read_watches
from trassa.records.queries.cards import HistoryEntry, HistoryPart, entry_of
from trassa.records.queries.comments import list_comments, pinned_comments
from trassa.records.queries.known import get_type
from trassa.records.queries.merges import find_survivor, standing_merges
from trassa.records.queries.names import NamesWanted
from trassa.records.queries.past import changed_codes, record_as_of
from trassa.records.screens.backlinks import list_backlinks
from trassa.records.screens.boards import row_of
from trassa.records.screens.cards import CardMaker
from trassa.records.screens.cells import CellMaker
from trassa.records.screens.comments import Reader, WatchView, view_watchers
from trassa.records.screens.duplicates import Alike, links_of
from trassa.records.screens.histories import PAGE, Event, make_events, want_names
from trassa.records.screens.merges import MergeNote, make_note
from trassa.records.screens.past_streams import make_stream
from trassa.records.screens.pasts import make_course
from trassa.records.types import Record
from trassa.records.views.answers import is_in_panel
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, render

PANEL = "records/card_content.html"
#: Comments of one conversation that are shown.
LONGEST = 200
_PARTS: dict[str, HistoryPart] = {"comments": "comments", "changes": "changes"}


@dataclass(frozen=True, slots=True)
class CardParts:
    """A card with its history, names read together."""

    maker: CardMaker
    events: list[Event]
    #: Comments that stand above the timeline.
    pinned: Sequence[Event] = ()
    #: The place behind which older history begins, "" when all is shown.
    older: str = ""
    #: Which part of the timeline this is: a part of history, or "t12" for the conversation that 12 began.
    show: str = "all"
    watch: WatchView | None = None


@require_safe
def card(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """The full page, or the same content for the side panel."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = find_shown_record(actor, spec, id, or_survivor=True)
    if record.id != id:
        return redirect_to_survivor(request, spec, record.id, id)
    if asked := request.GET.get("as_of", ""):
        return past_card(request, actor, spec, record, read_moment(asked))
    linked = list_backlinks(actor, spec, id, record.title) if record.deleted_at is None else []
    alike = Alike("card", links_of(actor, spec, record) if record.deleted_at is None else ())
    found = {"backlinks": linked, "alike": alike, "merged": find_note(request, actor, spec, record)}
    context = {**card_context(request, read_parts(actor, spec, record, show_of(request))), **found}
    return render(request, "records/card.html", context, fragment=PANEL)


def past_card(
    request: HttpRequest, actor: Actor, spec: TypeSpec, record: Record, moment: datetime
) -> HttpResponse:
    """The card as it stood at a moment, with what had been said by then; nothing can be changed there."""
    then = record_as_of(actor, spec, record, moment)
    wanted = NamesWanted()
    wanted.add_person(then.owner_id)
    for field in actor.visible_fields(spec):
        wanted.add_value(field, then.values.get(field.code))
    cells = CellMaker(current_generation(), wanted.read(actor))
    maker = CardMaker(actor, spec, then, cells, as_of=moment, changed=changed_codes(then, record))
    context = {
        **card_context(request, CardParts(maker, [])),
        "backlinks": [],
        "alike": Alike("card"),
        "merged": None,
        "course": make_course(actor, spec, record, moment),
        "stream": make_stream(actor, spec, record, moment),
    }
    return render(request, "records/card.html", context, fragment=PANEL)


def redirect_to_survivor(request: HttpRequest, spec: TypeSpec, survivor: int, id: int) -> HttpResponse:
    """The address of a record that was merged away leads to the one that it is part of."""
    asked = request.GET.copy()
    asked["merged"] = str(id)
    return HttpResponseRedirect(f"{reverse('records:card', args=[spec.code, survivor])}?{asked.urlencode()}")


def find_note(request: HttpRequest, actor: Actor, spec: TypeSpec, record: Record) -> MergeNote | None:
    """What `?merged=` tells of a record that is part of this one."""
    asked = read_id(request.GET.get("merged", ""))
    merge = standing_merges([asked]).get(asked) if asked and find_survivor(asked) == record.id else None
    return make_note(actor, spec, record, merge) if merge else None


def find_shown_record(actor: Actor, spec: TypeSpec, id: int, *, or_survivor: bool = False) -> Record:
    """The record; one in the bin too, for those who may restore it. Raises NotFound.

    With `or_survivor` instead of a record that was merged away the one that it is part of.
    """
    try:
        return get_record(actor, spec, id)
    except NotFound:
        if or_survivor and (survivor := find_survivor(id)) is not None:
            return get_record(actor, spec, survivor)
        record = get_record(actor, spec, id, binned=True)
        if not actor.may(Verb.DELETE, row_of(spec, record)):
            raise
        return record


def card_context(request: HttpRequest, parts: CardParts) -> dict[str, Any]:
    """What the head, the fields and the history of a card need."""
    screen = replace(parts.maker.screen(request.GET.get("tab", "")), show=parts.show)
    in_panel = is_in_panel(request, screen.url)
    return {
        "card": screen,
        "pinned": parts.pinned,
        "watch": parts.watch,
        "events": parts.events,
        "older": parts.older,
        "in_panel": in_panel,
        "beside": parts.maker.beside(),
        "course": None,
    }


def read_parts(actor: Actor, spec: TypeSpec, record: Record, show: str = "all") -> CardParts:
    """Read the history and every name that it and the fields mention."""
    entries = timeline_entries(actor, spec, record, show)
    pinned = [entry_of(line) for line in pinned_comments(record.id)]
    wanted = NamesWanted()
    wanted.add_person(record.owner_id)
    for field in actor.visible_fields(spec):
        wanted.add_value(field, record.values.get(field.code))
    shown = page_of(entries, show)
    want_names(spec, [*shown, *pinned], wanted)
    listeners = read_watches(record.id).listeners_of(row_of(spec, record))
    wanted.people.update(listeners)
    names = wanted.read(actor)
    maker = CardMaker(actor, spec, record, CellMaker(current_generation(), names))
    reader = reader_of(actor, maker)
    in_thread = thread_of(show) is not None
    events = make_events(spec, shown, names, editable=maker.editable, reader=reader, above=in_thread)
    above = make_events(spec, pinned, names, reader=reader, above=True)
    watch = view_watchers(listeners, reader, names.people)
    return CardParts(maker, events, above, older_than(entries, show), show, watch)


def timeline_entries(
    actor: Actor, spec: TypeSpec, record: Record, show: str, before: tuple[int, int | None] | None = None
) -> list[HistoryEntry]:
    """One entry more than a page of the timeline; a conversation comes as a whole."""
    thread = thread_of(show)
    if thread is not None:
        return [entry_of(line) for line in list_comments(record.id, thread=thread, limit=LONGEST)]
    part = _PARTS.get(show, "all")
    return list_history(actor, spec, record.id, before=before, limit=PAGE + 1, show=part)


def reader_of(actor: Actor, maker: CardMaker) -> Reader:
    """Who reads the timeline of this card."""
    return Reader(actor.id, actor.may(Verb.DELETE, maker.row))


def show_of(request: HttpRequest) -> str:
    """Which part of the timeline is asked for."""
    asked = request.GET.get("show", "")
    return asked if asked in _PARTS or thread_of(asked) is not None else "all"


def thread_of(show: str) -> int | None:
    """The comment whose conversation is shown, from a part such as "t12"."""
    return read_id(show[1:]) if show.startswith("t") else None


def page_of(entries: list[HistoryEntry], show: str) -> list[HistoryEntry]:
    """What of these entries is shown at once."""
    return entries if thread_of(show) is not None else entries[:PAGE]


def older_than(entries: list[HistoryEntry], show: str) -> str:
    return entries[PAGE - 1].place if len(entries) > len(page_of(entries, show)) else ""


def read_place(text: str) -> tuple[int, int | None] | None:
    """A place in history as `HistoryEntry.place` writes it."""
    seq, _dash, record = text.partition("-")
    read = read_id(seq)
    return None if read is None else (read, read_id(record))


@require_safe
def history(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """A part of the timeline: comments or changes with `?show=`, older entries behind `?before=`.

    With `?again=1` what is pinned comes too, for a card whose timeline is renewed by itself.
    """
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = find_shown_record(actor, spec, id)
    show = show_of(request)
    behind = read_place(request.GET.get("before", ""))
    entries = timeline_entries(actor, spec, record, show, behind)
    again = request.GET.get("again") == "1"
    pinned = [entry_of(line) for line in pinned_comments(record.id)] if again else []
    wanted = NamesWanted()
    shown = page_of(entries, show)
    want_names(spec, [*shown, *pinned], wanted)
    names = wanted.read(actor)
    maker = CardMaker(actor, spec, record, CellMaker(current_generation(), names))
    reader, in_thread = reader_of(actor, maker), thread_of(show) is not None
    events = make_events(spec, shown, names, editable=maker.editable, reader=reader, above=in_thread)
    url = reverse("records:card", args=[spec.code, record.id])
    context = {
        "events": events,
        "pinned": make_events(spec, pinned, names, reader=reader, above=True),
        "older": older_than(entries, show),
        "card": {"url": url, "id": id, "type_code": spec.code, "show": show},
        "goes_on": behind is not None,
        "again": again,
    }
    return render(request, "records/history.html", context, fragment="records/history.html")
