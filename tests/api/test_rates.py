"""Rate limits count by caller and say what is left."""

import pytest
from pytest_django import Settings
from tests.api.conftest import Call

from trassa.api.rates import Buckets


@pytest.fixture(autouse=True)
def _two_a_minute(settings: Settings) -> None:
    settings.TRASSA_API_REQUESTS_PER_MINUTE = 2


def test_every_answer_says_what_is_left(call: Call) -> None:
    headers = call("GET", "me").headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("2", "1")
    assert int(headers["RateLimit-Reset"]) == 30


def test_one_request_too_many_is_refused_and_told_when_to_come_back(call: Call) -> None:
    answers = [call("GET", "me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "30"
    assert answers[2].headers["RateLimit-Remaining"] == "0"
    assert answers[2].json()["code"] == "too_many_requests"


def test_each_token_has_its_own_limit(call: Call) -> None:
    for _ in range(3):
        call("GET", "me", token="reader-1")
    assert call("GET", "me", token="reader-2").status_code == 200


def test_a_bucket_refills_steadily_up_to_its_limit() -> None:
    buckets = Buckets()
    assert [buckets.take("a", 60, moment)[1] for moment in [0.0] * 61] == [0.0] * 60 + [1.0]
    assert buckets.take("a", 60, 1.0)[1] == 0
    quota, wait = buckets.take("a", 60, 1000.0)
    assert (quota.remaining, wait) == (59, 0)
