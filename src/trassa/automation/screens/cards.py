"""The automation of one record on its card: buttons, what rules did, and why the others did nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.models import Rule
from trassa.automation.queries import Trace, list_rules, list_traces
from trassa.automation.rulebook import rulebook_of
from trassa.automation.screens.rules import when_in_words
from trassa.people.queries import names_of
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec
from trassa.ui import NavItem, address_of

#: Traces that the card shows.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class TraceView:
    """One evaluation, ready to be read."""

    id: int
    label: str
    icon: str
    tone: str
    state: str
    why: str
    who: str
    steps: Sequence[tuple[str, str]]
    trace: Trace


@dataclass(frozen=True, slots=True)
class SilentView:
    """A rule that never looked at the record, and why."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class AutomationView:
    """Everything about the automation of one record."""

    type_code: str
    record_id: int
    buttons: Sequence[tuple[str, str]]
    traces: Sequence[TraceView]
    silent: Sequence[SilentView]
    may_run: bool


def automation_of(
    actor: Actor, spec: TypeSpec, record_id: int, *, stage_id: int | None, may: bool
) -> AutomationView:
    """What the card shows; `may` says whether this person may press buttons."""
    rows = list_rules([spec.id])
    traces = list_traces(actor, spec, record_id, limit=SHOWN)
    names = names_of({each.person_id for each in traces if each.person_id is not None})
    told = {each.rule for each in traces}
    return AutomationView(
        type_code=spec.code,
        record_id=record_id,
        buttons=[(row.code, str(Label(**row.label))) for row in rows if may and is_offered(row, stage_id)],
        traces=[trace_view(each, names.get(each.person_id or 0, "")) for each in traces],
        silent=[
            SilentView(str(Label(**row.label)), why_silent(row, spec)) for row in rows if row.code not in told
        ],
        may_run=actor.everything,
    )


def is_offered(row: Rule, stage_id: int | None) -> bool:
    """Whether a rule is a button on cards of this stage."""
    when = row.definition["when"]
    if when["event"] != "button" or not row.is_active:
        return False
    stage = current_generation().stages_by_id.get(stage_id or 0)
    pipeline = current_generation().pipelines_by_id.get(stage.pipeline_id) if stage else None
    if when.get("pipeline") and (pipeline is None or pipeline.code != when["pipeline"]):
        return False
    return not when.get("stages") or (stage is not None and stage.code in when["stages"])


def trace_view(trace: Trace, who: str) -> TraceView:
    """A trace in words, with its tone."""
    icon, tone, state = {
        "done": ("check", "ok", _("Done")),
        "skipped": ("dots", "", _("Did nothing")),
        "waiting": ("clock", "accent", _("Waits")),
        "queued": ("clock", "accent", _("Waits")),
        "failed": ("alert-triangle", "bad", _("Failed")),
    }[trace.state]
    steps = [(each.words, each.error) for each in trace.steps]
    return TraceView(trace.id, str(trace.label), icon, tone, state, trace.why, who, steps, trace)


def why_silent(row: Rule, spec: TypeSpec) -> str:
    """Why a rule left no trace."""
    if not row.is_active:
        return _("It is switched off.")
    return _("It waits for something else: %s.") % when_in_words(row.definition["when"], spec)


def automation_section(actor: Actor, spec: TypeSpec, record_id: int) -> NavItem | None:
    """The section of a card; none for types without rules."""
    if not rulebook_of(spec).rules:
        return None
    return NavItem(_("Automation"), address_of("automation:card", spec.code, record_id), "robot")
