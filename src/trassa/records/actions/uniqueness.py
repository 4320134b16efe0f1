"""Fourth phase: values that must be unique, checked set-based and guarded by the database's indexes."""

from collections import defaultdict
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import restrict
from trassa.access.types import Verb
from trassa.kernel import FieldError, Invalid
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.types import COMING, GOING
from trassa.schema.types import FieldSpec, Generation, TypeSpec


def check_unique(batch: Batch) -> None:
    """Refuse values that another record has, in the table or earlier in this batch."""
    for spec, items in by_type(batch.live):
        for field in spec.fields:
            if field.unique:
                check_field(batch, spec, field, items)


def check_field(batch: Batch, spec: TypeSpec, field: FieldSpec, items: Any) -> None:
    """Check one field of one type: one query for the whole batch."""
    takers: dict[Any, list[Item]] = defaultdict(list)
    for item in items:
        value = item.after.get(field.column)
        fresh = item.write.change in COMING or value != item.value_before(field)
        if value is not None and fresh and item.write.change not in GOING:
            takers[value].append(item)
    if not takers:
        return
    own_ids = [item.write.id for item in items if item.write.id is not None]
    others = spec.model._default_manager.filter(
        **{f"{field.column}__in": list(takers)}, deleted_at__isnull=True
    ).exclude(pk__in=own_ids)
    taken = set(others.values_list(field.column, flat=True))
    visible = restrict(others, batch.actor.reach(Verb.SEE, spec))
    names = dict(visible.values_list(field.column, "title")) if taken else {}
    for value, group in takers.items():
        for item in group if value in taken else group[1:]:
            item.refuse(field.code, "not_unique", taken_message(names.get(value), item))


def taken_message(name: str | None, item: Item) -> Any:
    """Who has the value; a record in the bin cannot give way, so the other one has to."""
    if item.write.change not in COMING:
        return (
            _("Already taken by “%(name)s”.") % {"name": name}
            if name
            else _("Another record has this value.")
        )
    if name:
        return _("“%(name)s” has this value by now. Change it there, then try again.") % {"name": name}
    return _("A record that you do not see has this value by now. Ask your administrator to change it there.")


def explain_violation(error: IntegrityError, generation: Generation) -> Invalid | None:
    """The field error behind a unique index that a concurrent write filled first, if it is one of ours."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    for spec in generation:
        for field in spec.fields:
            if field.has_periods and name.startswith(f"{field.link_table}_"):
                message = _("Somebody else has just changed these periods. Read them again.")
                overlap = FieldError(field.code, "overlap", message)
                return Invalid(_("Some fields need your attention."), errors=[overlap])
            if field.unique and name == f"{field.column}_u":
                taken = FieldError(field.code, "not_unique", _("Another record has this value."))
                return Invalid(_("Some fields need your attention."), errors=[taken])
    return None
