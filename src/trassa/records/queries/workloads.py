"""What a person works on: the records that they own, and those whose fields name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_by_id, restrict
from trassa.access.types import Verb
from trassa.people.registries import OpenWork, WorkPart
from trassa.records.queries.expressions import read_where
from trassa.records.queries.filters import filtered
from trassa.records.queries.lists import live_rows
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, PipelineSpec, TypeSpec
from trassa.ui import address_of

OWNER = "owner"
#: More of one kind than this is handed over in several goes.
MOST = 20_000


def open_records_of(person_id: int) -> Sequence[OpenWork]:
    """Per type with pipelines the records of this person that are neither won nor lost; a query a type."""
    found = []
    for spec in current_generation():
        if spec.pipelines:
            count = _open_records(spec, person_id)
            url = f"{address_of('records:list', spec.code)}?owner={person_id}"
            found.append(OpenWork(str(spec.plural), count, url))
    return found


def _open_records(spec: TypeSpec, person_id: int) -> int:
    rows = spec.model._default_manager.filter(
        owner_id=person_id, stage_id__in=spec.open_stage_ids, deleted_at=None
    )
    return rows.count()


@dataclass(frozen=True, slots=True)
class OwnWork:
    """Records of a type in which a person has a place: as owner, or in a field."""

    spec: TypeSpec
    #: "owner" or the code of a field.
    place: str = OWNER
    pipeline: PipelineSpec | None = None
    #: Those that are won or lost, not those in work.
    is_ended: bool = False

    @property
    def key(self) -> str:
        """Its name among what can be handed over: "owner.deal.sales", "field.deal.appraiser"."""
        if self.place != OWNER:
            return f"field.{self.spec.code}.{self.place}"
        pipeline = f".{self.pipeline.code}" if self.pipeline else ""
        return f"{OWNER}.{self.spec.code}{pipeline}{'.ended' if self.is_ended else ''}"

    @property
    def makes_participant(self) -> bool:
        """Whether who stands there takes part in the record."""
        return any(field.code == self.place for field in self.spec.participant_fields)

    @property
    def label(self) -> str:
        field = self.spec.by_code.get(self.place)
        if field is not None:
            return f"{self.spec.plural} · {field.label}"
        if self.pipeline is None:
            return str(self.spec.plural)
        name = f"{self.spec.plural} · {self.pipeline.label}"
        return _("%(name)s, won and lost") % {"name": name} if self.is_ended else name

    def rows(self, person_id: int) -> QuerySet[Any]:
        """The records, whoever asks."""
        column = "owner_id" if self.place == OWNER else self.spec.by_code[self.place].column
        rows = live_rows(self.spec).filter(**{column: person_id})
        if self.pipeline is not None:
            rows = rows.filter(pipeline_id=self.pipeline.id)
        stages = [stage for pipeline in self.spec.pipelines for stage in pipeline.stages]
        wanted = [stage.id for stage in stages if (stage.meaning == "open") is not self.is_ended]
        return rows.filter(stage_id__in=wanted) if stages else rows


def list_own_work(spec: TypeSpec) -> Iterator[OwnWork]:
    """The kinds of work that somebody can have with records of a type."""
    for pipeline in spec.pipelines:
        yield OwnWork(spec, pipeline=pipeline)
        yield OwnWork(spec, pipeline=pipeline, is_ended=True)
    if not spec.pipelines:
        yield OwnWork(spec)
    for field in spec.fields:
        if names_people(field):
            yield OwnWork(spec, field.code)


def names_people(field: FieldSpec) -> bool:
    """Whether the field holds one person whom people write there."""
    return field.kind == "person" and field.through is None and field.formula is None and not field.read_only


def read_work_key(key: str) -> OwnWork | None:
    """The inverse of `OwnWork.key`; None for what there is not (any more)."""
    kind, _dot, rest = key.partition(".")
    spec = current_generation().types.get(rest.partition(".")[0])
    found = (work for work in list_own_work(spec) if work.key == key) if spec and kind else ()
    return next(iter(found), None)


def count_work(person_id: int, actor_id: int | None) -> list[WorkPart]:
    """What the person has, as far as the actor sees it; a query for each kind of work."""
    actor = actor_by_id(actor_id)
    found = []
    for spec in current_generation():
        reach = actor.reach(Verb.SEE, spec)
        if reach.nothing:
            continue
        for work in list_own_work(spec):
            if work.place != OWNER and not actor.sees_field(spec.by_code[work.place]):
                continue
            count = restrict(work.rows(person_id), reach).aggregate(n=Count("pk"))["n"]
            url = f"{address_of('records:list', spec.code)}?{work.place}={person_id}"
            found.append(WorkPart(work.key, work.label, count, url, not work.is_ended, spec.code))
    return found


def ids_of_work(actor: Actor, work: OwnWork, person_id: int, where: str) -> list[int]:
    """Records of this work that the actor sees and the condition finds, ascending.

    Raises ExpressionRefused for a condition that is none.
    """
    rows = work.rows(person_id)
    node = read_where(actor, work.spec, where)
    if node is not None:
        rows = filtered(rows, actor, current_generation(), work.spec, ListQuery(where=node))
    rows = restrict(rows, actor.reach(Verb.SEE, work.spec))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
