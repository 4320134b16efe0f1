"""Editing one field of a card in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions.linked import write_with_linked
from trassa.records.queries import get_record, list_history
from trassa.records.queries.forms import read_fields, texts_of
from trassa.records.queries.known import get_type
from trassa.records.queries.names import NamesWanted
from trassa.records.queries.verdicts import watched_fields
from trassa.records.screens.asking import ask_for, make_controls
from trassa.records.screens.cards import CardMaker, FieldView
from trassa.records.screens.conflicts import Theirs, decided_in, read_theirs, taken_in
from trassa.records.screens.controls import Control, ControlMaker, editable_fields, ids_typed, read_linked
from trassa.records.screens.duplicates import Alike, hint_url, links_of
from trassa.records.screens.histories import Event
from trassa.records.types import Change, Record, Write
from trassa.records.views.answers import news, refusal, with_news
from trassa.records.views.cards import card_context, read_parts
from trassa.records.views.subjects import get_field
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, TypeSpec
from trassa.ui import read_id, render, render_in_dialog

CAUSE = {"kind": "card"}
OWNER = "owner"
#: Fields that a form of another room may show.
MOST_INPUTS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A field (None for the owner) of a record, with the card around it."""

    actor: Actor
    spec: TypeSpec
    record: Record
    field: FieldSpec | None
    maker: CardMaker
    events: list[Event]

    @property
    def code(self) -> str:
        return self.field.code if self.field else OWNER

    @property
    def view(self) -> FieldView:
        """The field as the card shows it."""
        found = self.maker.view(self.code)
        assert found is not None
        return found

    @property
    def value(self) -> Any:
        return self.record.values.get(self.field.code) if self.field else self.record.owner_id


def find_place(request: HttpRequest, type: str, id: int, code: str) -> Place:
    """The field that an address names; raises NotFound for what the person does not see."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    field = None if code == OWNER else get_field(actor, spec, code)
    record = get_record(actor, spec, id)
    parts = read_parts(actor, spec, record)
    return Place(actor, spec, record, field, parts.maker, parts.events)


@require_safe
def field_form(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """The control in place of the value."""
    place = find_place(request, type, id, code)
    if place.view.locked:
        raise Forbidden(place.view.locked)
    if not place.view.editable:
        raise Forbidden(_("Your role does not allow changing this field."))
    return render_form(request, place, make_control(place))


@require_safe
def inputs(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """Controls of the fields that `field` names, for a form elsewhere, as far as they may be changed."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    asked = QueryDict(mutable=True)
    asked.setlist("shown", request.GET.getlist("field")[:MOST_INPUTS])
    context = {"controls": make_controls(actor, spec, record, asked), "scope": f"inputs-{id}"}
    return render(request, "records/inputs.html", context, fragment="records/inputs.html")


