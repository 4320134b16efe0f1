"""The address at which a rule listens: made and replaced by administrators, shown once, kept as a digest."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.automation.models import Rule
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import Invalid, NotFound, now
from trassa.people.queries import require_administrator

#: Bytes of chance in an address; so many need no salt and no slow digest.
STRENGTH = 24


@transaction.atomic
def renew_address(code: str, *, actor_id: int | None) -> str:
    """Give a rule an address, or another one in place of it; gives its secret part, this once.

    From then on nothing comes in at the former one. Administrators only; raises Invalid for rules that do not
    listen.
    """
    require_administrator(actor_id)
    row = Rule.objects.select_for_update().filter(code=code, retired_at=None).first()
    if row is None:
        raise NotFound(_("There is no such rule."))
    if row.definition["when"]["event"] != "hook":
        raise Invalid(_("This rule does not answer to web hooks."), code="no_hook")
    kind = "address_replaced" if row.address_digest else "address_made"
    token = secrets.token_urlsafe(STRENGTH)
    row.address_digest, row.address_set_at = digest_of(token), now()
    row.save(update_fields=["address_digest", "address_set_at"])
    append([NewEntry(Stream("rule", row.id), kind, {})], actor_id=actor_id, cause={})
    return token


def digest_of(text: str) -> str:
    """What is kept of an address, and of long keys of senders."""
    return hashlib.sha256(text.encode()).hexdigest()
