"""Reads of secrets: which there are, who uses them. Only the sender of calls learns a value."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trassa.automation.checking import all_steps
from trassa.automation.models import Secret
from trassa.automation.placeholders import codes_of_call
from trassa.automation.queries.rules import list_rules
from trassa.kernel import Unavailable, open_sealed
from trassa.people.queries import names_of
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

#: What secrets are sealed for.
PURPOSE = "automation.secret"


@dataclass(frozen=True, slots=True)
class SecretUser:
    """A rule in use that names a secret."""

    code: str
    label: Label
    type: str


@dataclass(frozen=True, slots=True)
class SecretState:
    """A secret that is set, or that a rule asks for: then `set_at` is None."""

    code: str
    set_at: datetime | None
    set_by: str
    users: Sequence[SecretUser]


def list_secrets() -> list[SecretState]:
    """Secrets by code, those that rules name and nobody has set among them."""
    rows = {row.code: row for row in Secret.objects.all()}
    users = list_users()
    names = names_of({row.set_by_id for row in rows.values() if row.set_by_id is not None})
    return [
        SecretState(
            code,
            rows[code].set_at if code in rows else None,
            names.get(rows[code].set_by_id or 0, "") if code in rows else "",
            users.get(code, ()),
        )
        for code in sorted({*rows, *users})
    ]


def list_users() -> Mapping[str, Sequence[SecretUser]]:
    """Code of a secret → rules in use that name it."""
    types = current_generation().types_by_id
    found: dict[str, list[SecretUser]] = defaultdict(list)
    for row in list_rules():
        spec = types.get(row.type_id)
        for code in sorted(secrets_in(row.definition["steps"])):
            found[code].append(SecretUser(row.code, Label(**row.label), spec.code if spec else ""))
    return found


def secrets_in(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """Codes of secrets that steps name."""
    return {code for kind, given in all_steps(steps) if kind == "call" for code in codes_of_call(given)}


def open_secret(code: str) -> str:
    """The value of a secret, for the sender of calls; raises Unavailable when it is not there to be read."""
    row = Secret.objects.filter(code=code).first()
    if row is None:
        message = _("The secret “%s” is not set. Set it under Automation → Secrets.") % code
        raise Unavailable(message, code="no_secret")
    try:
        return open_sealed(row.sealed, PURPOSE)
    except Unavailable as problem:
        message = _("The secret “%s” cannot be read with the present key of the server. Set it anew.") % code
        raise Unavailable(message, code=problem.code) from problem
