"""New records: the form in a dialog or on a page, and the quick one at the head of a column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.people.registries import open_to_onlookers
from trassa.records.actions.linked import write_with_linked
from trassa.records.queries import get_record
from trassa.records.queries.forms import read_fields
from trassa.records.queries.known import get_pipeline, get_type
from trassa.records.screens.controls import editable_fields, read_linked
from trassa.records.screens.creation import make_form
from trassa.records.screens.drafts import is_preset, make_draft, rules_json
from trassa.records.screens.duplicates import Alike, DuplicateLink, given_keys, hint_url, links_for
from trassa.records.screens.pulled import lookups_of, pull_through
from trassa.records.types import Change, Write
from trassa.records.views.answers import news
from trassa.records.views.subjects import get_stage
from trassa.schema.types import PipelineSpec, StageSpec, TypeSpec
from trassa.ui import is_fragment_request, render, render_in_dialog

CAUSE = {"kind": "form"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new record goes."""

    spec: TypeSpec
    pipeline: PipelineSpec | None = None
    stage: StageSpec | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, type: str) -> HttpResponse:
    """The form of a new record; the address may give values: `?pipeline=sales&client=7`."""
    actor = actor_of_request(request)
    asked = request.POST if request.method == "POST" else request.GET
    place = find_place(get_type(actor, type), asked)
    check_right(actor, place)
    if request.method != "POST":
        return render_form(request, actor, place, asked, None)
    if alike := unseen_duplicates(actor, place.spec, asked):
        return render_form(request, actor, place, asked, None, found=alike)
    try:
        id = store(actor, place, asked)
    except Invalid as error:
        return render_form(request, actor, place, asked, error)
    return answer_created(request, actor, place.spec, id)


@open_to_onlookers
@require_POST
def creation_rules(request: HttpRequest, type: str) -> HttpResponse:
    """What a form has to show, ask for and lock, given what is typed so far; asked while somebody types."""
    actor = actor_of_request(request)
    asked = request.POST if "pipeline" in request.POST else request.GET
    place = find_place(get_type(actor, type), asked)
    check_right(actor, place)
    draft = make_draft(actor, place.spec, place.stage, request.POST)
    return JsonResponse(rules_json(actor, place.spec, place.stage, draft))


def unseen_duplicates(actor: Actor, spec: TypeSpec, asked: QueryDict) -> list[DuplicateLink]:
    """What may be the same record, unless the form has shown all of it already."""
    found = links_for(actor, spec, given_keys(actor, spec, asked))
    seen = set(asked.getlist("seen_"))
    return [] if all(str(each.id) in seen for each in found) else found


def find_place(spec: TypeSpec, asked: QueryDict) -> Place:
    """The pipeline and the stage that a new record enters: those asked for, else the first ones."""
    code = asked.get("pipeline", "")
    pipeline = next((each for each in spec.pipelines if each.code == code), None)
    if code and pipeline is None:
        raise NotFound(_("There is no such pipeline."))
    pipeline = pipeline or next(iter(spec.pipelines), None)
    if pipeline is None:
        return Place(spec)
    named = asked.get("stage", "")
    return Place(spec, pipeline, get_stage(pipeline, named) if named else pipeline.first_stage)


def check_right(actor: Actor, place: Place) -> None:
    """Raise Forbidden when this person creates nothing there."""
    if not actor.may_create(place.spec, place.pipeline, place.stage):
        raise Forbidden(_("Your role does not allow creating this record here."))


def store(actor: Actor, place: Place, asked: QueryDict) -> int:
    """Create the record, and the linked ones that were only named; gives its id."""
    spec = place.spec
    verdict = make_draft(actor, spec, place.stage, asked).verdict
    # What is out of sight when the form is sent is no part of it.
    fields = [each for each in editable_fields(actor, spec) if verdict.shows(each)]
    values = read_fields(fields, asked)
    write = Write(
        Change.CREATE,
        spec.code,
        fields={
            code: value
            for code, value in values.items()
            if value not in (None, "", []) or is_preset(spec, spec.by_code[code])
        },
        pipeline=place.pipeline.code if place.pipeline else None,
        stage=place.stage.code if place.stage else None,
    )
    outcome = write_with_linked(write, read_linked(fields, asked), actor=actor, cause=CAUSE)
    assert outcome.id is not None
    return outcome.id


