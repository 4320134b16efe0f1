"""Templates of tasks: those in use, those that fit a new task, and the rules that use them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.queries import all_steps, list_rules
from trassa.kernel import NotFound
from trassa.records.queries.known import is_known
from trassa.schema.queries import current_generation
from trassa.schema.types import Generation, Label, TypeSpec
from trassa.work.models import TaskTemplate
from trassa.work.types import TemplateDraft, TemplateSettings

#: The kind of step that gives tasks.
STEP = "task"


def list_templates() -> list[TaskTemplate]:
    """The templates in use, in their order."""
    return list(TaskTemplate.objects.filter(retired_at=None).order_by("position", "id"))


def find_template(code: str) -> TaskTemplate | None:
    """The template in use with this code."""
    return TaskTemplate.objects.filter(code=code, retired_at=None).first()


def get_template(code: str) -> TaskTemplate:
    """The template in use with this code; raises NotFound."""
    row = find_template(code)
    if row is None:
        raise NotFound(_("There is no such template."))
    return row


def retired_template_codes() -> list[str]:
    """Codes of templates that are out of use."""
    return list(TaskTemplate.objects.exclude(retired_at=None).values_list("code", flat=True))


def settings_of(row: TaskTemplate) -> TemplateSettings:
    """What tasks of a template are like; they go by its code."""
    return TemplateSettings.model_validate({**row.definition, "code": row.code})


def label_of(row: TaskTemplate) -> str:
    """What a template is called, in the reader's language."""
    return str(Label(**row.label))


def draft_of_template(row: TaskTemplate, generation: Generation) -> TemplateDraft:
    """A stored template as it was written."""
    spec = generation.types_by_id.get(row.type_id or 0)
    return TemplateDraft(
        code=row.code,
        label=Label(**row.label),
        settings=TemplateSettings.model_validate(row.definition),
        type=spec.code if spec else "",
        is_active=row.is_active,
        position=row.position,
    )


def list_known_templates(actor: Actor) -> list[TaskTemplate]:
    """The templates for records of the types that somebody knows of, and those for anything."""
    types = current_generation().types_by_id
    return [
        row
        for row in list_templates()
        if row.type_id is None or (row.type_id in types and is_known(actor, types[row.type_id]))
    ]


def list_offered_templates(spec: TypeSpec | None) -> list[TaskTemplate]:
    """What the form of a task about a record of this type offers; of one about nothing with None."""
    return [
        row
        for row in list_templates()
        if row.is_active and (row.type_id is None or (spec is not None and row.type_id == spec.id))
    ]


def users_of_templates() -> Mapping[str, Sequence[str]]:
    """The rules that use each template, by its code: what they are called."""
    found: dict[str, list[str]] = {}
    for rule in list_rules():
        for code in templates_named(rule.definition["steps"]):
            found.setdefault(code, []).append(str(Label(**rule.label)))
    return found


def templates_named(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """The templates that steps of a rule name, each once."""
    tasks = (given for kind, given in all_steps(steps) if kind == STEP and isinstance(given, Mapping))
    return list(dict.fromkeys(code for given in tasks if (code := given.get("template"))))
