"""What rules do with tasks: give one, end those that were given; and what of tasks sets rules off.

A task is given once for each run and place of a rule, whatever is repeated after a failure. See
docs/decisions/0031-tasks.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from trassa.access.queries import system_actor
from trassa.automation.actions.running import cause_of, read_rows, type_of
from trassa.automation.queries.choices import choice_in_words, find_meant, nobody, present
from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.automation.types import Choice, Flight, Settings, StepKind, TriggerKind
from trassa.kernel import now
from trassa.people.queries import find_department, find_role, names_of, open_calendars
from trassa.people.types import Duration, add_duration
from trassa.schema.types import TypeSpec
from trassa.work.actions.drafts import Faults
from trassa.work.actions.series import end_series_of
from trassa.work.actions.settings import check_settings, spelled, together
from trassa.work.actions.tasks import cancel_tasks, create_tasks
from trassa.work.due_dates import can_follow, follows_in_words
from trassa.work.models import Task, TaskTemplate
from trassa.work.queries.templates import find_template, label_of, list_templates, settings_of
from trassa.work.repetition import in_words as repeats_in_words
from trassa.work.types import OUTCOMES, Holders, TaskDraft, TaskEnded, TaskSettings, TemplateSettings

#: What a step means that does not say it.
AS_USUAL = gettext_lazy("As in the template, or as usual")


def templates_offered(spec: TypeSpec) -> Sequence[tuple[str, str]]:
    """The templates that a rule about this type may use."""
    return [
        (row.code, label_of(row)) for row in list_templates() if row.type_id is None or row.type_id == spec.id
    ]


def dates_offered(spec: TypeSpec) -> Sequence[tuple[str, str]]:
    """The dates that tasks about records of this type may follow."""
    return [(field.code, str(field.label)) for field in spec.fields if can_follow(field)]


class FromTemplate(Settings):
    """The template that says what a step does not say."""

    template: str = ""


class GiveTask(TaskSettings, FromTemplate):
    """A task about the record: for its `owner`, a `person`, whoever a field names (`person_field`), the
    owner's `head`, the `actor` who set the rule off, or whoever takes it: `one_of_role`, `one_of_department`.
    What a `template` says stands unless the step says otherwise.
    """

    important: bool = False

    offers = {"template": templates_offered, "due_field": dates_offered}
    unsaid = {"kind": AS_USUAL, "who": AS_USUAL, "days_off": AS_USUAL}

    @classmethod
    def is_asked(cls, name: str, given: Mapping[str, Any]) -> bool:
        """What a template has can be said otherwise."""
        if name in ("whole_checklist", "after_end", "days_off") and given.get("template"):
            return True
        return super().is_asked(name, given)

    def joined(self, row: TaskTemplate | None) -> TemplateSettings:
        """The whole task: what the step says, what its template says, and what is usual."""
        found = together(self, settings_of(row) if row else None)
        return found.model_copy(update={"priority": "high"}) if self.important else found

    def whole(self) -> TemplateSettings:
        """The same with the template as it is now."""
        return self.joined(find_template(self.template) if self.template else None)


class EndTasks(Settings):
    """Open tasks of the record under this `code`, of rules or of a template, are not to be done any more, and
    none follow in their series.
    """

    code: str


def check_give(settings: GiveTask, checking: Any) -> GiveTask:
    usual = {} if settings.template else {"kind": "todo", "who": "owner", "days_off": "keep"}
    unsaid = {name: "" for name, value in usual.items() if getattr(settings, name) == value}
    checked = settings.model_copy(update=spelled(settings) | unsaid)
    row: TaskTemplate | None = None
    if settings.template and (checking.known or checking.with_people):
        row = find_template(settings.template)
        if row is None:
            checking.fault(_("There is no task template “%s”.") % settings.template)
            return checked
        if row.type_id not in (None, checking.spec.id):
            checking.fault(_("The template “%s” is for records of another type.") % label_of(row))
            return checked
    elif settings.template:
        # The pack brings it along: what both say together is looked at when they are applied.
        return checked
    faults = Faults()
    check_settings(settings.joined(row), checking.spec, faults, with_people=checking.with_people)
    for each in faults.errors:
        checking.fault(str(each.message))
    return checked


def give_in_words(settings: GiveTask, spec: TypeSpec) -> str:
    task = settings.whole()
    said = pgettext("what somebody said", "“%(words)s”") % {"words": task.title}
    parts = [f"{Task.Kind(task.kind).label}: {said}", choice_in_words(task.choice, spec)]
    if task.due:
        parts.append(_("within %s") % Duration.parse(task.due).words)
    followed = spec.by_code.get(task.due_field)
    if followed is not None:
        parts.append(follows_in_words(followed, task.due_offset))
    if task.repetition is not None:
        parts.append(repeats_in_words(task.repetition))
    return ", ".join(parts)


def give_tasks(settings: GiveTask, flights: Sequence[Flight]) -> None:
    """All of them together: a step costs as many statements for a batch of records as for one."""
    task = settings.whole()
    spec = type_of(flights[0].rule)
    rows = read_rows(spec, [flight.record_id for flight in flights])
    here = [flight for flight in flights if flight.record_id in rows]
    candidates = find_candidates(task.choice)
    owners = {} if candidates else present(find_meant(task.choice, spec, rows, here))
    due = due_moments(task, [owners.get(id) or row["owner_id"] for id, row in rows.items()])
    drafts = [
        TaskDraft(
            title=task.title,
            kind=task.kind,
            text=task.text,
            record_id=flight.record_id,
            owner_id=owners.get(flight.record_id),
            candidates=candidates,
            due_at=due.get(owners.get(flight.record_id) or rows[flight.record_id]["owner_id"]),
            due_field=task.due_field,
            due_offset=task.due_offset,
            estimate_minutes=task.estimate_minutes or None,
            priority=task.priority,
            code=task.code,
            escalation=task.escalation,
            checklist=task.checklist,
            whole_checklist=task.whole_checklist,
            fields=task.fields,
            file_kind=task.file_kind,
            repetition=task.repetition,
            key=f"rule {flight.rule.id} run {flight.run_id} step {flight.instruction.place}",
        )
        for flight in here
    ]
    tasks = create_tasks(drafts, actor=system_actor(), cause=cause_of(flights))
    for flight, row in zip(here, tasks, strict=True):
        flight.tell(task=row.id, title=task.title, person=owners.get(flight.record_id))


def find_candidates(choice: Choice) -> Holders:
    """Who may take a task; nobody where one person is to do it. Raises Unavailable when nobody can."""
    role = find_role(choice.role) if choice.how == "role" else None
    department = find_department(choice.department) if choice.how == "department" else None
    if role is None and department is None and choice.how in ("role", "department"):
        raise nobody()
    return Holders(
        roles=[role.pk] if role is not None else [],
        departments=[department.pk] if department is not None else [],
    )


def due_moments(settings: TemplateSettings, person_ids: Sequence[int | None]) -> dict[int | None, datetime]:
    """Until when each of these people is to have done it, by their calendars; nothing for never."""
    if not settings.due:
        return {}
    calendars, duration = open_calendars(), Duration.parse(settings.due)
    return {
        id: add_duration(calendars.of(id) if id is not None else calendars.company, now(), duration)
        for id in set(person_ids)
    }


def told_given(did: Mapping[str, Any], spec: TypeSpec) -> str:
    said = pgettext("what somebody said", "“%(words)s”") % {"words": did["title"]}
    names = names_of([did["person"]] if did["person"] else [])
    name = names.get(did["person"]) or _("waits for whoever takes it")
    return _("Task given: %(title)s, %(who)s") % {"title": said, "who": name}


def check_end(settings: EndTasks, checking: Any) -> EndTasks:
    if not settings.code.strip():
        checking.fault(_("Say which tasks."))
    return settings


def end_in_words(settings: EndTasks, spec: TypeSpec) -> str:
    return _("End open tasks “%s”") % settings.code


#: Written out: moves of records end tasks mostly where there are none.
_GOING_ON = """
    SELECT t.id, t.record_id, t.state = 'open', s.id
    FROM work_task t LEFT JOIN work_series s ON s.id = t.series_id AND s.ended_at IS NULL
    WHERE t.record_id = ANY(%s) AND t.code = %s AND (t.state = 'open' OR s.id IS NOT NULL)
