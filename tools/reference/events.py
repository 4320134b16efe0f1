"""Events of the outbox, who listens to them, and the background jobs."""

import inspect
from importlib import import_module
from typing import Any

from procrastinate.contrib.django import app
from tools.reference import markdown
from tools.reference.markdown import code, first_sentence, paragraph, table
from tools.reference.source import commented_constants, module_name, module_paths, room_of

from trassa.config import housekeeping
from trassa.journal import subscribers

_TEXT = """
A write puts one event into the outbox, in its own transaction; the relay of the worker asks the subscribers
what follows from it: background jobs, and notices for open browsers. See
[decision 5](../decisions/0005-outbox.md); what browsers receive is described in
[decision 6](../decisions/0006-events.md). Payloads carry ids and versions, never values.
"""
_JOBS = """
Jobs run in the worker. Each can run twice. Failed jobs stay in `procrastinate_jobs` and are reported by
`trassa doctor`. Times of periodic jobs are cron lines in UTC.
"""


def documented_events() -> dict[str, tuple[str, str]]:
    """Event → (room, what its payload is), from the constants in the `events` modules of rooms."""
    found = {}
    for path in module_paths():
        if path.stem == "events" and room_of(module_name(path)) != "config":
            module = import_module(module_name(path))
            for constant, comment in commented_constants(path).items():
                found[str(getattr(module, constant))] = (room_of(module.__name__), comment)
    return dict(sorted(found.items()))


def page() -> str:
    parts = [paragraph(_TEXT)]
    for event, (room, comment) in documented_events().items():
        listeners = [
            (code(name), first_sentence(inspect.getdoc(subscriber.handle)))
            for name, subscriber in subscribers.items()
            if subscriber.event == event
        ]
        parts += [f"## {event}", f"Published by `{room}`.", paragraph(comment)]
        parts.append(table(("subscriber", "what follows"), listeners))
    return markdown.page("Events and jobs", *parts, "## Background jobs", paragraph(_JOBS), _job_table())


def _job_table() -> str:
    assert housekeeping  # its import registers jobs
    times = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    rows = [
        (code(name), code(times.get(name, "")) or "on demand", first_sentence(_doc(task)))
        for name, task in sorted(app.tasks.items())
        if not name.startswith(("builtin:", "procrastinate."))
    ]
    return table(("job", "when", "what it does"), rows)


def _doc(task: Any) -> str | None:
    return inspect.getdoc(task.func)
