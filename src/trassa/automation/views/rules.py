"""Pages of rules, for administrators: robots under stages, the form of a rule, what failed."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.automation.actions import (
    arrivals,
    calls,
    retire_rule,
    retry_run,
    save_rule,
    switch_rule,
)
from trassa.automation.actions.placing import Placing, place_rule, unplace_rule
from trassa.automation.actions.rules import fresh_code, next_position
from trassa.automation.checking import all_steps
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Arrival, Call, Rule, Run
from trassa.automation.queries import draft_of, get_rule, list_rules
from trassa.automation.queries.deliveries import content_of
from trassa.automation.queries.rehearsals import rehearse
from trassa.automation.queries.rules import get_version, list_versions, version_draft
from trassa.automation.screens.editor import edited, name_of, read_form, rule_form
from trassa.automation.screens.rules import rules_screen
from trassa.automation.types import RuleDraft
from trassa.kernel import Conflict, NotFound, Unavailable
from trassa.people.queries import administrator_of
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec
from trassa.ui import add_toast, address_of, read_id, reload_page, render

_SHOWN = 50


def find_type(code: str) -> TypeSpec:
    spec = current_generation().types.get(code)
    if spec is None:
        raise NotFound(_("There is no such type of record."))
    return spec


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Types with their rules, and what failed."""
    administrator_of(request)
    counts: dict[int, int] = {}
    for row in list_rules():
        counts[row.type_id] = counts.get(row.type_id, 0) + 1
    types = [(spec, counts.get(spec.id, 0)) for spec in current_generation().in_menus]
    failed = Run.objects.filter(state=Run.State.FAILED).select_related("rule").order_by("-id")[:_SHOWN]
    calls_failed = Call.objects.filter(state=Call.State.FAILED).order_by("-id")[:_SHOWN]
    context = {
        "types": sorted(types, key=lambda pair: -pair[1]),
        "failed": [failed_view(run) for run in failed],
        "arrivals": [arrival_view(each) for each in list_failed_arrivals()],
        "calls": calls_failed,
    }
    return render(request, "automation/rules.html", context)


def list_failed_arrivals() -> list[Arrival]:
    """What came in and could not be done, the newest first."""
    failed = Arrival.objects.filter(state=Arrival.State.FAILED).select_related("rule")
    return list(failed.order_by("-id")[:_SHOWN])


def arrival_view(arrival: Arrival) -> dict[str, Any]:
    """What came in, with its content as it was sent."""
    return {
        "id": arrival.id,
        "label": str(Label(**arrival.rule.label)),
        "error": arrival.error,
        "at": arrival.at,
        "body": readable_content(arrival),
    }


def readable_content(arrival: Arrival) -> str:
    """What came in for reading, or why it cannot be read."""
    try:
        return json.dumps(content_of(arrival), ensure_ascii=False, indent=2)
    except Unavailable as problem:
        return str(problem)


def failed_view(run: Run) -> dict[str, Any]:
    """A run that failed, with the record it was for."""
    spec = current_generation().types_by_id.get(run.rule.type_id)
    error = next((step["error"] for step in reversed(run.steps) if step.get("error")), "")
    url = address_of("records:card", spec.code, run.record_id) if spec else ""
    return {"id": run.id, "label": str(Label(**run.rule.label)), "error": error, "at": run.at, "url": url}


@require_safe
def robots(request: HttpRequest, type: str) -> HttpResponse:
    """Rules of a type under the stages of a pipeline."""
    administrator_of(request)
    return draw_robots(request, find_type(type), request.GET.get("pipeline", ""))


def draw_robots(request: HttpRequest, spec: TypeSpec, code: str) -> HttpResponse:
    """The robots of a pipeline, of the first one unless it is said."""
    first = spec.pipelines[0] if spec.pipelines else None
    pipeline = next((each for each in spec.pipelines if each.code == code), first)
    rows = Run.objects.filter(state=Run.State.FAILED, rule__type_id=spec.id)
    failed = dict(rows.values_list("rule_id").annotate(Count("id")))
    context = {
        "screen": rules_screen(spec, pipeline, failed),
        "pipelines": [
            {"label": str(each.label), "url": f"?pipeline={each.code}", "active": each is pipeline}
            for each in spec.pipelines
        ],
    }
    return render(request, "automation/robots.html", context, fragment="automation/robot_columns.html")


@require_POST
def place(request: HttpRequest, type: str) -> HttpResponse:
    """Puts a robot under another stage, and those of the type into an order; the toast takes it back."""
    person = administrator_of(request)
    spec = find_type(type)
    code, pipeline = request.POST.get("rule", ""), request.POST.get("pipeline", "")
    stage, order = request.POST.get("stage", ""), request.POST.get("order", "").split(",")
    try:
        done = place_rule(code, spec, pipeline, stage, order, actor_id=person.id)
    except RuleRefused as refusal:
        said = "; ".join(fault.message for fault in refusal.faults)
        return add_toast(draw_robots(request, spec, pipeline), said, tone="bad")
    way_back = {"rule": code, "before": done.before, "after": done.after, "order": ",".join(done.order)}
    undo = f"{address_of('automation:unplace_rule', type)}?{urlencode(way_back)}"
    text = _("“%s” is moved.") % Label(**get_rule(code).label)
    return add_toast(draw_robots(request, spec, pipeline), text, undo_url=undo)


@require_POST
def unplace(request: HttpRequest, type: str) -> HttpResponse:
    """Takes a move back."""
    person = administrator_of(request)
    given = request.GET
    versions = (read_id(given.get("before", "")) or 0, read_id(given.get("after", "")) or 0)
    way_back = Placing(given.get("rule", ""), *versions, given.get("order", "").split(","))
    try:
        unplace_rule(way_back, find_type(type), actor_id=person.id)
    except Conflict as conflict:
        return add_toast(HttpResponse(status=204), str(conflict), tone="warn")
    return reload_page()


