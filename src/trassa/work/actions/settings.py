"""What rules and templates say about a task: looked at, put together, and as the draft of a task."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from trassa.kernel import Invalid
from trassa.people.queries import find_department, find_person_by_login, find_role
from trassa.people.types import Duration
from trassa.schema.types import TypeSpec
from trassa.work.actions.demands import check_demands
from trassa.work.actions.drafts import (
    NOT_BOTH,
    Faults,
    check_estimate,
    check_items,
    check_repetition,
    check_text,
    check_title,
)
from trassa.work.due_dates import can_follow
from trassa.work.repetition import NotARule, read_repetition
from trassa.work.types import TaskDraft, TaskSettings, TemplateSettings

#: Settings that are durations.
SPANS = ("due", "due_offset", "escalation")
#: Settings of a template that mean nothing any more when something else is said.
_INSTEAD = {
    "who": ("person", "person_field", "role", "department"),
    "due": ("due_field", "due_offset"),
    "due_field": ("due", "due_offset"),
    "repeat": ("after_end", "days_off"),
}


def together(said: TaskSettings, template: TemplateSettings | None) -> TemplateSettings:
    """What a template says, as far as nothing else is said."""
    own = {
        name: value
        for name, value in said.model_dump(exclude_defaults=True).items()
        if name in TemplateSettings.model_fields
    }
    usual = template.model_dump() if template else {}
    for name, others in _INSTEAD.items():
        if name in own:
            usual = {other: value for other, value in usual.items() if other not in others}
    return TemplateSettings.model_validate({**usual, **own})


def spelled(settings: TaskSettings) -> dict[str, str]:
    """Durations and repetition of settings in their one spelling; what is none stays."""
    spans = {name: spelled_span(value) for name in SPANS if (value := getattr(settings, name))}
    return spans | ({"repeat": spelled_repeat(settings.repeat)} if settings.repeat else {})


def spelled_repeat(rule: str) -> str:
    try:
        return read_repetition(rule).rule
    except NotARule:
        return rule


def spelled_span(text: str) -> str:
    try:
        return str(Duration.parse(text))
    except Invalid:
        return text


def check_settings(
    task: TemplateSettings, spec: TypeSpec | None, faults: Faults, *, with_people: bool = True
) -> TemplateSettings:
    """The settings with clean words and durations, and what is wrong with them, by their names.

    Without a type there are no fields to name. People, roles and departments are looked up unless a pack
    brings them along (`with_people`).
    """
    clean: dict[str, Any] = {
        "title": check_title(task.title, faults),
        "text": check_text(task.text, "text", faults),
        "checklist": check_items(task.checklist, faults),
        **spelled(task),
    }
    check_who(task, spec, faults, with_people=with_people)
    check_estimate(task.estimate_minutes or None, faults)
    for name in SPANS:
        check_span(getattr(task, name), name, faults)
    check_date(task, spec, faults)
    clean["repeat"] = check_repeat(task, faults)
    if task.escalation and not task.due and not task.due_field:
        faults.add("escalation", "unfit", _("Without a due moment nothing is late."))
    if task.fields and spec is None:
        faults.add("fields", "unfit", _("Say for which type of record: the fields are its fields."))
    else:
        draft = TaskDraft(task.title, task.kind, fields=task.fields, file_kind=task.file_kind)
        check_demands(draft, spec, faults)
    return task.model_copy(update=clean)


def check_repeat(task: TemplateSettings, faults: Faults) -> str:
    """The rule by which it comes again, in its one spelling; it counts from a due moment."""
    try:
        repetition = task.repetition
    except NotARule as fault:
        faults.add("repeat", "invalid", str(fault))
        return task.repeat
    if repetition is None:
        return ""
    if task.due_field:
        faults.add("due_field", "unfit", NOT_BOTH)
    else:
        check_repetition(repetition, task.due or None, faults)
    return repetition.rule


def check_date(task: TemplateSettings, spec: TypeSpec | None, faults: Faults) -> None:
    """The date of the record that its due moment follows."""
    if not task.due_field:
        if task.due_offset:
            faults.add("due_offset", "unfit", _("Say which date it counts from."))
        return
    if task.due:
        faults.add("due", "unfit", _("Give a duration, or the date that it follows."))
    field = spec.by_code.get(task.due_field) if spec else None
    if field is None or not can_follow(field):
        message = _("Choose a date of the record that everybody sees who sees it.")
        faults.add("due_field", "unknown", message)


def check_span(text: str, name: str, faults: Faults) -> None:
    """A duration; only the distance from a date may lie before it."""
    if not text:
        return
    try:
        duration = Duration.parse(text)
    except Invalid as refusal:
        faults.add(name, "invalid_duration", str(refusal))
        return
    if duration.amount < 0 and name != "due_offset":
        faults.add(name, "past", _("“%s” lies in the past; give a positive duration.") % text)


def check_who(
    task: TemplateSettings, spec: TypeSpec | None, faults: Faults, *, with_people: bool = True
) -> None:
    """Whether everybody who is needed is named, and everybody named is there."""
    match task.who:
        case "field" | "head" if task.who == "field" or task.person_field:
            field = spec.by_code.get(task.person_field) if spec else None
            if field is None:
                faults.add("person_field", "unknown", _("Name a field of the record that names a person."))
            elif field.kind != "person":
                faults.add("person_field", "unfit", _("“%s” does not name a person.") % field.label)
        case "person":
            words = _("Name a person."), _("There is no person “%s”.")
            check_named("person", task, words, find_person_by_login if with_people else None, faults)
        case "one_of_role":
            words = _("Name a role."), _("There is no role “%s”.")
            check_named("role", task, words, find_role if with_people else None, faults)
        case "one_of_department":
            words = _("Name a department."), _("There is no department “%s”.")
            check_named("department", task, words, find_department if with_people else None, faults)


def check_named(
    name: str,
    task: TemplateSettings,
    words: tuple[str, str],
    find: Callable[[str], object] | None,
    faults: Faults,
) -> None:
    """A setting names something that is there, as far as it can be looked up; `words` say what is wrong."""
    code = getattr(task, name)
    if not code:
        faults.add(name, "required", words[0])
    elif find is not None and find(code) is None:
        faults.add(name, "unknown", words[1] % code)
