"""Out of two records the values of one."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.records.actions.batch import Item
from trassa.records.actions.preparing import is_empty, why_refused
from trassa.records.actions.relinking import joined_links, set_value, without
from trassa.records.field_kinds import MAX_FILES
from trassa.records.queries.attachments import BESIDE
from trassa.records.types import Attached
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, LinkPeriod


class Pick(StrEnum):
    """Whose value stays."""

    INTO = "into"
    FROM = "from"
    BOTH = "both"


def takes_several(field: FieldSpec) -> bool:
    """Whether a field can keep the values of both."""
    if field.kind == "files":
        return bool(field.settings.get("multiple", True))
    return field.has_links or field_kinds.get(field.kind).sql_type(field).endswith("[]")


def is_joined(field: FieldSpec) -> bool:
    """Whether two records have a value each of which one has to stay: not what is worked out or given."""
    stored = field.has_column or field.has_links or field.kind == "files"
    return stored and field.formula is None and not field_kinds.get(field.kind).automatic


def join_values(survivor: Item, loser: Item, picks: Mapping[str, Pick], actor: Actor) -> None:
    """Make the survivor's row, links and files to be; refuses picks of fields that are not the actor's."""
    known = survivor.spec.by_code
    for code in picks.keys() - known.keys() - {"owner"}:
        survivor.refuse(code, "unknown_field", _("There is no such field."))
    if picks.get("owner") is Pick.FROM:
        survivor.after |= {key: loser.after[key] for key in ("owner_id", "department_id")}
    for field in survivor.spec.fields:
        pick = picks.get(field.code)
        refusal = why_refused(actor, field) if pick in (Pick.FROM, Pick.BOTH) else None
        if pick is not None and not actor.sees_field(field):
            refusal = "unknown_field", _("There is no such field.")
        if pick is Pick.BOTH and not takes_several(field):
            refusal = "one_value", _("This field takes one value.")
        if refusal:
            survivor.refuse(field.code, *refusal)
        elif is_joined(field) and field.kind != "files":
            set_value(survivor, field, joined(field, survivor, loser, pick))
    join_files(survivor, loser, picks)


def joined(field: FieldSpec, survivor: Item, loser: Item, pick: Pick | None) -> Any:
    """The value of one field; links between the two records themselves lead nowhere any more."""
    two = {survivor.id, loser.id}
    mine, theirs = survivor.value(field), loser.value(field)
    if field.has_links:
        mine, theirs = without(mine, two), without(theirs, two)
    elif field.target_type_id is not None:
        mine, theirs = (None if value in two else value for value in (mine, theirs))
    pick = pick or (Pick.BOTH if takes_several(field) else Pick.FROM if is_empty(mine) else Pick.INTO)
    if pick is Pick.BOTH:
        return both(field, mine or (), theirs or ())
    return mine if pick is Pick.INTO else theirs


def both(field: FieldSpec, mine: Any, theirs: Any) -> Any:
    """All values of both; where only one record may be linked at a time, the survivor's periods stay."""
    if not field.has_links:
        return [*mine, *(value for value in theirs if value not in mine)] or None
    if field.has_periods and field.settings.get("exclusive"):
        theirs = [link for link in theirs if not any(overlap(link, other) for other in mine)]
    return joined_links([*mine, *theirs])


def overlap(link: LinkPeriod, other: LinkPeriod) -> bool:
    return link.overlaps(other) and link != other


def join_files(survivor: Item, loser: Item, picks: Mapping[str, Pick]) -> None:
    """Every file of both stays: in its field as far as there is room, beside the fields otherwise."""
    beside = list(survivor.files_before.get(BESIDE, ()))
    for field in survivor.spec.fields:
        if field.kind != "files":
            continue
        mine, theirs = (list(item.files_before.get(field.id, ())) for item in (survivor, loser))
        ordered = theirs + mine if picks.get(field.code) is Pick.FROM else mine + theirs
        room = MAX_FILES if takes_several(field) else 1
        survivor.files[field.id] = tuple(ordered[:room])
        beside += [replace(each, kind=None) for each in ordered[room:]]
    files: tuple[Attached, ...] = (*beside, *loser.files_before.get(BESIDE, ()))
    if files:
        survivor.files[BESIDE] = files
