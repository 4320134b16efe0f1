"""Every failure is a problem document that says what to do and gives nothing away."""

import logging
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings
from tests.api.conftest import Call

MEMBERS = {"type", "title", "status", "detail", "code", "errors"}


def read_problem(response: HttpResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    assert set(body) - {"instance"} == MEMBERS
    assert body["status"] == status
    assert body["type"] == f"urn:trassa:problem:{body['code']}"
    return body


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("absent", 404, "not_found"),
        ("forbidden", 403, "forbidden"),
        ("conflict", 409, "conflict"),
        ("busy", 503, "unavailable"),
        ("database", 503, "unavailable"),
    ],
)
def test_an_expected_error_keeps_its_status_and_code(call: Call, kind: str, status: int, code: str) -> None:
    assert read_problem(call("GET", f"fail/{kind}"), status)["code"] == code


def test_a_conflict_names_the_fields(call: Call) -> None:
    problem = read_problem(call("GET", "fail/conflict"), 409)
    assert problem["errors"] == [{"field": "text", "code": "changed_meanwhile", "message": "Changed."}]


def test_what_is_busy_says_when_to_come_back(call: Call) -> None:
    assert int(call("GET", "fail/busy").headers["Retry-After"]) > 0


def test_a_fault_of_ours_gives_no_details_but_a_reference_to_the_log(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "trassa.api"):
        response = call("GET", "fail/fault")
    problem = read_problem(response, 500)
    assert b"secret" not in response.content
    reference = problem["instance"].removeprefix("urn:uuid:")
    assert reference in caplog.text
    assert "a secret detail" in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"text": NaN}',
        b'{"text": "\xff"}',
        b'{"text": "\\u0000"}',
        b'{"text": "\\ud800"}',
        b"[" * 100_000,
        b'{"stars": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_is_not_json_is_refused(call: Call, raw: bytes) -> None:
    assert read_problem(call("POST", "notes", raw=raw), 400)["code"] == "malformed_request"


@pytest.mark.django_db
def test_text_beyond_the_basic_plane_is_welcome(call: Call) -> None:
    assert call("POST", "notes", {"text": "🚗"}).status_code == 201


def test_another_content_type_is_refused(call: Call) -> None:
    response = call("POST", "notes", raw=b"text=a", content_type="application/x-www-form-urlencoded")
    assert read_problem(response, 415)["code"] == "unsupported_media_type"


def test_too_large_a_body_is_refused(call: Call, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert read_problem(call("POST", "notes", {"text": "a" * 200}), 413)["code"] == "too_large"


def test_a_body_that_does_not_fit_names_its_fields(call: Call) -> None:
    problem = read_problem(call("POST", "notes", {"stars": "many"}), 422)
    assert {error["field"]: error["code"] for error in problem["errors"]} == {
        "text": "required",
        "stars": "invalid",
    }


def test_a_missing_body_is_named(call: Call) -> None:
    assert read_problem(call("POST", "notes"), 422)["errors"][0]["code"] == "required"


def test_a_wrong_parameter_is_named(call: Call) -> None:
    assert read_problem(call("GET", "pages?limit=0"), 422)["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limt=5", "limt", "unknown_parameter"),
        ("request=5", "request", "unknown_parameter"),
        ("limit=5&limit=6", "limit", "repeated"),
        ("li%00=5", "li\0", "unknown_parameter"),
    ],
)
def test_an_unknown_or_repeated_parameter_is_refused_by_name(
    call: Call, query: str, field: str, code: str
) -> None:
    error = read_problem(call("GET", f"pages?{query}"), 422)["errors"][0]
    assert (error["field"], error["code"]) == (field, code)


def test_a_path_is_no_place_for_parameters(call: Call) -> None:
    assert read_problem(call("GET", "fail/absent?kind=x"), 422)["errors"][0]["field"] == "kind"


@pytest.mark.parametrize("path", ["", "nowhere", "notes/", "fail", "openapi.json/x"])
def test_an_unknown_address_is_not_found(call: Call, path: str) -> None:
    read_problem(call("GET", path), 404)


def test_an_unknown_method_names_the_known_ones(call: Call) -> None:
    response = call("DELETE", "notes", token=None)
    assert read_problem(response, 405)["code"] == "method_not_allowed"
    assert response.headers["Allow"] == "POST"
