"""Whoever has an address that no mailbox belongs to gets no more letters, and is told so on the screen.

Letters begin again with another address, or with a letter that arrives: a test, or one that an administrator
sends again.
"""

from django.db import transaction

from trassa.journal import NewEntry, Stream, append
from trassa.kernel import now
from trassa.work.actions.notices import tell
from trassa.work.models import ChannelChoice
from trassa.work.notice_kinds import MAILBOX
from trassa.work.notice_types import NewNotice


@transaction.atomic
def close_mailbox(person_id: int, address: str) -> None:
    """Plan no letters to this address any more; said once."""
    ChannelChoice.objects.bulk_create([ChannelChoice(person_id=person_id)], ignore_conflicts=True)
    row = ChannelChoice.objects.select_for_update().get(person_id=person_id)
    if row.refused_email == address:
        return
    row.refused_email = address
    row.save(update_fields=["refused_email"])
    append([NewEntry(Stream("person", person_id), "mailbox_refused", {})], actor_id=None, cause={})
    tell([NewNotice(person_id, MAILBOX, f"mailbox:{now().isoformat()}")])


def open_mailbox(person_id: int) -> None:
    """A letter has arrived."""
    ChannelChoice.objects.filter(person_id=person_id).exclude(refused_email="").update(refused_email="")
