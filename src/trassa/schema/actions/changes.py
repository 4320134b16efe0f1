"""One change of the schema: metadata, instant DDL, history and a new generation in one transaction.

    with changing_schema(actor_id=person.id, cause={"kind": "designer"}) as change:
        change.create_type("car", label=Label("Автомобиль", "Car"), plural=Label("Автомобили", "Cars"))
        change.add_field("car", "vin", "vin", label=Label("VIN"), unique=True)

Tables are made when the block ends. See docs/decisions/0003-generations.md.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction

from trassa.journal import Json, append
from trassa.kernel import now
from trassa.people.queries import require_administrator
from trassa.schema.actions.fields import FieldActions
from trassa.schema.actions.finishing import plan_finishing
from trassa.schema.actions.layouts import LayoutActions
from trassa.schema.actions.locks import lock_out_writers
from trassa.schema.actions.pipelines import PipelineActions
from trassa.schema.actions.record_types import RecordTypeActions
from trassa.schema.actions.tables import build_tables
from trassa.schema.actions.views import build_views
from trassa.schema.metadata import load_metadata
from trassa.schema.models import GenerationLog, SchemaState


class SchemaChange(RecordTypeActions, FieldActions, PipelineActions, LayoutActions):
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
        change = SchemaChange(take_number())
        yield change
        if change.happened:
            publish(change, actor_id, cause)


def take_number() -> int:
    """The next generation's number; a sequence, so that no number comes twice, even after a rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('schema_generation_seq')")
        return int(cursor.fetchone()[0])


def publish(change: SchemaChange, actor_id: int | None, cause: Mapping[str, Json]) -> None:
    """Bring tables and views in line, write history and make the new number current."""
    left = build_tables(change.touched, load_metadata())
    plan_finishing(change, left)
    SchemaState.objects.update_or_create(id=1, defaults={"number": change.number})
    GenerationLog.objects.create(number=change.number, created_at=now(), actor_id=actor_id, cause=dict(cause))
    append(change.entries, actor_id=actor_id, cause=cause)
    build_views(load_metadata())
