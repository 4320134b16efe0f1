"""People change their own passwords, administrators hand out links, and some must choose another one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from tests.factories.people import PASSWORD, make_person

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound, frozen, now
from trassa.people.actions import (
    demand_new_password,
    dismiss_person,
    give_temporary_password,
    issue_token,
    make_password_link,
    readmit_person,
    use_password_link,
)
from trassa.people.models import Person, Session
from trassa.people.queries import get_person, list_sessions

NEW = "мост-и-семафор"


@pytest.fixture(autouse=True)
def _whole_house(_pages: None, settings: Settings) -> None:
    settings.ROOT_URLCONF = "trassa.config.urls"


WANTED = {"old": PASSWORD, "password": NEW, "again": NEW}


def test_one_changes_ones_own_password_and_other_browsers_are_signed_out(
    signed_in: Client, anna: Person
) -> None:
    other = Client()
    other.post("/sign-in", {"login": "anna", "password": PASSWORD})
    answer = signed_in.post("/settings/password", WANTED)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    assert signed_in.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302
    assert Client().post("/sign-in", {"login": "anna", "password": PASSWORD}).status_code == 422
    assert Client().post("/sign-in", {"login": "anna", "password": NEW}).status_code == 302
    [entry] = list_entries(Stream("person", anna.id), only=("password_set",), limit=1)
    assert (entry.actor_id, dict(entry.changes)) == (anna.id, {})


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"old": "не тот"}, "Это не ваш нынешний пароль"),
        ({"again": "другой-пароль"}, "Пароли не совпадают"),
        ({"password": "password", "again": "password"}, "распространён"),
        ({"password": PASSWORD, "again": PASSWORD}, "отличается от нынешнего"),
    ],
)
def test_a_form_with_a_fault_changes_nothing(
    signed_in: Client, anna: Person, changed: dict[str, str], fault: str
) -> None:
    answer = signed_in.post("/settings/password", WANTED | changed)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert get_person(anna.id).check_password(PASSWORD)


def test_guessing_the_present_password_is_limited(signed_in: Client, anna: Person) -> None:
    for _attempt in range(10):
        signed_in.post("/settings/password", WANTED | {"old": "не тот"})
    assert "Слишком много попыток" in signed_in.post("/settings/password", WANTED).content.decode()
    assert get_person(anna.id).check_password(PASSWORD)


def test_a_link_sets_a_password_once(client: Client, anna: Person) -> None:
    secret = make_password_link(anna, actor_id=None)
    url = f"/password/{secret}"
    assert "anna" in client.get(url).content.decode()
    answer = client.post(url, {"password": NEW, "again": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?password=set")
    assert get_person(anna.id).check_password(NEW)
    assert client.get(url).status_code == 404
    with pytest.raises(NotFound):
        use_password_link(secret, "другой-пароль-ещё")
    [entry] = list_entries(Stream("person", anna.id), only=("password_set",), limit=1)
    assert entry.cause == {"via": "link"}


def test_a_link_ends_after_a_day_with_the_next_one_and_with_a_dismissal(anna: Person) -> None:
    first = make_password_link(anna, actor_id=None)
    second = make_password_link(anna, actor_id=None)
    with pytest.raises(NotFound):
        use_password_link(first, NEW)
    with frozen(now() + timedelta(hours=24, seconds=1)), pytest.raises(NotFound):
        use_password_link(second, NEW)
    dismiss_person(anna, actor_id=None)
    readmit_person(anna, actor_id=None)
    with pytest.raises(NotFound):
        use_password_link(second, NEW)


def test_a_weak_password_leaves_the_link_unused(anna: Person) -> None:
    secret = make_password_link(anna, actor_id=None)
    with pytest.raises(Invalid):
        use_password_link(secret, "12345678")
    use_password_link(secret, NEW)


@pytest.mark.django_db
def test_links_are_made_by_administrators_and_kept_as_digests(anna: Person) -> None:
    with pytest.raises(Forbidden):
        make_password_link(anna, actor_id=make_person().id)
    secret = make_password_link(anna, actor_id=make_person(is_administrator=True).id)
    assert secret.encode() not in bytes(anna.password_links.get().digest)


def test_whoever_must_choose_another_password_does_that_first(signed_in: Client, anna: Person) -> None:
    demand_new_password(anna, actor_id=None)
    assert signed_in.get("/settings/")["Location"] == "/settings/password"
    part = signed_in.get("/settings/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (403, "/settings/password")
    there = {"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/password"}
    assert "HX-Redirect" not in signed_in.get("/settings/", headers=there)
    assert signed_in.get("/api/v1/me").json()["code"] == "password_due"
    token = issue_token(anna, "1С", ("read",), actor_id=None)
    assert signed_in.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert signed_in.post("/settings/password", WANTED)["Location"] == "/"
    assert signed_in.get("/settings/").status_code == 200


def test_a_dictated_password_is_for_the_first_sign_in_only(client: Client, anna: Person) -> None:
    dictated = give_temporary_password(anna, actor_id=None)
    client.post("/sign-in", {"login": "anna", "password": dictated})
    assert client.get("/settings/")["Location"] == "/settings/password"
    assert client.post("/sign-out").status_code == 302


def test_one_sees_where_one_is_signed_in_and_ends_the_rest(signed_in: Client, anna: Person) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    other = Client(headers={"User-Agent": agent})
    other.post("/sign-in", {"login": "anna", "password": PASSWORD})
    assert agent in [each.agent for each in list_sessions(anna.id)]
    shown = signed_in.get("/settings/").content.decode()
    assert "Chrome, Windows" in shown
    assert shown.count("этот браузер") == 1
    signed_in.post("/settings/sessions/end")
    assert Session.objects.filter(person=anna).count() == 1
    assert signed_in.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302
    [entry] = list_entries(Stream("person", anna.id), only=("sessions_ended",))
    assert entry.changes == {"ended": (None, 1)}


def test_one_chooses_a_first_page_and_pins_entries(signed_in: Client, anna: Person) -> None:
    signed_in.post("/settings/place", {"start_page": "/t/deal/", "pins": "1", "pinned": ["people"]})
    signed_in.post("/settings/place", {"pin": "departments"})
    person = get_person(anna.id)
    assert (person.start_page, person.pinned) == ("/t/deal/", ["people", "departments"])
    signed_in.post("/settings/place", {"unpin": "people"}, headers={"HX-Request": "true"})
    assert get_person(anna.id).pinned == ["departments"]
    signed_in.post("/settings/place", {"start_page": "", "pins": "1"})
    person = get_person(anna.id)
    assert (person.start_page, person.pinned) == ("", [])


@pytest.mark.django_db
def test_people_from_a_file_get_their_links_at_once(client: Client) -> None:
    client.force_login(make_person("boss", is_administrator=True))
    text = "login;name\nnova;Новая Вера\nanna two;Ошибка"
    answer = client.post("/people/import", {"text": text, "agreed": "1", "links": "1"})
    shown = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    [link] = re.findall(r"http://testserver(/password/[\w-]+)", shown)
    assert Client().post(link, {"password": NEW, "again": NEW}).status_code == 302
    assert Client().post("/sign-in", {"login": "nova", "password": NEW}).status_code == 302
    assert "/password/" not in client.post("/people/import", {"text": text}).content.decode()
