"""Why somebody can or cannot do something with a record: what an administrator asks, and the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import Actor, actor_of, why
from trassa.access.types import Explanation, Verb
from trassa.kernel import NotFound
from trassa.people.queries import get_person, list_people, roles_of
from trassa.records.queries import find_hits, get_record
from trassa.records.screens.boards import row_of
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.ui import NavItem, address_of, read_id

VERB_WORDS: dict[Verb, str | Promise] = {
    Verb.SEE: gettext_lazy("see"),
    Verb.CREATE: gettext_lazy("create one like it"),
    Verb.EDIT: gettext_lazy("edit"),
    Verb.MOVE: gettext_lazy("move through stages"),
    Verb.DELETE: gettext_lazy("put into the bin"),
    Verb.EXPORT: gettext_lazy("export"),
}
#: Records that are offered while somebody types.
SUBJECTS = 8
_ADDRESS = re.compile(r"/r/([a-z][a-z0-9_]*)/([0-9]{1,18})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Question:
    """What was chosen: texts as they came. `record` is an address, or `deal/17`."""

    person: str = ""
    record: str = ""
    verb: str = Verb.SEE
    field: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in sentences; `verdict` is its first."""

    allowed: bool
    verdict: str
    lines: Sequence[str]
    #: Roles of the person: label and address.
    roles: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WhyScreen:
    """The form, what is wrong with it, and the answer when everything was chosen."""

    question: Question
    people: Sequence[tuple[str, str]]
    verbs: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    title: str = ""
    url: str = ""
    error: str = ""
    answer: Answer | None = None


def make_why(asker: Actor, question: Question) -> WhyScreen:
    """The page for a question. `asker` is an administrator, who sees every record."""
    found, error = None, ""
    if question.record.strip():
        try:
            found = find_subject(asker, question.record)
        except NotFound as refusal:
            error = str(refusal)
    people = [(str(each.person.id), _person_words(each.person)) for each in list_people()]
    answer = None
    person_id = read_id(question.person)
    if found and person_id is not None and question.verb in Verb.__members__.values():
        answer = _answer(question, person_id, *found)
    return WhyScreen(
        question=question,
        people=people,
        verbs=[(verb.value, str(words)) for verb, words in VERB_WORDS.items()],
        fields=[(field.code, str(field.label)) for field in found[0].fields] if found else [],
        title=found[1].title if found else "",
        url=address_of("records:card", found[0].code, found[1].id) if found else "",
        error=error,
        answer=answer,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """A record to ask about: `deal/17`, its title, and its type and number."""

    value: str
    title: str
    hint: str


def list_subjects(asker: Actor, text: str) -> list[Subject]:
    """Records that a text finds, for an administrator; the one whose address it is."""
    if not text:
        return []
    try:
        return [_subject(*find_subject(asker, text))]
    except NotFound:
        types = current_generation().types_by_id
        hits = find_hits(asker, text, limit=SUBJECTS).hits
        return [
            Subject(
                f"{types[hit.type_id].code}/{hit.id}", hit.title, f"{types[hit.type_id].label} {hit.number}"
            )
            for hit in hits
        ]


def _subject(spec: TypeSpec, record: Record) -> Subject:
    return Subject(f"{spec.code}/{record.id}", record.title or record.number, f"{spec.label} {record.number}")


def find_subject(asker: Actor, text: str) -> tuple[TypeSpec, Record]:
    """The record that an address or `deal/17` names, in the bin too; raises NotFound."""
    split = urlsplit(text.strip())
    named = _ADDRESS.search(f"{split.path}?{split.query}") or _ADDRESS.search(f"/r/{text.strip()}")
    spec = current_generation().types.get(named[1]) if named else None
    if named is None or spec is None:
        raise NotFound(_("Paste the address of a card, such as /r/deal/17/."))
    try:
        return spec, get_record(asker, spec, int(named[2]))
    except NotFound:
        return spec, get_record(asker, spec, int(named[2]), binned=True)


def _answer(question: Question, person_id: int, spec: TypeSpec, record: Record) -> Answer:
    person = get_person(person_id)
    verb, field = Verb(question.verb), spec.by_code.get(question.field)
    told = why(actor_of(person), verb, row_of(spec, record), spec, field)
    if not person.is_active:
        told = Explanation(False, (_("%(name)s is dismissed and cannot sign in.") % {"name": person.name},))
    roles = [(str(role), address_of("access:role", role.code)) for role in roles_of(person.id)]
    return Answer(told.allowed, _verdict(person.name, told.allowed, verb, record, field), told.lines, roles)


def _verdict(name: str, allowed: bool, verb: Verb, record: Record, field: FieldSpec | None) -> str:
    words = {"name": name, "verb": VERB_WORDS[verb], "record": record.title}
    if field is None:
        text = (
            _("%(name)s can %(verb)s “%(record)s”.")
            if allowed
            else _("%(name)s cannot %(verb)s “%(record)s”.")
        )
        return text % words
    text = (
        _("%(name)s can %(verb)s the field “%(field)s” of “%(record)s”.")
        if allowed
        else _("%(name)s cannot %(verb)s the field “%(field)s” of “%(record)s”.")
    )
    return text % {**words, "field": field.label}


def _person_words(person: object) -> str:
    name = str(person)
    return name if getattr(person, "is_active", True) else _("%(name)s (dismissed)") % {"name": name}


def ask_why(actor: Actor, spec: TypeSpec, id: int) -> NavItem | None:
    """In the menu of a card, for administrators."""
    if not actor.everything:
        return None
    address = f"{address_of('records:why')}?record={spec.code}/{id}"
    return NavItem(_("Who can do what here"), address, "lock")
