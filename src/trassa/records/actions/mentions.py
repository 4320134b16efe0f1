"""People whom a comment names by `@login`.

Only who sees the record can be named: a mention of somebody else is refused, because it would promise that
they hear of it. Who was named already may stay in a text that is changed, whatever they see by now.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from trassa.kernel import FieldError, Invalid
from trassa.people.queries import people_by_logins
from trassa.records.models import Comment, Mention
from trassa.records.queries.audience import read_place, seers_among
from trassa.schema.types import TypeSpec

#: An @ that does not stand inside a word or an address of e-mail, and what may be a login.
_NAMED = re.compile(r"(?<![\w.@+-])@([a-z0-9][a-z0-9._@+-]{0,63})", re.IGNORECASE)
_TRAILING = ".-@+_"


def find_words(text: str) -> set[str]:
    """What stands behind an @: each also without the signs at its end, which may belong to the sentence."""
    found = {match.group(1) for match in _NAMED.finditer(text)}
    return found | {word.rstrip(_TRAILING) for word in found}


def people_named(text: str) -> Mapping[int, tuple[str, str]]:
    """Person id → login as it stands in the text, and name; what nobody has as a login is only a word."""
    words = find_words(text)
    people = people_by_logins({word.lower() for word in words})
    found: dict[int, tuple[str, str]] = {}
    for word in sorted(words):
        person = people.get(word.lower())
        if person is not None:
            found[person.id] = (word, person.name)
    return found


def put_mentions(spec: TypeSpec, comment: Comment) -> list[int]:
    """Keep whom the text of a comment names; gives those whom it did not name before.

    Inside the caller's transaction. Raises Invalid (field "text") for somebody who does not see the record.
    """
    named = people_named(comment.text)
    before = set(Mention.objects.filter(comment=comment).values_list("person_id", flat=True))
    new = sorted(named.keys() - before)
    if new:
        place = read_place(spec, comment.record_id)
        seers = seers_among(place, new) if place else set()
        if blind := [named[id][1] for id in new if id not in seers]:
            raise refuse(blind)
    Mention.objects.filter(comment=comment, person_id__in=before - named.keys()).delete()
    Mention.objects.bulk_create(
        [Mention(comment=comment, person_id=id, word=named[id][0]) for id in new], ignore_conflicts=True
    )
    return new


def refuse(names: list[str]) -> Invalid:
    """Who is named without seeing the record."""
    message = _(
        "%(names)s: does not see this record and would not hear of it. Give access first, or take the @ away."
    )
    text = message % {"names": ", ".join(names)}
    return Invalid(text, errors=[FieldError("text", "mention_blind", text)])
