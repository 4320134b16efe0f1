"""A record type, and one generation of all of them with its models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps.registry import Apps
from django.db import models

from trassa.schema.types.fields import FieldSpec
from trassa.schema.types.labels import Label
from trassa.schema.types.layouts import Layouts
from trassa.schema.types.pipelines import PipelineSpec, ReasonSpec, StageSpec

#: App label of the models that generations compile; their names are those of their tables.
MODELS_LABEL = "generation"

#: Columns that every type's table has beside its fields, in table order.
BASE_COLUMNS = (
    "id",
    "number",
    "title",
    "pipeline_id",
    "stage_id",
    "stage_entered_at",
    "stage_due_at",
    "stage_warn_at",
    "reason_id",
    "owner_id",
    "department_id",
    "version",
    "created_at",
    "created_by_id",
    "updated_at",
    "updated_by_id",
    "deleted_at",
    "deleted_batch",
)


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """One record type with its model of this generation."""

    id: int
    code: str
    label: Label
    plural: Label
    icon: str
    #: A template such as "{make} {model}, {year}"; linked records give their titles.
    title_template: str
    number_prefix: str
    number_width: int
    #: Active fields by position; retired ones are not here.
    fields: tuple[FieldSpec, ...]
    pipelines: tuple[PipelineSpec, ...]
    layouts: Layouts
    model: type[models.Model]
    #: Menu group such as "Комиссия и выкуп".
    menu: Label
    position: int = 0
    by_code: Mapping[str, FieldSpec] = field(default_factory=dict)
    by_id: Mapping[int, FieldSpec] = field(default_factory=dict)
    #: Person fields that make the named person take part in the record.
    participant_fields: tuple[FieldSpec, ...] = field(init=False, repr=False, compare=False)
    #: Fields that point at records.
    linking_fields: tuple[FieldSpec, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = tuple(spec for spec in self.fields if spec.settings.get("participant"))
        object.__setattr__(self, "participant_fields", named)
        linking = tuple(spec for spec in self.fields if spec.target_type_id is not None)
        object.__setattr__(self, "linking_fields", linking)

    @property
    def table(self) -> str:
        return f"r_{self.id}"

    @property
    def number_sequence(self) -> str:
        return f"rn_{self.id}"

    def format_number(self, number: int) -> str:
        """The number as people write it: prefix and zero-padded digits, "В-00418"."""
        return f"{self.number_prefix}{number:0{self.number_width}d}"

    @property
    def open_stage_ids(self) -> list[int]:
        """Stages of all pipelines in which a record is neither won nor lost."""
        stages = (stage for pipeline in self.pipelines for stage in pipeline.stages)
        return [stage.id for stage in stages if stage.meaning == "open"]

    def find_pipeline(self, id: int | None) -> PipelineSpec | None:
        return next((pipeline for pipeline in self.pipelines if pipeline.id == id), None)


@dataclass(frozen=True)
class Generation:
    """One immutable state of the whole schema, with the models that read its tables."""

    number: int
    apps: Apps
    types: Mapping[str, TypeSpec]
    types_by_id: Mapping[int, TypeSpec]
    pipelines: Mapping[str, PipelineSpec]
    pipelines_by_id: Mapping[int, PipelineSpec]
    stages_by_id: Mapping[int, StageSpec]
    reasons_by_id: Mapping[int, ReasonSpec]
    #: Models of link tables (from_id, to_id) by the id of their field.
    link_models: Mapping[int, type[models.Model]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[TypeSpec]:
        return iter(self.types.values())

    def find_field(self, id: int) -> FieldSpec | None:
        """The active field of this id, whatever its type."""
        return next((spec.by_id[id] for spec in self if id in spec.by_id), None)

    @property
    def in_menus(self) -> list[TypeSpec]:
        """The types in the order of menus."""
        return sorted(self, key=lambda spec: (spec.position, spec.id))
