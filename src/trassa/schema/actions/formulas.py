"""What a formula of a field may be.

What is kept must follow from what is stored: not from the reader, nor from what changes without a write; and
formulas may not go in circles, also over several types. What asks for today is not kept but computed when it
is read, so nothing that is kept may use it.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from trassa.expressions import (
    Kind,
    Node,
    NotInSql,
    Scope,
    asks_for_now,
    asks_for_reader,
    from_json,
    is_volatile,
    paths_in,
    value_in_sql,
)
from trassa.kernel import Invalid
from trassa.schema.actions.codes import refuse
from trassa.schema.formulas import inputs_of_field
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.models import Field
from trassa.schema.naming import SchemaScope
from trassa.schema.registries import field_kinds
from trassa.schema.types import Generation, TypeSpec

#: Kinds of values that can be worked out and kept.
KINDS = (
    Kind.NUMBER,
    Kind.TEXT,
    Kind.BOOLEAN,
    Kind.DATE,
    Kind.MOMENT,
    Kind.OPTION,
    Kind.PERSON,
    Kind.DEPARTMENT,
)
#: Those that can be computed whenever they are read.
LIVE_KINDS = (Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.MOMENT)
#: Base columns that change without a write, or that are not known before a record is stored.
UNSTEADY = ("title", "updated_at", "stage_due_at", "stage_warn_at")


def may_be_worked_out(kind: FieldKind) -> bool:
    """Whether fields of a kind can have a formula."""
    return kind.storage == "column" and not kind.automatic and kind.expression in KINDS


def check_formula(row: Field, kind: FieldKind) -> None:
    """Raise Invalid for rules that a field with a formula cannot have: nobody fills it in."""
    if row.shown is not None and row.frozen_when is not None:
        check_kept_lookup(row.shown)
    if row.formula is None:
        return
    if not may_be_worked_out(kind):
        refuse("formula", "not_for_kind", _("Fields of this kind cannot be worked out by a formula."))
    filled = row.required or row.unique or row.required_when or row.editable_when
    if filled or row.default is not None or row.default_formula is not None:
        message = _(
            "Nobody fills in a field with a formula: it is neither required nor unique nor preset, and has no"
            " condition for changing it."
        )
        refuse("formula", "worked_out", message)
    if row.settings.get("participant"):
        refuse("formula", "participant", _("Who takes part in a record is chosen, not worked out."))


def check_kept_lookup(shown: Field) -> None:
    """Raise Invalid when the value that a lookup shows cannot be kept."""
    live = shown.formula is not None and asks_for_now(from_json(shown.formula))
    if live or not may_be_worked_out(field_kinds.get(shown.kind)):
        refuse("frozen_when", "not_for_kind", _("What this field shows cannot be kept as it was."))


def check_formulas(generation: Generation, spec: TypeSpec) -> None:
    """Raise Invalid when what a field of the type is worked out from can be neither kept nor computed."""
    scope = SchemaScope(generation)
    for field in spec.fields:
        for name in ("formula", "frozen_when"):
            node: Node | None = getattr(field, name)
            problem = "" if node is None else why_unfit(node, scope, spec.id, own=name == "frozen_when")
            if field.is_live and (field.frozen_when is not None or field.sortable):
                problem = _("What depends on the day is not kept: it neither stays nor has an index.")
            if problem:
                message = f"{spec.code}.{field.code}: {name}: {problem}"
                raise Invalid(message, code="formula_not_kept")
    used = used_live(spec)
    if used:
        message = _("What depends on the day is not kept, so nothing that is kept may use it: %s.")
        raise Invalid(message % ", ".join(used), code="live_formula")


def used_live(spec: TypeSpec) -> list[str]:
    """Where a type uses formulas that are not kept as if they were, each with its place."""
    live = {field.code: field.id for field in spec.fields if field.is_live}
    used = [f"{spec.code}: {{{code}}}" for code in live if f"{{{code}}}" in spec.title_template]
    used += [f"{spec.code}: board" for code in live if code == spec.layouts.board_sum]
    used += [f"{spec.code}.{field.code}" for field in spec.fields if field.shown and field.shown.is_live]
    for stage in (stage for pipeline in spec.pipelines for stage in pipeline.stages):
        dated = stage.deadline.field_id if stage.deadline else None
        if {*stage.required_field_ids, dated} & {*live.values()}:
            used.append(f"{spec.code}.{stage.code}")
    return used


def why_unfit(node: Node, scope: Scope, type_id: int, *, own: bool = False) -> str:
    """Why an expression cannot be the formula of a field, in words; "" when it can.

    What depends on the day is computed when it is read, everything else is kept. With `own` it may look at
    the record itself only, and has to be kept.
    """
    if asks_for_now(node) and not own:
        return why_not_computed(node, scope, type_id)
    if is_volatile(node, scope, type_id):
        return _("It depends on today’s date or on a link for some time, so it cannot be kept.")
    for path in paths_in(node):
        if path[-1] in UNSTEADY or path == ("number",):
            return _("It may not use the title, the number or dates that change by themselves.")
        if own and (len(path) > 1 or path[0].startswith("b_")):
            return _("It may use fields of the record itself only.")
    return ""


def why_not_computed(node: Node, scope: Scope, type_id: int) -> str:
    """Why an expression cannot be computed whenever it is read."""
    if asks_for_reader(node):
        return _("It may not depend on who is reading: a field has one value for everybody.")
    if node.kind not in LIVE_KINDS:
        return _("What depends on the day can only be a number, a text, a date or yes and no.")
    try:
        value_in_sql(node, scope, type_id)
    except NotInSql as refusal:
        return str(refusal.message)
    return ""


def refuse_circular_formulas(generation: Generation) -> None:
    """Raise Invalid naming the fields of the first circle, whatever their types."""
    fields = {field.id: (spec, field) for spec in generation for field in spec.fields if field.formula}
    edges = {id: inputs_of_field(field) & fields.keys() for id, (_spec, field) in fields.items()}
    done: set[int] = set()
    for start in edges:
        circle = find_circle(start, edges, [], done)
        if circle:
            names = " → ".join(f"{fields[id][0].code}.{fields[id][1].code}" for id in circle)
            raise Invalid(_("Formulas go in a circle: %s.") % names, code="circular_expression")


def find_circle(at: int, edges: Mapping[int, set[int]], way: list[int], done: set[int]) -> list[int]:
    """Ids of a circle that can be reached from here, its first one twice; [] when there is none."""
    if at in way:
        return [*way[way.index(at) :], at]
    if at in done:
        return []
    for following in sorted(edges.get(at, ())):
        circle = find_circle(following, edges, [*way, at], done)
        if circle:
            return circle
    done.add(at)
    return []
