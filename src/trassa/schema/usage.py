"""How many records hold on to something that is about to leave or come back.

The counts are an administrator's: nobody's rights limit them. Records in the bin count where they can
return with a value, and not where only records in use are in the way.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from trassa.schema.models import Field, Option, Pipeline, Reason, RecordType, Stage
from trassa.schema.registries import field_kinds


def count_records(type_code: str) -> int:
    """Records of a type, retired or not, those in the bin included."""
    row = RecordType.objects.filter(code=type_code).first()
    return 0 if row is None else _count(row.id, "TRUE", [])


def count_values(type_code: str, field_code: str) -> int:
    """Records that have a value in a field, retired or not. 0 for kinds that keep values elsewhere."""
    row = _field(type_code, field_code)
    if row is None:
        return 0
    kind = field_kinds.find(row.kind)
    if kind is not None and kind.storage == "links":
        return _scalar(f"SELECT count(DISTINCT from_id) FROM l_{row.id}", [], f"l_{row.id}")
    if kind is None or kind.storage != "column":
        return 0
    return _count(row.type_id, f"f_{row.id} IS NOT NULL", [])


def count_option(type_code: str, field_code: str, option_code: str) -> int:
    """Records whose choice or choices name an option."""
    row = _field(type_code, field_code)
    option = Option.objects.filter(field=row, code=option_code).first() if row else None
    if row is None or option is None:
        return 0
    condition = f"%s = ANY(f_{row.id})" if row.kind == "multi_choice" else f"f_{row.id} = %s"
    return _count(row.type_id, condition, [option.id])


def count_in_pipeline(code: str) -> int:
    """Records in use that stand in a pipeline."""
    row = Pipeline.objects.filter(code=code).first()
    return 0 if row is None else _count(row.type_id, "pipeline_id = %s AND deleted_at IS NULL", [row.id])


def count_in_stage(pipeline_code: str, code: str) -> int:
    """Records in use that stand in a stage."""
    row = Stage.objects.filter(pipeline__code=pipeline_code, code=code).select_related("pipeline").first()
    condition = "stage_id = %s AND deleted_at IS NULL"
    return 0 if row is None else _count(row.pipeline.type_id, condition, [row.id])


def count_reason(pipeline_code: str, code: str) -> int:
    """Records that were lost for a reason."""
    row = Reason.objects.filter(pipeline__code=pipeline_code, code=code).select_related("pipeline").first()
    return 0 if row is None else _count(row.pipeline.type_id, "reason_id = %s", [row.id])


def _field(type_code: str, code: str) -> Field | None:
    return Field.objects.filter(type__code=type_code, code=code, doomed_in=None).first()


def _count(type_id: int, condition: str, values: Sequence[Any]) -> int:
    return _scalar(f"SELECT count(*) FROM r_{type_id} WHERE {condition}", values, f"r_{type_id}")


def _scalar(statement: str, values: Sequence[Any], table: str) -> int:
    """The number that a statement gives; 0 while its table is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(statement, list(values))
        return int(cursor.fetchone()[0])
