"""Views that people save for themselves, share with roles, and open first.

A view is its owner's alone until somebody who may change what roles permit shares it; from then on only they
change it, because others work with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.expressions import to_json
from trassa.journal import Changes, NewEntry, Stream, append
from trassa.kernel import FieldError, Forbidden, Invalid, NotFound, now
from trassa.people.queries import list_roles
from trassa.records.models import SavedView as Row
from trassa.records.models import ViewDefault, ViewRole
from trassa.records.queries.saved_views import get_view, may_change, may_share, own_rows, rows_of_place
from trassa.records.types import Arrangement, Column, Filter, Narrowing
from trassa.schema.types import PipelineSpec, TypeSpec

#: One person's views of one type; more are a mistake.
MAX_VIEWS = 100
MAX_NAME = 80


_CAUSE = {"kind": "saved_view"}


@transaction.atomic
def save_view(
    name: str,
    spec: TypeSpec,
    pipeline: PipelineSpec | None,
    narrowing: Narrowing,
    arrangement: Arrangement,
    *,
    actor: Actor,
) -> int:
    """Keep what is shown under a name; gives the view's id. Raises Invalid for a name that is taken."""
    if actor.id is None:
        raise Invalid(_("Only a person keeps views."))
    if own_rows(actor).filter(type_id=spec.id, removed_at=None).count() >= MAX_VIEWS:
        raise Invalid(_("You have many views here. Remove some before you save another one."))
    row = Row(
        person_id=actor.id,
        type_id=spec.id,
        pipeline_id=pipeline.id if pipeline else None,
        created_at=now(),
        **columns_of(spec, narrowing, arrangement),
    )
    row.name = check_name(row, name)
    row.save()
    write_entry(row, "created", {"name": (None, row.name)}, actor)
    return row.pk


@transaction.atomic
def change_view(
    id: int, spec: TypeSpec, narrowing: Narrowing, arrangement: Arrangement, *, actor: Actor
) -> None:
    """Make what a view shows this."""
    row = lock_view(id, actor)
    found = columns_of(spec, narrowing, arrangement)
    changes = {name: (old, new) for name, new in found.items() if (old := getattr(row, name)) != new}
    for name, value in found.items():
        setattr(row, name, value)
    row.save()
    if changes:
        write_entry(row, "changed", changes, actor)


@dataclass(frozen=True, slots=True)
class ViewChange:
    """What is to become of a view; None stays."""

    name: str | None = None
    shown: tuple[Narrowing, Arrangement] | None = None
    #: Ids of the roles that use it, of those that it opens first for, and whether it does for oneself.
    roles: frozenset[int] | None = None
    opens_for: frozenset[int] | None = None
    opens_first: bool | None = None


@transaction.atomic
def update_view(id: int, spec: TypeSpec, change: ViewChange, *, actor: Actor) -> None:
    """All of a change together."""
    if change.shown is not None:
        change_view(id, spec, *change.shown, actor=actor)
    if change.name is not None:
        rename_view(id, change.name, actor=actor)
    if change.roles is not None:
        share_view(id, change.roles, actor=actor)
    if change.opens_for is not None:
        open_first(id, change.opens_for, actor=actor)
    if change.opens_first is not None:
        open_first_for_me(id, change.opens_first, actor=actor)


@transaction.atomic
def rename_view(id: int, name: str, *, actor: Actor) -> None:
    """Give a view another name; raises Invalid when it is taken."""
    row = lock_view(id, actor)
    before, row.name = row.name, check_name(row, name)
    if row.name != before:
        row.save(update_fields=["name"])
        write_entry(row, "changed", {"name": (before, row.name)}, actor)


@transaction.atomic
def remove_view(id: int, *, actor: Actor) -> None:
    """Take a view away; `restore_view` brings it back, also for those it was shared with."""
    row = lock_view(id, actor)
    row.removed_at = now()
    row.save(update_fields=["removed_at"])
    write_entry(row, "removed", {}, actor)


@transaction.atomic
def restore_view(id: int, *, actor: Actor) -> None:
    """Bring a removed view back; raises Invalid when its name has been given to another one."""
    shared = ViewRole.objects.filter(view_id=id).exists()
    rows = Row.objects.all() if shared and may_share(actor) else own_rows(actor)
    row = rows.filter(pk=id).exclude(removed_at=None).select_for_update().first()
    if row is None or (shared and not may_share(actor)):
        raise not_there()
    row.removed_at, row.name = None, check_name(row, row.name)
    row.save(update_fields=["removed_at"])
    write_entry(row, "restored", {}, actor)


@transaction.atomic
def share_view(id: int, role_ids: Iterable[int], *, actor: Actor) -> None:
    """Let the holders of these roles use the view, and of no others; raises Forbidden for who may not.

    It no longer opens first for those who lose it.
    """
    require_sharing(actor)
    row = lock_view(id, actor)
    wanted, codes = known_roles(role_ids)
    shares = ViewRole.objects.filter(view_id=row.pk)
    before = set(shares.values_list("role_id", flat=True))
    if wanted == before:
        return
    shares.exclude(role_id__in=wanted).delete()
    ViewRole.objects.bulk_create(ViewRole(view_id=row.pk, role_id=id) for id in sorted(wanted - before))
    ViewDefault.objects.filter(view_id=row.pk, person=None).exclude(role_id__in=wanted).delete()
    was = sorted(codes[id] for id in before if id in codes)
    write_entry(row, "shared", {"roles": (was, sorted(codes[id] for id in wanted))}, actor)


