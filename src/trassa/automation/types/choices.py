"""Whom a step means, the same for all steps that mean somebody."""

from dataclasses import dataclass
from typing import Literal

How = Literal["owner", "person", "field", "head", "actor", "role", "department", "turn", "least_loaded"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The record's `owner`; a `person` by login; the one in a `field`; the `head` of the owner, or of the one
    in a field; the `actor` who set the rule off, else the owner; all with a `role` or of a `department`; one
    with a role, in `turn` or the `least_loaded`.
    """

    how: How
    person: str = ""
    field: str = ""
    role: str = ""
    department: str = ""
