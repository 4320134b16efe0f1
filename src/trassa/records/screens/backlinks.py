"""Records that point at a record as its card names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from trassa.access.queries import Actor
from trassa.kernel import today
from trassa.records.queries.backlinks import LinkingField, LinkingRecord, linking_fields, read_backlinks
from trassa.records.queries.links import read_periods_back
from trassa.records.screens.cells import EMPTY, Cell, CellMaker
from trassa.records.screens.tones import tone_of
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


def list_backlinks(actor: Actor, spec: TypeSpec, id: int, title: str) -> list[Backlinks]:
    """What points at a record; linking fields without any record stay, so that one can be added."""
    fields = linking_fields(actor, spec)
    found = []
    for linking, records in zip(fields, read_backlinks(actor, fields, id, limit=LIMIT + 1), strict=True):
        other, field = linking.spec, linking.field
        creatable = any(actor.may_create(other, pipeline) for pipeline in other.pipelines or (None,))
        if not records and not creatable:
            continue
        here = urlencode({field.code: id})
        listed = urlencode({f"{field.code}__ever" if field.has_periods else field.code: id})
        lines = {each.id: linked_record(linking, each, title) for each in records[:LIMIT]}
        found.append(
            Backlinks(
                label=str(other.plural),
                field_label=str(field.label),
                records=with_periods(field, id, lines),
                more=f"{reverse('records:list', args=[other.code])}?{listed}" if len(records) > LIMIT else "",
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


def linked_record(linking: LinkingField, record: LinkingRecord, here: str) -> LinkedRecord:
    """One line: title (without the part that names the record one is looking at), stage, amount."""
    spec = linking.spec
    stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
    stage = next((stage for stage in stages if stage.id == record.stage_id), None)
    field = spec.by_code.get(spec.layouts.board_sum)
    amount = EMPTY
    if field is not None and record.amount is not None:
        amount = CellMaker(current_generation(), Names()).of_field(field)(record.amount)
    return LinkedRecord(
        title=" — ".join(part for part in record.title.split(" — ") if part != here) or record.title,
        number=record.number,
        url=reverse("records:card", args=[spec.code, record.id]),
        stage=Cell(str(stage.label), "chip", tone_of(stage.color)) if stage else EMPTY,
        amount=amount,
    )
