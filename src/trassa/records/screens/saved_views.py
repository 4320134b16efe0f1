"""Saved views above records: which one is open, whether it was changed, and the menu of all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trassa.access.queries import Actor
from trassa.people.queries import list_roles
from trassa.records.queries.arrangements import known_part
from trassa.records.queries.saved_views import (
    count_users,
    find_default,
    find_view,
    list_views,
    may_change,
    may_share,
    write_for,
)
from trassa.records.screens.addresses import NO_VIEW, Address, Condition
from trassa.records.screens.columns import is_usual
from trassa.records.types import Arrangement, Filter, Look, Narrowing, SavedView
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec
from trassa.ui import read_id


@dataclass(frozen=True, slots=True)
class Place:
    """A list, board or calendar, with what it shows at the moment.

    The address of a board does not name its pipeline, that of a list or calendar does.
    """

    actor: Actor
    spec: TypeSpec
    pipeline: PipelineSpec | None
    address: Address
    look: Look

    @classmethod
    def of_list(cls, actor: Actor, spec: TypeSpec, address: Address, look: Look | None = None) -> "Place":
        """The place of a list or a calendar: it belongs to the one pipeline that it is limited to."""
        pipeline = next((each for each in spec.pipelines if each.code == address.value("pipeline")), None)
        return cls(actor, spec, pipeline, address, look or address.arrangement.look)

    @property
    def narrowing(self) -> Narrowing:
        """What it is limited to, apart from the pipeline that the place itself names."""
        bare = self.address.without("pipeline") if self.pipeline else self.address
        filters = [Filter(each.code, each.operation, each.value) for each in bare.conditions]
        where, _fault = bare.condition(self.actor, self.spec)
        return Narrowing(filters, bare.text, bare.order, where)

    @property
    def arrangement(self) -> Arrangement:
        """How it is laid out; the usual columns are as good as none."""
        asked = replace(self.address.arrangement, look=self.look)
        shown = known_part(self.actor, self.spec, asked)
        return replace(shown, columns=()) if is_usual(self.actor, self.spec, self.address) else shown

    @property
    def fault(self) -> str:
        """What is wrong with its expression."""
        return self.address.condition(self.actor, self.spec)[1]

    @property
    def bare_address(self) -> Address:
        """The same look at everything, whatever opens first here."""
        bare = Address(self.address.path, view=NO_VIEW).arranged(
            look=self.address.arrangement.look, day=self.address.arrangement.day
        )
        on_board = self.look == "board"
        return bare.with_condition("pipeline", self.pipeline.code) if self.pipeline and not on_board else bare

    def at(self, name: str) -> str:
        """The address of an action on views that concerns what is shown here."""
        address = replace(self.address, path=reverse(name, args=[self.spec.code]))
        if self.look == "board" and self.pipeline:
            address = address.with_condition("pipeline", self.pipeline.code)
        return address.joined({"on": self.look})


@dataclass(frozen=True, slots=True)
class OpenView:
    """The sign above the records: what is open, and what can be done with changes of it."""

    #: "" when everything is shown.
    name: str
    is_changed: bool
    may_change: bool
    #: Asks before a change that others see; "" for one's own view.
    question: str
    discard_url: str
    #: What the view has lost, or keeps back.
    notes: Sequence[str]
    menu_url: str
    save_url: str
    change_url: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view in the menu."""

    id: int
    name: str
    look: Look
    url: str
    is_open: bool
    is_default: bool
    is_shared: bool
    may_change: bool
    may_share: bool
    notes: Sequence[str]


def default_address(place: Place) -> str:
    """Where a person who comes here goes on to, "" when no view opens first."""
    if not place.address.is_bare:
        return ""
    view = find_default(place.actor, place.spec, place.pipeline)
    return address_of(place.actor, view).url if view else ""


