"""Templates of tasks as packs write them, and as the room `work` keeps them."""

from collections.abc import Mapping

from trassa.people.types import Cause
from trassa.schema.types import Generation, Label
from trassa.solutions.documents import Document
from trassa.solutions.errors import Problem
from trassa.solutions.format import Configuration, TaskEntry, Words
from trassa.solutions.plans import Plan
from trassa.work.actions.drafts import Faults
from trassa.work.actions.templates import check_template, retire_template, save_templates
from trassa.work.queries.templates import draft_of_template, list_templates
from trassa.work.types import TemplateDraft, TemplateSettings

#: Names that both sides have for what a task is like.
_SAME = TaskEntry.model_fields.keys() & TemplateSettings.model_fields.keys() - {"code"}


def task_draft(entry: TaskEntry) -> TemplateDraft:
    """What a file says, for `work`."""
    said = {name: value for name, value in entry.model_dump(mode="json").items() if name in _SAME}
    return TemplateDraft(
        code=entry.code,
        label=Label(entry.label.ru, entry.label.en),
        settings=TemplateSettings.model_validate({name: value for name, value in said.items() if value}),
        type=entry.type or "",
        is_active=entry.active,
        position=entry.position,
    )


def task_entry(draft: TemplateDraft) -> TaskEntry:
    """What `work` keeps, as a file says it."""
    said = draft.settings.model_dump(mode="json", exclude_defaults=True, include=set(_SAME))
    return TaskEntry(
        code=draft.code,
        type=draft.type or None,
        label=Words(ru=draft.label.ru or draft.label.en, en=draft.label.en),
        position=draft.position,
        active=draft.is_active,
        **said,
    )


def installed_tasks(generation: Generation) -> tuple[TaskEntry, ...]:
    """The templates in use as files write them."""
    return tuple(task_entry(draft_of_template(row, generation)) for row in list_templates())


def canonical_tasks(
    configuration: Configuration, generation: Generation, documents: Mapping[str, Document]
) -> tuple[Configuration, list[Problem]]:
    """Templates in their one spelling, and what is wrong with them by file and line."""
    tasks: list[TaskEntry] = []
    problems: list[Problem] = []
    for entry in configuration.tasks:
        faults = Faults()
        tasks.append(task_entry(check_template(task_draft(entry), generation, faults, with_people=False)))
        document = documents[f"tasks/{entry.code}.yaml"]
        for fault in faults.errors:
            place = (fault.field,) if (fault.field,) in document.lines else ()
            problems.append(document.problem(place, str(fault.message)))
    return configuration.model_copy(update={"tasks": tuple(tasks)}), problems


def save_tasks(plan: Plan, *, actor_id: int | None, cause: Cause) -> None:
    """Create and change templates as the plan says, before rules that use them."""
    here = {entry.code: entry for entry in plan.installed.tasks}
    drafts = [task_draft(task) for task in plan.target.tasks if here.get(task.code) != task]
    save_templates(drafts, actor_id=actor_id, cause=cause)


def retire_tasks(plan: Plan, *, actor_id: int | None, cause: Cause) -> None:
    """Retire templates, after the rules that used them."""
    staying = {entry.code for entry in plan.target.tasks}
    for entry in plan.installed.tasks:
        if entry.code not in staying:
            retire_template(entry.code, actor_id=actor_id, cause=cause)
