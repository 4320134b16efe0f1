"""Secrets of this installation are set, replaced and removed. Nobody reads a value again."""

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from trassa.automation.checking import SECRET_CODE
from trassa.automation.events import CALLS_DUE
from trassa.automation.models import Call, Secret
from trassa.automation.queries.secrets import PURPOSE, list_users
from trassa.journal import NewEntry, Stream, append, publish
from trassa.kernel import FieldError, Invalid, NotFound, now, reseal, seal
from trassa.people.queries import require_administrator

LONGEST = 500
#: Bytes of chance in a secret that is made here.
STRENGTH = 32


@transaction.atomic
def set_secret(code: str, value: str, *, actor_id: int | None) -> str:
    """Give a secret a value, "" lets one be made; gives the value, this once. Administrators only.

    Calls that wait for it are made at once. Raises Invalid for what is no code and for too long values.
    """
    require_administrator(actor_id)
    check_secret(code, value)
    value = value or secrets.token_urlsafe(STRENGTH)
    row, is_new = Secret.objects.select_for_update().update_or_create(
        code=code,
        defaults={"sealed": seal(value, PURPOSE), "set_at": now(), "set_by_id": actor_id},
    )
    note(row, "created" if is_new else "replaced", actor_id)
    users = [user.code for user in list_users().get(code, ())]
    waiting = Call.objects.filter(state=Call.State.DUE, attempts__gt=0)
    waiting = waiting.filter(Q(secret=code) | Q(rule__code__in=users))
    publish_due(list(waiting.values_list("id", flat=True)))
    return value


def check_secret(code: str, value: str) -> None:
    """Raise Invalid for what cannot be kept."""
    if not SECRET_CODE.fullmatch(code):
        message = _("A code has small Latin letters, digits and “_”, and begins with a letter.")
        raise Invalid(message, errors=[FieldError("code", "invalid_code", message)])
    if len(value) > LONGEST:
        message = _("At most %s characters.") % LONGEST
        raise Invalid(message, errors=[FieldError("value", "too_long", message)])


@transaction.atomic
def remove_secret(code: str, *, actor_id: int | None) -> None:
    """Forget a secret that no rule names any more. Administrators only."""
    require_administrator(actor_id)
    row = Secret.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such secret."))
    users = list_users().get(code, ())
    if users:
        named = ", ".join(f"“{user.label}”" for user in users)
        raise Invalid(_("Rules use this secret: %s.") % named, code="in_use")
    note(row, "removed", actor_id)
    row.delete()


def reseal_secrets() -> int:
    """Seal all secrets with the present key; gives how many there are."""
    with transaction.atomic():
        rows = list(Secret.objects.select_for_update())
        for row in rows:
            row.sealed = reseal(row.sealed, PURPOSE)
        Secret.objects.bulk_update(rows, ["sealed"])
    return len(rows)


def note(row: Secret, kind: str, actor_id: int | None) -> None:
    """Leave a line of history, without the value."""
    append(
        [NewEntry(Stream("secret", row.id), kind, {"code": (None, row.code)})], actor_id=actor_id, cause={}
    )


def publish_due(ids: Sequence[int]) -> None:
    """Have these calls made."""
    if ids:
        publish(CALLS_DUE, {"calls": [*ids]})
