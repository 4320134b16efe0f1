"""A plan as a rehearsal: what pages would show once it is applied, and nothing stays of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from trassa.people.queries import require_administrator
from trassa.schema.actions import SchemaChange, rehearsing_schema, rewrite_sample
from trassa.solutions.conversions import new_values
from trassa.solutions.executor import change_schema
from trassa.solutions.plans import Plan


@contextmanager
def rehearsing(plan: Plan, *, record_id: int | None, actor_id: int) -> Iterator[None]:
    """Inside the block types, fields, stages and layouts are what the plan makes of them, for reading only.

    Of its types there are the newest records and `record_id`. Rights stay what they are. Values that do not
    fit a new kind are missing. Raises what applying the plan raises.
    """
    require_administrator(actor_id)

    def prepare(change: SchemaChange) -> None:
        for each in plan.conversions:
            unfit = [(found.id, None) for found in each.conversion.unfit]
            rewrite_sample(each.type, each.field, [*new_values(each).items(), *unfit])
        change_schema(change, plan)

    with rehearsing_schema(prepare, {each.type for each in plan.conversions}, record_id=record_id):
        yield
