"""People from a file."""

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from trassa.kernel import Invalid
from trassa.people.actions.persons import create_person
from trassa.people.newcomers import Newcomer
from trassa.people.queries import require_administrator
from trassa.people.types import Cause

_FROM_FILE: Cause = {"via": "csv"}


@transaction.atomic
def create_newcomers(
    lines: Iterable[Newcomer], *, actor_id: int | None, try_only: bool = False
) -> list[Newcomer]:
    """Create whoever has no errors, and return the lines with the errors that came up on the way.

    With `try_only` everything is taken back at the end.
    """
    require_administrator(actor_id)
    seen = [line if line.errors else _create(line, actor_id) for line in lines]
    if try_only:
        transaction.set_rollback(True)
    return seen


def _create(line: Newcomer, actor_id: int | None) -> Newcomer:
    try:
        with transaction.atomic():
            create_person(
                login=line.login,
                name=line.name,
                email=line.email,
                phone=line.phone,
                department=line.department,
                roles=line.roles,
                actor_id=actor_id,
                cause=_FROM_FILE,
            )
    except Invalid as refusal:
        return replace(line, errors=[str(error.message) for error in refusal.errors])
    return line