@require_POST
def switch(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """Switches a rule on or off."""
    person = administrator_of(request)
    is_active = request.POST.get("is_active") == "yes"
    switch_rule(code, is_active=is_active, actor_id=person.id)
    return reload_page()


@require_POST
def retire(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """Takes a rule out of use; the toast brings it back."""
    person = administrator_of(request)
    retire_rule(code, actor_id=person.id)
    answer = HttpResponse(status=204, headers={"HX-Redirect": address_of("automation:robots", type)})
    return add_toast(answer, _("The rule is gone. Its traces stay."))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, type: str) -> HttpResponse:
    """The form of a rule that is not there yet; with `?from=` a copy of another one."""
    administrator_of(request)
    spec = find_type(type)
    if source := request.GET.get("from"):
        return edit_or_save(request, spec, copied(draft_of(get_rule(source), spec.code)))
    when: dict[str, Any] = {"event": "created"}
    if stage := request.GET.get("stage"):
        when = {"event": "stage_entered", "pipeline": request.GET.get("pipeline", ""), "stage": stage}
    draft = RuleDraft("", spec.code, Label(""), when, [])
    return edit_or_save(request, spec, draft)


def copied(draft: RuleDraft) -> RuleDraft:
    """A rule like another one, under a name that tells them apart."""
    label = Label(f"{draft.label.ru} (копия)", f"{draft.label.en} (copy)" if draft.label.en else "")
    return replace(draft, code="", label=label)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """The form of a rule."""
    administrator_of(request)
    spec = find_type(type)
    return edit_or_save(request, spec, draft_of(get_rule(code), spec.code))


def edit_or_save(request: HttpRequest, spec: TypeSpec, draft: RuleDraft) -> HttpResponse:
    """Shows the form; with `act` as it is after a button, else saves what it sends."""
    faults: list[str] = []
    if request.method == "POST":
        position = draft.position if draft.code else next_position(spec.id)
        draft = replace(read_form(request.POST, spec, draft.code), position=position)
        if act := request.POST.get("act", ""):
            draft = edited(draft, act)
        else:
            faults = save(request, spec, draft)
            if not faults:
                pipeline = draft.when.get("pipeline", "")
                url = address_of("automation:robots", spec.code)
                return HttpResponse(
                    status=204, headers={"HX-Redirect": f"{url}?pipeline={pipeline}" if pipeline else url}
                )
    row = get_rule(draft.code) if draft.code else None
    context = {
        "form": rule_form(draft, spec),
        "type_code": spec.code,
        "type_label": str(spec.plural),
        "faults": faults,
        "versions": list_versions(row) if row else [],
        "listens": row is not None and row.definition["when"]["event"] == "hook",
        "address_set_at": row.address_set_at if row else None,
        "log_url": log_of(row) if row else "",
    }
    status = 422 if faults else 200
    return render(
        request, "automation/rule.html", context, fragment="automation/rule_form.html", status=status
    )


def log_of(row: Rule) -> str:
    """Where the calls of a rule are, or what comes in for it; "" for one that does neither."""
    if row.definition["when"]["event"] == "hook":
        return f"{address_of('automation:arrivals')}?rule={row.code}"
    is_calling = any(kind == "call" for kind, _given in all_steps(row.definition["steps"]))
    return f"{address_of('automation:calls')}?rule={row.code}" if is_calling else ""


def save(request: HttpRequest, spec: TypeSpec, draft: RuleDraft) -> list[str]:
    """Saves a draft, under a name made of what it does if none is given; gives what is wrong with it."""
    person = administrator_of(request)
    label = draft.label if draft.label.ru else name_of(draft)
    if not label.ru:
        return [_("Give the rule a name, or a step.")]
    try:
        save_rule(replace(draft, code=draft.code or fresh_code(), label=label), actor_id=person.id)
    except RuleRefused as refusal:
        return [fault_in_words(fault.place, fault.message) for fault in refusal.faults]
    return []


def fault_in_words(place: tuple[str | int, ...], message: str) -> str:
    """“Шаг 2: …”, the place in the words of the form."""
    if place and place[0] == "steps" and len(place) > 1:
        return f"{_('Step')} {int(place[1]) + 1}: {message}"
    if place and place[0] == "when":
        return f"{_('When')}: {message}"
    return f"{_('If')}: {message}" if place and place[0] == "condition" else message


@require_POST
def restore(request: HttpRequest, type: str, code: str, number: int) -> HttpResponse:
    """Brings an earlier version back as the newest one."""
    person = administrator_of(request)
    row = get_rule(code)
    save_rule(version_draft(row, get_version(row, number), type), actor_id=person.id)
    return reload_page()


@require_safe
def rehearsal(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """What the rule would have done in the last 30 days."""
    administrator_of(request)
    context = {"found": rehearse(get_rule(code), find_type(type)), "type_code": type}
    return render(request, "automation/rehearsal.html", context, fragment="automation/rehearsal.html")


@require_POST
def retry(request: HttpRequest, id: int) -> HttpResponse:
    """Goes on with a run that failed."""
    retry_run(id, actor_id=administrator_of(request).id)
    return reload_page()


@require_POST
def repeat_call(request: HttpRequest, id: int) -> HttpResponse:
    """Makes a call again."""
    calls.repeat_call(id, actor_id=administrator_of(request).id)
    return reload_page()


@require_POST
def replay_arrival(request: HttpRequest, id: int) -> HttpResponse:
    """Does what came in once more."""
    arrivals.replay_arrival(id, actor_id=administrator_of(request).id)
    return reload_page()
