"""Storage of the schema: what administrators set up, and which generation of it is current."""

from trassa.schema.models.fields import Field, Option
from trassa.schema.models.generations import GenerationLease, GenerationLog, SchemaState
from trassa.schema.models.pipelines import (
    Pipeline,
    Reason,
    Stage,
    StageCondition,
    StageItem,
    StageRequirement,
    StageTransition,
)
from trassa.schema.models.record_types import Layout, RecordType

__all__ = [
    "Field",
    "GenerationLease",
    "GenerationLog",
    "Layout",
    "Option",
    "Pipeline",
    "Reason",
    "RecordType",
    "SchemaState",
    "Stage",
    "StageCondition",
    "StageItem",
    "StageRequirement",
    "StageTransition",
]
