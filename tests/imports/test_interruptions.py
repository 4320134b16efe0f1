"""Whatever interrupts an import, no line is lost and none becomes two records."""

import random
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected
from tests import killed
from tests.factories.imports import begun, finished, make_workbook, outcomes, records
from tests.factories.records import make_garage

from trassa.access.queries import system_actor
from trassa.imports import filling
from trassa.imports.actions import importing, passages
from trassa.imports.actions.orders import start_run
from trassa.imports.actions.retention import LOST, take_up_lost_runs
from trassa.imports.actions.working import work
from trassa.imports.models import Run
from trassa.imports.queries.runs import get_run
from trassa.imports.types import Fate, ImportRun, State
from trassa.journal import verify
from trassa.kernel import now
from trassa.records.actions import announcing, storing

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 1_200


@pytest.fixture(autouse=True)
def _committed_garage(transactional_db: None) -> None:
    make_garage()


@pytest.fixture
def run() -> ImportRun:
    """A run that has been ordered; every second line has a mistake."""
    lines = [f"{index};{'дорого' if index % 2 else 5}" for index in range(LINES)]
    run = begun("car", "Марка;Цена\n" + "\n".join(lines))
    return start_run(run.id, actor=system_actor())


def assert_complete(run: ImportRun) -> None:
    """Every line is there exactly once, as a record or as a rejected line."""
    done = get_run(system_actor(), run.id)
    assert done.state is State.DONE
    found = outcomes(run)
    assert [each.line for each in found] == list(range(2, LINES + 2))
    assert Counter(each.fate for each in found) == {Fate.CREATED: LINES // 2, Fate.REJECTED: LINES // 2}
    assert (done.counts.created, done.counts.rejected) == (LINES // 2, LINES // 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT title) FROM records_record")
        assert cursor.fetchone() == (LINES // 2, LINES // 2)
    assert verify().is_clean


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        (passages, "open_source", 1),
        (importing, "pin_for_write", 2),
        (importing, "lock_working", 2),
        (filling, "write_records", 2),
        (storing, "insert_rows", 2),
        (announcing, "write_history", 2),
        (importing, "store_outcomes", 2),
        (importing, "advance", 2),
        (importing, "finish", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_at_any_point_is_made_up_for(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, module: object, name: str, call: int
) -> None:
    real, calls = getattr(module, name), 0

    def faulty(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise RuntimeError("the power is gone")
        return real(*given, **named)

    monkeypatch.setattr(module, name, faulty)
    with pytest.raises(RuntimeError):
        work(run.id)
    work(run.id)
    assert_complete(run)


def test_a_lost_race_for_locks_is_run_again(run: ImportRun, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = importing.store_outcomes, 0

    def deadlocked(*given: object) -> None:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise OperationalError from DeadlockDetected()
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "store_outcomes", deadlocked)
    work(run.id)
    assert_complete(run)


@pytest.mark.slow
def test_killing_the_process_again_and_again_loses_nothing(run: ImportRun) -> None:
    dice, kills = random.Random(7), 0
    while get_run(system_actor(), run.id).state is State.IMPORTING:
        process = worker_process(run)
        timer = threading.Timer(dice.uniform(0.0, 0.1), process.kill)
        assert process.stdout is not None
        if process.stdout.readline() and kills < 3:
            timer.start()
        process.wait()
        timer.cancel()
        kills += process.returncode != 0
        Run.objects.filter(id=run.id).update(attempts=0)
    assert kills
    assert_complete(run)


def worker_process(run: ImportRun) -> "subprocess.Popen[bytes]":
    """A process that works on the run."""
    script = Path(__file__).with_name("working_main.py")
    return killed.start(script, settings.TRASSA_FILES, run.id, stdout=subprocess.PIPE)


def together(*tasks: Callable[[], object]) -> list[BaseException]:
    """Run all at the same moment, each with a connection of its own; gives their errors."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def body(task: Callable[[], object]) -> None:
        start.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=body, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_two_jobs_on_one_run_do_not_double_anything(run: ImportRun) -> None:
    assert together(*[lambda: work(run.id)] * 3) == []
    assert_complete(run)


def test_two_imports_at_once_share_unique_values_without_harm() -> None:
    rows = [["Марка", "VIN"], *[["Kia", f"XWEPH81BBP00{index:05d}"] for index in range(600)]]
    content = make_workbook(*rows)
    runs = [begun("car", content), begun("car", content)]
    errors = together(*[lambda run=run: finished(run) for run in runs])  # type: ignore[misc]
    assert errors == []
    counts = [get_run(system_actor(), run.id).counts for run in runs]
    assert sum(each.created for each in counts) == 600
    assert all(each.total == 600 for each in counts)
    assert len({car.values["vin"] for car in records()}) == 500, "a page of them, all different"


def test_a_run_without_a_job_is_taken_up_again(run: ImportRun) -> None:
    assert take_up_lost_runs() == 0
    Run.objects.filter(id=run.id).update(touched_at=now() - LOST * 2)
    assert take_up_lost_runs() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_outbox WHERE event = 'imports.ordered'")
        assert cursor.fetchone() == (2,)
