"""Which tasks are there for somebody: those without a record, and those whose record they see.

Rights on records are looked up row by row behind OFFSET 0: PostgreSQL would else read a whole table of
records into memory to answer for fifty tasks.
"""

from collections.abc import Mapping
from typing import Any

from trassa.access.queries import Actor, reach_sql
from trassa.access.types import Verb
from trassa.records.queries.files import sees_record
from trassa.schema.queries import current_generation

_ALIVE = "EXISTS (SELECT FROM records_record a WHERE a.id = t.record_id AND a.deleted_at IS NULL OFFSET 0)"


def record_condition(actor: Actor) -> tuple[str, list[Any]]:
    """A condition on rows of work_task, named t: there is no record, or the actor sees it."""
    if actor.everything:
        return f"(t.record_id IS NULL OR {_ALIVE})", []
    whole: list[int] = []
    cases: list[str] = []
    parameters: list[Any] = []
    for spec in current_generation():
        reach = actor.reach(Verb.SEE, spec)
        if reach.everything:
            whole.append(spec.id)
        elif not reach.nothing:
            condition, values = reach_sql(reach, spec.model)
            row = f"{spec.table}.id = t.record_id AND {spec.table}.deleted_at IS NULL"
            cases.append(
                f"WHEN {spec.id} THEN EXISTS (SELECT FROM {spec.table} WHERE {row} AND {condition} OFFSET 0)"
            )
            parameters += values
    parameters.append(whole)
    text = (
        f"CASE t.type_id {' '.join(cases)} ELSE t.type_id = ANY(%s) AND {_ALIVE} END"
        if cases
        else (f"t.type_id = ANY(%s) AND {_ALIVE}")
    )
    return f"(t.record_id IS NULL OR {text})", parameters


def sees_record_of(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Whether somebody sees the record of a task (columns `record_id` and `type_id`); without one, yes."""
    if row["record_id"] is None:
        return True
    spec = current_generation().types_by_id.get(row["type_id"] or 0)
    return spec is not None and sees_record(actor, spec, row["record_id"])
