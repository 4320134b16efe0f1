"""What people see when something goes wrong."""

import json
import logging

import pytest
from django.test import Client, override_settings

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/missing", 404, "Такой сделки нет"),
        ("/conflict", 409, "Карточку уже изменил Орлов Р."),
        ("/nowhere", 404, "Проверьте адрес"),
    ],
)
def test_an_expected_error_is_a_page_in_the_shell(client: Client, path: str, status: int, words: str) -> None:
    response = client.get(path)
    text = response.content.decode()
    assert response.status_code == status
    assert words in text
    assert "Комиссия" in text, "the navigation stays"


def test_the_same_error_is_a_toast_for_htmx_and_changes_nothing(client: Client) -> None:
    response = client.get("/conflict", headers=HTMX)
    assert response.status_code == 409
    assert response["HX-Reswap"] == "none"
    assert not response.content
    toast = json.loads(response["HX-Trigger"])["toast"]
    assert toast == {"text": "Карточку уже изменил Орлов Р.", "tone": "bad"}


def test_an_unknown_address_is_a_toast_for_htmx(client: Client) -> None:
    assert "toast" in client.get("/nowhere", headers=HTMX)["HX-Trigger"]


def test_a_fault_of_ours_is_logged_and_shown_without_the_shell(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = client.get("/broken")
    assert response.status_code == 500
    assert "a fault of ours" in caplog.text
    text = response.content.decode()
    assert "У нас что-то сломалось" in text
    assert "a fault of ours" not in text
    assert "Комиссия" not in text


def test_unavailable_is_logged_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert client.get("/unavailable").status_code == 503
    assert "Занято" in caplog.text


def test_a_stale_page_says_to_reload(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    with override_settings(CSRF_FAILURE_VIEW="trassa.ui.stale_page"):
        response = strict.post("/style/undo")
    assert response.status_code == 403
    assert "Страница устарела" in response.content.decode()


def test_the_style_guide_is_for_those_who_build(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/style").status_code == 200
    monkeypatch.setattr("tests.ui.site.Somebody.is_administrator", False)
    assert client.get("/style").status_code == 404


def test_before_sign_in_an_unknown_address_is_a_page_without_the_shell(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tests.ui.site.Somebody.is_authenticated", False)
    text = client.get("/nowhere").content.decode()
    assert "Такой страницы нет" in text
    assert "Комиссия" not in text
    assert "could not be shown" not in caplog.text


@pytest.mark.parametrize("part", ["blocks", "board", "list", "forms", "empty"])
@pytest.mark.parametrize(("language", "create"), [("ru", "Создать"), ("en", "Create")])
def test_every_part_of_the_style_guide_opens(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str, language: str, create: str
) -> None:
    monkeypatch.setattr("tests.ui.site.Somebody.language", language)
    response = client.get(f"/style?part={part}")
    assert response.status_code == 200
    assert create in response.content.decode()
