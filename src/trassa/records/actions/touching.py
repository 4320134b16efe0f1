"""News about what hangs on records: comments, pictures. The records themselves keep their versions."""

from collections.abc import Iterable, Mapping

from trassa.access.types import Row
from trassa.journal import Json, publish
from trassa.records.events import RECORDS_TOUCHED
from trassa.records.queries.audience import read_places


def touch_records(ids: Iterable[int | None]) -> None:
    """Let open cards of these records look again, inside the caller's transaction."""
    touch_places(read_places(sorted({id for id in ids if id is not None})))


def touch_places(places: Mapping[int, Row]) -> None:
    """As `touch_records`, for records whose places are known."""
    items: list[Json] = [
        {
            "type": place.type_id,
            "id": id,
            "owners": sorted(place.participant_ids | ({place.owner_id} if place.owner_id else set())),
            "departments": [place.department_id] if place.department_id else [],
        }
        for id, place in places.items()
    ]
    if items:
        publish(RECORDS_TOUCHED, {"items": items})
