"""What a person still works on: the open records that they own."""

from collections.abc import Sequence

from trassa.people.registries import OpenWork
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import address_of


def open_records_of(person_id: int) -> Sequence[OpenWork]:
    """Per type with pipelines the records of this person that are neither won nor lost; a query a type."""
    found = []
    for spec in current_generation():
        if spec.pipelines:
            count = _open_records(spec, person_id)
            url = f"{address_of('records:list', spec.code)}?owner={person_id}"
            found.append(OpenWork(str(spec.plural), count, url))
    return found


def _open_records(spec: TypeSpec, person_id: int) -> int:
    stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
    working = [stage.id for stage in stages if stage.meaning == "open"]
    rows = spec.model._default_manager.filter(owner_id=person_id, stage_id__in=working, deleted_at=None)
    return rows.count()
