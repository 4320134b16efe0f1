"""Undecided lines side by side with the records that they may mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.queries.comparisons import Candidate, Comparison, compare_undecided
from trassa.imports.queries.subjects import type_of
from trassa.imports.rows import reasons_in_words
from trassa.imports.screens.columns import label_of
from trassa.imports.types import Fate, ImportRun, RowOutcome
from trassa.schema.types import TypeSpec
from trassa.ui import number

#: Lines that are shown at a time.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the record: the same as in the line, different, or nothing yet."""

    text: str
    #: "", "differs" or "fills".
    state: str


@dataclass(frozen=True, slots=True)
class ComparedField:
    label: str
    incoming: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Found:
    """A record that the line may mean."""

    id: int
    title: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line to decide about."""

    line: int
    fields: Sequence[ComparedField]
    found: Sequence[Found]
    #: What has gone wrong with it since.
    why: str


@dataclass(frozen=True, slots=True)
class Decisions:
    lines: Sequence[DecisionLine]
    left: int
    left_words: str
    url: str


def make_decisions(run: ImportRun, actor: Actor) -> Decisions:
    """The next lines of a run that wait for a decision."""
    spec = type_of(run)
    return Decisions(
        lines=[make_decision(each, spec) for each in compare_undecided(run, actor, limit=SHOWN)],
        left=run.counts.undecided,
        left_words=number(run.counts.undecided),
        url=reverse("imports:decide", args=[run.id]),
    )


def make_decision(comparison: Comparison, spec: TypeSpec) -> DecisionLine:
    found = comparison.candidates
    return DecisionLine(
        line=comparison.line,
        fields=[
            ComparedField(label_of(code, spec), text, [value_of(each, code, text) for each in found])
            for code, text in comparison.texts.items()
            if text
        ],
        found=[
            Found(each.id, each.title, each.number, reverse("records:card", args=[spec.code, each.id]))
            for each in found
        ],
        why=reasons_in_words(comparison.reasons, spec),
    )


def value_of(candidate: Candidate, code: str, incoming: str) -> Value:
    text = candidate.texts.get(code, "")
    if not text:
        return Value("", "fills")
    return Value(text, "" if text == incoming else "differs")


def in_words(outcome: RowOutcome, spec: TypeSpec) -> tuple[str, str]:
    """What a decision has made of a line, and the tone of saying so."""
    words = {
        Fate.CREATED: _("Line %s: a record of its own was created."),
        Fate.UPDATED: _("Line %s: the record was changed."),
        Fate.DUPLICATE: _("Line %s: the record stays as it is."),
    }
    if outcome.fate in words:
        return words[outcome.fate] % outcome.line, "ok"
    message = _("Line %(line)s was rejected. %(why)s")
    return message % {"line": outcome.line, "why": reasons_in_words(outcome.reasons, spec)}, "bad"
