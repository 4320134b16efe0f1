"""API tokens: issued, used, revoked."""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Forbidden, Invalid, now
from trassa.people.history import additions, write_entry
from trassa.people.models import ApiToken, Person
from trassa.people.queries import TOKEN_PREFIX, digest_of, require_administrator
from trassa.people.types import NO_CAUSE, SCOPES, Cause, TokenBearer

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_BYTES = 32
#: Digits to base 62 that 32 bytes need.
_SECRET_LENGTH = 43
_SHOWN_LENGTH = 8
_USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_token(
    person: Person,
    name: str,
    scopes: Iterable[str] = ("read",),
    *,
    actor_id: int | None,
    expires_at: datetime | None = None,
    cause: Cause = NO_CAUSE,
) -> str:
    """Issue a token and return its text, which is never shown again."""
    if actor_id != person.id:
        require_administrator(actor_id)
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES):
        message = _("A token's scopes are read, write and admin.")
        raise Invalid(message, errors=[FieldError("scopes", "unknown", message)])
    row = Person.objects.select_for_update().get(id=person.id)
    if not row.is_active:
        raise Forbidden(_("This person is dismissed."))
    if "admin" in wanted and not row.is_administrator:
        raise Forbidden(_("Only an administrator's token may have the scope admin."))
    text = TOKEN_PREFIX + _base62(secrets.token_bytes(_SECRET_BYTES))
    token = ApiToken.objects.create(
        person=row,
        name=name.strip(),
        digest=digest_of(text),
        prefix=text[:_SHOWN_LENGTH],
        scopes=[scope for scope in SCOPES if scope in wanted],
        created_at=now(),
        expires_at=expires_at,
    )
    changes = additions(
        {
            "person": row.id,
            "name": token.name,
            "prefix": token.prefix,
            "scopes": token.scopes,
            "expires_at": expires_at.isoformat() if expires_at else None,
        }
    )
    write_entry("issued", ("token", token.id), changes, actor_id=actor_id, cause=cause)
    return text


@transaction.atomic
def revoke_token(token: ApiToken, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """End a token at once, one's own or as an administrator."""
    if actor_id != token.person_id:
        require_administrator(actor_id)
    moment = now()
    if ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=moment):
        changes = {"revoked_at": (None, moment.isoformat())}
        write_entry("revoked", ("token", token.id), changes, actor_id=actor_id, cause=cause)


def note_token_use(bearer: TokenBearer) -> None:
    """Remember that a token was used; writes at most once a minute, no history."""
    moment = now()
    stale = moment - _USE_NOTED_EVERY
    if bearer.last_used_at is None or bearer.last_used_at <= stale:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        ApiToken.objects.filter(unused, id=bearer.token_id).update(last_used_at=moment)


def _base62(secret: bytes) -> str:
    number = int.from_bytes(secret)
    digits = []
    for _position in range(_SECRET_LENGTH):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