def open_view(place: Place) -> OpenView:
    """What is open here; one query when the address names a view."""
    id = read_id(place.address.view)
    view = find_view(place.actor, id) if id is not None else None
    if view is not None and place_of(view) != (place.spec.id, place.pipeline.id if place.pipeline else None):
        view = None
    is_changed = view is not None and not (
        is_same(view.narrowing, place.narrowing) and is_alike(view.arrangement, place.arrangement)
    )
    changes = is_changed and view is not None and may_change(place.actor, view)
    return OpenView(
        name=view.name if view else "",
        is_changed=is_changed,
        may_change=changes and not place.fault,
        question=ask_users(view) if view and changes and view.role_ids else "",
        discard_url=address_of(place.actor, view).url if view else "",
        notes=notes_of(view) if view else (),
        menu_url=place.at("records:views"),
        save_url=place.at("records:save_view"),
        change_url=place.at("records:change_view"),
    )


def place_of(view: SavedView) -> tuple[int, int | None]:
    return view.type_id, view.pipeline_id


def ask_users(view: SavedView) -> str:
    """Who else works with the view that is about to be changed."""
    roles = ", ".join(str(role) for role in list_roles() if role.pk in view.role_ids)
    count = count_users(view)
    people = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return _("“%(name)s” is shared with: %(roles)s (%(people)s). Change it for all of them?") % {
        "name": view.name,
        "roles": roles,
        "people": people,
    }


def notes_of(view: SavedView) -> list[str]:
    """What the view does not show as it was saved."""
    notes = []
    if view.missing:
        notes.append(
            _("These fields are gone, and what the view said about them: %s.") % ", ".join(view.missing)
        )
    if view.is_partial:
        notes.append(_("Parts of this view are not shown: your role does not see their fields."))
    return notes


def list_links(place: Place) -> list[ViewLink]:
    """The person's views of this place."""
    actor = place.actor
    return [
        ViewLink(
            id=view.id,
            name=view.name,
            look=view.arrangement.look,
            url=address_of(actor, view).url,
            is_open=str(view.id) == place.address.view,
            is_default=view.is_own_default,
            is_shared=bool(view.role_ids),
            may_change=may_change(actor, view),
            may_share=may_share(actor) and may_change(actor, view),
            notes=notes_of(view),
        )
        for view in list_views(actor, place.spec, place.pipeline)
    ]


def is_same(one: Narrowing, other: Narrowing) -> bool:
    """Whether two sets of conditions mean the same, in whatever order they stand."""
    parts = [(set(map(key_of, each.filters)), each.text, each.order, each.where) for each in (one, other)]
    return parts[0] == parts[1]


def is_alike(one: Arrangement, other: Arrangement) -> bool:
    """Whether two arrangements show the same; columns and groups concern lists, days calendars."""
    if one.look != other.look:
        return False
    if one.look == "calendar":
        return one.day == other.day
    return one.look == "board" or (tuple(one.columns), one.group) == (tuple(other.columns), other.group)


def key_of(condition: Filter) -> tuple[str, str, str]:
    return condition.field, condition.operation, str(condition.value)


def address_of(actor: Actor, view: SavedView) -> Address:
    """Where a view is shown, with all that it says."""
    spec = current_generation().types_by_id[view.type_id]
    pipeline, narrowing = spec.find_pipeline(view.pipeline_id), view.narrowing
    look = view.arrangement.look
    conditions = tuple(Condition(each.field, each.operation, str(each.value)) for each in narrowing.filters)
    address = Address(
        reverse("records:calendar" if look == "calendar" else "records:list", args=[spec.code]),
        text=narrowing.text,
        order=narrowing.order,
        conditions=conditions,
        where="" if narrowing.where is None else write_for(actor, spec, narrowing.where),
        view=str(view.id),
        arrangement=view.arrangement,
    )
    if pipeline and look == "board":
        board = reverse("records:board", args=[pipeline.code])
        return replace(address, path=board, order="", arrangement=Arrangement())
    return address.with_condition("pipeline", pipeline.code) if pipeline else address
