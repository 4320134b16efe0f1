"""Says what keeps a thing from being retired, and what has to happen first."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trassa.solutions.spoken import called
from trassa.solutions.words import NOUNS


def describe_occupied(noun: str, address: str, count: int, successor: str) -> str:
    """A stage, pipeline or department that cannot go yet."""
    if noun == "department":
        text = ngettext(
            "department %(address)s cannot be retired: %(count)s person belongs to it. Move them first.",
            "department %(address)s cannot be retired: %(count)s people belong to it. Move them first.",
            count,
        )
    elif noun == "stage" and successor:
        text = ngettext(
            "stage %(address)s cannot be retired: %(count)s record stands in it. "
            "Move it to “%(successor)s” first; in the list all can be moved at once.",
            "stage %(address)s cannot be retired: %(count)s records stand in it. "
            "Move them to “%(successor)s” first; in the list all can be moved at once.",
            count,
        )
    else:
        text = ngettext(
            "%(noun)s %(address)s cannot be retired: %(count)s record stands in it. "
            "Move it to another stage first; in the list all can be moved at once.",
            "%(noun)s %(address)s cannot be retired: %(count)s records stand in it. "
            "Move them to another stage first; in the list all can be moved at once.",
            count,
        )
    place = called(noun, address)
    return text % {"noun": NOUNS[noun], "address": place, "count": count, "successor": successor}


def describe_linked(address: str, links: list[str]) -> str:
    """A type that others still link to."""
    text = _("type %(address)s cannot be retired: %(links)s link to it. Retire these fields first.")
    return text % {"address": called("type", address), "links": _fields(links)}


def describe_shown(address: str, lookups: list[str]) -> str:
    """A field that lookups still show or go through."""
    text = _("field %(address)s cannot be retired: %(lookups)s show it. Retire these fields first.")
    return text % {"address": called("field", address), "lookups": _fields(lookups)}


def describe_in_pipelines(address: str, pipelines: list[str]) -> str:
    """A type that pipelines still belong to."""
    text = _("type %(address)s cannot be retired: pipelines belong to it: %(pipelines)s. Retire them first.")
    named = ", ".join(called("pipeline", each) for each in pipelines)
    return text % {"address": called("type", address), "pipelines": named}


def describe_given(address: str, rules: list[str]) -> str:
    """A template that rules still give tasks by."""
    text = _("task template %(address)s cannot be retired: rules use it: %(rules)s. Change them first.")
    named = ", ".join(called("rule", each) for each in rules)
    return text % {"address": called("task", address), "rules": named}


def describe_parent(address: str, below: list[str]) -> str:
    """A department that others still belong to."""
    text = _("department %(address)s cannot be retired: %(below)s lie below it. Move them first.")
    return text % {"address": address, "below": ", ".join(below)}


def describe_title(address: str, field: str) -> str:
    """A field that a title is made of."""
    text = _(
        "field %(field)s cannot be retired: titles of %(address)s are made of it. Change the title first."
    )
    return text % {"address": called("type", address), "field": called("field", field)}


def _fields(addresses: list[str]) -> str:
    return ", ".join(called("field", each) for each in addresses)
