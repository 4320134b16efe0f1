"""The administrator's form of a template of tasks: what was sent, as a draft, and what it offers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from trassa.kernel import Invalid
from trassa.people.queries import list_departments, list_people, list_roles
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec
from trassa.ui import read_id
from trassa.work.actions.demands import UPLOAD, can_ask_for
from trassa.work.due_dates import can_follow
from trassa.work.models import Task
from trassa.work.screens.repetition import OWN, RepeatForm, kept_form, read_repeat, repetition_of
from trassa.work.types import PriorityName, TemplateDraft, TemplateSettings, Who

Options = Sequence[tuple[str, str]]
NOTHING = ("", "—")
#: People who are offered.
MOST_PEOPLE = 500
WHO = {
    "owner": pgettext_lazy("whom a task is for", "Whoever has the record"),
    "head": pgettext_lazy("whom a task is for", "The head of whoever has the record"),
    "field": pgettext_lazy("whom a task is for", "Whoever a field names"),
    "actor": pgettext_lazy("whom a task is for", "Whoever uses the template"),
    "person": pgettext_lazy("whom a task is for", "A person"),
    "one_of_role": pgettext_lazy("whom a task is for", "Whoever of a role takes it"),
    "one_of_department": pgettext_lazy("whom a task is for", "Whoever of a department takes it"),
}


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """What stands in the form, and what can be chosen in it."""

    draft: TemplateDraft
    repeat: RepeatForm = field(default_factory=RepeatForm)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def spec(self) -> TypeSpec | None:
        return current_generation().types.get(self.draft.type)

    @property
    def checklist(self) -> str:
        return "\n".join(self.draft.settings.checklist)

    @property
    def types(self) -> Options:
        return [(spec.code, str(spec.plural)) for spec in current_generation().in_menus]

    @property
    def kinds(self) -> Options:
        return [(kind.value, str(kind.label)) for kind in Task.Kind]

    @property
    def priorities(self) -> Options:
        return [(each.value, str(each.label)) for each in Task.Priority]

    @property
    def whom(self) -> Options:
        return [(code, str(label)) for code, label in WHO.items() if self.spec or code != "field"]

    @property
    def people(self) -> Options:
        found = list_people(is_active=True, limit=MOST_PEOPLE)
        return [NOTHING, *((each.person.login, each.person.name) for each in found)]

    @property
    def roles(self) -> Options:
        return [NOTHING, *((role.code, str(role)) for role in list_roles())]

    @property
    def departments(self) -> Options:
        return [NOTHING, *((each.code, each.name) for each in list_departments())]

    @property
    def people_fields(self) -> Options:
        fields = self.spec.fields if self.spec else ()
        return [NOTHING, *((each.code, str(each.label)) for each in fields if each.kind == "person")]

    @property
    def dates(self) -> Options:
        """The dates of its records that a task may follow."""
        fields = self.spec.fields if self.spec else ()
        return [(each.code, str(each.label)) for each in fields if can_follow(each)]

    @property
    def asked(self) -> Options:
        """The fields that a form or a document may ask for."""
        is_upload = self.draft.settings.kind == UPLOAD
        fields = [each for each in self.spec.fields if can_ask_for(each)] if self.spec else []
        return [(each.code, str(each.label)) for each in fields if (each.kind == "files") is is_upload]

    @property
    def file_kinds(self) -> Options:
        """The kinds of document that the field of files knows."""
        fields = self.spec.by_code if self.spec else {}
        chosen = [fields[code] for code in self.draft.settings.fields if code in fields]
        kinds = [(option.code, str(option.label)) for each in chosen for option in each.options]
        return [NOTHING, *kinds] if kinds else []


def template_form(draft: TemplateDraft) -> TemplateForm:
    """The form that shows a template."""
    return TemplateForm(draft, kept_form(draft.settings.repetition))


def read_template(sent: QueryDict, known: TemplateDraft) -> TemplateForm:
    """What was sent about a template, with what the form does not say."""

    def one_of(name: str, values: Sequence[str], usual: str) -> str:
        return value if (value := sent.get(name, "")) in values else usual

    repeat = read_repeat(sent)
    repetition, errors = None, {}
    try:
        # A rule that the form cannot show stays as it is.
        repetition = known.settings.repetition if repeat.way == OWN else repetition_of(repeat, None)
    except Invalid as refusal:
        errors = dict(refusal.by_field)
    settings = TemplateSettings.model_validate(
        {
            "title": sent.get("title", ""),
            "kind": one_of("kind", Task.Kind.values, "todo"),
            "text": sent.get("text", ""),
            "who": one_of("who", get_args(Who), "owner"),
            **{name: sent.get(name, "") for name in ("person", "person_field", "role", "department")},
            **{name: sent.get(name, "").strip() for name in ("due", "due_field", "due_offset", "escalation")},
            "repeat": repetition.rule if repetition else "",
            "after_end": bool(repetition and repetition.after_end),
            "days_off": repetition.days_off if repetition else "keep",
            "priority": one_of("priority", get_args(PriorityName), "normal"),
            "estimate_minutes": read_id(sent.get("estimate_minutes", "")) or 0,
            "checklist": [line for each in sent.get("checklist", "").splitlines() if (line := each.strip())],
            "whole_checklist": "whole_checklist" in sent,
            "fields": sent.getlist("fields"),
            "file_kind": sent.get("file_kind", ""),
        }
    )
    whole = settings.model_dump()
    said = {
        name: value
        for name, value in settings.model_dump(exclude_defaults=True).items()
        if settings.is_asked(name, whole)
    }
    draft = TemplateDraft(
        code=known.code,
        label=Label(sent.get("label_ru", "").strip(), sent.get("label_en", "").strip()),
        settings=TemplateSettings.model_validate(said),
        type=known.type if known.code else sent.get("type", ""),
        is_active="is_active" in sent,
        position=known.position,
    )
    return TemplateForm(draft, repeat, errors)
