"""The state of one batch while it passes through the phases of the write path."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Row
from trassa.journal import Json
from trassa.kernel import FieldError, Invalid, TrassaError
from trassa.records.actions.statements import Statements
from trassa.records.rules import NOTHING, Verdict
from trassa.records.types import Attached, Change, Outcome, Write
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: Columns of a type's row that history shows, by the key under which it keeps them.
JOURNALLED = {
    "version": "version",
    "owner": "owner_id",
    "department": "department_id",
    "pipeline": "pipeline_id",
    "stage": "stage_id",
    "reason": "reason_id",
    "deleted": "deleted_at",
}


@dataclass(slots=True)
class Item:
    """One record of the batch: what was asked, the row before and the row to be.

    Rows map physical column names to Python values. Many-relations live beside them in `links`,
    by field id; only those that the write touches or needs are loaded.
    """

    write: Write
    spec: TypeSpec
    outcome: Outcome
    before: dict[str, Any] | None = None
    after: dict[str, Any] = field(default_factory=dict)
    links_before: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    links: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    #: Files by the id of their field, BESIDE (0) for those beside the fields; read only when needed.
    files_before: dict[int, tuple[Attached, ...]] = field(default_factory=dict)
    files: dict[int, tuple[Attached, ...]] = field(default_factory=dict)
    files_known: bool = False
    #: Files of the record's comments; search finds the record by their names.
    files_in_comments: tuple[Attached, ...] = ()
    participants_before: frozenset[int] = frozenset()
    #: Ids of fields whose values begin to stay (True) or follow again (False), what history tells of it, and
    #: what is to stay again; see `actions/freezing.py`.
    turned: dict[int, bool] = field(default_factory=dict)
    turns: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    kept: dict[int, Json] = field(default_factory=dict)
    #: What conditions say about the record to be, and, where it was asked for, about the stored one.
    verdict: Verdict = NOTHING
    verdict_before: Verdict | None = None
    errors: list[FieldError] = field(default_factory=list)
    #: Whether there is anything to store; an edit that changes nothing stores nothing.
    touched: bool = False

    @property
    def id(self) -> int:
        id: int = self.after["id"]
        return id

    @property
    def is_new(self) -> bool:
        return self.write.change is Change.CREATE

    def refuse(self, field_code: str, code: str, message: Any) -> None:
        """Note what is wrong with one field; its first fault stays. The item fails after all checks."""
        if all(error.field != field_code for error in self.errors):
            self.errors.append(FieldError(field_code, code, message))

    def fail(self, error: TrassaError) -> None:
        """Stop this item; the first error stays."""
        if self.outcome.error is None:
            self.outcome.error = error

    def value(self, spec: FieldSpec) -> Any:
        """The value to be of one field: a tuple for links (ids) and files (`Attached`), or None."""
        if spec.has_column:
            return self.after.get(spec.column)
        if spec.has_links:
            return self.links.get(spec.id, self.links_before.get(spec.id, ()))
        return self.files.get(spec.id, self.files_before.get(spec.id, ())) if spec.kind == "files" else None

    def value_before(self, spec: FieldSpec) -> Any:
        if spec.has_column:
            return self.before.get(spec.column) if self.before else None
        if spec.has_links:
            return self.links_before.get(spec.id, ())
        return self.files_before.get(spec.id, ()) if spec.kind == "files" else None

    def changed_fields(self) -> list[FieldSpec]:
        """The fields whose value to be differs from the one before, in the type's order."""
        return [spec for spec in self.spec.fields if self.value(spec) != self.value_before(spec)]

    def changed_columns(self) -> list[str]:
        """The physical columns of the row that differ from before."""
        before = self.before or {}
        return [column for column, value in self.after.items() if value != before.get(column)]

    @property
    def links_changed(self) -> bool:
        """Whether any many-relation differs from before."""
        return any(targets != self.links_before.get(id, ()) for id, targets in self.links.items())

    @property
    def files_changed(self) -> bool:
        """Whether any files differ from before."""
        return any(files != self.files_before.get(id, ()) for id, files in self.files.items())

    def row(self, of: Mapping[str, Any], participants: frozenset[int]) -> Row:
        """What rights need to know of one state of this record."""
        return Row(
            type_id=self.spec.id,
            owner_id=of.get("owner_id"),
            department_id=of.get("department_id"),
            pipeline_id=of.get("pipeline_id"),
            stage_id=of.get("stage_id"),
            participant_ids=participants,
        )

    @property
    def row_before(self) -> Row:
        return self.row(self.before or {}, self.participants_before)

    @property
    def participants_after(self) -> frozenset[int]:
        """Persons named by the fields that make them take part."""
        found = (self.after.get(spec.column) for spec in self.spec.participant_fields)
        return frozenset(person for person in found if person is not None)

    @property
    def row_after(self) -> Row:
        return self.row(self.after, self.participants_after)


@dataclass(slots=True)
class Batch:
    """All items of one call with what they share."""

    generation: Generation
    actor: Actor
    cause: Mapping[str, Any]
    moment: datetime
    items: list[Item]
    #: Titles of linked records met on the way, by record id.
    titles: dict[int, str] = field(default_factory=dict)
    #: What followers have read beside the records, by their names in the registry.
    beside: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    #: What the storing phases have collected; sent together.
    statements: Statements = field(default_factory=Statements)

    @property
    def live(self) -> list[Item]:
        """Items that no phase has stopped."""
        return [item for item in self.items if item.outcome.error is None]

    @property
    def stored(self) -> list[Item]:
        """Live items with something to store."""
        return [item for item in self.items if item.outcome.error is None and item.touched]

    def close_checks(self, *, atomic: bool) -> None:
        """Turn noted field errors into failures; in an atomic batch the first one ends everything."""
        for item in self.items:
            if item.errors and item.outcome.error is None:
                item.fail(Invalid(_("Some fields need your attention."), errors=item.errors))
            if atomic and item.outcome.error is not None:
                raise item.outcome.error


def by_type(items: Iterable[Item]) -> list[tuple[TypeSpec, Sequence[Item]]]:
    """Group items by type, in the order of type ids: the order in which rows are locked."""
    groups: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.spec.id].append(item)
    return [(group[0].spec, group) for _id, group in sorted(groups.items())]
