"""What can be chosen in the form of a rule: things of the type, people, roles, values that settings know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from trassa.automation.moments import DATES
from trassa.automation.queries.secrets import SecretState, list_secrets
from trassa.automation.screens.words import choice_label
from trassa.automation.types import Settings
from trassa.people.queries import list_departments, list_people, list_roles
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec

Options = Sequence[tuple[str, str]]
NOTHING = ("", "—")
#: People who are offered.
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """What settings speak of: the rule's type, the type that is made, and a pipeline that is chosen."""

    spec: TypeSpec
    target: TypeSpec
    pipeline: str


def look_of(name: str, about: FieldInfo) -> str:
    """What kind of input a setting needs."""
    kind, origin = about.annotation, get_origin(about.annotation)
    if name == "condition":
        return "formula"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "pairs"
    if origin is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return "select"
    known: Mapping[Any, str] = {bool: "check", int: "number", tuple: "ticks", list: "lines"}
    return known.get(origin or kind, "text")


def options_of(model: type[Settings], name: str, about: FieldInfo, place: Place) -> Options:
    """What can be chosen: things of the type, people, roles, or the values that the setting knows."""
    kind = about.annotation
    if name in model.offers:
        return [NOTHING, *model.offers[name](place.spec)]
    if get_origin(kind) is Literal:
        return [(value, literal_label(model, name, value)) for value in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [(each.value, choice_label(each.value)) for each in kind]
    own = (CHOICES.get(f"{each.__name__}.{name}") for each in model.__mro__)
    choices = next((each for each in own if each), None)
    choices = choices or CHOICES.get(f"{name}:{look_of(name, about)}") or CHOICES.get(name)
    return choices(place) if choices else ()


def literal_label(model: type[Settings], name: str, value: str) -> str:
    """A value that a setting knows, in words."""
    unsaid = model.unsaid.get(name) if value == "" else None
    return choice_label(value) if unsaid is None else str(unsaid)


def fields_of(spec: TypeSpec, *kinds: str) -> Options:
    """The fields of a type, those of some kinds only when they are named."""
    return [(field.code, str(field.label)) for field in spec.fields if not kinds or field.kind in kinds]


def links_between(holder: TypeSpec, other: TypeSpec) -> Options:
    """Fields of one type that lead to records of another."""
    leading = (field for field in holder.fields if field.target_type_id == other.id)
    return [NOTHING, *((each.code, str(each.label)) for each in leading if each.kind in ("link", "links"))]


def list_dates(place: Place) -> Options:
    return [NOTHING, *base_dates(), *fields_of(place.spec, *DATES)]


def list_people_fields(place: Place) -> Options:
    return [NOTHING, *fields_of(place.spec, "person")]


def list_reasons(place: Place) -> Options:
    reasons = (each for pipeline in place.spec.pipelines for each in pipeline.reasons)
    return [NOTHING, *{each.code: str(each.label) for each in reasons}.items()]


def list_logins(place: Place) -> Options:
    people = list_people(is_active=True, limit=MOST_PEOPLE)
    return [NOTHING, *((each.person.login, each.person.name) for each in people)]


def secret_label(secret: SecretState) -> str:
    return secret.code if secret.set_at else _("%s (not set)") % secret.code


def list_types(place: Place) -> Options:
    types = current_generation().in_menus
    return [("", _("the same type")), *((each.code, str(each.label)) for each in types)]


def list_pipelines(place: Place) -> Options:
    return [("", _("any")), *((each.code, str(each.label)) for each in place.target.pipelines)]


def base_dates() -> Options:
    return [("stage_due_at", _("Stage due")), ("stage_entered_at", _("On stage since"))]


def stage_options(place: Place) -> Options:
    """Stages of the pipeline, of all of them when none is chosen, each code once."""
    found = {
        stage.code: str(stage.label)
        for each in place.target.pipelines
        if place.pipeline in ("", each.code)
        for stage in each.stages
    }
    return [*found.items()]


#: What is offered for settings of these names, of a name with one look, or of a name in one kind of settings.
CHOICES: Mapping[str, Callable[[Place], Options]] = {
    "pipeline": list_pipelines,
    "stage": lambda place: [("", _("any")), *stage_options(place)],
    "Create.stage": lambda place: [("", _("the first one")), *stage_options(place)],
    "stages": stage_options,
    "reason": list_reasons,
    "role": lambda place: [NOTHING, *((each.code, str(Label(**each.label))) for each in list_roles())],
    "person": list_logins,
    "secret": lambda place: [NOTHING, *((each.code, secret_label(each)) for each in list_secrets())],
    "type": list_types,
    "field": lambda place: [NOTHING, *fields_of(place.spec)],
    "DateReached.field": list_dates,
    "Chosen.field": list_people_fields,
    "Notify.field": list_people_fields,
    "person_field": list_people_fields,
    "department": lambda place: [NOTHING, *((each.code, each.name) for each in list_departments())],
    "until": list_dates,
    "into": lambda place: [NOTHING, *fields_of(place.spec)],
    "Assign.into": lambda place: [("", _("Owner")), *fields_of(place.spec, "person")],
    "Create.into": lambda place: links_between(place.spec, place.target),
    "link": lambda place: links_between(place.target, place.spec),
    "match": lambda place: fields_of(place.target),
    "fields:pairs": lambda place: fields_of(place.target),
    "fields": lambda place: fields_of(place.spec),
    "copied": lambda place: fields_of(place.spec),
    "kept": lambda place: fields_of(place.spec),
    "find": lambda place: fields_of(place.spec),
}
