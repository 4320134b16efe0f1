"""Reads of how people come in: sessions, tokens and links to choose a password."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound, now
from trassa.people.models import ApiToken, PasswordLink, Person, Session
from trassa.people.models.sessions import SessionStore
from trassa.people.registries import opening_numbers
from trassa.people.types import OpenSession, TokenBearer

TOKEN_PREFIX = "trs_"
#: Where the session of an administrator keeps the id of whom they look as.
LOOKS_AS = "looks_as"
#: Where a session keeps how it began: when, from which address, in which browser.
OPENED = "opened"
#: The two reads that every request begins with are written out: composing them costs more than they do.
_REVISION = "coalesce((SELECT number FROM people_rightsrevision WHERE id = 1), 0) AS rights_revision"
_SESSION_PERSON = f"SELECT p.*, {_REVISION} {{also}} FROM people_person p WHERE p.id = %s AND p.is_active"
_TOKEN_PERSON = f"""
    SELECT p.*, {_REVISION}, t.id AS token_id, t.scopes, t.last_used_at {{also}}
    FROM people_apitoken t JOIN people_person p ON p.id = t.person_id
    WHERE t.digest = %s AND t.revoked_at IS NULL AND p.is_active
      AND (t.expires_at IS NULL OR t.expires_at > %s)
"""


def session_person(person_id: int) -> Person | None:
    """The active person of a session with the rights revision; one query."""
    found = _read_person(_SESSION_PERSON, [person_id])
    return found[0] if found else None


def authenticate_token(text: str) -> TokenBearer | None:
    """Who stands behind a token's text; None when unknown, revoked, expired or dismissed. One query."""
    if not text.startswith(TOKEN_PREFIX):
        return None
    found = _read_person(_TOKEN_PERSON, [digest_of(text), now()])
    if found is None:
        return None
    person, (token_id, scopes, used_at) = found
    return TokenBearer(person, token_id, frozenset(scopes), used_at)


def _read_person(statement: str, parameters: list[Any]) -> tuple[Person, Sequence[Any]] | None:
    """The person whom a statement finds, with the rights revision, and the columns behind that.

    Numbers of other rooms come along as the last columns, and are handed to them.
    """
    also = "".join(f", {number.sql}" for number in opening_numbers)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(also=also), parameters)
        row = cursor.fetchone()
        names = [column.name for column in cursor.description]
    if row is None:
        return None
    own = names.index("rights_revision")
    columns = dict(zip(names, row[:own], strict=False))
    fields = [field.attname for field in Person._meta.concrete_fields]
    person = Person.from_db(connection.alias, fields, [columns[name] for name in fields])
    person.rights_revision = row[own]
    behind = len(row) - len(opening_numbers)
    for number, value in zip(opening_numbers, row[behind:], strict=True):
        number.take(value)
    return person, row[own + 1 : behind]


def digest_of(text: str) -> bytes:
    """What is stored of a token's text."""
    return hashlib.sha256(text.encode()).digest()


def list_sessions(person_id: int) -> list[OpenSession]:
    """Where a person is signed in, the newest first."""
    rows = Session.objects.filter(person_id=person_id, expire_date__gt=now())
    found = []
    for row in rows:
        opened = SessionStore().decode(row.session_data).get(OPENED, {})
        at = datetime.fromisoformat(opened["at"]) if opened else None
        address, agent = opened.get("address", ""), opened.get("agent", "")
        found.append(OpenSession(row.session_key, at, address, agent))
    return sorted(found, key=lambda each: str(each.at or ""), reverse=True)


def list_tokens(person_id: int) -> list[ApiToken]:
    """This person's tokens that are not revoked, newest first."""
    return list(ApiToken.objects.filter(person_id=person_id, revoked_at=None).order_by(F("id").desc()))


def get_password_link(secret: str, *, lock: bool = False) -> PasswordLink:
    """The link of this secret that still works, with its person; raises NotFound."""
    links = PasswordLink.objects.select_related("person").filter(used_at=None, expires_at__gt=now())
    if lock:
        links = links.select_for_update()
    link = links.filter(digest=digest_of(secret), person__is_active=True).first()
    if link is None:
        raise NotFound(_("This link works no more. Ask an administrator for a new one."))
    return link