@require_safe
def field_value(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """The value again, when editing is given up."""
    place = find_place(request, type, id, code)
    context = {"field": place.view, "card": place.maker.screen()}
    return render(request, "records/field.html", context, fragment="records/field.html")


@require_POST
def save_field(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """Store the value; answers with the field and what depends on it, or with the form and its faults."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    field = None if code == OWNER else get_field(actor, spec, code)
    try:
        fields = fields_of(request, actor, spec, field)
        write = write_of(request, spec, id, field, fields)
        write_with_linked(write, read_linked(fields, request.POST), actor=actor, cause=CAUSE)
    except Invalid as error:
        return show_error(request, find_place(request, type, id, code), error)
    except Conflict as error:
        if error.code != "version_conflict":
            return refusal(error)
        return show_conflict(request, find_place(request, type, id, code), error)
    if is_in_list(request):
        return answer_in_list(request, actor, spec, id)
    return show_saved(request, actor, spec, id, code)


def is_in_list(request: HttpRequest) -> bool:
    """Whether the field is edited in the cell of a list, or moved in a calendar, instead of on its card."""
    return request.GET.get("in") == "list"


def answer_in_list(request: HttpRequest, actor: Actor, spec: TypeSpec, id: int) -> HttpResponse:
    """News for the list, which fetches the row again, and a toast that takes the change back."""
    try:
        record = get_record(actor, spec, id)
    except NotFound:
        return out_of_sight(spec, id)
    changed = {"type": spec.id, "id": id, "version": record.version}
    if str(record.version) == request.POST.get("version"):
        return news(record_changed=changed, dialog_close={})
    [entry] = list_history(actor, spec, id, limit=1)
    undo = reverse("records:revert", args=[spec.code, id, entry.seq])
    return news(toast={"text": _("Saved"), "undo": undo}, record_changed=changed, dialog_close={})


def fields_of(request: HttpRequest, actor: Actor, spec: TypeSpec, field: FieldSpec | None) -> list[FieldSpec]:
    """The field that is edited, and those that the dialog asked for with it."""
    asked = request.POST.getlist("shown")
    others = [each for each in editable_fields(actor, spec) if each.code in asked and each is not field]
    taken = taken_in(request.POST)
    return [each for each in ([field, *others] if field else others) if each.code not in taken]


def write_of(
    request: HttpRequest, spec: TypeSpec, id: int, field: FieldSpec | None, fields: list[FieldSpec]
) -> Write:
    """The write that a submitted form asks for."""
    version = request.POST.get("version", "")
    known = int(version) if version.isdecimal() else None
    if field is None and OWNER not in taken_in(request.POST):
        owner = read_id(request.POST.get(OWNER, ""))
        if owner is None:
            raise Invalid(_("Choose who is responsible."))
        values = read_fields(fields, request.POST)
        return Write(Change.EDIT, spec.code, id=id, version=known, owner=owner, fields=values, merge=True)
    values = read_fields(fields, request.POST)
    return Write(Change.EDIT, spec.code, id=id, version=known, fields=values, merge=True)


def show_saved(request: HttpRequest, actor: Actor, spec: TypeSpec, id: int, code: str) -> HttpResponse:
    """The field with its new value; head and history of the card travel beside it."""
    try:
        record = get_record(actor, spec, id)
    except NotFound:
        return out_of_sight(spec, id)
    parts = read_parts(actor, spec, record)
    context = {
        **card_context(request, parts),
        "field": parts.maker.view(code),
        "followers": parts.maker.followers(code),
        "alike": Alike("card", links_of(actor, spec, record)) if hint_url(actor, spec, code=code) else None,
    }
    response = render(request, "records/field_saved.html", context, fragment="records/field_saved.html")
    changed = {"type": spec.id, "id": id, "version": record.version}
    more: dict[str, Any] = {"dialog_close": {}} if request.POST.get("demanded") else {}
    if more or code in watched_fields(current_generation(), spec):
        more["record_stale"] = changed
    return with_news(response, record_changed=changed, **more)


def out_of_sight(spec: TypeSpec, id: int) -> HttpResponse:
    """The write took the record out of this person's reach, as handing it over may do."""
    said = {"text": _("Done. You do not see this record any more."), "tone": "ok"}
    return news(toast=said, record_gone={"type": spec.id, "id": id})


def make_control(place: Place, text: list[str] | None = None, error: str = "") -> Control:
    """The control with the stored value, or with what was typed."""
    make = ControlMaker(place.maker.names if text is None else names_typed(place, text))
    if place.field is None:
        typed = text[0] if text else ""
        owner = read_id(typed)
        return make.owner(place.record.owner_id if owner is None else owner, error=error, required=True)
    if text is None:
        return make.of_field(place.field, place.value, error=error)
    return make.of_text(place.field, text, error=error)


def texts_typed(request: HttpRequest, place: Place) -> list[str]:
    """What the submitted form says of the field."""
    return texts_of(place.field, request.POST) if place.field else request.POST.getlist(place.code)


def names_typed(place: Place, texts: list[str]) -> Names:
    """The names of the card, and of the records that were chosen in the form."""
    wanted = NamesWanted()
    if place.field is not None:
        wanted.add_value(place.field, ids_typed(place.field, texts))
    names = place.maker.names
    return replace(names, records={**names.records, **wanted.read(place.actor).records})


def render_form(
    request: HttpRequest, place: Place, control: Control, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form of one field."""
    args = [place.spec.code, place.record.id, place.code]
    context = {
        "control": control,
        "field": place.view,
        "version": place.record.version,
        "record_id": place.record.id,
        "save_url": save_url(request, place),
        "cancel_url": reverse("records:field_value", args=args),
        "alike": Alike("field", url=hint_url(place.actor, place.spec, place.record, place.code)),
        "theirs": None,
        **more,
    }
    part = "records/cell_form.html" if is_in_list(request) else "records/field_form.html"
    return render(request, part, context, fragment=part, status=status)


def save_url(request: HttpRequest, place: Place) -> str:
    """Where the form is sent to."""
    url = reverse("records:save_field", args=[place.spec.code, place.record.id, place.code])
    return f"{url}?in=list" if is_in_list(request) else url


def show_error(request: HttpRequest, place: Place, error: Invalid) -> HttpResponse:
    """The form with what was typed and what is wrong with it, or a dialog when other fields are missing."""
    others = ask_for(place.actor, place.spec, place.record, request.POST, error, elsewhere=(place.code,))
    own = [each.message for each in error.errors if each.field == place.code]
    if others and (not own or place.code in decided_in(request.POST)):
        decided = decided_in(request.POST)
        theirs = read_theirs(place.actor, place.spec, place.record, decided, taken=taken_in(request.POST))
        return render_dialog(request, place, others, theirs=theirs, said=str(own[0]) if own else "")
    said = own or [each.message for each in error.errors] or [error.message]
    control = make_control(place, texts_typed(request, place), str(said[0]))
    return render_form(request, place, control, status=422)


def render_dialog(
    request: HttpRequest,
    place: Place,
    controls: list[Control],
    *,
    theirs: Mapping[str, Theirs],
    said: str = "",
    version: int | None = None,
    status: int = 422,
) -> HttpResponse:
    """The dialog that asks for what the change demands; it sends the change along.

    In a conflict it asks about the changed field too; `said` is what is wrong with that one.
    """
    shown = place.code in theirs
    if shown:
        controls = [make_control(place, texts_typed(request, place), said), *controls]
    context = {
        "title": place.record.title,
        "label": place.view.label,
        "code": place.code,
        "values": [
            (name, value)
            for name in (place.code, f"{place.code}__from", f"{place.code}__to")
            for value in request.POST.getlist(name)
            if not shown
        ],
        "version": version or request.POST.get("version", ""),
        "theirs": theirs,
        "controls": controls,
        "save_url": save_url(request, place),
        "target": "#dialog" if is_in_list(request) else f"#field-{place.record.id}-{place.code}",
        "record_id": place.record.id,
    }
    response = render_in_dialog(request, "records/demand_dialog.html", context, status=status)
    response.headers["HX-Retarget"] = "#dialog"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def show_conflict(request: HttpRequest, place: Place, error: Conflict) -> HttpResponse:
    """Both values: what was typed stays in the control, what the other person wrote stands beside it."""
    asked = request.POST
    if asked.get("demanded"):
        shown = (place.code, *asked.getlist("shown"))
        codes = [*(each.field for each in error.errors if each.field in shown), *decided_in(asked)]
        theirs = read_theirs(place.actor, place.spec, place.record, codes, taken=taken_in(asked))
        controls = make_controls(place.actor, place.spec, place.record, asked, elsewhere=(place.code,))
        version = place.record.version
        return render_dialog(request, place, controls, theirs=theirs, version=version, status=409)
    control = make_control(place, texts_typed(request, place))
    found = read_theirs(place.actor, place.spec, place.record, [place.code])
    return render_form(request, place, control, status=409, theirs=found[place.code])