@transaction.atomic
def open_first(id: int, role_ids: Iterable[int], *, actor: Actor) -> None:
    """Let the view open for the holders of these roles who come to its place, instead of another one.

    Raises Forbidden for who may not share, Invalid for a role that the view is not shared with.
    """
    require_sharing(actor)
    row = lock_view(id, actor)
    wanted, codes = known_roles(role_ids)
    shared = set(ViewRole.objects.filter(view_id=row.pk).values_list("role_id", flat=True))
    if wanted - shared:
        message = _("Share the view with a role before it opens first for it.")
        raise Invalid(message, errors=[FieldError("opens_for", "not_shared", message)])
    own = ViewDefault.objects.filter(view_id=row.pk, person=None)
    before = set(own.values_list("role_id", flat=True))
    if wanted == before:
        return
    own.exclude(role_id__in=wanted).delete()
    for role_id in sorted(wanted - before):
        replace_default(row, role_id=role_id)
    was = sorted(codes[id] for id in before if id in codes)
    write_entry(row, "opens_for", {"roles": (was, sorted(codes[id] for id in wanted))}, actor)


@transaction.atomic
def open_first_for_me(id: int, is_wanted: bool, *, actor: Actor) -> None:
    """Let the view open for oneself, before what the roles say; or no longer."""
    view = get_view(actor, id)
    if view.is_own_default == is_wanted:
        return
    row = Row.objects.select_for_update().get(pk=id)
    if is_wanted:
        replace_default(row, person_id=actor.id)
    else:
        ViewDefault.objects.filter(Q(view_id=id, person_id=actor.id)).delete()
    changes = {"default": (None, actor.id) if is_wanted else (actor.id, None)}
    write_entry(row, "opens_for", changes, actor)


def replace_default(row: Row, *, person_id: int | None = None, role_id: int | None = None) -> None:
    """Make the view the one that opens at its place for a person or a role."""
    place = {"type_id": row.type_id, "pipeline_id": row.pipeline_id}
    whose = {"person_id": person_id, "role_id": role_id}
    ViewDefault.objects.filter(Q(**place, **whose)).delete()
    ViewDefault.objects.create(view_id=row.pk, **place, **whose)


def known_roles(role_ids: Iterable[int]) -> tuple[set[int], dict[int, str]]:
    """These roles and the codes of all roles; raises Invalid for one that is not in use."""
    codes = {role.pk: role.code for role in list_roles()}
    wanted = set(role_ids)
    if not wanted <= codes.keys():
        message = _("There is no such role.")
        raise Invalid(message, errors=[FieldError("roles", "unknown_role", message)])
    return wanted, codes


def require_sharing(actor: Actor) -> None:
    if not may_share(actor):
        raise Forbidden(_("Only administrators share views with roles."))


def lock_view(id: int, actor: Actor) -> Row:
    """A view that the person may change, locked; raises NotFound, or Forbidden for one they only use."""
    view = get_view(actor, id)
    if not may_change(actor, view):
        raise Forbidden(_("Others use this view, so only administrators change it. Save it as your own."))
    row = Row.objects.select_for_update().filter(pk=id, removed_at=None).first()
    if row is None:
        raise not_there()
    return row


def not_there() -> NotFound:
    return NotFound(_("There is no such view."))


def check_name(row: Row, name: str) -> str:
    """The name without needless spaces; raises Invalid when it is empty, too long or taken."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME:
        refuse_name("required", _("Give the view a name of up to 80 characters."))
    others = Row.objects.filter(person_id=row.person_id, removed_at=None, name=cleaned).exclude(pk=row.pk)
    if rows_of_place(others, row.type_id, row.pipeline_id).exists():
        refuse_name("taken", _("There is a view of this name here. Choose another name."))
    return cleaned


def refuse_name(code: str, message: Any) -> None:
    raise Invalid(message, errors=[FieldError("name", code, message)])


def columns_of(spec: TypeSpec, narrowing: Narrowing, arrangement: Arrangement) -> Mapping[str, Any]:
    """A view as the row keeps it: fields by their ids."""
    order = narrowing.order
    by = reference(spec, order.removeprefix("-")) | {"descending": order.startswith("-")} if order else None
    return {
        "text": narrowing.text,
        "order": by,
        "lines": [line_of(spec, each) for each in narrowing.filters],
        "where": None if narrowing.where is None else to_json(narrowing.where),
        "look": arrangement.look,
        "columns": [column_of(spec, each) for each in arrangement.columns],
        "group": reference(spec, arrangement.group) if arrangement.group else None,
        "day": reference(spec, arrangement.day) if arrangement.day else None,
    }


def line_of(spec: TypeSpec, condition: Filter) -> dict[str, Any]:
    """One condition as the row keeps it."""
    place = reference(spec, condition.field)
    return place | {"operation": condition.operation, "value": condition.value}


def column_of(spec: TypeSpec, column: Column) -> dict[str, Any]:
    """One column as the row keeps it."""
    place = reference(spec, column.code)
    return place | ({"width": column.width} if column.width else {})


def reference(spec: TypeSpec, code: str) -> dict[str, Any]:
    """A field by its id and the words that name it, or a base column by its name."""
    field = spec.by_code.get(code)
    if field is None:
        return {"column": code}
    return {"field": field.id, "label": {"ru": field.label.ru, "en": field.label.en}}


def write_entry(row: Row, kind: str, changes: Changes, actor: Actor) -> None:
    append([NewEntry(Stream("view", row.pk), kind, changes)], actor_id=actor.id, cause=_CAUSE)