"""


def end_tasks(settings: EndTasks, flights: Sequence[Flight]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GOING_ON, [[flight.record_id for flight in flights], settings.code])
        found = cursor.fetchall()
    series = {series_id for *_task, series_id in found if series_id is not None}
    if series:
        end_series_of(series)
    opened = [(id, record) for id, record, is_open, _series in found if is_open]
    if opened:
        cancel_tasks([id for id, _record in opened], actor=system_actor(), cause=cause_of(flights))
    counts = Counter(record for _id, record in opened)
    for flight in flights:
        flight.tell(count=counts[flight.record_id])


def told_ended(did: Mapping[str, Any], spec: TypeSpec) -> str:
    return str(_("Tasks ended: %s") % did["count"])


def check_ended(settings: TaskEnded, checking: Any) -> TaskEnded:
    if settings.kind and settings.kind not in OUTCOMES:
        checking.fault(_("There is no such kind of task."))
    known = OUTCOMES.get(settings.kind) or [outcome for each in OUTCOMES.values() for outcome in each]
    if settings.outcome and settings.outcome not in known:
        checking.fault(_("A task of this kind does not end like that."))
    return settings


def ended_in_words(settings: TaskEnded, spec: TypeSpec) -> str:
    if settings.code:
        return _("task “%s” is done") % settings.code
    if settings.kind in OUTCOMES:
        return _("a task is done: %s") % Task.Kind(settings.kind).label
    return _("a task is done")


def register() -> None:
    """Enter the trigger and the steps of this room."""
    trigger_kinds.register(
        "task_done",
        TriggerKind(gettext_lazy("A task is done"), "checkbox", TaskEnded, check_ended, ended_in_words),
    )
    step_kinds.register(
        "task",
        StepKind(
            gettext_lazy("Give a task"),
            "checkbox",
            GiveTask,
            check_give,
            give_in_words,
            give_tasks,
            told_given,
        ),
    )
    step_kinds.register(
        "end_tasks",
        StepKind(gettext_lazy("End tasks"), "x", EndTasks, check_end, end_in_words, end_tasks, told_ended),
    )
