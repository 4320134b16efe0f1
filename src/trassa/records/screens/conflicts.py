"""What somebody else wrote while a form was open: the value now, by whom and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.records.queries import list_history
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.cells import CellMaker
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import date_exact, date_short

#: What conflicts name beside fields.
BASE = ("stage", "owner")
#: What a field in conflict keeps: "take-amount" is `mine` or `theirs`.
TAKE = "take-"


@dataclass(frozen=True, slots=True)
class Theirs:
    """The present value of a field, beside what this person typed."""

    #: The value in words, "—" when it was emptied.
    words: str
    #: Who wrote it; "" for Trassa itself.
    who: str = ""
    at: str = ""
    at_exact: str = ""
    #: Whether this person decided to leave it so.
    taken: bool = False


def decided_in(asked: QueryDict) -> list[str]:
    """Fields in conflict about which the dialog has asked already."""
    return [name.removeprefix(TAKE) for name in asked if name.startswith(TAKE)]


def taken_in(asked: QueryDict) -> set[str]:
    """Fields in conflict that stay as the other person wrote them."""
    return {code for code in decided_in(asked) if asked[TAKE + code] == "theirs"}


def read_theirs(
    actor: Actor, spec: TypeSpec, record: Record, codes: Iterable[str], *, taken: Iterable[str] = ()
) -> dict[str, Theirs]:
    """Field code (or `stage`, `owner`) → what is stored now and who wrote it last.

    Codes of fields that the person does not see are left out. One query of history a code: conflicts are
    rare and name few fields.
    """
    visible = {field.code: field for field in actor.visible_fields(spec)}
    fields = {code: visible.get(code) for code in codes if code in visible or code in BASE}
    written = {
        code: next(iter(list_history(actor, spec, record.id, limit=1, of=field or code)), None)
        for code, field in fields.items()
    }
    wanted = NamesWanted()
    wanted.add_person(record.owner_id)
    for entry in written.values():
        wanted.add_person(entry.actor_id if entry else None)
    for code, field in fields.items():
        if field is not None:
            wanted.add_value(field, record.values.get(code))
    names = wanted.read(actor)
    cells = CellMaker(current_generation(), names)
    found = {}
    for code, field in fields.items():
        entry = written[code]
        if field is not None:
            words = cells.of_field(field)(record.values.get(code)).text
        else:
            words = base_words(record, code, names.people)
        found[code] = Theirs(
            words=words or "—",
            who=names.people.get(entry.actor_id or 0, "") if entry else "",
            at=date_short(entry.at) if entry else "",
            at_exact=date_exact(entry.at) if entry else "",
            taken=code in taken,
        )
    return found


def base_words(record: Record, code: str, people: Mapping[int, str]) -> str:
    """The stage or the owner in words."""
    if code == "owner":
        return people.get(record.owner_id or 0, "")
    stage = current_generation().stages_by_id.get(record.stage_id or 0) if code == "stage" else None
    return str(stage.label) if stage else ""
