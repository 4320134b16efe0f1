"""The value of an expression for one record, with its steps, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.expressions import ErrorValue, Explanation, Field, Kind
from trassa.people.queries import department_names, names_of
from trassa.records.queries import titles_in, visible_titles
from trassa.records.screens.cells import card_stem
from trassa.schema.queries import current_generation
from trassa.schema.types import Label, Names
from trassa.ui import date_exact, number


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was computed and what came out. `tone` is "bad" for errors, "none" for nothing."""

    text: str
    value: str
    tone: str = ""
    #: Where the value leads: the card of a linked record.
    url: str = ""
    parts: Sequence["Step"] = ()


def make_step(actor: Actor, explanation: Explanation) -> Step:
    """The steps as this person reads them; names are read together."""
    steps = list(walk(explanation))
    titles = record_titles(actor, {*ids_of(steps, Kind.RECORD)})
    names = Names(
        people=names_of({*ids_of(steps, Kind.PERSON)}),
        departments=department_names({*ids_of(steps, Kind.DEPARTMENT)}),
        records=titles_in(titles),
    )
    types = current_generation().types_by_id
    stems = {id: card_stem(types[type_id].code) for type_id, ids in titles.items() for id in ids}
    return step_of(explanation, names, {id: f"{stem}{id}/" for id, stem in stems.items()})


def walk(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    for part in explanation.parts:
        yield from walk(part)


def ids_of(steps: Sequence[Explanation], kind: Kind) -> Iterator[int]:
    """Ids among values of one kind."""
    for step in steps:
        if step.kind is kind and isinstance(step.value, int):
            yield step.value


def record_titles(actor: Actor, ids: set[int]) -> dict[int, dict[int, str]]:
    """Titles of those records that the person sees, by type."""
    wanted = {spec.id: ids for spec in current_generation()} if ids else {}
    return visible_titles(actor, wanted)


def step_of(explanation: Explanation, names: Names, urls: Mapping[int, str]) -> Step:
    text, tone = in_words(explanation, names)
    parts = tuple(step_of(part, names, urls) for part in explanation.parts)
    led = explanation.value if explanation.kind is Kind.RECORD else None
    url = urls.get(led, "") if isinstance(led, int) else ""
    return Step(explanation.text, text, tone, url, parts)


def in_words(step: Explanation, names: Names) -> tuple[str, str]:
    """A value as people read it, and its tone."""
    if isinstance(step.value, ErrorValue):
        return str(step.value), "bad"
    if step.value is None or step.value == "":
        return _("empty"), "none"
    return plain_words(step, names), ""


def plain_words(step: Explanation, names: Names) -> str:
    """A value that is there."""
    named = {Kind.PERSON: names.people, Kind.DEPARTMENT: names.departments, Kind.RECORD: names.records}
    match step.value:
        case bool():
            words = _("yes") if step.value else _("no")
        case Decimal():
            words = written(step, step.value)
        case datetime():
            words = date_exact(step.value)
        case date():
            words = f"{step.value:%d.%m.%Y}"
        case int() if step.kind in named:
            words = named[step.kind].get(step.value, "…")
        case int() | tuple() | list():
            labels = option_labels(step)
            ids = [step.value] if isinstance(step.value, int) else step.value
            words = ", ".join(str(labels.get(id, "?")) for id in ids)
        case _:
            words = str(step.value)
    return words


def written(step: Explanation, value: Decimal) -> str:
    """A number with the unit of its field; figures behind the point as far as there are any."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    if isinstance(step.node, Field) and step.node.unit == "percent":
        return f"{number(value * 100, max(0, places - 2))}\u00a0%"
    text = number(value, places)
    return f"{text}\u00a0₽" if isinstance(step.node, Field) and step.node.unit == "money" else text


def option_labels(step: Explanation) -> dict[int, Label]:
    """Labels by id of what a step chooses among: stages, pipelines, or options of choices."""
    generation = current_generation()
    last = step.node.path[-1] if isinstance(step.node, Field) else ""
    if last == "stage_id":
        return {id: stage.label for id, stage in generation.stages_by_id.items()}
    if last == "pipeline_id":
        return {id: pipeline.label for id, pipeline in generation.pipelines_by_id.items()}
    return {
        option.id: option.label for spec in generation for field in spec.fields for option in field.options
    }
