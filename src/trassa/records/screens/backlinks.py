"""Records that point at a record: one bounded query for each linking field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.kernel import today
from trassa.records.queries import list_records
from trassa.records.queries.links import read_periods_back
from trassa.records.screens.cells import EMPTY, Cell, CellMaker
from trassa.records.screens.tones import tone_of
from trassa.records.types import Filter, ListQuery, Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, TypeSpec

#: Records of one linking field that a card shows.
LIMIT = 5


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    title: str
    number: str
    url: str
    stage: Cell
    amount: Cell
    #: When it was linked, the present time first: "с 01.04.2026".
    periods: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Backlinks:
    """Records of one type that name this record in one field."""

    label: str
    field_label: str
    records: Sequence[LinkedRecord]
    #: The list of all of them, "" when everything is shown.
    more: str
    #: The form for one more, "" when the person may not create them.
    create: str


def linking_fields(actor: Actor, spec: TypeSpec) -> list[tuple[TypeSpec, FieldSpec]]:
    """Fields of all types that point at this type and that the person sees."""
    return [
        (other, field)
        for other in current_generation()
        if not actor.reach(Verb.SEE, other).nothing
        for field in actor.visible_fields(other)
        if field.target_type_id == spec.id
    ]


def list_backlinks(actor: Actor, spec: TypeSpec, id: int, title: str) -> list[Backlinks]:
    """What points at a record; linking fields without any record stay, so that one can be added."""
    found = []
    for other, field in linking_fields(actor, spec):
        condition = Filter(field.code, "ever" if field.has_periods else "eq", id)
        query = ListQuery(filters=[condition], limit=LIMIT)
        page = list_records(actor, other, query, fields=[other.layouts.board_sum])
        creatable = any(actor.may_create(other, pipeline) for pipeline in other.pipelines or (None,))
        if not page.items and not creatable:
            continue
        here = urlencode({field.code: id})
        listed = urlencode({f"{field.code}__ever" if field.has_periods else field.code: id})
        found.append(
            Backlinks(
                label=str(other.plural),
                field_label=str(field.label),
                records=with_periods(
                    field, id, {record.id: linked_record(other, record, title) for record in page.items}
                ),
                more=f"{reverse('records:list', args=[other.code])}?{listed}" if page.next else "",
                create=f"{reverse('records:create', args=[other.code])}?{here}" if creatable else "",
            )
        )
    return found


def with_periods(field: FieldSpec, id: int, records: Mapping[int, LinkedRecord]) -> list[LinkedRecord]:
    """The linked records; where links have periods with those, links of today first, then the latest."""
    if not field.has_periods or not records:
        return list(records.values())
    day = today()
    found = read_periods_back(field, id, records)
    order = sorted(
        found.items(),
        key=lambda pair: (
            not any(each.holds_on(day) for each in pair[1]),
            -(pair[1][0].since or date.min).toordinal(),
        ),
    )
    return [replace(records[key], periods=[str(each) for each in periods]) for key, periods in order]


def linked_record(spec: TypeSpec, record: Record, here: str) -> LinkedRecord:
    """One line: title (without the part that names the record one is looking at), stage, amount."""
    stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
    stage = next((stage for stage in stages if stage.id == record.stage_id), None)
    field = spec.by_code.get(spec.layouts.board_sum)
    make = CellMaker(current_generation(), Names()).of_field(field) if field else None
    return LinkedRecord(
        title=" — ".join(part for part in record.title.split(" — ") if part != here) or record.title,
        number=record.number,
        url=reverse("records:card", args=[spec.code, record.id]),
        stage=Cell(str(stage.label), "chip", tone_of(stage.color)) if stage else EMPTY,
        amount=make(record.values.get(field.code)) if make and field else EMPTY,
    )
