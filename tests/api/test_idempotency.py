"""A write with an Idempotency-Key happens at most once, whatever happens."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.http import HttpResponse
from procrastinate.contrib.django import app
from tests.api import small_api
from tests.api.conftest import Call

from trassa.api import forget_old_keys

pytestmark = pytest.mark.django_db(transaction=True)


def count_notes() -> int:
    return ContentType.objects.filter(app_label="note").count()


def test_a_repetition_gets_the_first_answer(call: Call) -> None:
    first = call("POST", "notes", {"text": "a"}, Idempotency_Key="k1")
    again = call("POST", "notes", {"text": "a"}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count_notes() == 1


def test_without_a_key_every_request_counts(call: Call) -> None:
    call("POST", "notes", {"text": "a"})
    call("POST", "notes", {"text": "b"})
    assert count_notes() == 2


def test_the_same_key_with_another_request_is_refused(call: Call) -> None:
    call("POST", "notes", {"text": "a"}, Idempotency_Key="k1")
    answer = call("POST", "notes", {"text": "b"}, Idempotency_Key="k1")
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert count_notes() == 1


def test_keys_of_different_tokens_do_not_meet(call: Call) -> None:
    call("POST", "notes", {"text": "a"}, token="writer-1", Idempotency_Key="k1")
    assert call("POST", "notes", {"text": "b"}, token="writer-2", Idempotency_Key="k1").status_code == 201


def test_a_refused_request_leaves_nothing_and_may_be_corrected(call: Call) -> None:
    assert call("POST", "notes", {"text": "wrong"}, Idempotency_Key="k1").status_code == 422
    assert count_notes() == 0
    assert call("POST", "notes", {"text": "right"}, Idempotency_Key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "ключ"])
def test_a_strange_key_is_refused_by_name(call: Call, key: str) -> None:
    answer = call("POST", "notes", {"text": "a"}, Idempotency_Key=key)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_key_may_be_used_again_after_a_day(call: Call) -> None:
    call("POST", "notes", {"text": "a"}, Idempotency_Key="k1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_idempotencykey SET created_at = now() - interval '25 hours'")
    assert call("POST", "notes", {"text": "b"}, Idempotency_Key="k1").status_code == 201
    assert forget_old_keys() == 0


def test_answers_are_forgotten_after_a_day(call: Call) -> None:
    call("POST", "notes", {"text": "a"}, Idempotency_Key="k1")
    assert forget_old_keys() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_idempotencykey SET created_at = now() - interval '25 hours'")
    assert forget_old_keys() == 1


def test_a_key_whose_request_is_still_running_is_a_conflict(call: Call) -> None:
    small_api.entered.clear()
    small_api.released.clear()

    def send_slowly() -> HttpResponse:
        try:
            return call("POST", "notes", {"text": "slow"}, Idempotency_Key="k1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send_slowly)
        assert small_api.entered.wait(10)
        meanwhile = call("POST", "notes", {"text": "slow"}, Idempotency_Key="k1")
        small_api.released.set()
        assert first.result().status_code == 201
    assert meanwhile.status_code == 409
    assert meanwhile.json()["code"] == "idempotency_key_in_use"
    assert count_notes() == 1


def test_of_many_at_once_one_happens(call: Call) -> None:
    together = threading.Barrier(8)

    def send() -> int:
        together.wait(10)
        try:
            return call("POST", "notes", {"text": "a"}, Idempotency_Key="k1").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = [future.result() for future in [pool.submit(send) for _ in range(8)]]
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert count_notes() == 1


def test_a_job_forgets_old_answers_every_hour() -> None:
    tasks = {(task.task.name, task.cron) for task in app.periodic_registry.periodic_tasks.values()}
    assert ("api.forget_old_keys", "17 * * * *") in tasks
