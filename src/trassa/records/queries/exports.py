"""What an export reads, and the exports of a person."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.expressions import from_json, to_json
from trassa.kernel import NotFound
from trassa.records.models import Export
from trassa.records.queries.filters import filtered, find_order
from trassa.records.queries.lists import COUNT_LIMIT, MAX_PAGE, live_rows
from trassa.records.queries.names import names_for
from trassa.records.queries.rows import columns_of, make_records, shown_fields
from trassa.records.queries.top import top_rows
from trassa.records.types import Filter, ListQuery, Record
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec

#: Base columns that an export may have, in the order in which they are offered.
BASE = ("number", "title", "pipeline", "stage", "owner", "created_at", "updated_at")
#: Kinds whose values stay numbers and dates in a spreadsheet.
_PLAIN = {"number", "money", "percent", "date", "datetime"}

Cells = Callable[[Record, Names], Any]


def may_export(actor: Actor, spec: TypeSpec) -> bool:
    """Whether the person may take any records of the type along."""
    return not actor.reach(Verb.EXPORT, spec).nothing and not actor.reach(Verb.SEE, spec).nothing


def all_columns(actor: Actor, spec: TypeSpec) -> list[str]:
    """Everything that the person may export of a record."""
    base = [code for code in BASE if spec.pipelines or code not in ("pipeline", "stage")]
    return [*base, *(field.code for field in actor.visible_fields(spec) if field.code not in base)]


def stored_query(query: ListQuery) -> dict[str, Any]:
    """A list's conditions as JSON."""
    return {
        "filters": [[each.field, each.operation, each.value] for each in query.filters],
        "text": query.text,
        "order": query.order,
        "where": None if query.where is None else to_json(query.where),
    }


def read_query(stored: Mapping[str, Any]) -> ListQuery:
    """The inverse of `stored_query`."""
    return ListQuery(
        filters=[Filter(*each) for each in stored["filters"]],
        text=stored["text"],
        order=stored["order"],
        where=None if stored["where"] is None else from_json(stored["where"]),
    )


def count_exported(actor: Actor, spec: TypeSpec, query: ListQuery) -> int:
    """How many rows an export will have, at most COUNT_LIMIT + 1."""
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    for verb in (Verb.SEE, Verb.EXPORT):
        rows = restrict(rows, actor.reach(verb, spec))
    return rows.order_by()[: COUNT_LIMIT + 1].count()


def exported_pages(
    actor: Actor, spec: TypeSpec, query: ListQuery, codes: Sequence[str]
) -> Iterator[list[list[Any]]]:
    """Rows of cells, a page at a time: records that the person both sees and may export, in order."""
    order = find_order(actor, spec, query.order)
    shown = shown_fields(actor, spec, codes)
    columns = list(dict.fromkeys([*columns_of(shown), order.column]))
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    rows = restrict(rows, actor.reach(Verb.EXPORT, spec))
    makers = [cell_maker(spec, code) for code in codes if code in BASE or spec.by_code.get(code) in shown]
    after = None
    while True:
        found = top_rows(rows, actor.reach(Verb.SEE, spec), order, columns, limit=MAX_PAGE, after=after)
        if not found:
            return
        records = make_records(actor, spec, found, shown)
        names = names_for(actor, records, shown)
        yield [[make(record, names) for make in makers] for record in records]
        after = found[-1][order.column], found[-1]["id"]


def heads_of(actor: Actor, spec: TypeSpec, codes: Sequence[str]) -> list[str]:
    """The words over the columns, in the language of the moment."""
    labels = {
        "number": _("Number of the record"),
        "title": _("Title"),
        "pipeline": _("Pipeline"),
        "stage": _("Stage"),
        "owner": _("Owner"),
        "created_at": _("Created"),
        "updated_at": _("Changed"),
    }
    visible = {field.code: str(field.label) for field in actor.visible_fields(spec)}
    return [
        labels[code] if code in BASE else visible[code] for code in codes if code in BASE or code in visible
    ]


def cell_maker(spec: TypeSpec, code: str) -> Cells:
    """The function that gives one column's cell of a record."""
    stages = {stage.id: str(stage.label) for line in spec.pipelines for stage in line.stages}
    pipelines = {line.id: str(line.label) for line in spec.pipelines}
    base: dict[str, Cells] = {
        "number": lambda record, names: record.number,
        "title": lambda record, names: record.title,
        "pipeline": lambda record, names: pipelines.get(record.pipeline_id or 0, ""),
        "stage": lambda record, names: stages.get(record.stage_id or 0, ""),
        "owner": lambda record, names: names.people.get(record.owner_id or 0, ""),
        "created_at": lambda record, names: record.created_at,
        "updated_at": lambda record, names: record.updated_at,
    }
    return base[code] if code in BASE else field_cell(spec.by_code[code])


def field_cell(field: FieldSpec) -> Cells:
    shown = replace(field.displayed, code=field.code)
    kind = field_kinds.get(shown.kind)

    def make(record: Record, names: Names) -> Any:
        value = record.values.get(field.code)
        if value is None or shown.kind in _PLAIN:
            return value
        return kind.cell(value, shown, names)

    return make


def get_export(actor: Actor, id: int) -> Export:
    """An export of this person; raises NotFound."""
    found = Export.objects.filter(id=id, person_id=actor.id or 0).select_related("file", "type").first()
    if found is None:
        raise NotFound(_("There is no such export."))
    return found


def list_exports(actor: Actor, *, limit: int = 50) -> list[Export]:
    """The person's exports, newest first."""
    rows = Export.objects.filter(person_id=actor.id or 0).select_related("file", "type")
    return list(rows.order_by("-id")[:limit])
