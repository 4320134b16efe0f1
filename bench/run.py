"""The whole run: a small company, the same grown large, and everything that is promised of it."""

import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from bench.browser import measure_browser
from bench.bulk import measure_bulk_move
from bench.company import Size, found_company, grow
from bench.exports import measure_export
from bench.expressions import measure_check, measure_evaluate
from bench.figures import Figure
from bench.formulas import measure_formulas
from bench.imports import measure_file_import
from bench.machine import measure_machine
from bench.memory import pss_mib
from bench.pages import READERS, measure_pages
from bench.reminders import measure_reminders
from bench.rights import appoint_manifold, measure_rights
from bench.rules import measure_idle_rules
from bench.streams import measure_streams
from bench.tasks import fill_tasks, measure_inbox
from bench.timers import measure_timers
from bench.views import views_of
from bench.writes import (
    MANNED,
    Target,
    measure_create,
    measure_create_by,
    measure_import,
    measure_move,
)
from trassa.access.queries import actor_of
from trassa.config.database import direct_conninfo
from trassa.config.postgres.server import EmbeddedServer
from trassa.journal import sign_ticket
from trassa.people.actions import issue_token
from trassa.people.queries import find_person_by_login
from trassa.records.queries import list_records
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation

STREAMS = 500
CLIENTS = 8

Serving = Callable[[Path, int], AbstractContextManager[int]]


def run(arguments: Namespace, data: Path, serving: Serving) -> dict[str, object]:
    """Measure everything; the figures by their names."""
    server = EmbeddedServer(data)
    server.start()
    try:
        small, large = Size(arguments.small), Size(arguments.scale)
        call_command("migrate", verbosity=0)
        found_company()
        grow(small)
        if arguments.only:
            return measured_alone(arguments, data, serving)
        before = measured_pages(arguments, data, serving)
        if large.deals > small.deals:
            say(f"growing to {large.deals} deals")
            grow(large, small)
        after = measured_pages(arguments, data, serving)
        figures: dict[str, object] = {"deals": large.deals, "machine_before": measure_machine()}
        figures |= {name: figure.as_json() for name, figure in after.items()}
        figures |= measured_screens(arguments, data, serving)
        figures |= measured_expressions(arguments.times)
        figures |= measured_writes(arguments, data, serving)
        figures |= measured_rules()
        figures |= measured_formulas(arguments)
        figures |= measured_inbox(arguments)
        figures["timers"] = measured_timers(arguments)
        figures["reminders"] = measured_reminders(arguments, data)
        figures["growth"] = growth(before, after)
        figures["machine_after"] = measure_machine()
        return figures
    finally:
        connections.close_all()
        server.stop()


def measured_alone(arguments: Namespace, data: Path, serving: Serving) -> dict[str, object]:
    """The one measure that was asked for."""
    measures: dict[str, Callable[[], dict[str, object]]] = {
        "import_xlsx": lambda: {"import_xlsx": measured_file_import(arguments, data)},
        "bulk_move": measured_bulk_move,
        "writes": lambda: measured_calls(arguments, data, serving) | {"machine": measure_machine()},
        "screens": lambda: measured_screens(arguments, data, serving),
        "rules_idle": measured_rules,
        "formulas": lambda: measured_formulas(arguments),
        "inbox": lambda: measured_inbox(arguments),
        "timers": lambda: {"timers": measured_timers(arguments)},
        "reminders": lambda: {"reminders": measured_reminders(arguments, data)},
    }
    return measures[arguments.only]()


def measured_timers(arguments: Namespace) -> dict[str, object]:
    """Timers served by one worker."""
    say("measuring timers")
    return measure_timers(arguments.timers, arguments.within).as_json()


def measured_inbox(arguments: Namespace) -> dict[str, object]:
    """The inbox of a seller among very many tasks."""
    say("measuring the inbox")
    fill_tasks("seller", arguments.tasks)
    return {name: figure.as_json() for name, figure in measure_inbox("seller", arguments.times).items()}


def measured_formulas(arguments: Namespace) -> dict[str, object]:
    """Writes that formulas look at."""
    say("measuring formulas")
    return measure_formulas(arguments.formulas)


def measured_reminders(arguments: Namespace, data: Path) -> dict[str, object]:
    """Reminders served by one worker that is killed."""
    say("measuring reminders")
    return measure_reminders(arguments.timers, arguments.within, data).as_json()


