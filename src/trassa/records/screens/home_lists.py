"""Blocks of the home page that show the beginning of a list: of a type, a stage, an option, a saved view.

Each is what stands behind an address of a list; its key says which: `list.contract`, `stage.sales.booking`,
`choice.contract.status.draft`, `view.12`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import now
from trassa.people.queries import names_of
from trassa.records.queries import count_records, list_records
from trassa.records.queries.known import is_known, list_pipelines, list_types
from trassa.records.queries.saved_views import find_view, view_query, visible_rows
from trassa.records.screens.addresses import Address, Condition
from trassa.records.screens.cells import card_stem
from trassa.records.screens.quick_filters import count_words
from trassa.records.screens.saved_views import address_of as address_of_view
from trassa.records.types import ListQuery, Record, SavedView
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import NavGroup, NavItem, date_exact, date_short, read_id

#: Records that a block shows, and options that a field may have to become blocks.
SHOWN, MAX_OPTIONS = 8, 8


@dataclass(frozen=True, slots=True)
class HomeList:
    """A list that can be a block: its key, what it is called, and where all of it stands."""

    key: str
    label: str
    spec: TypeSpec
    address: Address
    #: The saved view that it is, if it is one.
    view: SavedView | None = None

    def query(self, actor: Actor) -> ListQuery:
        """Its first records."""
        spec, view = self.spec, self.view
        asked = self.address.query(actor, spec) if view is None else view_query(actor, spec, view)
        return replace(asked, limit=SHOWN)

    @property
    def item(self) -> NavItem:
        return NavItem(
            self.label, reverse("records:home_list", args=[self.key]), self.spec.icon, key=self.key
        )


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One record of such a list; `when` is its deadline, else since when it stands there."""

    title: str
    url: str
    owner: str
    owner_id: int | None
    when: str
    when_exact: str
    is_late: bool


def further_blocks(request: HttpRequest) -> list[NavGroup]:
    """All lists that somebody could have on their page, under the names of their types."""
    actor = actor_of_request(request)
    groups = [
        NavGroup(str(spec.plural), [each.item for each in lists_of(actor, spec)])
        for spec in list_types(actor)
    ]
    views = [
        NavItem(row.name, reverse("records:home_list", args=[f"view.{row.pk}"]), key=f"view.{row.pk}")
        for row in visible_rows(actor).order_by("name", "id")
    ]
    return [*groups, NavGroup(_("Saved views"), views)]


def lists_of(actor: Actor, spec: TypeSpec) -> Iterator[HomeList]:
    """The whole list of a type, its stages, and the options of the choices that its list shows."""
    yield list_at(spec, f"list.{spec.code}", str(spec.plural))
    for pipeline in list_pipelines(actor, spec):
        for stage in pipeline.stages:
            label = f"{pipeline.label}: {stage.label}"
            conditions = [("pipeline", pipeline.code), ("stage", stage.code)]
            order = "stage_due_at" if stage.deadline else "-stage_entered_at"
            yield list_at(spec, f"stage.{pipeline.code}.{stage.code}", label, conditions, order)
    for field in spec.fields:
        if (
            field.code not in spec.layouts.list_columns
            or field.kind != "choice"
            or not actor.sees_field(field)
        ):
            continue
        options = [option for option in field.options if not option.retired]
        for option in options if len(options) <= MAX_OPTIONS else ():
            key = f"choice.{spec.code}.{field.code}.{option.code}"
            label = f"{spec.plural} · {field.label}: {option.label}"
            yield list_at(spec, key, label, [(field.code, option.code)])


def list_at(
    spec: TypeSpec, key: str, label: str, conditions: Sequence[tuple[str, str]] = (), order: str = ""
) -> HomeList:
    """The list behind an address with these conditions."""
    asked = tuple(Condition(code, "eq", value) for code, value in conditions)
    address = Address(reverse("records:list", args=[spec.code]), order=order, conditions=asked)
    return HomeList(key, label, spec, address)


def find_list(actor: Actor, key: str) -> HomeList | None:
    """The list of a block; None for what is not there for the person."""
    kind, _dot, rest = key.partition(".")
    if kind == "view":
        return find_view_list(actor, key, read_id(rest) or 0)
    found = (each for spec in list_types(actor) for each in lists_of(actor, spec) if each.key == key)
    return next(found, None)


def find_view_list(actor: Actor, key: str, id: int) -> HomeList | None:
    """The records of a saved view."""
    view = find_view(actor, id)
    spec = current_generation().types_by_id.get(view.type_id) if view else None
    if view is None or spec is None or not is_known(actor, spec):
        return None
    return HomeList(key, view.name, spec, address_of_view(actor, view), view)


def view_list(actor: Actor, found: HomeList) -> tuple[str, list[HomeLine]]:
    """How many records the list has, and its first ones."""
    query = found.query(actor)
    records = list_records(actor, found.spec, query, ()).items
    names = names_of(record.owner_id for record in records if record.owner_id is not None)
    lines = [view_line(found.spec, record, names.get(record.owner_id or 0, "")) for record in records]
    return count_words(count_records(actor, found.spec, query)), lines


def view_line(spec: TypeSpec, record: Record, owner: str) -> HomeLine:
    """One record."""
    due = record.stage_due_at
    when = due or record.stage_entered_at or record.created_at
    return HomeLine(
        title=record.title,
        url=f"{card_stem(spec.code)}{record.id}/",
        owner=owner,
        owner_id=record.owner_id,
        when=date_short(when),
        when_exact=date_exact(when),
        is_late=due is not None and due < now(),
    )