def answer_created(request: HttpRequest, actor: Actor, spec: TypeSpec, id: int) -> HttpResponse:
    """To htmx the news, to a plain form the new card."""
    url = reverse("records:card", args=[spec.code, id])
    if not is_fragment_request(request):
        return HttpResponseRedirect(url)
    return news(**created_events(actor, spec, id, url), dialog_close={})


def created_events(actor: Actor, spec: TypeSpec, id: int, url: str, **more: Any) -> dict[str, Any]:
    """A toast with the title and the news that a record is there; out of reach it is only said."""
    try:
        title, version = (record := get_record(actor, spec, id)).title, record.version
    except NotFound:
        return {"toast": {"text": _("Created"), "tone": "ok"}}
    said = _("Created: %(title)s") % {"title": title}
    created = {"type": spec.id, "id": id, "version": version, "url": url, **more}
    return {"toast": {"text": said, "tone": "ok"}, "record_created": created}


def render_form(
    request: HttpRequest,
    actor: Actor,
    place: Place,
    asked: QueryDict,
    refused: Invalid | None,
    *,
    found: Sequence[DuplicateLink] = (),
) -> HttpResponse:
    """The whole form, with what is wrong when it was refused."""
    spec, pipeline, stage = place.spec, place.pipeline, place.stage
    errors = messages_of(refused)
    context = {
        "type_label": str(spec.label),
        "place": str(pipeline.label) if pipeline else "",
        "stage_label": str(stage.label) if stage and pipeline and stage != pipeline.first_stage else "",
        "hidden": {"pipeline": pipeline.code if pipeline else "", "stage": stage.code if stage else ""},
        "form": make_form(actor, spec, stage, asked, errors),
        "message": str(refused.message) if refused else "",
        "general": [text for code, text in errors.items() if code not in spec.by_code],
        "post_url": reverse("records:create", args=[spec.code]),
        "pulled": pull_through(actor, spec, asked),
        "pulled_url": reverse("records:pulled", args=[spec.code]) if lookups_of(actor, spec) else "",
        "alike": Alike("form", found, hint_url(actor, spec), unconfirmed=bool(found)),
        "rules_url": reverse("records:creation_rules", args=[spec.code]),
        "back_url": reverse("records:list", args=[spec.code]),
    }
    status = 422 if refused or found else 200
    part = "records/create_dialog.html"
    return render_in_dialog(request, part, context, status=status, page="records/create.html")


def messages_of(refused: Invalid | None) -> dict[str, str]:
    """What is wrong, by field code."""
    return refused.by_field if refused else {}


@require_http_methods(["GET", "HEAD", "POST"])
def quick_create(request: HttpRequest, pipeline: str, stage: str) -> HttpResponse:
    """The short form of a column; after a success it comes back empty for the next record."""
    actor = actor_of_request(request)
    spec, found = get_pipeline(actor, pipeline)
    place = Place(spec, found, get_stage(found, stage))
    check_right(actor, place)
    if request.method != "POST":
        return render_quick_form(request, actor, place, None)
    if alike := unseen_duplicates(actor, spec, request.POST):
        return render_quick_form(request, actor, place, None, found=alike)
    try:
        id = store(actor, place, request.POST)
    except Invalid as error:
        return render_quick_form(request, actor, place, error)
    url = reverse("records:card", args=[spec.code, id])
    return news(**created_events(actor, spec, id, url, quick=True))


def render_quick_form(
    request: HttpRequest,
    actor: Actor,
    place: Place,
    refused: Invalid | None,
    *,
    found: Sequence[DuplicateLink] = (),
) -> HttpResponse:
    """The few inputs at the head of a column."""
    spec, pipeline, stage = place.spec, place.pipeline, place.stage
    assert pipeline is not None
    assert stage is not None
    errors = messages_of(refused)
    whole = reverse("records:create", args=[spec.code])
    place_query = f"?pipeline={pipeline.code}&stage={stage.code}"
    form = make_form(actor, spec, stage, request.POST, errors)
    context = {
        "form": form,
        "demanded": [each for each in form.rest if spec.by_code[each.name].required_when is not None],
        "general": [text for code, text in errors.items() if code not in spec.by_code],
        "post_url": request.path,
        "rules_url": reverse("records:creation_rules", args=[spec.code]) + place_query,
        "full_url": whole + place_query,
        "stage_id": stage.id,
        "alike": Alike("form", found, hint_url(actor, spec), unconfirmed=bool(found)),
    }
    part = "records/quick_form.html"
    return render(request, part, context, fragment=part, status=422 if refused or found else 200)
