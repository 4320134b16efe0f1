"""The form of a rule: inputs made of what triggers and steps say about their settings.

So kinds that other rooms add can be edited without a page of their own. The form sends all of its inputs;
buttons that add, move or take away a step send them too and get the form anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic.fields import FieldInfo

from trassa.automation.checking import BRANCH
from trassa.automation.registries import step_kinds, trigger_kinds
from trassa.automation.screens.choices import NOTHING, Options, Place, fields_of, look_of, options_of
from trassa.automation.screens.words import setting_label
from trassa.automation.types import RuleDraft, Settings
from trassa.kernel import Invalid
from trassa.people.types import Duration
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, TypeSpec

#: Settings that are durations.
DURATIONS = ("time", "offset", "due", "escalation")


@dataclass(frozen=True, slots=True)
class Input:
    """One input: `look` is text, number, formula, select, check, ticks, pairs. Others depend on `drives`."""

    name: str
    label: str
    look: str
    value: Any = ""
    options: Options = ()
    drives: bool = False
    #: What stands in an empty input of a pair.
    hint: str = ""
    #: What can be chosen as the second half of a pair; nothing where it is written.
    seconds: Options = ()
    #: How it is written.
    help: str = ""


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


def name_of(draft: RuleDraft) -> Label:
    """A name for a rule made of its first step; empty without steps."""
    first = next((kind for step in draft.steps for kind in step), "")
    if not first:
        return Label("")

    def words(language: str) -> str:
        with override(language):
            return _("Branch") if first == BRANCH else str(step_kinds.get(first).label)

    return Label(words("ru"), words("en"))


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


def inputs_of(
    model: type[Settings],
    given: Mapping[str, Any],
    prefix: str,
    spec: TypeSpec,
    *,
    may_be_empty: bool = False,
) -> list[Input]:
    """An input for each setting that means something beside the others."""
    found: list[Input] = []
    target = current_generation().types.get(str(given.get("type") or ""), spec)
    place = Place(spec, target, str(given.get("pipeline") or ""))
    given = completed(model, given, may_be_empty=may_be_empty)
    for name, about in model.model_fields.items():
        if not model.is_asked(name, given):
            continue
        value = given.get(name)
        nested = nested_model(about)
        if nested is not None:
            optional = not about.is_required()
            found += inputs_of(nested, value or {}, f"{prefix}{name}.", spec, may_be_empty=optional)
            continue
        look = look_of(name, about)
        options = options_of(model, name, about, place)
        if may_be_empty and look == "select":
            options = [NOTHING, *options]
        if look == "text" and options:
            look = "select"
        label = setting_label(name if not prefix.endswith("owner.") else f"owner.{name}", model.__name__)
        drives = any(name == other for other, _values in model.needs.values())
        hint = pair_hint(model) if look == "pairs" else ""
        seconds = fields_of(place.target) if name == "kept" else ()
        shown = duration_words(value) if name in DURATIONS else shown_value(value, look)
        help = _("Such as “2 working days”, “4 hours”, “30 minutes”.") if name in DURATIONS else ""
        found.append(Input(f"{prefix}{name}", label, look, shown, options, drives, hint, seconds, help))
    return found


def duration_words(value: Any) -> str:
    """A duration as people write it in their language; what is none stays as it was typed."""
    try:
        return Duration.parse(str(value or "")).words
    except Invalid:
        return str(value or "")


def pair_hint(model: type[Settings]) -> str:
    """What the second half of a pair is."""
    hints = {"HookIn": _("Place in what comes in: offer.price"), "CallOut": _("Value")}
    return hints.get(model.__name__, _("Value or =formula"))


def completed(model: type[Settings], given: Mapping[str, Any], *, may_be_empty: bool) -> dict[str, Any]:
    """Settings with what the form shows for those that are not given; a choice shows its first value."""
    found = dict(given)
    for name, about in model.model_fields.items():
        if found.get(name) is not None or nested_model(about) is not None:
            continue
        if not about.is_required():
            found[name] = about.get_default(call_default_factory=True)
        elif get_origin(about.annotation) is Literal and not may_be_empty:
            found[name] = get_args(about.annotation)[0]
    return found


def nested_model(about: FieldInfo) -> type[Settings] | None:
    """The settings that one setting consists of, such as whose a record becomes."""
    for each in (about.annotation, *get_args(about.annotation)):
        if isinstance(each, type) and issubclass(each, Settings):
            return each
    return None


def shown_value(value: Any, look: str) -> Any:
    """A setting as its input shows it."""
    if look == "pairs":
        return [(key, as_text(each)) for key, each in (value or {}).items()]
    if look == "ticks":
        return [*(value or ())]
    if look == "lines":
        return "\n".join(value or ())
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
    while (name := data.get(f"{prefix}{len(steps)}.step")) is not None:
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
    asked = completed(model, found, may_be_empty=False)
    return {name: value for name, value in found.items() if model.is_asked(name, asked)}


def read_value(data: QueryDict, name: str, look: str) -> Any:
    match look:
        case "check":
            return True if name in data else None
        case "ticks":
            return [each for each in data.getlist(name) if each]
        case "lines":
            return [line for each in data.get(name, "").splitlines() if (line := each.strip())]
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
