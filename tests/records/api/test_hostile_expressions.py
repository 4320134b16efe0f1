"""Expressions that nobody honest writes are refused clearly, or cost little, wherever the API reads one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from tests.factories.api import ApiClient, errors_of
from tests.factories.expressions import HARMLESS, REFUSED
from tests.factories.records import CAUSE, create
from tests.factories.team import Team

from trassa.expressions import ExpressionRefused
from trassa.records.queries import time_limits
from trassa.schema.actions import changing_schema
from trassa.schema.types import Label

#: Seconds that no answer takes, on a busy machine.
PATIENCE = 5
TEXT = "а" * 100_000

refused = pytest.mark.parametrize("text", REFUSED.values(), ids=list(REFUSED))
harmless = pytest.mark.parametrize("text", HARMLESS.values(), ids=list(HARMLESS))


@pytest.fixture
def comments(team: Team) -> None:
    """Deals have a text without a limit worth mentioning."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "comment", "long_text", label=Label("Комментарий"))


@pytest.fixture
def deal(team: Team, comments: None) -> int:
    client = create("contact", fields={"name": "Егоров"})
    fields = {"amount": "1000000000", "comment": TEXT, "client": client}
    found = [create("deal", actor=team.actor("seller"), fields=fields) for _number in range(3)]
    return found[0]


@contextmanager
def soon() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < PATIENCE


def assert_refused(answer: Any, field: str) -> None:
    """The answer says what is wrong with a field, in no more words than a person can read."""
    said = answer.json()
    assert said["detail"]
    assert len(answer.content) < 20_000
    if answer.status_code == 400:
        assert "NUL" in said["detail"], "no body has one, whatever it is about"
    else:
        assert answer.status_code == 422, said
        assert {error["field"] for error in said["errors"]} == {field}


@refused
def test_a_check_says_what_is_wrong(text: str, seller: ApiClient) -> None:
    with soon():
        answer = seller.post("expressions/check", {"type": "deal", "text": text})
    if answer.status_code == 200:
        said = answer.json()
        assert not said["ok"]
        assert all(error["message"] for error in said["errors"])
    else:
        assert_refused(answer, "text")


@refused
def test_nothing_of_it_is_computed(text: str, seller: ApiClient, deal: int) -> None:
    with soon():
        answer = seller.post("expressions/evaluate", {"type": "deal", "id": deal, "text": text})
    assert_refused(answer, "text")


@refused
@pytest.mark.parametrize("path", ["records/deal", "pipelines/sales/board"])
def test_no_list_is_limited_by_it(text: str, path: str, seller: ApiClient, deal: int) -> None:
    with soon():
        answer = seller.get(path, where=text)
    assert_refused(answer, "where")


@refused
def test_it_is_neither_kept_as_a_view_nor_exported(text: str, seller: ApiClient) -> None:
    assert_refused(seller.post("types/deal/views", {"name": "а", "where": text}), "where")
    assert_refused(seller.post("exports", {"type": "deal", "where": text}), "where")


@refused
def test_no_field_gets_it_as_its_condition(text: str, team: Team) -> None:
    with (
        soon(),
        pytest.raises(ExpressionRefused) as refusal,
        changing_schema(actor_id=None, cause=CAUSE) as change,
    ):
        change.read_condition("deal", text)
    assert all(str(fault.message) for fault in refusal.value.faults)


@harmless
def test_what_is_an_expression_is_answered_soon_everywhere(text: str, seller: ApiClient, deal: int) -> None:
    with soon():
        assert seller.post("expressions/check", {"type": "deal", "text": text}).json()["ok"]
    with soon():
        computed = seller.post("expressions/evaluate", {"type": "deal", "id": deal, "text": text})
    assert computed.status_code == 200
    with soon():
        listed = seller.get("records/deal", where=text)
    assert listed.status_code == 200, listed.content[:500]
    ids = [item["id"] for item in listed.json()["items"]]
    assert (deal in ids) == (computed.json()["value"] is True), "the list and the value agree"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_record")


def test_a_condition_that_takes_too_long_is_stopped(
    seller: ApiClient, deal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limits, "WHERE_SECONDS", 0.02)
    where = f"LEN(CONCAT({'; '.join(['comment'] * 400)})) > 1"
    for path in ("records/deal", "pipelines/sales/board"):
        assert errors_of(seller.get(path, where=where)) == {"where": "too_slow"}
    assert seller.get("records/deal").status_code == 200


@harmless
def test_a_condition_of_a_field_costs_little_too(text: str, team: Team, comments: None) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        rule = change.read_condition("deal", text)
        change.change_field("deal", "visit_on", visible_when=rule)
    with soon():
        create("deal", actor=team.actor("seller"), fields={"amount": "1000000000", "comment": TEXT})
