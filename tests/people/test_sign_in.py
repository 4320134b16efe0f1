"""Signing in and out: one answer for everybody who may not, a fresh session for those who may."""

import re
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from tests.factories.people import PASSWORD, make_person

from trassa.journal import Stream, list_entries
from trassa.people import backends
from trassa.people.actions import dismiss_person, forget_expired_sessions, set_password
from trassa.people.models import Person, Session

pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME


def words_of(response: HttpResponse) -> str:
    """What a page says, without tags (and so without what was typed and tokens)."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(text.split())


def test_signing_in_opens_a_session_of_that_person_and_is_in_history(client: Client, anna: Person) -> None:
    response = client.post("/sign-in", {"login": " Anna ", "password": PASSWORD, "next": "/deals?page=2"})
    assert response.status_code == 302
    assert response["Location"] == "/deals?page=2"
    assert [session.person_id for session in Session.objects.all()] == [anna.id]
    entry = list_entries(Stream("person", anna.id))[0]
    assert (entry.kind, entry.actor_id, entry.cause) == ("signed_in", anna.id, {"address": "127.0.0.1"})


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_next_leads_only_to_addresses_of_ours(client: Client, anna: Person, where: str) -> None:
    response = client.post("/sign-in", {"login": "anna", "password": PASSWORD, "next": where})
    assert response["Location"] == "/"


def test_the_session_key_changes_on_sign_in(client: Client, anna: Person) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[COOKIE] = planted
    client.post("/sign-in", {"login": "anna", "password": PASSWORD})
    assert client.cookies[COOKIE].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_wrong_password_unknown_login_and_dismissed_person_get_the_same_answer(anna: Person) -> None:
    gone = make_person("gone", password=PASSWORD)
    dismiss_person(gone, actor_id=None)
    make_person("invited")
    tries = [("anna", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD), ("invited", ""), ("", "")]
    answers = []
    for login, password in tries:
        response = Client().post("/sign-in", {"login": login, "password": password})
        answers.append((response.status_code, words_of(response)))
    assert {status for status, _words in answers} == {422}
    assert all("Неверный логин или пароль." in words for _status, words in answers)
    assert len({words for _status, words in answers}) == 1
    assert not Session.objects.exists()


def test_an_unknown_login_costs_one_hash_like_a_wrong_password(client: Client, anna: Person) -> None:
    hashed: list[str] = []
    make, check = backends.make_password, Person.check_password

    def count_make(password: str) -> str:
        hashed.append("make")
        return make(password)

    def count_check(self: Person, password: str) -> bool:
        hashed.append("check")
        return check(self, password)

    with (
        patch.object(backends, "make_password", count_make),
        patch.object(Person, "check_password", count_check),
    ):
        for login in ("nobody", "anna"):
            client.post("/sign-in", {"login": login, "password": "wrong"})
    assert hashed == ["make", "check"]


def test_guessing_one_login_is_stopped_and_costs_no_query(
    client: Client, anna: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with patch.object(Person, "check_password", return_value=False):
        for _attempt in range(10):
            assert client.post("/sign-in", {"login": "ANNA", "password": "x"}).status_code == 422
    with django_assert_num_queries(0):
        response = client.post("/sign-in", {"login": "anna", "password": PASSWORD})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900
    assert "Слишком много попыток. Повторите через 15 минут." in words_of(response)


def test_guessing_from_one_address_is_stopped_whatever_the_login(client: Client, settings: Settings) -> None:
    settings.TRASSA_PROXIES = 1
    with patch.object(backends, "make_password"):
        for number in range(50):
            headers = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.5"}
            client.post("/sign-in", {"login": f"login{number}", "password": "x"}, headers=headers)
        blocked = client.post("/sign-in", {"login": "x"}, headers={"X-Forwarded-For": "203.0.113.5"})
        free = client.post("/sign-in", {"login": "x"}, headers={"X-Forwarded-For": "203.0.113.6"})
    assert (blocked.status_code, free.status_code) == (429, 422)


def test_signing_in_properly_clears_the_count_of_the_login(client: Client, anna: Person) -> None:
    for _round in range(3):
        with patch.object(Person, "check_password", return_value=False):
            for _attempt in range(9):
                Client().post("/sign-in", {"login": "anna", "password": "x"})
        response = client.post("/sign-in", {"login": "anna", "password": PASSWORD})
        assert response.status_code == 302


def test_signing_out_needs_a_post_and_ends_the_session(signed_in: Client, anna: Person) -> None:
    assert signed_in.get("/sign-out").status_code == 405
    assert signed_in.post("/sign-out").status_code == 302
    assert not Session.objects.filter(person=anna).exists()
    assert signed_in.get("/deals").status_code == 302
    assert list_entries(Stream("person", anna.id))[0].kind == "signed_out"


def test_forged_posts_are_refused(anna: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in", {"login": "anna", "password": PASSWORD}).status_code == 403
    assert strict.post("/sign-out").status_code == 403


def test_a_signed_in_person_does_not_see_the_sign_in_page(signed_in: Client) -> None:
    response = signed_in.get("/sign-in?next=/deals")
    assert (response.status_code, response["Location"]) == (302, "/deals")


def test_dismissal_closes_open_pages_at_once(signed_in: Client, anna: Person) -> None:
    assert signed_in.get("/deals").status_code == 200
    dismiss_person(anna, actor_id=None)
    assert signed_in.get("/deals").status_code == 302


def test_a_new_password_closes_open_pages(signed_in: Client, anna: Person) -> None:
    set_password(anna, "другие-рельсы", actor_id=anna.id)
    assert signed_in.get("/deals").status_code == 302


def test_expired_sessions_are_forgotten_and_open_ones_stay(signed_in: Client) -> None:
    Session.objects.create(session_key="b" * 32, session_data="", expire_date="2020-01-01T00:00Z")
    assert forget_expired_sessions() == 1
    assert signed_in.get("/deals").status_code == 200
