"""The page “Waiting for me”: sections by urgency, counters, filters, and whose inbox it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import Actor
from trassa.kernel import now
from trassa.people.queries import names_of
from trassa.ui import address_of, number
from trassa.work.queries.inbox import COUNT_LIMIT, begin_of_tomorrow
from trassa.work.queries.parts import principals_of
from trassa.work.screens.task_histories import Names
from trassa.work.screens.tasks import TaskRow, kind_label, row_of
from trassa.work.types import OUTCOMES, InboxCounts, InboxQuery, TaskLine

PAGE = 60
APPROVAL = "approval"
_SECTIONS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Today"),
    "later": gettext_lazy("Later"),
    "undated": gettext_lazy("Without a date"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    #: “My approvals” instead of everything.
    approvals: bool = False
    kind: str = ""
    when: str = ""
    words: str = ""
    snoozed: bool = False
    #: Id of a person for whom the reader stands in.
    instead_of: int | None = None

    def query(self, *, counted: bool = False) -> InboxQuery:
        """What is listed; `counted` leaves out what counters show side by side."""
        kinds = [APPROVAL] if self.approvals else [self.kind] if self.kind and not counted else []
        return InboxQuery(
            kinds=kinds,
            when="" if counted else self.when,
            words=self.words,
            snoozed=self.snoozed,
            limit=PAGE,
        )

    @property
    def path(self) -> str:
        return address_of("work:approvals" if self.approvals else "work:inbox")

    @property
    def _values(self) -> Mapping[str, str]:
        return {
            "kind": self.kind,
            "when": self.when,
            "q": self.words,
            "snoozed": "1" if self.snoozed else "",
            "for": str(self.instead_of or ""),
        }

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What stands in the address."""
        return [(key, value) for key, value in self._values.items() if value]

    def url(self, **changes: str) -> str:
        """The address with something else."""
        given = {key: value for key, value in {**self._values, **changes}.items() if value}
        return f"{self.path}?{urlencode(given)}" if given else self.path


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be chosen, with how much it shows."""

    label: str
    url: str
    active: bool
    count: str | None = None


@dataclass(frozen=True, slots=True)
class InboxView:
    """The page, ready to be drawn."""

    title: str
    asked: Asked
    #: Code, heading and lines of each.
    sections: Sequence[tuple[str, str, Sequence[TaskRow]]]
    whens: Sequence[Choice]
    kinds: Sequence[Choice]
    principals: Sequence[Choice]
    #: Whose inbox it is, "" for the reader's own.
    whose: str
    #: The reader stands in for them today.
    stands_in: bool
    #: The address of the rows behind the last one, "" when all are shown.
    more: str
    is_narrowed: bool
    snoozed: Choice

    @property
    def rows(self) -> int:
        return sum(len(rows) for _code, _label, rows in self.sections)


def inbox_view(
    actor: Actor, asked: Asked, lines: Sequence[TaskLine], counts: InboxCounts, following: str
) -> InboxView:
    """Puts what was read into words."""
    names = Names(lines)
    titles = names_of([asked.instead_of] if asked.instead_of else [])
    return InboxView(
        title=_("My approvals") if asked.approvals else _("Waiting for me"),
        asked=asked,
        sections=sections_of(lines, names),
        whens=when_choices(asked, counts),
        kinds=[] if asked.approvals else kind_choices(asked, counts),
        principals=principal_choices(actor, asked),
        whose=titles.get(asked.instead_of or 0, ""),
        stands_in=actor.id is not None and asked.instead_of in principals_of(actor.id),
        more=following,
        is_narrowed=bool(asked.kind or asked.when or asked.words),
        snoozed=Choice(
            _("With what is put off"), asked.url(snoozed="" if asked.snoozed else "1"), asked.snoozed
        ),
    )


def sections_of(lines: Sequence[TaskLine], names: Names) -> list[tuple[str, str, list[TaskRow]]]:
    """The lines under their headings; they come in the order of these."""
    found: dict[str, list[TaskRow]] = {}
    for line in lines:
        found.setdefault(section_of(line), []).append(row_of(line, names, False))
    return [(code, str(_SECTIONS[code]), rows) for code, rows in found.items()]


def section_of(line: TaskLine) -> str:
    if line.due_at is None:
        return "undated"
    if line.due_at < now():
        return "overdue"
    return "today" if line.due_at < begin_of_tomorrow() else "later"


def when_choices(asked: Asked, counts: InboxCounts) -> list[Choice]:
    """All, overdue, today."""
    found = [
        ("", _("All"), counts.total),
        ("overdue", _("Overdue"), counts.overdue),
        ("today", _("Today"), counts.today),
    ]
    return [
        Choice(label, asked.url(when=code), asked.when == code, shown(count, counts))
        for code, label, count in found
    ]


def kind_choices(asked: Asked, counts: InboxCounts) -> list[Choice]:
    """The kinds of which something waits, and the one that is chosen."""
    found = [Choice(_("All kinds"), asked.url(kind=""), not asked.kind)]
    for kind in OUTCOMES:
        count = counts.kinds.get(kind, 0)
        if count or asked.kind == kind:
            label = kind_label(kind)
            found.append(Choice(label, asked.url(kind=kind), asked.kind == kind, shown(count, counts)))
    return found


def principal_choices(actor: Actor, asked: Asked) -> list[Choice]:
    """Their own inbox and those of whom they stand in for; nothing for who stands in for nobody."""
    ids = principals_of(actor.id) if actor.id is not None else []
    if not ids:
        return []
    names = names_of(ids)
    others = [Choice(names[id], asked.url(**{"for": str(id)}), asked.instead_of == id) for id in ids]
    return [Choice(_("Mine"), asked.url(**{"for": ""}), asked.instead_of is None), *others]


def shown(count: int, counts: InboxCounts) -> str:
    """A counter; where counting stopped, that there are more."""
    if count > COUNT_LIMIT or (counts.more and count):
        return f"{number(min(count, COUNT_LIMIT))}+"
    return number(count)
