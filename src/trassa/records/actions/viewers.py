"""Who looks at a card: a sign from the browser every few seconds while the card is open."""

from datetime import timedelta

from django.db import connection

from trassa.kernel import now
from trassa.records.models import Viewer

_SEE = (
    "INSERT INTO records_viewer (record_id, person_id, seen_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (record_id, person_id) DO UPDATE SET seen_at = excluded.seen_at"
)


def note_viewer(person_id: int, record_id: int) -> None:
    """Note that the person looks at the record now; the caller knows that they may."""
    with connection.cursor() as cursor:
        cursor.execute(_SEE, [record_id, person_id, now()])


def forget_viewer(person_id: int, record_id: int) -> None:
    """Note that the person has closed the card."""
    Viewer.objects.filter(record_id=record_id, person_id=person_id).delete()


def forget_old_viewers(older_than: timedelta = timedelta(hours=1)) -> None:
    """Drop signs that nobody asks for any more."""
    Viewer.objects.filter(seen_at__lt=now() - older_than).delete()
