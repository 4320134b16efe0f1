"""Changing many records: the dialog of a selection, the run that comes of it, and its undo."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Conflict, FieldError, Forbidden, Invalid
from trassa.records.actions.bulk_runs import AT_ONCE, cancel_bulk_run, start_bulk_run, undo_bulk_run
from trassa.records.models import BulkRun
from trassa.records.queries import COUNT_LIMIT, count_records
from trassa.records.queries.bulk_runs import get_bulk_run, list_bulk_runs, list_problems
from trassa.records.queries.forms import read_fields
from trassa.records.queries.known import get_type
from trassa.records.screens import bulk_runs as screens
from trassa.records.screens.addresses import Address
from trassa.records.screens.controls import ControlMaker
from trassa.records.screens.totals import limited_words
from trassa.records.types import BulkChange, Change, ListQuery
from trassa.records.views.answers import news, refusal, wants_fragment, with_news
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, read_ids, render, render_in_dialog

#: A page of refused records.
PROBLEMS = 100
#: At most so many records are named one by one.
MAX_PICKED = 5_000


@require_POST
def bulk(request: HttpRequest, type: str) -> HttpResponse:
    """The dialog of an act for a selection or all that the address finds; with `bulk_go` the change."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    asked = request.POST
    if asked.get("bulk_act", "") not in screens.possible_acts(actor, spec):
        return refusal(Forbidden(_("Your role does not allow this change.")))
    if "bulk_go" not in asked:
        return render_dialog(request, actor, spec)
    try:
        run = start_bulk_run(spec, read_change(actor, spec, asked), picked(request, actor, spec), actor=actor)
    except Invalid as error:
        return render_dialog(request, actor, spec, error.errors) if error.errors else refusal(error)
    except Forbidden as error:
        return refusal(error)
    return answer_run(request, actor, run)


def picked(request: HttpRequest, actor: Actor, spec: TypeSpec) -> Sequence[int] | ListQuery:
    """The records that are meant: by id, or as the list of the address finds them."""
    if request.POST.get("bulk_all"):
        return Address.of(reverse("records:list", args=[spec.code]), request.GET).query(actor, spec)
    ids = request.POST.get("bulk_ids", "").split(",")[:MAX_PICKED]
    return read_ids(ids)


def read_change(actor: Actor, spec: TypeSpec, asked: QueryDict) -> BulkChange:
    """What the dialog says; raises Invalid naming the field at fault."""
    act = asked["bulk_act"]
    if act == "bin":
        return BulkChange(Change.BIN)
    if act == "owner":
        owner = asked.get("owner", "")
        return BulkChange(Change.EDIT, owner=read_id(owner))
    if act == "edit":
        fields = [
            each for each in screens.changeable_fields(actor, spec) if each.code == asked.get("bulk_field")
        ]
        return BulkChange(Change.EDIT, read_fields(fields, asked))
    place = screens.find_place(spec, asked.get("bulk_place", ""))
    if place is None:
        message = _("Choose a stage.")
        raise Invalid(message, errors=[FieldError("bulk_place", "required", message)])
    pipeline, stage = place
    fields = screens.stage_fields(actor, spec, stage)
    given = {code: value for code, value in read_fields(fields, asked).items() if value not in (None, "", [])}
    return BulkChange(Change.MOVE, given, pipeline.code, stage.code, asked.get("reason") or None)


def render_dialog(
    request: HttpRequest, actor: Actor, spec: TypeSpec, faults: Sequence[FieldError] = ()
) -> HttpResponse:
    """The dialog with what was typed so far and what is wrong with it."""
    asked = request.POST
    records = picked(request, actor, spec)
    count = count_records(actor, spec, records) if isinstance(records, ListQuery) else len(set(records))
    act = asked["bulk_act"]
    context: dict[str, object] = {
        "act": act,
        "ids": asked.get("bulk_ids", ""),
        "everything": bool(asked.get("bulk_all")),
        "url": request.get_full_path(),
        "count": screens.records_in_words(count) if count <= COUNT_LIMIT else limited_words(count),
        "controls": [],
        "fault": "; ".join(str(each.message) for each in faults),
    }
    if act == "edit":
        fields = screens.changeable_fields(actor, spec)
        chosen = [each for each in fields if each.code == asked.get("bulk_field")]
        context |= {
            "fields": [(each.code, str(each.label), each in chosen) for each in fields],
            "controls": screens.make_controls(actor, chosen, asked, faults),
        }
    elif act == "owner":
        owner = asked.get("owner", "")
        context["controls"] = [ControlMaker().owner(read_id(owner), required=True)]
    elif act == "move":
        context |= move_context(request, actor, spec, faults)
    shown = {each.name for each in context["controls"]}  # type: ignore[attr-defined]
    if faults and all(each.field in shown for each in faults) and act != "owner":
        context["fault"] = ""
    return render_in_dialog(request, "records/bulk_dialog.html", context, status=422 if faults else 200)


