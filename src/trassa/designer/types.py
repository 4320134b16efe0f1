"""A type as the designer holds it: its entry in the format, its pipelines and the roles with their rights."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trassa.kernel import NotFound
from trassa.solutions.types import (
    Configuration,
    FieldEntry,
    PipelineEntry,
    RoleEntry,
    StageEntry,
    TypeEntry,
)


@dataclass(frozen=True, slots=True)
class Design:
    """A part of the configuration about one type. Edits make new ones of it."""

    type: TypeEntry
    pipelines: tuple[PipelineEntry, ...]
    roles: tuple[RoleEntry, ...]

    @classmethod
    def of(cls, configuration: Configuration) -> "Design":
        return cls(configuration.types[0], configuration.pipelines, configuration.roles)

    @property
    def configuration(self) -> Configuration:
        return Configuration(types=(self.type,), pipelines=self.pipelines, roles=self.roles)

    @property
    def fields(self) -> Mapping[str, FieldEntry]:
        return {field.code: field for field in self.type.fields}

    def field(self, code: str) -> FieldEntry:
        """Raises NotFound."""
        if code not in self.fields:
            raise NotFound("There is no such field.")
        return self.fields[code]

    def pipeline(self, code: str) -> PipelineEntry:
        """Raises NotFound."""
        found = next((each for each in self.pipelines if each.code == code), None)
        if found is None:
            raise NotFound("There is no such pipeline.")
        return found

    def with_type(self, **changes: Any) -> "Design":
        return replace(self, type=self.type.model_copy(update=changes))

    def with_layout(self, **changes: Any) -> "Design":
        return self.with_type(layout=self.type.layout.model_copy(update=changes))

    def with_field(self, code: str, /, **changes: Any) -> "Design":
        """The design with a field changed."""
        changed = self.field(code).model_copy(update=changes)
        return self.with_type(fields=tuple(changed if f.code == code else f for f in self.type.fields))

    def with_pipeline(self, code: str, /, **changes: Any) -> "Design":
        """The design with a pipeline changed."""
        changed = self.pipeline(code).model_copy(update=changes)
        return replace(self, pipelines=tuple(changed if p.code == code else p for p in self.pipelines))

    def with_stages(self, code: str, stages: tuple[StageEntry, ...]) -> "Design":
        return self.with_pipeline(code, stages=stages)


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as it is read."""

    code: str
    #: What was installed when it was begun.
    found: Configuration
    design: Design
    revision: int
    edited_at: datetime
    edited_by_id: int
    #: Whether there is something to step back to.
    has_past: bool
    #: Codes of fields whose values are left empty where they do not fit their new kind.
    emptied: frozenset[str] = frozenset()

    @property
    def is_new(self) -> bool:
        """Whether the type does not exist yet."""
        return not self.found.types

    @property
    def known_fields(self) -> frozenset[str]:
        """Codes of fields that were there when the draft was begun: they keep their codes."""
        return frozenset(field.code for type in self.found.types for field in type.fields)

    @property
    def is_changed(self) -> bool:
        return self.design.configuration != self.found
