"""Groups of a list as they are drawn: a head each, whose rows are fetched when it opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import format_decimal
from trassa.people.queries import department_names, names_of
from trassa.records.queries import titles_in, visible_titles
from trassa.records.queries.arrangements import grouping_codes, is_grouping
from trassa.records.queries.groups import MAX_GROUPS, Group, list_groups
from trassa.records.screens.addresses import Address, Condition
from trassa.records.screens.columns import label_of
from trassa.records.screens.totals import total_words
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

#: What the records of a group have in common.
Conditions = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class GroupHead:
    """One group: its words, and where its rows are."""

    label: str
    count: str
    total: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupList:
    """The groups of a list, and whether there are more than are shown."""

    heads: Sequence[GroupHead]
    has_more: bool


def group_of(actor: Actor, spec: TypeSpec, address: Address) -> str:
    """What the list is grouped by, "" when it is not."""
    code = address.arrangement.group
    return code if code and is_grouping(actor, spec, code) else ""


def group_choices(actor: Actor, spec: TypeSpec, address: Address) -> list[tuple[str, str, bool]]:
    """What the list can be grouped by: words, address, whether it is."""
    present = group_of(actor, spec, address)
    none = (_("Nothing"), address.arranged(group="").url, not present)
    return [none] + [
        (label_of(spec, code), address.arranged(group=code).url, code == present)
        for code in grouping_codes(actor, spec)
    ]


def make_groups(actor: Actor, spec: TypeSpec, address: Address) -> GroupList:
    """The groups of a list: one statement, and one for names."""
    code = group_of(actor, spec, address)
    found = list(list_groups(actor, spec, address.query(actor, spec), code))
    groups = found[:MAX_GROUPS]
    field = spec.by_code.get(code)
    words, conditions = make_words(actor, spec, field, code, groups)
    order = order_of(spec, field, code)
    summed = spec.by_code.get(spec.layouts.board_sum)
    none = (Condition(code, "empty", "true"),)
    rows = replace(address, path=reverse("records:rows", args=[spec.code])).arranged(group="")
    heads = [
        GroupHead(
            label=words(group.key) if group.key is not None else _("empty"),
            count=format_decimal(group.count),
            total=total_words(summed, group.total),
            url=narrowed(rows, conditions(group.key) if group.key is not None else none).url,
        )
        for group in sorted(groups, key=order)
    ]
    return GroupList(heads, len(found) > MAX_GROUPS)


def narrowed(rows: Address, conditions: Conditions) -> Address:
    """The list of one group. A condition of the list on the same thing can only be this one."""
    for each in conditions:
        rows = rows.with_condition(each.code, each.value, each.operation)
    return rows


def make_words(
    actor: Actor, spec: TypeSpec, field: FieldSpec | None, code: str, groups: Sequence[Group]
) -> tuple[Callable[[Any], str], Callable[[Any], Conditions]]:
    """How keys are called, and the conditions that each stands for."""
    kind = field.kind if field else ""

    def equal(value: str, operation: str = "eq") -> Conditions:
        return (Condition(code, operation, value),)

    if code == "stage":
        stages = current_generation().stages_by_id
        pipelines = current_generation().pipelines_by_id
        return lambda key: str(stages[key].label), lambda key: (
            *equal(stages[key].code),
            Condition("pipeline", "eq", pipelines[stages[key].pipeline_id].code),
        )
    if field is not None and kind == "choice":
        options = {option.id: option for option in field.options}
        return lambda key: str(options[key].label), lambda key: equal(options[key].code)
    if kind == "boolean":
        return lambda key: _("yes") if key else _("no"), lambda key: equal("true" if key else "false")
    if is_monthly(field, code):
        return month_words, lambda key: equal(f"{key:%Y-%m}", "month")
    ids = {group.key for group in groups if group.key is not None}
    if field is not None and field.target_type_id is not None:
        names = titles_in(visible_titles(actor, {field.target_type_id: ids}))
    else:
        names = department_names(ids) if kind == "department" else names_of(ids)
    unseen = _("A record that you do not see")
    return lambda key: names.get(key, unseen), lambda key: equal(str(key))


def is_monthly(field: FieldSpec | None, code: str) -> bool:
    return code == "created_at" or (field is not None and field.kind in ("date", "datetime"))


def month_words(first: Any) -> str:
    """ "Ноябрь 2026"."""
    return f"{str(MONTHS[first.month]).capitalize()} {first.year}"


def order_of(spec: TypeSpec, field: FieldSpec | None, code: str) -> Callable[[Group], Any]:
    """Stages and options in their own order, the latest month first, else the largest first; none last."""
    places: dict[Any, int] = {}
    if code == "stage":
        stages = [stage.id for pipeline in spec.pipelines for stage in pipeline.stages]
        places = {id: place for place, id in enumerate(stages)}
    elif field is not None and field.kind == "choice":
        places = {option.id: place for place, option in enumerate(field.options)}
    if places:
        return lambda group: (group.key is None, places.get(group.key, len(places)))
    if is_monthly(field, code):
        return lambda group: (group.key is None, -(group.key.toordinal() if group.key else 0))
    return lambda group: (group.key is None, -group.count)
