"""How other rooms tell of events that rules answer to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trassa.access.queries import Actor
from trassa.automation.actions.running import occasion_of, start_runs
from trassa.automation.rulebook import rulebook_of
from trassa.automation.types import Settings
from trassa.schema.types import TypeSpec


def fire(
    event: str,
    spec: TypeSpec,
    record_ids: Sequence[int],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    key: str | None = None,
    accepts: Callable[[Settings], bool] = lambda settings: True,
) -> None:
    """Start the rules of a type that answer to an event, inside the caller's transaction.

    `accepts` looks at the settings of each rule; with `key` a record answers to this very event once.
    """
    for rule in rulebook_of(spec).by_event.get(event, ()):
        if accepts(rule.settings):
            start_runs(rule, spec, record_ids, occasion_of(event, actor, cause, key=key))
