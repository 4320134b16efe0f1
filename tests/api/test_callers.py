"""Tokens and sessions: who may call, and with which scope."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from tests.api.conftest import Call

from trassa.api import callers
from trassa.kernel import Forbidden


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer  ", "Bearer unknown", "Basic writer-1", "Bearer тест"]
)
def test_a_bad_token_is_unauthorised_and_told_the_scheme(header: str) -> None:
    response = Client().get("/api/v1/me", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "unauthorized"


def test_nobody_is_unauthorised(call: Call) -> None:
    assert call("GET", "me", token=None).status_code == 401


def test_a_token_speaks_for_its_person(call: Call) -> None:
    assert call("GET", "me", token="reader-7").json() == {"person": 1, "key": "token:7"}


def test_reading_needs_no_more_than_the_read_scope(call: Call) -> None:
    assert call("GET", "me", token="reader").status_code == 200


def test_writing_needs_the_write_scope(call: Call) -> None:
    response = call("POST", "notes", {"text": "a"}, token="reader")
    assert response.status_code == 403
    assert response.json()["code"] == "scope_missing"


def page_request(method: str, *, csrf_token: str = "") -> HttpRequest:
    request = RequestFactory().generic(method, "/api/v1/notes")
    request.user = SimpleNamespace(pk=5, is_authenticated=True)  # type: ignore[assignment]
    if csrf_token:
        request.COOKIES[settings.CSRF_COOKIE_NAME] = csrf_token
        request.META["HTTP_X_CSRFTOKEN"] = csrf_token
    return request


def test_a_signed_in_page_may_read() -> None:
    caller = callers.authenticate(page_request("GET"))
    assert (caller.key, caller.token_id) == ("person:5", None)


def test_a_signed_in_page_needs_the_csrf_token_to_write() -> None:
    with pytest.raises(Forbidden) as refusal:
        callers.authenticate(page_request("POST"))
    assert refusal.value.code == "csrf_failed"


def test_a_signed_in_page_with_its_csrf_token_may_write() -> None:
    assert callers.authenticate(page_request("POST", csrf_token="x" * 32)).person_id == 5


def test_a_bad_token_is_not_saved_by_a_session() -> None:
    request = page_request("GET")
    request.META["HTTP_AUTHORIZATION"] = "Bearer unknown"
    with pytest.raises(callers.Unauthorized):
        callers.authenticate(request)