def say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)


def measured_pages(arguments: Namespace, data: Path, serving: Serving) -> dict[str, Figure]:
    """All pages at the present size."""
    say("measuring pages")
    with serving(data, arguments.port):
        views = views_of(READERS)
        return measure_pages(arguments.port, direct_conninfo(), visible_deals(), views, arguments.times)


def measured_screens(arguments: Namespace, data: Path, serving: Serving) -> dict[str, object]:
    """What rights cost, and what a browser shows and fetches."""
    say("measuring rights and the browser")
    appoint_manifold()
    cards = visible_deals()
    with serving(data, arguments.port):
        return measure_rights(arguments.port) | measure_browser(arguments.port, cards)


def visible_deals() -> dict[str, int]:
    """The newest deal that each reader sees."""
    spec = current_generation().types["deal"]
    found = {}
    for login in READERS:
        actor = actor_of(find_person_by_login(login))
        found[login] = list_records(actor, spec, ListQuery(limit=1)).items[0].id
    return found


def measured_rules() -> dict[str, object]:
    """Writes that no rule answers to."""
    say("measuring idle rules")
    spec = current_generation().types["deal"]
    actor = actor_of(find_person_by_login("director"))
    return measure_idle_rules(list_records(actor, spec, ListQuery(limit=1)).items[0].id)


def measured_expressions(times: int) -> dict[str, object]:
    """The language alone."""
    say("measuring expressions")
    return {
        "expression_check": measure_check(times).as_json(),
        "expression_evaluate": measure_evaluate(times).as_json(),
    }


def growth(before: dict[str, Figure], after: dict[str, Figure]) -> dict[str, float]:
    """How many times dearer each page became; sums are counted over all rows and left out."""
    return {
        name: round(after[name].p50_ms / before[name].p50_ms, 2) for name in before if name != "board_sums"
    }


def measured_calls(arguments: Namespace, data: Path, serving: Serving) -> dict[str, object]:
    """Writes over the API, streams and memory at the present size."""
    say("measuring writes")
    director = find_person_by_login("director")
    token = issue_token(director, "bench", ("read", "write"), actor_id=None)
    ticket = sign_ticket(actor_of(find_person_by_login("director")).topics())
    target = Target(arguments.port, direct_conninfo(), token, first_links())
    found: dict[str, object] = {}
    with serving(data, target.port) as process:
        time.sleep(5)
        found["idle_pss_mib"] = round(pss_mib(process), 1)
        found["create"] = measure_create(target, 600).as_json()
        found[f"create_{CLIENTS}"] = measure_create_by(CLIENTS, target, 200).as_json()
        found["move"] = measure_move(target, 300).as_json()
        found["move_with_task"] = measure_move(target, 300, MANNED).as_json()
        found["events"] = measure_streams(target, ticket, streams=STREAMS, writes=300)
        found["busy_pss_mib"] = round(pss_mib(process), 1)
    return found


def measured_writes(arguments: Namespace, data: Path, serving: Serving) -> dict[str, object]:
    """Writes one by one and in batches."""
    # Before the imports, whose words and freed rows keep worker and vacuum busy for a while.
    found = measured_calls(arguments, data, serving)
    found["import"] = measure_import(5000, first_links()).as_json()
    found |= measured_bulk_move()
    found["export"] = measure_export(100_000).as_json()
    found["import_xlsx"] = measured_file_import(arguments, data)
    return found


def measured_bulk_move() -> dict[str, object]:
    """Five thousand deals moved as one run, and the undo of it."""
    say("moving 5 000 deals")
    moved, undone = measure_bulk_move(5_000, first_links())
    return {"bulk_move_5000": moved.as_json(), "bulk_undo_5000": undone.as_json()}


def measured_file_import(arguments: Namespace, data: Path) -> dict[str, object]:
    """A large spreadsheet, into the company of the present size."""
    say(f"importing {arguments.lines} lines of a workbook")
    return measure_file_import(data, arguments.lines)


def first_links() -> tuple[int, int]:
    """A contact and a car to link deals to."""
    types = current_generation().types
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id) FROM {types['contact'].table}")
        contact = cursor.fetchone()[0]
        cursor.execute(f"SELECT min(id) FROM {types['car'].table}")
        return contact, cursor.fetchone()[0]
