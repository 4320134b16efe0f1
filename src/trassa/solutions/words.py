"""Says differences between configurations in words, for plans and conflicts."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trassa.schema.queries import Conversion
from trassa.solutions.documents import Place
from trassa.solutions.facts import Facts
from trassa.solutions.format import SECTIONS, GrantEntry, Words
from trassa.solutions.merging import Difference, Gap
from trassa.solutions.plans import Step, StepKind
from trassa.solutions.spoken import (
    attribute_called,
    called,
    introduced,
    place_called,
    quoted,
    scope_called,
    value_of,
    verb_name,
)

NOUNS: Mapping[str, str | Promise] = {
    "calendar": gettext_lazy("calendar"),
    "department": gettext_lazy("department"),
    "type": gettext_lazy("type"),
    "field": gettext_lazy("field"),
    "option": gettext_lazy("option"),
    "pipeline": gettext_lazy("pipeline"),
    "stage": gettext_lazy("stage"),
    "reason": gettext_lazy("reason"),
    "condition": gettext_lazy("condition"),
    "item": gettext_lazy("item of the checklist"),
    "role": gettext_lazy("role"),
    "task": gettext_lazy("task template"),
    "rule": gettext_lazy("rule"),
}
#: How many unfit values a plan shows.
_EXAMPLES = 3
#: Lists whose items have codes, and what an item is.
_PARTS = {
    "fields": "field",
    "options": "option",
    "stages": "stage",
    "reasons": "reason",
    "enter_when": "condition",
    "checklist": "item",
}


def noun_of(section: str, place: Place) -> tuple[str, str]:
    """What kind of thing a place is in, and which of its attributes: ("field", "label.ru")."""
    noun, attribute = SECTIONS[section].noun, [str(step) for step in place]
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


def whole_address(code: str, place: Place) -> str:
    """Where a place is, its attribute included: "car.price.label.ru"."""
    steps = [str(step) for step in place]
    codes = [code]
    while len(steps) >= 2 and steps[0] in _PARTS and steps[1] != "order":
        codes.append(steps[1])
        steps = steps[2:]
    return ".".join([*codes, *steps])


def describe_change(section: str, code: str, change: Difference, facts: Facts) -> Step:
    """One step of a plan."""
    noun, attribute = noun_of(section, change.place)
    address = address_of(code, change.place)
    values = {
        "noun": NOUNS[noun],
        "address": called(noun, address),
        "attribute": attribute_called(attribute),
    }
    if isinstance(change.after, Gap) and not attribute:
        return describe_retirement(noun, address, change.before, facts)
    if isinstance(change.before, Gap) and not attribute and facts.is_retired(noun, address):
        text = _("restore %(noun)s %(thing)s") % {**values, "thing": thing_of(noun, address, change.after)}
        return Step("restore", address, text + _use(noun, facts.count(noun, address)))
    if isinstance(change.before, Gap) and not attribute:
        text = _("add %(noun)s %(thing)s") % {**values, "thing": thing_of(noun, address, change.after)}
        worked_out = change.after.get("formula") or change.after.get("frozen_when")
        counted = _counted(worked_out if noun == "field" else None, address, facts)
        return Step("add", address, text + _details(noun, change.after) + counted)
    if attribute.startswith("layout"):
        return Step("change", address, _("change the layout of %(address)s: %(attribute)s") % values)
    if attribute.endswith("order"):
        return Step("change", address, _("change the order in %(address)s: %(attribute)s") % values)
    change_text = _("change %(noun)s %(address)s: %(attribute)s %(before)s → %(after)s")
    recounts = noun == "field" and attribute in ("formula", "frozen_when")
    counted = _counted(change.after, address, facts) if recounts else ""
    return Step("change", address, change_text % {**values, **_sides(attribute, change)} + counted)


def thing_of(noun: str, address: str, content: Mapping[str, Any]) -> str:
    """A thing that is named for the first time in a plan."""
    return introduced(noun, address, name_of(content))


def _sides(attribute: str, change: Difference) -> dict[str, str]:
    """Both values of a difference."""
    before, after = (value_of(attribute, each) for each in (change.before, change.after))
    return {"before": shown_value(before), "after": shown_value(after)}


def _counted(formula: Any, address: str, facts: Facts) -> str:
    """How many records a new formula is counted for; nothing for one that is computed when it is read."""
    if not isinstance(formula, str) or any(name in formula for name in ("TODAY()", "NOW()")):
        return ""
    count = facts.count("type", address.partition(".")[0])
    if not count:
        return ""
    text = ngettext("; %(count)s record is counted", "; %(count)s records are counted", count)
    return text % {"count": count}


def with_conversion(text: str, conversion: Conversion, *, emptying: bool) -> str:
    """A step that changes a kind, with how many values are written anew or left empty."""
    count = len(conversion.rewritten)
    if count:
        more = ngettext("; %(count)s value is rewritten", "; %(count)s values are rewritten", count)
        text += more % {"count": count}
    if emptying:
        less = ngettext(
            "; %(count)s value that does not fit is left empty and stays in history",
            "; %(count)s values that do not fit are left empty and stay in history",
            len(conversion.unfit),
        )
        text += less % {"count": len(conversion.unfit)}
    return text


def with_typed(text: str, count: int) -> str:
    """A step that gives a field a formula, with how many values in it somebody typed before."""
    if not count:
        return text
    more = ngettext(
        "; %(count)s value that was filled in is replaced by what the formula gives and stays in history",
        "; %(count)s values that were filled in are replaced by what the formula gives and stay in history",
        count,
    )
    return text + more % {"count": count}


def describe_undecided(label: Words, conversion: Conversion) -> str:
    """Values that are in the way of another kind, where somebody can decide about them at once."""
    text = _(
        "“%(name)s”: %(count)s of %(all)s values do not fit the new kind. Choose below what becomes of them."
    )
    name = name_of({"label": label.model_dump()})
    return text % {"name": name, "count": len(conversion.unfit), "all": conversion.count}


def describe_unfit(address: str, conversion: Conversion) -> str:
    """Values that are in the way of another kind."""
    text = ngettext(
        "field %(address)s cannot become %(kind)s: %(count)s of %(all)s values does not fit (%(examples)s).",
        "field %(address)s cannot become %(kind)s: %(count)s of %(all)s values do not fit (%(examples)s).",
        len(conversion.unfit),
    )
    some = [f"{each.number} {quoted(each.text)}" for each in conversion.unfit[:_EXAMPLES]]
    examples = ", ".join(some) + (", …" if len(conversion.unfit) > _EXAMPLES else "")
    numbers = {"count": len(conversion.unfit), "all": conversion.count}
    told = text % {"address": address, "kind": conversion.kind, "examples": examples, **numbers}
    hint = ngettext(
        "Correct it, or keep the kind with --take local:%(address)s.kind.",
        "Correct them, or keep the kind with --take local:%(address)s.kind.",
        len(conversion.unfit),
    )
    return f"{told} {hint % {'address': address}}"


def describe_emptied(label: Words) -> str:
    """A required field, whose values cannot be left empty."""
    text = _("“%(name)s” is required, so its values cannot be left empty. First apply it as not required.")
    return text % {"name": name_of({"label": label.model_dump()})}


def _details(noun: str, content: Mapping[str, Any]) -> str:
    """What an added thing brings along."""
    if noun == "type":
        return _(", %(count)s fields") % {"count": len(content["fields"])}
    if noun == "pipeline":
        return _(", %(count)s stages") % {"count": len(content["stages"])}
    if noun == "field":
        return f" ({value_of('kind', content['kind'])})"
    return ""


def describe_retirement(noun: str, address: str, content: Mapping[str, Any], facts: Facts) -> Step:
    """Something that is taken out of use; its data stay."""
    values = {"noun": NOUNS[noun], "thing": thing_of(noun, address, content)}
    text = _("retire %(noun)s %(thing)s") % values
    return Step("retire", address, text + _use(noun, facts.count(noun, address)))


def _use(noun: str, count: int) -> str:
    """Who has something of what is retired or restored."""
    if not count:
        return ""
    if noun == "field":
        text = ngettext(", %(count)s record has a value", ", %(count)s records have values", count)
    elif noun in {"role", "department", "calendar"}:
        text = ngettext(", %(count)s person", ", %(count)s people", count)
    else:
        text = ngettext(", %(count)s record", ", %(count)s records", count)
    return text % {"count": count}


def describe_grant(role: str, grant: GrantEntry, kind: StepKind) -> Step:
    """A right that a role gets or loses."""
    texts = {
        "add": _("role %(role)s may now %(verb)s: %(where)s (%(scope)s)"),
        "remove": _("role %(role)s may no longer %(verb)s: %(where)s (%(scope)s)"),
    }
    values = {
        "role": called("role", role),
        "verb": verb_name(grant.verbs[0]),
        "where": place_called(grant),
        "scope": scope_called(grant),
    }
    return Step(kind, role, texts[kind] % values)


def describe_fixed(section: str, code: str, change: Difference) -> str:
    """A change that cannot be made."""
    noun, attribute = noun_of(section, change.place)
    text = _(
        "%(noun)s %(address)s: %(attribute)s is %(before)s and never changes; "
        "the pack wants %(after)s and must use another code."
    )
    return text % _values(noun, code, attribute, change)


def describe_conflict(section: str, code: str, change: Difference, *, in_browser: bool) -> str:
    """A value that both sides changed."""
    noun, attribute = noun_of(section, change.place)
    if in_browser:
        text = _(
            "%(noun)s %(address)s: %(attribute)s is now %(before)s, changed by somebody; "
            "the draft says %(after)s."
        )
    else:
        text = _(
            "%(noun)s %(address)s: %(attribute)s was changed here to %(before)s "
            "and by the pack to %(after)s; choose with --take pack:%(place)s or --take local:%(place)s."
        )
    values = _values(noun, code, attribute, change)
    return text % {**values, "place": whole_address(code, change.place)}


def describe_kept(section: str, code: str, change: Difference) -> str:
    """A value that stays as it was changed here."""
    noun, attribute = noun_of(section, change.place)
    if isinstance(change.before, Gap) and not attribute:
        text = _("%(noun)s %(address)s was removed here and stays removed.")
    else:
        text = _(
            "%(noun)s %(address)s: %(attribute)s stays %(before)s as changed here; the pack says %(after)s."
        )
    return text % _values(noun, code, attribute, change)


def describe_dropped(section: str, code: str, change: Difference) -> str:
    """Something that the pack no longer names."""
    return describe_dropped_at(noun_of(section, change.place)[0], address_of(code, change.place))


def describe_dropped_at(noun: str, address: str) -> str:
    text = _(
        "%(noun)s %(address)s is no longer in the pack; it stays with its data. "
        "Retire it in the settings when nobody needs it."
    )
    return text % {"noun": NOUNS[noun], "address": called(noun, address)}


def describe_restored(noun: str, address: str) -> str:
    """Something that the pack retired before and that was brought back here."""
    text = _("%(noun)s %(address)s was restored here and stays, although the pack retires it.")
    return text % {"noun": NOUNS[noun], "address": address}


def describe_other_kind(address: str, kind: str) -> str:
    """A field cannot come back as something else."""
    text = _(
        "field %(address)s: a retired field of the kind %(kind)s has this code and keeps its values; "
        "the pack must use another code."
    )
    return text % {"address": called("field", address), "kind": kind}


def describe_broken(fault: str) -> str:
    """An expression that uses what goes."""
    return _("An expression uses what would go, change it first: %(fault)s") % {"fault": fault}


def with_successor(text: str, successor: str) -> str:
    """A step with what takes the place of the retired thing."""
    return _("%(step)s; use “%(successor)s” instead") % {"step": text, "successor": successor}


def _values(noun: str, code: str, attribute: str, change: Difference) -> dict[str, Any]:
    return {
        "noun": NOUNS[noun],
        "address": called(noun, address_of(code, change.place)),
        "attribute": attribute_called(attribute),
        **_sides(attribute, change),
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
        return quoted(name_of({"label": value}))
    if isinstance(value, Mapping) and ("label" in value or "code" in value):
        return quoted(name_of(value))
    if isinstance(value, list):
        return "[" + ", ".join(shown_value(item) for item in value) + "]"
    return quoted(value) if isinstance(value, str) else str(value)
