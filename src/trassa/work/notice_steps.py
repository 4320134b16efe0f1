"""The step of rules that tells people something."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.automation.actions.running import Rows, read_rows, type_of
from trassa.automation.queries import Checking
from trassa.automation.queries.choices import check_choice, choice_in_words, find_meant
from trassa.automation.types import Choice, Flight, Settings, StepKind
from trassa.kernel import Unavailable
from trassa.people.queries import find_role, list_holders, names_of, people_by_ids
from trassa.schema.types import Label, TypeSpec
from trassa.work.actions.notices import tell
from trassa.work.notice_kinds import RULE
from trassa.work.notice_types import NewNotice

#: Characters of a message.
LONGEST = 500


class Notify(Settings):
    """Whom: the `owner`, the owner's `head`, a `person` by login, everybody with a `role`, whoever a `field`
    names, the `actor` who set the rule off. And the text, in English where it is to have another one.
    """

    how: Literal["owner", "head", "person", "role", "field", "actor"] = "owner"
    person: str = ""
    role: str = ""
    field: str = ""
    text: str = ""
    text_en: str = ""

    @property
    def choice(self) -> Choice:
        return Choice(self.how, self.person, self.field, self.role)


def check(settings: Notify, checking: Checking) -> Notify:
    check_choice(settings.choice, checking)
    if not settings.text.strip():
        checking.fault(_("Write what they are told."))
    if max(len(settings.text), len(settings.text_en)) > LONGEST:
        checking.fault(_("Write at most %s characters.") % LONGEST)
    return settings


def in_words(settings: Notify, spec: TypeSpec) -> str:
    return _("Tell %(who)s: %(text)s") % {
        "who": choice_in_words(settings.choice, spec),
        "text": Label(settings.text, settings.text_en),
    }


def carry_out(settings: Notify, flights: Sequence[Flight]) -> None:
    spec = type_of(flights[0].rule)
    rows = read_rows(spec, [flight.record_id for flight in flights])
    data = {"text": settings.text, "text_en": settings.text_en}
    notices: list[NewNotice] = []
    told_of = whom(settings, spec, rows, flights)
    for flight in flights:
        people = told_of.get(flight.record_id)
        if not people:
            raise Unavailable(_("There is nobody to tell."), code="nobody")
        key = f"rule:{flight.run_id}:{flight.instruction.place}:{flight.record_id}"
        notices += [
            NewNotice(
                id, RULE, key, record_id=flight.record_id, data=data, is_personal=settings.how != "role"
            )
            for id in people
        ]
        flight.tell(people=people)
    tell(notices)


def whom(settings: Notify, spec: TypeSpec, rows: Rows, flights: Sequence[Flight]) -> dict[int, list[int]]:
    """Record → those who are to be told about it."""
    if settings.how == "role":
        role = find_role(settings.role)
        holders = [person.id for person in list_holders(role.id)] if role else []
        return {flight.record_id: holders for flight in flights}
    meant = find_meant(settings.choice, spec, rows, flights)
    active = {person.id for person in people_by_ids({id for id in meant.values() if id is not None})}
    return {record: [id] if id in active else [] for record, id in meant.items() if id is not None}


def told(did: Mapping[str, Any], spec: TypeSpec) -> str:
    names = names_of(did["people"])
    return _("Told %s") % ", ".join(names.get(id, "?") for id in did["people"][:20])


KIND = StepKind(gettext_lazy("Notify"), "bell", Notify, check, in_words, carry_out, told)
