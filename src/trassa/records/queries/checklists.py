"""What of a stage's checklist is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trassa.records.models import Tick
from trassa.schema.types import ChecklistItem, StageSpec


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing of a checklist: who did it when, None while it is open."""

    item: ChecklistItem
    at: datetime | None = None
    person_id: int | None = None


def read_checklist(record_id: int, stage: StageSpec) -> Sequence[CheckLine]:
    """The checklist of a record in a stage; no query for a stage without one."""
    if not stage.checklist:
        return ()
    ids = [item.id for item in stage.checklist]
    done = {tick.item_id: tick for tick in Tick.objects.filter(record_id=record_id, item_id__in=ids)}
    return [
        CheckLine(item, done[item.id].at, done[item.id].person_id) if item.id in done else CheckLine(item)
        for item in stage.checklist
    ]


def ticked(record_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of record and item that are done."""
    return set(Tick.objects.filter(record_id__in=list(record_ids)).values_list("record_id", "item_id"))


def count_ticks(record_id: int) -> int:
    """How many things are ticked for a record, in whatever stage."""
    return Tick.objects.filter(record_id=record_id).count()
