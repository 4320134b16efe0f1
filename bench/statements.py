"""The same SQL as a request sends, sent by psycopg alone: what the database itself costs."""

import json
import time
from collections.abc import Sequence

import psycopg
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from trassa.people.queries import find_person_by_login


def page_statements(login: str, path: str, headers: dict[str, str] | None = None) -> list[str]:
    """Everything that one page asks the database as this person."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(find_person_by_login(login))
    browser.get(path, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    return [query["sql"] for query in captured.captured_queries]


def call_statements(token: str, method: str, path: str, payload: object) -> list[str]:
    """Everything that one API call asks and writes; it is rolled back, so that a replay can commit it."""
    program = Client(HTTP_HOST="127.0.0.1", headers={"authorization": f"Bearer {token}"})
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            response = program.generic(method, path, json.dumps(payload), content_type="application/json")
        assert response.status_code < 300, (path, response.status_code, response.content[:500])
        transaction.set_rollback(True)
    found = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in found if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def time_statements(conninfo: str, runs: Sequence[Sequence[str]], *, commit: bool = False) -> float:
    """Median milliseconds of running each list of statements over one connection."""
    times = []
    with psycopg.connect(conninfo, autocommit=True) as direct, psycopg.ClientCursor(direct) as cursor:
        for statements in runs:
            started = time.perf_counter()
            if commit:
                cursor.execute("BEGIN")
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
            if commit:
                cursor.execute("COMMIT")
            times.append((time.perf_counter() - started) * 1000)
    return sorted(times)[len(times) // 2]