def move_context(
    request: HttpRequest, actor: Actor, spec: TypeSpec, faults: Sequence[FieldError]
) -> dict[str, object]:
    """Stages to choose from, and what the chosen one asks for."""
    asked = request.POST
    value = asked.get("bulk_place", "")
    context: dict[str, object] = {
        "places": screens.make_places(actor, spec, value, request.GET.get("pipeline", "")),
        "reasons": [],
    }
    place = screens.find_place(spec, value)
    if place is not None:
        pipeline, stage = place
        reasons = [(each.code, str(each.label)) for each in pipeline.reasons] if stage.reason_required else []
        fields = screens.stage_fields(actor, spec, stage)
        controls = screens.make_controls(actor, fields, asked, faults)
        context |= {"reasons": reasons, "reason": asked.get("reason", ""), "controls": controls}
    return context


def answer_run(request: HttpRequest, actor: Actor, run: BulkRun) -> HttpResponse:
    """A toast with undo for a small run, its report where records were refused, its page for a large one."""
    line = screens.make_run_line(run)
    if run.total > AT_ONCE:
        response = news(bulk_done={"type": run.type_id})
        response.headers["HX-Redirect"] = line.url
        return response
    if run.refused or run.kept or run.problem:
        context = report_context(actor, run)
        response = render_in_dialog(request, "records/bulk_report_dialog.html", context)
        return with_news(response, bulk_done={"type": run.type_id})
    toast = {"text": line.words, "tone": "ok", "undo": line.undo_url}
    return news(toast=toast, bulk_done={"type": run.type_id}, dialog_close={})


def report_context(actor: Actor, run: BulkRun, after: int = 0) -> dict[str, object]:
    """A run with a page of the records that were refused or left."""
    line = screens.make_run_line(run)
    problems = list_problems(actor, run, after=after, limit=PROBLEMS)
    more = f"{line.url}?after={problems[-1].record_id}" if len(problems) == PROBLEMS else ""
    return {"line": line, "problems": screens.make_problem_lines(run, problems), "more_url": more}


@require_safe
def bulk_runs(request: HttpRequest) -> HttpResponse:
    """The person's changes of many records, newest first."""
    lines = [screens.make_run_line(each) for each in list_bulk_runs(actor_of_request(request))]
    return render(request, "records/bulk_runs.html", {"lines": lines})


@require_safe
def bulk_run(request: HttpRequest, id: int) -> HttpResponse:
    """One of them: how far it is, and what was refused."""
    actor = actor_of_request(request)
    after = request.GET.get("after", "")
    context = report_context(actor, get_bulk_run(actor, id), read_id(after) or 0)
    return render(request, "records/bulk_run.html", context)


@require_safe
def bulk_run_content(request: HttpRequest, id: int) -> HttpResponse:
    """The part of its page that is asked for again and again while it works."""
    actor = actor_of_request(request)
    return render_content(request, actor, get_bulk_run(actor, id))


def render_content(request: HttpRequest, actor: Actor, run: BulkRun) -> HttpResponse:
    part = "records/bulk_run_content.html"
    return render(request, part, report_context(actor, run), fragment=part)


@require_POST
def cancel(request: HttpRequest, id: int) -> HttpResponse:
    """Stop a run."""
    actor = actor_of_request(request)
    cancel_bulk_run(id, actor=actor)
    return render_content(request, actor, get_bulk_run(actor, id))


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Take a run back, from its page, from a toast or from a dialog."""
    actor = actor_of_request(request)
    try:
        run = undo_bulk_run(id, actor=actor)
    except Conflict as error:
        return refusal(error)
    if wants_fragment(request, "bulk-run"):
        return render_content(request, actor, run)
    if run.total > AT_ONCE or run.kept:
        response = news(bulk_done={"type": run.type_id})
        response.headers["HX-Redirect"] = reverse("records:bulk_run", args=[run.pk])
        return response
    line = screens.make_run_line(run)
    toast = {"text": line.words, "tone": "ok"}
    return news(toast=toast, bulk_done={"type": run.type_id}, dialog_close={})
