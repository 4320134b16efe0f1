"""One change of the schema: metadata, instant DDL, history and a new generation in one transaction.

    with changing_schema(actor_id=person.id, cause={"kind": "designer"}) as change:
        change.create_type("car", label=Label("Автомобиль", "Car"), plural=Label("Автомобили", "Cars"))
        change.add_field("car", "vin", "vin", label=Label("VIN"), unique=True)

Tables are made when the block ends. See docs/decisions/0003-generations.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal import Json, append, publish
from trassa.kernel import Invalid, now
from trassa.people.queries import require_administrator
from trassa.schema.actions.expressions import ExpressionActions, check_expressions
from trassa.schema.actions.fields import FieldActions
from trassa.schema.actions.layouts import LayoutActions
from trassa.schema.actions.ledger import Ledger
from trassa.schema.actions.locks import lock_out_writers
from trassa.schema.actions.pipelines import PipelineActions
from trassa.schema.actions.record_types import RecordTypeActions
from trassa.schema.actions.tables import build_tables
from trassa.schema.actions.views import build_views
from trassa.schema.compiler import compile_generation
from trassa.schema.discrepancies import list_discrepancies
from trassa.schema.events import SCHEMA_CHANGED
from trassa.schema.generations import remembering_generation
from trassa.schema.metadata import load_metadata
from trassa.schema.models import Field, GenerationLog, RecordType, SchemaState
from trassa.schema.registries import dependants
from trassa.schema.types import Generation


class SchemaChange(RecordTypeActions, FieldActions, PipelineActions, LayoutActions, ExpressionActions):
    """Everything that can be changed; types, fields and pipelines are addressed by their codes."""


@contextmanager
def changing_schema(*, actor_id: int | None, cause: Mapping[str, Json]) -> Iterator[SchemaChange]:
    """Change the schema as one unit: all of it happens, as one new generation, or nothing.

    `actor_id` None is the command line; anybody else must be an administrator. Raises Invalid, NotFound
    or, when the tables stay busy, Unavailable. Writers wait until the block ends: keep it short.
    """
    require_administrator(actor_id)
    with transaction.atomic():
        lock_out_writers()
        with remembering_generation():
            change = SchemaChange(take_number())
            yield change
            if change.happened:
                publish_change(change, actor_id, cause)


@contextmanager
def renewing_generation(*, actor_id: int | None, cause: Mapping[str, Json]) -> Iterator[Ledger]:
    """Publish a new generation with the tables of the last one, when anything is noted inside the block.

    For what other rooms keep compiled beside a generation, such as rules: every process reads it anew, and no
    write can come between. Raises Forbidden for people who are no administrators.
    """
    require_administrator(actor_id)
    with transaction.atomic():
        lock_out_writers()
        with remembering_generation():
            ledger = Ledger(take_number())
            yield ledger
            if ledger.happened:
                check_dependants(compile_generation(load_metadata()))
                make_current(ledger, actor_id, cause, unfinished=())


def renew_tables() -> None:
    """Bring the tables and views of every type in line with this version of Trassa, after an update.

    What takes long on large tables is left to jobs, as with any change.
    """
    with transaction.atomic():
        lock_out_writers()
        if not list_discrepancies():
            return
        change = SchemaChange(take_number())
        change.touched |= set(RecordType.objects.values_list("id", flat=True))
        publish_change(change, None, {"kind": "update"})


def take_number() -> int:
    """The next generation's number; a sequence, so that no number comes twice, even after a rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('schema_generation_seq')")
        return int(cursor.fetchone()[0])


def check_titles(generation: Generation) -> None:
    """A title is stored and seen by everybody: no restricted field and no lookup may stand in it."""
    for spec in generation:
        named = [field for field in spec.fields if f"{{{field.code}}}" in spec.title_template]
        live = sorted(field.code for field in named if field.shown is not None)
        if live:
            message = _("A title is stored; a field shown through a link cannot stand in it: %s.")
            raise Invalid(message % ", ".join(live), code="lookup_in_title")
        hidden = sorted(field.code for field in named if field.restricted)
        if hidden:
            message = _("A title is seen by everybody; a restricted field cannot stand in it: %s.")
            raise Invalid(message % ", ".join(hidden), code="restricted_in_title")


def check_deadlines(generation: Generation) -> None:
    """A deadline is seen by everybody: none may count from a restricted field."""
    for spec in generation:
        for stage in (stage for pipeline in spec.pipelines for stage in pipeline.stages):
            field = spec.by_id.get(stage.deadline.field_id or 0) if stage.deadline else None
            if field is not None and field.restricted:
                message = _(
                    "A deadline is seen by everybody; stage “%(stage)s” cannot count it from “%(field)s”."
                )
                values = {"stage": stage.code, "field": field.code}
                raise Invalid(message % values, code="restricted_in_deadline")


def publish_change(change: SchemaChange, actor_id: int | None, cause: Mapping[str, Json]) -> None:
    """Bring tables and views in line, write history and make the new number current."""
    metadata = load_metadata()
    generation = compile_generation(metadata)
    check_titles(generation)
    check_deadlines(generation)
    check_expressions(metadata)
    check_dependants(generation)
    left = build_tables(change.touched, metadata)
    make_current(change, actor_id, cause, unfinished=mark_unfinished(change.touched, left))
    build_views(load_metadata())


#: Whether dependants are asked later.
_asked_later: ContextVar[bool] = ContextVar("trassa_dependants_asked_later", default=False)


@contextmanager
def asking_dependants_last() -> Iterator[None]:
    """Change the schema and what depends on it together: whether all fits is asked once, when the block ends.

    For one transaction that also brings what depends on the schema in line, in whichever order.
    """
    with remembering_generation():
        token = _asked_later.set(True)
        try:
            yield
        finally:
            _asked_later.reset(token)
        check_dependants(compile_generation(load_metadata()))


def check_dependants(generation: Generation) -> None:
    """Raise Invalid when what other rooms keep names something that this generation has not any more."""
    if _asked_later.get():
        return
    broken = [words for list_broken in dependants for words in list_broken(generation)]
    if broken:
        message = _("This is still used. Change these first: %s.")
        raise Invalid(message % ", ".join(broken), code="used_elsewhere")


def make_current(
    ledger: Ledger, actor_id: int | None, cause: Mapping[str, Json], *, unfinished: Sequence[int]
) -> None:
    """Write what was noted into history and let everybody use the new number."""
    SchemaState.objects.update_or_create(id=1, defaults={"number": ledger.number})
    GenerationLog.objects.create(number=ledger.number, created_at=now(), actor_id=actor_id, cause=dict(cause))
    append(ledger.entries, actor_id=actor_id, cause=cause)
    publish(SCHEMA_CHANGED, {"number": ledger.number, "unfinished": [*unfinished]})


def mark_unfinished(touched: Iterable[int], left: Mapping[int, set[int]]) -> list[int]:
    """Mark fields that wait for a job and unmark the others; gives the types that need the job.

    A field with a problem waits for a person, not for a job.
    """
    waiting = {id for ids in left.values() for id in ids}
    fields = Field.objects.filter(type_id__in=list(touched))
    fields.filter(id__in=waiting).update(finishing=True)
    fields.exclude(id__in=waiting).exclude(finishing=False, problem="").update(finishing=False, problem="")
    stuck = set(fields.exclude(problem="").values_list("id", flat=True))
    return sorted(type_id for type_id, ids in left.items() if ids - stuck)
