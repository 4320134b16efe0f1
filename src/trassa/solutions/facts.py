"""What a plan must know about the installation beside its configuration: what is retired, and who uses what.

Things are named by what they are and by the codes on the way to them: ("field", "car.price").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from trassa.automation.queries import retired_rule_codes
from trassa.people.queries import (
    count_holders,
    count_people_in,
    count_users,
    list_retired_calendars,
    list_retired_departments,
    list_retired_roles,
)
from trassa.schema.queries import (
    Conversion,
    Retired,
    RetiredField,
    count_in_pipeline,
    count_in_stage,
    count_option,
    count_reason,
    count_records,
    count_values,
    is_convertible,
    list_retired,
    read_conversion,
)
from trassa.solutions.format import FieldEntry
from trassa.work.queries.templates import retired_template_codes


class Facts(Protocol):
    """Answers about retired things and about use."""

    def is_retired(self, noun: str, address: str) -> bool:
        """Whether a retired thing has this address."""

    def retired_field(self, address: str) -> RetiredField | None:
        """What of a retired field never changes."""

    def count(self, noun: str, address: str) -> int:
        """How many records (of a role or department: people) use it."""

    def conversion(self, address: str, before: str, wanted: FieldEntry) -> Conversion | None:
        """What becomes of a field's values when it changes its kind; None when it cannot."""


@dataclass(frozen=True)
class Nothing:
    """An installation without retired things and without records."""

    def is_retired(self, noun: str, address: str) -> bool:
        return False

    def retired_field(self, address: str) -> RetiredField | None:
        return None

    def count(self, noun: str, address: str) -> int:
        return 0

    def conversion(self, address: str, before: str, wanted: FieldEntry) -> Conversion | None:
        return Conversion(wanted.kind) if is_convertible(before, wanted.kind) else None


_COUNTS: Mapping[str, Callable[..., int]] = {
    "type": count_records,
    "field": count_values,
    "option": count_option,
    "pipeline": count_in_pipeline,
    "stage": count_in_stage,
    "reason": count_reason,
    "role": count_holders,
    "department": count_people_in,
    "calendar": count_users,
}


class InstalledFacts:
    """Answers from the database; what is retired is read once."""

    @cached_property
    def _schema(self) -> Retired:
        return list_retired()

    @cached_property
    def _addresses(self) -> Mapping[str, frozenset[str]]:
        schema = self._schema
        return {
            "type": schema.types,
            "field": frozenset(".".join(codes) for codes in schema.fields),
            "option": frozenset(".".join(codes) for codes in schema.options),
            "pipeline": frozenset(schema.pipelines),
            "stage": frozenset(".".join(codes) for codes in schema.stages),
            "reason": frozenset(".".join(codes) for codes in schema.reasons),
            "role": frozenset(role.code for role in list_retired_roles()),
            "department": frozenset(department.code for department in list_retired_departments()),
            "calendar": frozenset(calendar.code for calendar in list_retired_calendars()),
            "task": frozenset(retired_template_codes()),
            "rule": frozenset(retired_rule_codes()),
        }

    def is_retired(self, noun: str, address: str) -> bool:
        return address in self._addresses.get(noun, frozenset())

    def retired_field(self, address: str) -> RetiredField | None:
        type_code, _dot, code = address.partition(".")
        return self._schema.fields.get((type_code, code))

    def count(self, noun: str, address: str) -> int:
        count = _COUNTS.get(noun)
        return 0 if count is None else count(*address.split("."))

    def conversion(self, address: str, before: str, wanted: FieldEntry) -> Conversion | None:
        if not is_convertible(before, wanted.kind):
            return None
        type_code, _dot, code = address.partition(".")
        return read_conversion(type_code, code, wanted.kind, wanted.settings)
