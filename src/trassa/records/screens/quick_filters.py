"""Quick filters: conditions that people set most, each with how many records it would leave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trassa.kernel import format_decimal
from trassa.records.queries import COUNT_LIMIT, count_each
from trassa.records.queries.filters import ME
from trassa.records.screens.addresses import Condition
from trassa.records.screens.columns import list_columns
from trassa.records.screens.filters import value_in_words
from trassa.records.screens.saved_views import Place
from trassa.records.types import Filter
from trassa.schema.types import FieldSpec, Names

#: A record that nobody has changed for so many days wants attention.
QUIET_DAYS = 7
#: Fields with options that become quick filters, and how many options one may have.
MAX_FIELDS, MAX_OPTIONS = 2, 8


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """One condition: its words, how many records have it, and where a click leads: it sets or removes it."""

    label: str
    count: str
    url: str
    is_set: bool


def quick_filters(place: Place) -> list[QuickFilter]:
    """Those that leave anything, and "mine" when it is set; one statement counts for all of them.

    Other conditions that are set stand beside them already, each with its own cross.
    """
    address, actor, spec = place.address, place.actor, place.spec
    offered = offered_here(place)
    # A count answers "what if I chose this one instead", so what is chosen of the same field steps back.
    variants = [
        (each, address.without(each.code).with_condition(each.code, each.value, each.operation))
        for each in offered
    ]
    base = replace(address, conditions=()).query(actor, spec)
    limits = (Filter("pipeline", "eq", place.pipeline.code),) if place.pipeline else ()
    filters = [(*limits, *variant.query(actor, spec).filters) for _each, variant in variants]
    counts = count_each(actor, spec, base, filters)
    found = []
    for (condition, variant), count in zip(variants, counts, strict=True):
        is_set = condition in address.conditions
        if is_set and condition.code != "owner":
            continue
        if count or is_set:
            url = address.without(condition.code).url if is_set else variant.url
            found.append(QuickFilter(words_of(place, condition), count_words(count), url, is_set))
    return found


def offered_here(place: Place) -> list[Condition]:
    """Mine, left alone for days, a stage, an option of the fields that the list shows."""
    offered = [Condition("owner", "eq", ME)] if place.actor.id is not None else []
    offered.append(Condition("updated_at", "older", str(QUIET_DAYS)))
    if place.pipeline and place.look != "board":
        offered += [Condition("stage", "eq", stage.code) for stage in place.pipeline.stages]
    for field in fields_with_options(place):
        offered += [Condition(field.code, "eq", each.code) for each in field.options if not each.retired]
    return offered


def fields_with_options(place: Place) -> Sequence[FieldSpec]:
    """Choices among the columns that have an index, so that counting them costs little at any size."""
    columns = list_columns(place.actor, place.spec, place.address)
    fields = (place.spec.by_code.get(column.code) for column in columns)
    found = [
        field for field in fields if field and field.kind == "choice" and len(field.options) <= MAX_OPTIONS
    ]
    return found[:MAX_FIELDS]


def words_of(place: Place, condition: Condition) -> str:
    """What the condition is called."""
    if condition.code == "owner":
        return _("Mine")
    if condition.operation == "older":
        days = int(condition.value)
        return ngettext("No changes for %(days)s day", "No changes for %(days)s days", days) % {"days": days}
    return value_in_words(place.spec, condition, condition.value, Names())


def count_words(count: int) -> str:
    """A count that stops at its limit."""
    return f"{format_decimal(COUNT_LIMIT)}+" if count > COUNT_LIMIT else format_decimal(count)
