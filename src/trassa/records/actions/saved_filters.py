"""Filters that people save for themselves. Only their owner sees, changes and removes them."""

from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.expressions import to_json
from trassa.journal import Changes, NewEntry, Stream, append
from trassa.kernel import FieldError, Invalid, NotFound, now
from trassa.records.models import SavedFilter
from trassa.records.queries.saved_filters import rows_of, rows_of_place
from trassa.records.types import Filter, Narrowing
from trassa.schema.types import PipelineSpec, TypeSpec

#: One person's filters of one type; more are a mistake.
MAX_FILTERS = 100
MAX_NAME = 80
_CAUSE = {"kind": "saved_filter"}


@transaction.atomic
def save_filter(
    name: str,
    spec: TypeSpec,
    pipeline: PipelineSpec | None,
    narrowing: Narrowing,
    *,
    view: Literal["list", "board"],
    actor: Actor,
) -> int:
    """Keep the conditions under a name; gives the filter's id. Raises Invalid for a name that is taken."""
    if actor.id is None:
        raise Invalid(_("Only a person keeps filters."))
    if rows_of(actor).filter(type_id=spec.id).count() >= MAX_FILTERS:
        raise Invalid(_("You have many filters here. Remove some before you save another one."))
    row = SavedFilter(
        person_id=actor.id,
        type_id=spec.id,
        pipeline_id=pipeline.id if pipeline else None,
        view=view,
        created_at=now(),
        **columns_of(spec, narrowing),
    )
    row.name = check_name(row, name, actor)
    row.save()
    write_entry(row, "created", {"name": (None, row.name)}, actor)
    return row.pk


@transaction.atomic
def change_filter(id: int, spec: TypeSpec, narrowing: Narrowing, *, actor: Actor) -> None:
    """Make a filter's conditions these."""
    row = lock_own(id, actor)
    before = {name: getattr(row, name) for name in ("text", "order", "lines", "where")}
    for name, value in columns_of(spec, narrowing).items():
        setattr(row, name, value)
    row.save()
    changes = {name: (old, getattr(row, name)) for name, old in before.items() if old != getattr(row, name)}
    if changes:
        write_entry(row, "changed", changes, actor)


@transaction.atomic
def update_filter(
    id: int, spec: TypeSpec, *, name: str | None, narrowing: Narrowing | None, actor: Actor
) -> None:
    """Change name and conditions together; what is None stays."""
    if narrowing is not None:
        change_filter(id, spec, narrowing, actor=actor)
    if name is not None:
        rename_filter(id, name, actor=actor)


@transaction.atomic
def rename_filter(id: int, name: str, *, actor: Actor) -> None:
    """Give a filter another name; raises Invalid when it is taken."""
    row = lock_own(id, actor)
    before, row.name = row.name, check_name(row, name, actor)
    if row.name != before:
        row.save(update_fields=["name"])
        write_entry(row, "changed", {"name": (before, row.name)}, actor)


@transaction.atomic
def remove_filter(id: int, *, actor: Actor) -> None:
    """Take a filter away; `restore_filter` brings it back."""
    row = lock_own(id, actor)
    row.removed_at = now()
    row.save(update_fields=["removed_at"])
    write_entry(row, "removed", {}, actor)


@transaction.atomic
def restore_filter(id: int, *, actor: Actor) -> None:
    """Bring a removed filter back; raises Invalid when its name has been given to another one."""
    row = lock_own(id, actor, removed=True)
    row.removed_at, row.name = None, check_name(row, row.name, actor)
    row.save(update_fields=["removed_at"])
    write_entry(row, "restored", {}, actor)


def lock_own(id: int, actor: Actor, *, removed: bool = False) -> SavedFilter:
    """The person's own filter, locked; raises NotFound."""
    row = rows_of(actor, removed=removed).select_for_update().filter(pk=id).first()
    if row is None:
        raise NotFound(_("There is no such filter."))
    return row


def check_name(row: SavedFilter, name: str, actor: Actor) -> str:
    """The name without needless spaces; raises Invalid when it is empty, too long or taken."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME:
        refuse_name("required", _("Give the filter a name of up to 80 characters."))
    others = rows_of_place(rows_of(actor), row.type_id, row.pipeline_id).exclude(pk=row.pk)
    if others.filter(name=cleaned).exists():
        refuse_name("taken", _("You have a filter of this name here. Choose another name."))
    return cleaned


def refuse_name(code: str, message: Any) -> None:
    raise Invalid(message, errors=[FieldError("name", code, message)])


def columns_of(spec: TypeSpec, narrowing: Narrowing) -> Mapping[str, Any]:
    """Conditions as the row keeps them: fields by their ids."""
    order = narrowing.order
    by = reference(spec, order.removeprefix("-")) | {"descending": order.startswith("-")} if order else None
    return {
        "text": narrowing.text,
        "order": by,
        "lines": [line_of(spec, each) for each in narrowing.filters],
        "where": None if narrowing.where is None else to_json(narrowing.where),
    }


def line_of(spec: TypeSpec, condition: Filter) -> dict[str, Any]:
    """One condition as the row keeps it."""
    place = reference(spec, condition.field)
    return place | {"operation": condition.operation, "value": condition.value}


def reference(spec: TypeSpec, code: str) -> dict[str, Any]:
    """A field by its id and the words that name it, or a base column by its name."""
    field = spec.by_code.get(code)
    if field is None:
        return {"column": code}
    return {"field": field.id, "label": {"ru": field.label.ru, "en": field.label.en}}


def write_entry(row: SavedFilter, kind: str, changes: Changes, actor: Actor) -> None:
    append([NewEntry(Stream("filter", row.pk), kind, changes)], actor_id=actor.id, cause=_CAUSE)
