"""Templates of tasks are written, switched on and off, and retired.

They are configuration as rules are: a change is a line of their history and a new generation, so that none
goes while a rule is being saved that uses it, and what they name of a type cannot be taken away.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from trassa.kernel import Conflict, NotFound, now
from trassa.schema.actions import Ledger, renewing_generation
from trassa.schema.queries import current_generation, unpin_generation
from trassa.schema.types import Generation, Label
from trassa.work.actions.drafts import Faults
from trassa.work.actions.settings import check_settings
from trassa.work.models import TaskTemplate
from trassa.work.queries.templates import draft_of_template, list_templates, users_of_templates
from trassa.work.types import NO_CAUSE, Cause, TemplateDraft

STREAM = "task_template"


def save_template(draft: TemplateDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> TaskTemplate:
    """Create a template or change it; a retired one of this code comes back. Raises Invalid."""
    [row] = save_templates([draft], actor_id=actor_id, cause=cause)
    return row


def save_templates(
    drafts: Sequence[TemplateDraft], *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> list[TaskTemplate]:
    """Save several templates, as one generation; see `save_template`."""
    if not drafts:
        return []
    with unpin_generation(), renewing_generation(actor_id=actor_id, cause=cause) as ledger:
        generation = current_generation()
        return [store_template(draft, generation, ledger) for draft in drafts]


def store_template(draft: TemplateDraft, generation: Generation, ledger: Ledger) -> TaskTemplate:
    """Check a template against the types that are there, store it and note what changed."""
    faults = Faults()
    draft = check_template(draft, generation, faults)
    faults.refuse()
    row = TaskTemplate.objects.select_for_update().filter(code=draft.code).first()
    known = row is not None
    row = row or TaskTemplate(code=draft.code)
    was_retired = row.retired_at is not None
    changed = ledger.assign(
        row,
        {
            "label": {"ru": draft.label.ru, "en": draft.label.en},
            "type_id": generation.types[draft.type].id if draft.type else None,
            "definition": draft.settings.model_dump(mode="json", exclude_defaults=True),
            "position": draft.position,
            "is_active": draft.is_active,
            "retired_at": None,
        },
    )
    if changed or not known:
        row.save()
        changed.pop("retired_at", None)
        kind = "restored" if was_retired else "changed" if known else "created"
        ledger.note(STREAM, row.id, kind, changed)
    return row


def check_template(
    draft: TemplateDraft, generation: Generation, faults: Faults, *, with_people: bool = True
) -> TemplateDraft:
    """The template in its one spelling, and what is wrong with it; see `check_settings`."""
    spec = generation.types.get(draft.type) if draft.type else None
    if draft.type and spec is None:
        faults.add("type", "unknown", _("There is no type “%s”.") % draft.type)
        return draft
    if not draft.label.ru.strip():
        faults.add("label_ru", "required", _("Give it a name."))
    settings = check_settings(draft.settings, spec, faults, with_people=with_people)
    return TemplateDraft(draft.code, draft.label, settings, draft.type, draft.is_active, draft.position)


def switch_template(
    code: str, *, is_active: bool, actor_id: int | None, cause: Cause = NO_CAUSE
) -> TaskTemplate:
    """Offer a template in the form of tasks, or not any more; rules use it either way."""
    return change_template(code, {"is_active": is_active}, actor_id, cause)


def retire_template(code: str, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> TaskTemplate:
    """Take a template out of use; tasks that were made with it stay.

    Raises Conflict naming the rules that use it.
    """
    return change_template(code, {"retired_at": now()}, actor_id, cause)


def change_template(code: str, values: Mapping[str, Any], actor_id: int | None, cause: Cause) -> TaskTemplate:
    with renewing_generation(actor_id=actor_id, cause=cause) as ledger:
        row = TaskTemplate.objects.select_for_update().filter(code=code, retired_at=None).first()
        if row is None:
            raise NotFound(_("There is no such template."))
        if "retired_at" in values:
            refuse_while_used(row)
        changed = ledger.assign(row, values)
        if changed:
            row.save(update_fields=list(changed))
            kind = "retired" if "retired_at" in changed else "changed"
            changed.pop("retired_at", None)
            ledger.note(STREAM, row.id, kind, changed)
    return row


def refuse_while_used(row: TaskTemplate) -> None:
    """Raises Conflict naming the rules that use a template."""
    users = users_of_templates().get(row.code)
    if users:
        rules = ", ".join(_("“%s”") % name for name in users)
        message = _("Rules give tasks by “%(template)s”: %(rules)s. Change them first.")
        raise Conflict(message % {"template": Label(**row.label), "rules": rules}, code="used_elsewhere")


def fresh_code() -> str:
    """A code for a template that was made here."""
    last = TaskTemplate.objects.aggregate(Max("id"))["id__max"] or 0
    return f"x_task_{int(last) + 1}"


def next_position() -> int:
    """Behind the last template."""
    last = TaskTemplate.objects.filter(retired_at=None).aggregate(Max("position"))["position__max"]
    return 0 if last is None else int(last) + 1


def list_broken_templates(generation: Generation) -> Sequence[str]:
    """Templates in use that name what is not there in a generation to be."""
    found = []
    for row in list_templates():
        label = Label(**row.label)
        faults = Faults()
        if row.type_id is not None and row.type_id not in generation.types_by_id:
            found.append(_("task template “%s”") % label)
            continue
        check_template(draft_of_template(row, generation), generation, faults, with_people=False)
        if faults.errors:
            values = {"template": label, "fault": faults.errors[0].message}
            found.append(_("task template “%(template)s” (%(fault)s)") % values)
    return found
