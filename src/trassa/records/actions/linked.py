"""Records created on the way to another one: a client typed into the field of a deal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from trassa.access.queries import Actor
from trassa.records.actions.titles import title_fields
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Outcome, Write
from trassa.schema.types import FieldSpec, TypeSpec

#: Kinds whose value a person can simply type.
_TYPED = {"text"}


def find_name_field(actor: Actor, spec: TypeSpec) -> FieldSpec | None:
    """The one field that suffices to create a record of this type; None when more is asked for."""
    named = title_fields(spec)
    required = [field for field in spec.fields if field.required and field.default is None]
    if len(named) != 1 or named[0].kind not in _TYPED or any(field != named[0] for field in required):
        return None
    return named[0] if actor.edits_field(named[0]) and actor.may_create(spec) else None


def write_with_linked(
    write: Write, linked: Mapping[str, tuple[TypeSpec, str]], *, actor: Actor, cause: Mapping[str, Any]
) -> Outcome:
    """Write a record and, before it, create the records that some of its links name only by title.

    `linked` maps codes of link fields to the type and the name of the record to create. All of it is one
    transaction, so that nothing is left over when the record itself is refused.
    """
    if not linked:
        [outcome] = write_records([write], actor=actor, cause=cause)
        return outcome
    with transaction.atomic():
        fields = dict(write.fields)
        for code, (spec, name) in linked.items():
            field = find_name_field(actor, spec)
            given = {field.code: name} if field else {}
            [made] = write_records([Write(Change.CREATE, spec.code, fields=given)], actor=actor, cause=cause)
            fields[code] = made.id
        [outcome] = write_records([replace(write, fields=fields)], actor=actor, cause=cause)
    return outcome
