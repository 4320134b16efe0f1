"""What has been taken out of use and may come back: retired things by their codes.

A retired thing is the tombstone that tells "deleted" from "not yet there". See
docs/decisions/0015-configuration-as-files.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q

from trassa.schema.compiler import compile_generation
from trassa.schema.metadata import Row, load_metadata
from trassa.schema.models import Field, Option, Pipeline, Reason, RecordType, Stage
from trassa.schema.types import Generation


@dataclass(frozen=True, slots=True)
class RetiredField:
    """What of a retired field can never change."""

    kind: str
    target: str | None
    #: Retired itself, not only with its type.
    itself: bool = True


@dataclass(frozen=True, slots=True)
class Retired:
    """Retired things, addressed by codes. Fields of a retired type are among them."""

    types: frozenset[str] = frozenset()
    #: (type, field)
    fields: dict[tuple[str, str], RetiredField] = field(default_factory=dict)
    #: (type, field, option)
    options: frozenset[tuple[str, str, str]] = frozenset()
    #: Code of a pipeline → its type.
    pipelines: dict[str, str] = field(default_factory=dict)
    #: (pipeline, stage)
    stages: frozenset[tuple[str, str]] = frozenset()
    #: (pipeline, reason)
    reasons: frozenset[tuple[str, str]] = frozenset()


def revived_generation() -> Generation:
    """The schema as if no type, field or pipeline had been retired: to describe what could come back.

    It is nowhere in use; pin it with `pin_draft` and read names and settings with it, not records.
    """
    metadata = load_metadata()
    fields = (row for row in metadata.fields if row["doomed_in"] is None)
    revived = replace(
        metadata,
        types=_revived(metadata.types),
        fields=_revived(fields),
        pipelines=_revived(metadata.pipelines),
    )
    return compile_generation(revived)


def _revived(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "retired_at": None} for row in rows]


def list_retired() -> Retired:
    """Everything that was retired and not destroyed."""
    types = RecordType.objects.exclude(retired_at=None)
    gone = Q(retired_at__isnull=False) | Q(type__retired_at__isnull=False)
    fields = Field.objects.filter(gone, doomed_in=None).select_related("type", "target")
    options = Option.objects.exclude(retired_at=None)
    pipelines = Pipeline.objects.exclude(retired_at=None).select_related("type")
    stages = Stage.objects.exclude(retired_at=None)
    reasons = Reason.objects.exclude(retired_at=None)
    return Retired(
        types=frozenset(types.values_list("code", flat=True)),
        fields={
            (row.type.code, row.code): RetiredField(
                row.kind, row.target.code if row.target else None, row.retired_at is not None
            )
            for row in fields
        },
        options=frozenset(options.values_list("field__type__code", "field__code", "code")),
        pipelines={row.code: row.type.code for row in pipelines},
        stages=frozenset(stages.values_list("pipeline__code", "code")),
        reasons=frozenset(reasons.values_list("pipeline__code", "code")),
    )
