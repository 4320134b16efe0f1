"""News about what hangs on records: comments, pictures. The records themselves keep their versions."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from trassa.journal import publish
from trassa.records.events import RECORDS_TOUCHED
from trassa.records.models import Anchor, Participant
from trassa.schema.queries import current_generation


def touch_records(ids: Iterable[int | None]) -> None:
    """Let open cards of these records look again, inside the caller's transaction."""
    by_type: dict[int, list[int]] = defaultdict(list)
    wanted = [id for id in ids if id is not None]
    for type_id, id in Anchor.objects.filter(id__in=wanted).values_list("type_id", "id"):
        by_type[type_id].append(id)
    people: dict[int, list[int]] = defaultdict(list)
    for record_id, person_id in Participant.objects.filter(record_id__in=wanted).values_list(
        "record_id", "person_id"
    ):
        people[record_id].append(person_id)
    items: list[dict[str, Any]] = []
    for type_id, group in by_type.items():
        spec = current_generation().types_by_id.get(type_id)
        if spec is None:
            continue
        rows = spec.model._default_manager.filter(pk__in=group).values("id", "owner_id", "department_id")
        for row in rows:
            owners = {row["owner_id"], *people[row["id"]]} - {None}
            departments = [row["department_id"]] if row["department_id"] else []
            items.append(
                {"type": type_id, "id": row["id"], "owners": sorted(owners), "departments": departments}
            )
    if items:
        publish(RECORDS_TOUCHED, {"items": items})
