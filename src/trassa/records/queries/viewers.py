"""Who else looks at a card."""

from datetime import timedelta

from trassa.kernel import now
from trassa.people.queries import names_of
from trassa.records.models import Viewer

#: A browser gives a sign three times in this span; who gives none has left.
PRESENT = timedelta(seconds=50)


def list_viewers(record_id: int, *, but: int) -> list[tuple[int, str]]:
    """Id and name of everybody who looks at the record, person `but` left out; rights are checked before."""
    rows = Viewer.objects.filter(record_id=record_id, seen_at__gt=now() - PRESENT)
    names = names_of(rows.exclude(person_id=but).values_list("person_id", flat=True))
    return sorted(names.items(), key=lambda pair: pair[1])
