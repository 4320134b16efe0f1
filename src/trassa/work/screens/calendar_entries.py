"""What stands in the calendar, as the browser draws it: ready texts, and times by the company's clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trassa.access.queries import Actor
from trassa.people.queries import names_of, open_calendars
from trassa.people.types import holiday_name
from trassa.schema.queries import current_generation
from trassa.ui import address_of, number
from trassa.work.calendar_types import USUAL_MARK, Away, CalendarTask, Entries, Entry, Span
from trassa.work.free_time import joined, without
from trassa.work.queries.calendars import list_away, list_entries
from trassa.work.queries.resources import list_meetings_of_type
from trassa.work.queries.times import by_person, working_spans
from trassa.work.screens.calendar_heaps import begin_of, heap_title, heap_url, heaped, is_mark
from trassa.work.screens.calendars import MOST_ROWS, ONE_DAY, Asked, local, midnight, people_of_team, whose
from trassa.work.screens.tasks import TONES, kind_label

Json = dict[str, Any]


@dataclass(slots=True)
class Shown:
    """Events, the rows they stand in, and what is to be said about them."""

    events: list[Json] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def json(self) -> Json:
        return {"events": self.events, "rows": self.rows, "notes": self.notes}


def entries_of(actor: Actor, asked: Asked) -> Json:
    """Everything that stands in the days that are asked for; a few statements, however many people."""
    if asked.mode == "resource":
        return of_type(actor, asked).json()
    return (of_team if asked.mode == "team" else of_people)(actor, asked).json()


def of_people(actor: Actor, asked: Asked) -> Shown:
    """Days, weeks and months of somebody, or of several over one another."""
    since, until = asked.period
    ids = whose(actor, asked)
    found = list_entries(actor, ids, since, until)
    away = list_away(actor, ids, since, until)
    names = names_of(ids) if len(ids) > 1 else {}
    heaps = [[each] for each in found.items] if asked.mode == "month" else heaped(found.items)
    shown = Shown([heap_event(each, asked.people, names) for each in heaps], notes=notes_of(found))
    shown.events += [away_event(each, names) for each in away]
    if len(ids) == 1:
        shown.events += holidays_of(actor, ids[0], asked.days)
    rests = rest_of(actor, ids, since, until, away)
    common = rests[ids[0]] if len(ids) == 1 else []
    if asked.mode == "month":
        shown.events += [day_shade(day) for day in asked.days if covers_day(common, day)]
    else:
        shown.events += [shade(span) for span in common]
    return shown


def of_team(actor: Actor, asked: Asked) -> Shown:
    """A day of a department, a row for each of its people."""
    since, until = asked.period
    people = people_of_team(actor, asked.department)
    left, people = len(people) - MOST_ROWS, people[:MOST_ROWS]
    ids = [id for id, _name in people]
    found = list_entries(actor, ids, since, until)
    away = list_away(actor, ids, since, until)
    shown = Shown(row_events(found.items, ids), notes=notes_of(found))
    for id, name in people:
        url = Asked("week", asked.day, (id,)).url()
        shown.rows.append({"id": f"p{id}", "title": name, "extendedProps": {"url": url}})
    for id, spans in rest_of(actor, ids, since, until, away).items():
        shown.events += [shade(span, [f"p{id}"]) for span in spans]
    for each in away:
        shown.events.append(away_event(each, {}) | {"resourceIds": [f"p{each.person_id}"]})
    if left > 0:
        shown.notes.append(_("%s more people. Choose a smaller department.") % number(left))
    return shown


def of_type(actor: Actor, asked: Asked) -> Shown:
    """A day of the records of a type that meetings take; what collides is marked."""
    since, until = asked.period
    spec = next((each for each in current_generation() if each.code == asked.type), None)
    if spec is None:
        return Shown()
    found, titles = list_meetings_of_type(actor, spec.id, since, until)
    clashing = clashes(found.items)
    shown = Shown(notes=notes_of(found))
    for number_of, entry in enumerate(found.items):
        event = event_of(entry, {})
        if number_of in clashing:
            event["classNames"].append("clash")
            event["extendedProps"]["warning"] = _("Overlaps another meeting.")
        shown.events.append(event)
    taken = {id for entry in found.items for id in entry.record_ids}
    rows = sorted(((titles[id], id) for id in taken), key=lambda each: (each[0].lower(), each[1]))
    shown.rows = [
        {"id": f"r{id}", "title": title, "extendedProps": {"url": address_of("records:card", spec.code, id)}}
        for title, id in rows[:MOST_ROWS]
    ]
    if clashing:
        text = ngettext("%s meeting overlaps another.", "%s meetings overlap one another.", len(clashing))
        shown.notes.append(text % number(len(clashing)))
    return shown


def clashes(entries: Iterable[Entry]) -> set[int]:
    """Places of the meetings to be held that overlap another which takes the same record."""
    by_record: dict[int, list[tuple[datetime, datetime, int]]] = {}
    for place, each in enumerate(entries):
        if each.task is None or each.task.state == "open":
            for id in each.record_ids:
                by_record.setdefault(id, []).append((each.start, each.end, place))
    found: set[int] = set()
    for spans in by_record.values():
        last: tuple[datetime, datetime, int] | None = None
        for span in sorted(spans):
            if last is not None and span[0] < last[1]:
                found |= {span[2], last[2]}
            last = span if last is None or span[1] > last[1] else last
    return found


def notes_of(found: Entries) -> list[str]:
    return [_("There is more than can be shown. Choose a shorter time.")] if found.more else []


def event_of(entry: Entry, names: Mapping[int, str]) -> Json:
    """A task, or that the time is taken."""
    rows = [*(f"p{id}" for id in entry.person_ids), *(f"r{id}" for id in entry.record_ids)]
    task = entry.task
    if task is None:
        id = f"b{entry.start.timestamp():.0f}-{'-'.join(rows)}"
        people = said_names(entry, names)
        title = f"{_('Busy')}: {people}" if people else _("Busy")
        return block(id, title, (entry.start, entry.end), ["busy"], rows)
    event = block(f"t{task.id}", task.title, (entry.start, entry.end), classes_of(task), rows)
    sub = said_beside(entry, task, names)
    event["editable"] = task.can_change
    event["extendedProps"] |= {
        "task": task.id,
        "version": task.version,
        "estimate": task.estimate_minutes,
        "url": address_of("work:task", task.id),
        "kind": kind_label(task.kind),
        "sub": sub,
        "label": ", ".join(each for each in (kind_label(task.kind), task.title, sub) if each),
    }
    return event


def said_names(entry: Entry, names: Mapping[int, str]) -> str:
    return ", ".join(names[id] for id in entry.person_ids if id in names)


def said_beside(entry: Entry, task: CalendarTask, names: Mapping[int, str]) -> str:
    """Whose a task is, where names are given, and what it is about, where its title does not say so."""
    is_told = task.record_title in task.title or task.record_id in entry.record_ids
    about = "" if is_told else task.record_title
    return " · ".join(each for each in (said_names(entry, names), about) if each)


def row_events(entries: Sequence[Entry], people: Sequence[int]) -> list[Json]:
    """What stands in the row of each of these people; what is of several stands once, in their rows."""
    heaps: list[Json] = []
    alone: dict[int, list[int]] = {}
    for person in people:
        for heap in heaped(each for each in entries if person in each.person_ids):
            if len(heap) > 1:
                heaps.append(heap_event(heap, [person], {}, [f"p{person}"]))
            else:
                alone.setdefault(id(heap[0]), []).append(person)
    rest = [replace(each, person_ids=alone[id(each)]) for each in entries if id(each) in alone]
    return heaps + [event_of(each, {}) for each in rest]


def heap_event(
    heap: Sequence[Entry], people: Sequence[int], names: Mapping[int, str], rows: Sequence[str] = ()
) -> Json:
    """Tasks of people that are due together as one, which opens them; a heap of one is what it holds."""
    if len(heap) == 1:
        return event_of(heap[0], names)
    tasks = [each.task for each in heap if each.task is not None]
    begin, title = begin_of(heap), heap_title(len(heap))
    classes = ["ended"] if all(each.state != "open" for each in tasks) else []
    if any(each.priority == "high" for each in tasks):
        classes.append("high")
    key = f"m{begin.timestamp():.0f}-{'-'.join(rows)}"
    event = block(key, title, (begin, begin + USUAL_MARK), classes, rows)
    sub = " · ".join(each.title for each in tasks)
    event["extendedProps"] = {"url": heap_url(begin, people), "sub": sub, "label": f"{title}: {sub}"}
    return event


@dataclass(frozen=True, slots=True)
class HeapLine:
    """A task of a heap, as `task_table` takes it."""

    id: int
    title: str
    #: Whose it is as well, where several people are asked for.
    record_title: str
    due_at: datetime
    is_open: bool


def heap_lines(actor: Actor, asked: Asked, since: datetime) -> list[HeapLine]:
    """The tasks of the heap that begins at a moment, as they are now."""
    ids = whose(actor, asked)
    names = names_of(ids) if len(ids) > 1 else {}
    entries = list_entries(actor, ids, since, since + USUAL_MARK).items
    return [
        HeapLine(task.id, task.title, said_beside(each, task, names), each.start, task.state == "open")
        for each in entries
        if each.start >= since and is_mark(each) and (task := each.task) is not None
    ]


def classes_of(task: CalendarTask) -> list[str]:
    tone = "accent" if task.kind == "meeting" else TONES.get(task.kind, "plain")
    return [
        tone,
        *(["ended"] if task.state != "open" else []),
        *(["high"] if task.priority == "high" else []),
    ]


def block(id: str, title: str, span: Span, classes: Sequence[str], rows: Sequence[str]) -> Json:
    """Something between two moments, in some rows."""
    return {
        "id": id,
        "title": title,
        "start": local(span[0]),
        "end": local(span[1]),
        "allDay": False,
        "editable": False,
        "classNames": list(classes),
        "resourceIds": list(rows),
        "extendedProps": {"label": title},
    }


def whole_days(id: str, title: str, since: date, until: date, classes: Sequence[str]) -> Json:
    """Something on whole days; the last one is included."""
    return {
        **block(id, title, (midnight(since), midnight(until)), classes, ()),
        "start": since.isoformat(),
        "end": (until + ONE_DAY).isoformat(),
        "allDay": True,
    }


def away_event(away: Away, names: Mapping[int, str]) -> Json:
    label = away.label or _("away")
    title = f"{names[away.person_id]}: {label}" if away.person_id in names else label
    return whole_days(f"a{away.id}", title, away.since, away.until, ["away"])


def holidays_of(actor: Actor, person_id: int, days: Sequence[date]) -> list[Json]:
    """What is celebrated on these days by somebody's calendar."""
    calendar = open_calendars(actor.rights_revision).of(person_id)
    named = [(day, holiday_name(calendar, day)) for day in days]
    return [whole_days(f"h{day:%Y%m%d}", name, day, day, ["holiday"]) for day, name in named if name]


def rest_of(
    actor: Actor, ids: Sequence[int], since: datetime, until: datetime, away: Sequence[Away]
) -> dict[int, list[Span]]:
    """When each of these people does not work."""
    work = working_spans(actor, ids, since, until, by_person(away))
    return {id: without([(since, until)], work[id]) for id in ids}


def shade(span: Span, rows: Sequence[str] = ()) -> Json:
    """Time in which nobody works, behind everything else."""
    id = f"o{span[0].timestamp():.0f}-{'-'.join(rows)}"
    return {**block(id, "", span, ["rest"], rows), "display": "background"}


def day_shade(day: date) -> Json:
    return {**whole_days(f"o{day:%Y%m%d}", "", day, day, ["rest"]), "display": "background"}


def covers_day(spans: Iterable[Span], day: date) -> bool:
    """Whether a whole day lies within the spans."""
    since, until = midnight(day), midnight(day + ONE_DAY)
    return any(start <= since and until <= end for start, end in joined(spans))
