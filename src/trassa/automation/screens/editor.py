"""The form of a rule: inputs made of what triggers and steps say about their settings.

So kinds that other rooms add can be edited without a page of their own. The form sends all of its inputs;
buttons that add, move or take away a step send them too and get the form anew.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from trassa.automation.checking import BRANCH
from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.automation.screens.words import choice_label, setting_label
from trassa.automation.types import RuleDraft, Settings
from trassa.people.queries import list_people, list_roles
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


@dataclass(frozen=True, slots=True)
class Input:
    """One input: `look` is text, number, formula, select, check, ticks or pairs."""

    name: str
    label: str
    look: str
    value: Any = ""
    options: Options = ()


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step with its inputs; a branch holds further ones."""

    kind: str
    label: str
    icon: str
    #: What the names of its inputs begin with, and where it stands among its neighbours.
    prefix: str
    inputs: Sequence[Input]
    is_first: bool
    is_last: bool
    then: "StepList | None" = None
    otherwise: "StepList | None" = None


@dataclass(frozen=True, slots=True)
class StepList:
    """Steps that follow one another."""

    prefix: str
    steps: Sequence[StepForm]


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The whole form."""

    draft: RuleDraft
    events: Options
    when: Sequence[Input]
    steps: StepList
    kinds: Sequence[tuple[str, str, str]]


def rule_form(draft: RuleDraft, spec: TypeSpec) -> RuleForm:
    """The form that shows a draft."""
    event = draft.when.get("event", "created")
    kind = trigger_kinds.get(event)
    return RuleForm(
        draft=draft,
        events=[(code, str(each.label)) for code, each in trigger_kinds.items()],
        when=inputs_of(kind.settings, draft.when, "when.", spec),
        steps=step_list(draft.steps, "steps.", spec),
        kinds=[(code, str(each.label), each.icon) for code, each in step_kinds.items()]
        + [(BRANCH, _("Branch"), "arrows-left-right")],
    )


def step_list(steps: Sequence[Mapping[str, Any]], prefix: str, spec: TypeSpec) -> StepList:
    forms = []
    for number, step in enumerate(steps):
        [(name, given)] = step.items()
        at = f"{prefix}{number}."
        form = StepForm(
            kind=name,
            label=_("Branch") if name == BRANCH else str(step_kinds.get(name).label),
            icon="arrows-left-right" if name == BRANCH else step_kinds.get(name).icon,
            prefix=at,
            inputs=[],
            is_first=number == 0,
            is_last=number == len(steps) - 1,
        )
        if name == BRANCH:
            condition = Input(f"{at}condition", _("If"), "formula", given.get("condition", ""))
            form = replace(
                form,
                inputs=[condition],
                then=step_list(given.get("then", ()), f"{at}then.", spec),
                otherwise=step_list(given.get("otherwise", ()), f"{at}otherwise.", spec),
            )
        else:
            form = replace(form, inputs=inputs_of(step_kinds.get(name).settings, given, at, spec))
        forms.append(form)
    return StepList(prefix, forms)


def inputs_of(model: type[Settings], given: Mapping[str, Any], prefix: str, spec: TypeSpec) -> list[Input]:
    """An input for each setting."""
    found: list[Input] = []
    target = current_generation().types.get(str(given.get("type") or ""), spec)
    place = Place(spec, target, str(given.get("pipeline") or ""))
    for name, about in model.model_fields.items():
        value = given.get(name, None)
        nested = nested_model(about)
        if nested is not None:
            found += inputs_of(nested, value or {}, f"{prefix}{name}.", spec)
            continue
        look = look_of(name, about)
        options = options_of(name, about, place)
        if look == "text" and options:
            look = "select"
        default = about.get_default(call_default_factory=True) if not about.is_required() else None
        shown = default if value is None else value
        label = setting_label(name if not prefix.endswith("owner.") else f"owner.{name}")
        found.append(Input(f"{prefix}{name}", label, look, shown_value(shown, look), options))
    return found


def nested_model(about: FieldInfo) -> type[Settings] | None:
    """The settings that one setting consists of, such as whose a record becomes."""
    for each in (about.annotation, *get_args(about.annotation)):
        if isinstance(each, type) and issubclass(each, Settings):
            return each
    return None


def look_of(name: str, about: FieldInfo) -> str:
    """What kind of input a setting needs."""
    kind, origin = about.annotation, get_origin(about.annotation)
    if name == "condition":
        return "formula"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "pairs"
    if origin is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return "select"
    known: Mapping[Any, str] = {bool: "check", int: "number", tuple: "ticks"}
    return known.get(origin or kind, "text")


def options_of(name: str, about: FieldInfo, place: Place) -> Options:
    """What can be chosen: things of the type, people, roles, or the values that the setting knows."""
    kind = about.annotation
    if get_origin(kind) is Literal:
        return [(value, choice_label(value)) for value in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [(each.value, choice_label(each.value)) for each in kind]
    look = look_of(name, about)
    choices = CHOICES.get(f"{name}:{look}") or CHOICES.get(name)
    return choices(place) if choices else ()


def fields_of(spec: TypeSpec) -> Options:
    return [(field.code, str(field.label)) for field in spec.fields]


def list_reasons(place: Place) -> Options:
    reasons = (each for pipeline in place.spec.pipelines for each in pipeline.reasons)
    return [NOTHING, *{each.code: str(each.label) for each in reasons}.items()]


def list_logins(place: Place) -> Options:
    people = list_people(is_active=True, limit=MOST_PEOPLE)
    return [NOTHING, *((each.person.login, each.person.name) for each in people)]


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


#: What is offered for settings of these names, or of a name with one look.
CHOICES: Mapping[str, Callable[[Place], Options]] = {
    "pipeline": list_pipelines,
    "stage": lambda place: [("", _("any")), *stage_options(place)],
    "stages": stage_options,
    "reason": list_reasons,
    "role": lambda place: [NOTHING, *((each.code, str(Label(**each.label))) for each in list_roles())],
    "person": list_logins,
    "type": list_types,
    "field": lambda place: [NOTHING, *base_dates(), *fields_of(place.spec)],
    "until": lambda place: [NOTHING, *base_dates(), *fields_of(place.spec)],
    "into": lambda place: [NOTHING, *fields_of(place.spec)],
    "link": lambda place: [NOTHING, *fields_of(place.target)],
    "match": lambda place: fields_of(place.target),
    "fields:pairs": lambda place: fields_of(place.target),
    "fields": lambda place: fields_of(place.spec),
    "copied": lambda place: fields_of(place.spec),
    "kept": lambda place: fields_of(place.spec),
    "find": lambda place: fields_of(place.spec),
}


def shown_value(value: Any, look: str) -> Any:
    """A setting as its input shows it."""
    if look == "pairs":
        return [(key, as_text(each)) for key, each in (value or {}).items()]
    if look == "ticks":
        return [*(value or ())]
    return "" if value is None else value


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# What the form sends


def read_form(data: QueryDict, spec: TypeSpec, code: str) -> RuleDraft:
    """The draft that a form describes; settings that make no sense are left to the check."""
    event = data.get("event", "created")
    kind = trigger_kinds.find(event)
    when = {"event": event, **(read_settings(kind.settings, data, "when.") if kind else {})}
    return RuleDraft(
        code=code,
        type=spec.code,
        label=Label(data.get("label_ru", "").strip(), data.get("label_en", "").strip()),
        when=when,
        condition=data.get("condition", "").strip(),
        steps=read_steps(data, "steps."),
        is_active="is_active" in data,
    )


def read_steps(data: QueryDict, prefix: str) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    while (name := data.get(f"{prefix}{len(steps)}.kind")) is not None:
        at = f"{prefix}{len(steps)}."
        kind = step_kinds.find(name)
        if name == BRANCH:
            given: dict[str, Any] = {
                "condition": data.get(f"{at}condition", ""),
                "then": read_steps(data, f"{at}then."),
                "otherwise": read_steps(data, f"{at}otherwise."),
            }
        else:
            given = read_settings(kind.settings, data, at) if kind else {}
        steps.append({name: given})
    return steps


def read_settings(model: type[Settings], data: QueryDict, prefix: str) -> dict[str, Any]:
    """Settings from inputs, empty ones left out."""
    found: dict[str, Any] = {}
    for name, about in model.model_fields.items():
        at = f"{prefix}{name}"
        nested = nested_model(about)
        if nested is not None:
            given = read_settings(nested, data, f"{at}.")
            value: Any = given if given.get("how") else None
        else:
            value = read_value(data, at, look_of(name, about))
        if value not in (None, "", [], {}):
            found[name] = value
    return found


def read_value(data: QueryDict, name: str, look: str) -> Any:
    match look:
        case "check":
            return True if name in data else None
        case "ticks":
            return [each for each in data.getlist(name) if each]
        case "pairs":
            keys, values = data.getlist(f"{name}.key"), data.getlist(f"{name}.value")
            return {key: read_plain(value) for key, value in zip(keys, values, strict=False) if key}
        case "number":
            text = data.get(name, "")
            return int(text) if text.isdigit() else None
    return data.get(name, "").strip()


def read_plain(text: str) -> Any:
    """A value of a field as JSON where it looks like it, else as text."""
    if text.strip() == "":
        return None
    if text in ("true", "false", "null") or text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def edited(draft: RuleDraft, act: str) -> RuleDraft:
    """The draft after a button: “add:steps.:set”, “remove:steps.0.”, “up:steps.1.”, “down:steps.0.”."""
    verb, _colon, rest = act.partition(":")
    steps = json.loads(json.dumps([*draft.steps]))
    if verb == "add":
        prefix, _colon, kind = rest.partition(":")
        among = list_at(steps, prefix)
        if among is not None and (kind == BRANCH or kind in step_kinds):
            among.append({kind: {}})
    elif verb in ("remove", "up", "down"):
        prefix, _dot, number = rest.rstrip(".").rpartition(".")
        among = list_at(steps, f"{prefix}.")
        at = int(number) if number.isdigit() else -1
        if among is not None and 0 <= at < len(among):
            step = among.pop(at)
            if verb != "remove":
                among.insert(max(0, at + (1 if verb == "down" else -1)), step)
    return replace(draft, steps=steps)


def list_at(steps: list[Any], prefix: str) -> list[Any] | None:
    """The list of steps behind “steps.”, “steps.2.then.”."""
    parts = prefix.rstrip(".").split(".")[1:]
    at = steps
    while parts:
        number, part, *parts = parts
        if not number.isdigit() or int(number) >= len(at) or BRANCH not in at[int(number)]:
            return None
        at = at[int(number)][BRANCH].setdefault(part, [])
    return at
