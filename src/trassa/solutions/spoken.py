"""How plans call things: by their codes in files and on the command line, by their labels in the browser."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from trassa.people.types import Duration
from trassa.schema.registries import field_kinds
from trassa.solutions.format import Configuration, FieldEntry, GrantEntry, PipelineEntry, Words

#: Labels by what a thing is and by its address ("field", "car.price"); by code alone of what values name.
Labels = Mapping[tuple[str, str], str]

_labels: ContextVar[Labels | None] = ContextVar("solutions_labels", default=None)

#: What people call the attributes of things; those that are missing say their names in the format.
_ATTRIBUTES: Mapping[str, str | Promise] = {
    "label.ru": gettext_lazy("what it is called"),
    "label.en": gettext_lazy("what it is called in English"),
    "plural.ru": gettext_lazy("what many are called"),
    "plural.en": gettext_lazy("what many are called in English"),
    "help": gettext_lazy("help"),
    "message": gettext_lazy("message"),
    "menu": gettext_lazy("group of the menu"),
    "icon": gettext_lazy("icon"),
    "title": gettext_lazy("title of a record"),
    "number.prefix": gettext_lazy("beginning of numbers"),
    "number.width": gettext_lazy("digits of numbers"),
    "kind": gettext_lazy("kind"),
    "required": gettext_lazy("required"),
    "unique": gettext_lazy("no value twice"),
    "read_only": gettext_lazy("cannot be changed by people"),
    "restricted": gettext_lazy("only for roles that are given it"),
    "sortable": gettext_lazy("lists are sorted by it"),
    "default": gettext_lazy("default value"),
    "default_formula": gettext_lazy("default by a formula"),
    "formula": gettext_lazy("worked out by a formula"),
    "frozen_when": gettext_lazy("stays as it is while"),
    "formula_open": gettext_lazy("also for those who do not see what it is worked out from"),
    "keeps_history": gettext_lazy("history tells its changes"),
    "visible_when": gettext_lazy("shown when"),
    "required_when": gettext_lazy("required when"),
    "editable_when": gettext_lazy("can be changed when"),
    "condition": gettext_lazy("condition"),
    "color": gettext_lazy("colour"),
    "meaning": gettext_lazy("meaning"),
    "requires": gettext_lazy("required fields"),
    "next": gettext_lazy("where to go from here"),
    "reason": gettext_lazy("asks for a reason"),
    "deadline": gettext_lazy("deadline"),
    "fields.order": gettext_lazy("fields"),
    "options.order": gettext_lazy("options"),
    "stages.order": gettext_lazy("stages"),
    "reasons.order": gettext_lazy("reasons"),
    "checklist.order": gettext_lazy("checklist"),
    "layout.card": gettext_lazy("card"),
    "layout.cards": gettext_lazy("further layouts of the card"),
    "layout.list": gettext_lazy("columns of the list"),
    "layout.board": gettext_lazy("card of the board"),
}
#: Attributes whose values are codes of something else.
_OF_CODES = ("requires", "next", "target", "field", "deadline.field")
_TIMES = ("after", "warning", "escalation")
_MEANINGS: Mapping[str, str | Promise] = {
    "open": gettext_lazy("under way"),
    "won": gettext_lazy("good end"),
    "lost": gettext_lazy("bad end"),
}


@contextmanager
def speaking(configurations: Iterable[Configuration] | None) -> Iterator[None]:
    """Inside the block things of these configurations are called by their labels; by codes with None."""
    token = _labels.set(None if configurations is None else _labels_of(configurations))
    try:
        yield
    finally:
        _labels.reset(token)


def called(noun: str, address: str) -> str:
    """What a thing of this address is called: `car.price`, or “Price”."""
    labels = _labels.get()
    return address if labels is None else quoted(labels.get((noun, address), address))


def introduced(noun: str, address: str, name: str) -> str:
    """A thing that is named for the first time: `car.price “Price”`, or “Price” alone."""
    if _labels.get() is None:
        return f"{address} {quoted(name)}"
    known = called(noun, address)
    return quoted(name) if known == quoted(address) else known


def attribute_called(attribute: str) -> str:
    """What an attribute is called: `label.ru`, or "name"."""
    if _labels.get() is None:
        return attribute
    parts = attribute.split(".")
    if parts[0] == "settings":
        return _setting_called(parts[-1])
    for count in range(len(parts), 0, -1):
        found = _ATTRIBUTES.get(".".join(parts[:count]))
        if found is not None:
            return str(found)
    return attribute


def _setting_called(name: str) -> str:
    settings = (setting for _code, kind in field_kinds.items() for setting in kind.settings)
    return next((str(setting.label) for setting in settings if setting.name == name), name)


def value_of(attribute: str, value: Any) -> Any:
    """A value of an attribute with the labels of what it names by code."""
    if _labels.get() is None:
        return value
    if attribute in _OF_CODES and isinstance(value, list):
        return [_code_called(each) for each in value]
    if attribute == "deadline" and isinstance(value, Mapping):
        return ", ".join(_in_words(name, value[name]) for name in ("after", "field") if value[name])
    return _in_words(attribute, value) if isinstance(value, str) else value


def _in_words(attribute: str, value: str) -> str:
    """A value that is a word of the format."""
    if attribute == "kind":
        return str(field_kinds.get(value).label)
    if attribute == "meaning":
        return str(_MEANINGS[value])
    if attribute.rpartition(".")[2] in _TIMES:
        return Duration.parse(value).words
    return _code_called(value) if attribute in _OF_CODES else value


def _code_called(code: str) -> str:
    return (_labels.get() or {}).get(("", code), code)


def place_called(grant: GrantEntry) -> str:
    """Where a grant holds: `deal / sales / new`, or Deal / Sales / New."""
    codes = [part for part in (grant.type, grant.pipeline, grant.stage, grant.field) if part]
    labels = _labels.get()
    if labels is None:
        return " / ".join(codes)
    named = [
        _("all types") if grant.type == "*" else labels.get(("type", grant.type), grant.type),
        labels.get(("pipeline", grant.pipeline or ""), grant.pipeline or ""),
        labels.get(("stage", f"{grant.pipeline}.{grant.stage}"), grant.stage or ""),
        labels.get(("field", f"{grant.type}.{grant.field}"), grant.field or ""),
    ]
    return " / ".join(name for name in named if name)


def scope_called(grant: GrantEntry) -> str:
    """Whose records a grant is about: `own`, or "own records"."""
    return grant.scope if _labels.get() is None else scope_in_words(grant.scope)


def verb_name(verb: str) -> str:
    names = {
        "see": pgettext("right", "see"),
        "create": pgettext("right", "create"),
        "edit": pgettext("right", "edit"),
        "delete": pgettext("right", "delete"),
        "move": pgettext("right", "move"),
        "export": pgettext("right", "export"),
    }
    return names[verb]


def grant_in_words(grant: GrantEntry) -> str:
    """What a grant allows and with whose records, without its place: "see, edit (own records)"."""
    return f"{', '.join(verb_name(verb) for verb in grant.verbs)} ({scope_in_words(grant.scope)})"


def scope_in_words(scope: str) -> str:
    return {
        "own": _("own records"),
        "department": _("records of the own department"),
        "branch": _("records of the own department and those below it"),
        "all": _("all records"),
    }[scope]


def path_called(things: Iterable[Mapping[str, Any]]) -> str:
    """Where something is wrong: `car.price`, or “Car → Price”; parts without a name are left out."""
    if _labels.get() is None:
        codes = (thing.get("code") or thing.get("tab") for thing in things)
        return ".".join(code for code in codes if code)
    labels = (thing.get("label") for thing in things)
    return quoted(" → ".join(_said(Words.model_validate(label)) for label in labels if label))


def quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def _labels_of(configurations: Iterable[Configuration]) -> Labels:
    found: dict[tuple[str, str], str] = {}
    for configuration in configurations:
        found |= {("department", each.code): each.name for each in configuration.departments}
        found |= {("calendar", each.code): each.name for each in configuration.calendars}
        found |= {("role", each.code): _said(each.label) for each in configuration.roles}
        found |= {("task", each.code): _said(each.label) for each in configuration.tasks}
        found |= {("rule", each.code): _said(each.label) for each in configuration.rules}
        for type in configuration.types:
            found["type", type.code] = found["", type.code] = _said(type.label)
            for field in type.fields:
                found |= _labels_of_field(type.code, field)
        for pipeline in configuration.pipelines:
            found |= _labels_of_pipeline(pipeline)
    return found


def _labels_of_field(type_code: str, field: FieldEntry) -> Labels:
    address, label = f"{type_code}.{field.code}", _said(field.label)
    options = {
        ("option", f"{address}.{option.code}"): f"{label} → {_said(option.label)}" for option in field.options
    }
    return {("field", address): label, ("", field.code): label, **options}


def _labels_of_pipeline(pipeline: PipelineEntry) -> Labels:
    found = {("pipeline", pipeline.code): _said(pipeline.label)}
    for stage in pipeline.stages:
        address, label = f"{pipeline.code}.{stage.code}", _said(stage.label)
        found["stage", address] = found["", stage.code] = label
        for item in stage.checklist:
            found["item", f"{address}.{item.code}"] = f"{label} → {_said(item.label)}"
        for each in stage.enter_when:
            found["condition", f"{address}.{each.code}"] = f"{label} → {_said(each.message)}"
    for reason in pipeline.reasons:
        found["reason", f"{pipeline.code}.{reason.code}"] = _said(reason.label)
    return found


def _said(words: Words) -> str:
    """Words in the language of the reader."""
    return words.en if (translation.get_language() or "ru").startswith("en") and words.en else words.ru
