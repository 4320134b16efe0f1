"""Says differences between configurations in words, for plans and conflicts."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from trassa.solutions.documents import Place
from trassa.solutions.format import GrantEntry
from trassa.solutions.merging import Difference, Gap
from trassa.solutions.plans import Step, StepKind

_NOUNS: Mapping[str, str | Promise] = {
    "department": gettext_lazy("department"),
    "type": gettext_lazy("type"),
    "field": gettext_lazy("field"),
    "option": gettext_lazy("option"),
    "pipeline": gettext_lazy("pipeline"),
    "stage": gettext_lazy("stage"),
    "reason": gettext_lazy("reason"),
    "condition": gettext_lazy("condition"),
    "role": gettext_lazy("role"),
}
_SECTIONS = {"departments": "department", "types": "type", "pipelines": "pipeline", "roles": "role"}
#: Lists whose items have codes, and what an item is.
_PARTS = {
    "fields": "field",
    "options": "option",
    "stages": "stage",
    "reasons": "reason",
    "enter_when": "condition",
}


def noun_of(section: str, place: Place) -> tuple[str, str]:
    """What kind of thing a place is in, and which of its attributes: ("field", "label.ru")."""
    noun, attribute = _SECTIONS[section], [str(step) for step in place]
    while len(attribute) >= 2 and attribute[0] in _PARTS and attribute[1] != "order":
        noun = _PARTS[attribute[0]]
        attribute = attribute[2:]
    return noun, ".".join(attribute)


def address_of(code: str, place: Place) -> str:
    """The codes on the way to a place: "car.status.free"."""
    codes, steps = [code], [str(step) for step in place]
    while len(steps) >= 2 and steps[0] in _PARTS and steps[1] != "order":
        codes.append(steps[1])
        steps = steps[2:]
    return ".".join(codes)


def describe_change(section: str, code: str, change: Difference) -> Step:
    """One step of a plan."""
    noun, attribute = noun_of(section, change.place)
    address = address_of(code, change.place)
    values = {"noun": _NOUNS[noun], "address": address, "attribute": attribute}
    if isinstance(change.before, Gap) and not attribute:
        text = _("add %(noun)s %(address)s “%(name)s”") % {**values, "name": name_of(change.after)}
        return Step("add", address, text + _details(noun, change.after))
    if attribute.startswith("layout"):
        return Step("change", address, _("change the layout of %(address)s: %(attribute)s") % values)
    if attribute.endswith("order"):
        return Step("change", address, _("change the order in %(address)s: %(attribute)s") % values)
    change_text = _("change %(noun)s %(address)s: %(attribute)s %(before)s → %(after)s")
    shown = {"before": shown_value(change.before), "after": shown_value(change.after)}
    return Step("change", address, change_text % {**values, **shown})


def _details(noun: str, content: Mapping[str, Any]) -> str:
    """What an added thing brings along."""
    if noun == "type":
        return _(", %(count)s fields") % {"count": len(content["fields"])}
    if noun == "pipeline":
        return _(", %(count)s stages") % {"count": len(content["stages"])}
    if noun == "field":
        return f" ({content['kind']})"
    return ""


def describe_grant(role: str, grant: GrantEntry, kind: StepKind) -> Step:
    """A right that a role gets or loses."""
    where = " / ".join(part for part in (grant.type, grant.pipeline, grant.stage, grant.field) if part)
    texts = {
        "add": _("role %(role)s may now %(verb)s: %(where)s (%(scope)s)"),
        "remove": _("role %(role)s may no longer %(verb)s: %(where)s (%(scope)s)"),
    }
    values = {"role": role, "verb": verb_name(grant.verbs[0]), "where": where, "scope": grant.scope}
    return Step(kind, role, texts[kind] % values)


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


def describe_fixed(section: str, code: str, change: Difference) -> str:
    """A change that cannot be made."""
    noun, attribute = noun_of(section, change.place)
    text = _(
        "%(noun)s %(address)s: %(attribute)s is %(before)s and never changes; "
        "the pack wants %(after)s and must use another code."
    )
    return text % _values(noun, code, attribute, change)


def describe_conflict(section: str, code: str, change: Difference) -> str:
    """A value that both sides changed."""
    noun, attribute = noun_of(section, change.place)
    text = _(
        "%(noun)s %(address)s: %(attribute)s was changed here to %(before)s and by the pack to %(after)s; "
        "choose with --take pack or --take local."
    )
    return text % _values(noun, code, attribute, change)


def describe_kept(section: str, code: str, change: Difference) -> str:
    """A value that stays as it was changed here."""
    noun, attribute = noun_of(section, change.place)
    if isinstance(change.before, Gap):
        text = _("%(noun)s %(address)s was removed here and stays removed.")
    else:
        text = _(
            "%(noun)s %(address)s: %(attribute)s stays %(before)s as changed here; the pack says %(after)s."
        )
    return text % _values(noun, code, attribute, change)


def describe_dropped(section: str, code: str, change: Difference) -> str:
    """Something that the pack no longer names."""
    noun, attribute = noun_of(section, change.place)
    text = _(
        "%(noun)s %(address)s is no longer in the pack; it stays with its data. "
        "Retire it in the settings when nobody needs it."
    )
    return text % _values(noun, code, attribute, change)


def _values(noun: str, code: str, attribute: str, change: Difference) -> dict[str, Any]:
    return {
        "noun": _NOUNS[noun],
        "address": address_of(code, change.place),
        "attribute": attribute,
        "before": shown_value(change.before),
        "after": shown_value(change.after),
    }


def name_of(content: Mapping[str, Any]) -> str:
    """What people call a described thing, in their language."""
    label = content.get("label")
    if label is None:
        return str(content.get("name", content["code"]))
    language = (translation.get_language() or "ru")[:2]
    return str(label.get(language) or label["ru"])


def shown_value(value: Any) -> str:
    """A value of the format as a plan shows it."""
    if isinstance(value, Gap) or value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping) and "ru" in value:
        return _("“%(text)s”") % {"text": name_of({"label": value})}
    if isinstance(value, list):
        return "[" + ", ".join(shown_value(item) for item in value) + "]"
    return _("“%(text)s”") % {"text": value} if isinstance(value, str) else str(value)
