"""Messages of the browser: encrypted, signed, sent to every browser of a person and to nobody else."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from time import time as seconds
from typing import Any

import http_ece
import pytest
from cryptography.exceptions import InvalidSignature
from django.test import Client
from tests.databases import Lay
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team
from tests.work.outbox import follow
from tests.work.push_service import Browser, PushService, check_signature, running_push_service

from trassa.automation.actions import fire_due
from trassa.kernel import frozen, now
from trassa.people.actions import dismiss_person
from trassa.people.models import Person
from trassa.people.queries import calendar_of
from trassa.work.actions.channels import choose_channels, send_test
from trassa.work.actions.notices import mark_all_read, tell
from trassa.work.actions.pushes import MOST, push_keys, reseal_push_key
from trassa.work.models import Delivery, PushKey, PushSubscription
from trassa.work.notice_types import NewNotice
from trassa.work.queries.channels import Wishes
from trassa.work.quiet_hours import Quiet

pytestmark = pytest.mark.django_db

DATA = {"text": "Позвоните клиенту"}


@pytest.fixture(scope="module")
def team(lay: Lay) -> Team:
    lay(make_garage)
    return lay(make_team)


@pytest.fixture(scope="module")
def running() -> Iterator[PushService]:
    with running_push_service() as service:
        yield service


@pytest.fixture
def service(running: PushService, settings: Any) -> PushService:
    running.messages.clear()
    running.answers.clear()
    settings.TRASSA_CALLS_INSIDE = [ipaddress.ip_network("127.0.0.0/8")]
    settings.TRASSA_SITE = "https://crm.dealer.example"
    return running


@pytest.fixture
def client(team: Team) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})
    client.force_login(team.seller)
    return client


def subscribed(client: Client, service: PushService, name: str = "one") -> Browser:
    browser = Browser(service, name)
    assert client.post("/notifications/push", browser.form).status_code == 200
    return browser


def told(team: Team, key: str = "test", **given: Any) -> None:
    tell([NewNotice(team.seller.id, "rule", key, **{"data": DATA, **given})])


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_only_the_browser_reads_what_it_is_told_and_it_is_signed(
    team: Team, client: Client, service: PushService
) -> None:
    browser = subscribed(client, service)
    deal = create("deal", actor=team.actor("head"), owner=team.seller.id)
    follow()
    [(heads, body)] = service.messages
    assert "ответственный".encode() not in body
    message = browser.read(body)
    assert message["title"] == "Теперь ответственный — вы"
    assert message["url"] == f"/r/deal/{deal}/"
    claims = check_signature(heads, push_keys().public)
    assert (claims["aud"], claims["sub"]) == (service.origin, "https://crm.dealer.example")
    assert 0 < claims["exp"] - seconds() <= 24 * 3_600
    assert (heads["TTL"], heads["Content-Encoding"]) == ("86400", "aes128gcm")
    with pytest.raises(InvalidSignature):
        check_signature(heads | {"Authorization": forged(heads["Authorization"])}, push_keys().public)
    with pytest.raises(http_ece.ECEException):
        Browser(service).read(body)


def forged(authorization: str) -> str:
    head, claims, rest = authorization.split(".", 2)
    return f"{head}.{claims[:-2]}AA.{rest}"


def test_what_quiet_hours_hold_back_is_one_message_for_each_browser(
    team: Team, client: Client, service: PushService
) -> None:
    browsers = [subscribed(client, service, name) for name in ("one", "two")]
    choose_channels(Wishes({"rule": ("push",)}, Quiet(time(22), time(8))), actor=team.actor("seller"))
    night = datetime(2027, 3, 3, 23, tzinfo=calendar_of(team.seller.id).zone)
    with frozen(night):
        told(team, "a")
        told(team, "b")
        follow(twice=True)
        assert service.messages == []
    with frozen(night + timedelta(hours=9)):
        fire_due()
        follow()
    bodies = [body for _heads, body in service.messages]
    messages = [browser.read(body) for browser, body in zip(browsers, bodies, strict=True)]
    assert [each["title"] for each in messages] == ["2 уведомления"] * 2
    assert messages[0]["body"] == "Позвоните клиенту\nПозвоните клиенту"
    assert (messages[0]["url"], states()) == ("/notifications/", ["sent", "sent"])


def test_a_test_message_comes_to_the_browsers_and_by_no_letter(
    team: Team, client: Client, service: PushService
) -> None:
    browser = subscribed(client, service)
    send_test(team.actor("seller"), "push")
    follow()
    [(_heads, body)] = service.messages
    assert browser.read(body)["title"] == "Так Трасса будет вас уведомлять"


def test_every_browser_gets_it_once_however_often_work_is_done(
    team: Team, client: Client, service: PushService
) -> None:
    for name in ("one", "two"):
        subscribed(client, service, name)
    told(team)
    follow(twice=True)
    assert len(service.messages) == 2


def test_a_repetition_takes_the_place_of_what_has_not_arrived(
    team: Team, client: Client, service: PushService
) -> None:
    subscribed(client, service)
    service.answers = [503]
    told(team)
    follow()
    assert states() == ["due"]
    with frozen(now() + timedelta(minutes=1)):
        fire_due()
        follow()
    Delivery.objects.update(state="due")
    with frozen(now() + timedelta(minutes=2)):
        fire_due()
    topics = {heads["Topic"] for heads, _body in service.messages}
    assert (states()[0], len(topics)) == ("due", 1)
    assert len(topics.pop()) == 32


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    team: Team, client: Client, service: PushService, status: int
) -> None:
    subscribed(client, service)
    service.answers = [status]
    told(team)
    follow()
    assert (states(), PushSubscription.objects.count()) == (["failed"], 0)
    told(team, "later")
    follow()
    assert states() == ["failed"]


@pytest.mark.parametrize(("status", "state"), [(429, "due"), (500, "due"), (400, "failed"), (413, "failed")])
def test_what_may_go_better_is_tried_again_and_what_cannot_is_not(
    team: Team, client: Client, service: PushService, status: int, state: str
) -> None:
    subscribed(client, service)
    service.answers = [status]
    told(team)
    follow()
    assert (states(), PushSubscription.objects.count()) == ([state], 1)


def test_nothing_is_sent_into_the_own_network(
    team: Team, client: Client, service: PushService, settings: Any
) -> None:
    subscribed(client, service)
    settings.TRASSA_CALLS_INSIDE = []
    told(team)
    follow()
    assert (states(), service.messages) == (["failed"], [])


def test_what_was_read_is_not_sent(team: Team, client: Client, service: PushService) -> None:
    subscribed(client, service)
    told(team)
    mark_all_read(team.actor("seller"))
    follow()
    assert (states(), service.messages) == (["dropped"], [])


def test_messages_end_with_the_session_and_with_the_person(
    team: Team, client: Client, service: PushService
) -> None:
    subscribed(client, service)
    client.post("/sign-out")
    assert PushSubscription.objects.count() == 0
    other = Client()
    other.force_login(team.seller)
    subscribed(other, service)
    dismiss_person(Person.objects.get(id=team.seller.id), actor_id=None)
    assert PushSubscription.objects.count() == 0


def test_a_browser_belongs_to_who_signed_in_last(team: Team, client: Client, service: PushService) -> None:
    browser = subscribed(client, service)
    head = Client()
    head.force_login(team.head)
    head.post("/notifications/push", browser.form)
    told(team)
    follow()
    assert service.messages == []
    assert PushSubscription.objects.get().person_id == team.head.id


def test_people_remove_their_own_browsers_only(team: Team, client: Client, service: PushService) -> None:
    browser = subscribed(client, service)
    head = Client()
    head.force_login(team.head)
    head.post("/notifications/push/remove", {"endpoint": browser.endpoint})
    assert PushSubscription.objects.count() == 1
    client.post("/notifications/push/remove", {"endpoint": browser.endpoint})
    assert PushSubscription.objects.count() == 0


def test_what_is_no_subscription_is_refused(client: Client, service: PushService, settings: Any) -> None:
    form = Browser(service).form
    wrong = [
        {"endpoint": "ftp://example.ru/x"},
        {"endpoint": "https://user@example.ru/x"},
        {"endpoint": "https://example.ru/" + "x" * 2_000},
        {"p256dh": "AAAA"},
        {"p256dh": "B" + form["p256dh"][1:-4] + "AAAA"},
        {"auth": "AAAA"},
        {"auth": "яяя"},
    ]
    for each in wrong:
        assert client.post("/notifications/push", form | each).status_code == 422, each
    settings.TRASSA_CALLS_INSIDE = []
    assert client.post("/notifications/push", form).status_code == 422


def test_the_oldest_browsers_make_room(client: Client, service: PushService) -> None:
    for number in range(MOST + 2):
        subscribed(client, service, f"n{number}")
    names = sorted(PushSubscription.objects.values_list("endpoint", flat=True))
    assert len(names) == MOST
    assert not any(name.endswith(("/n0", "/n1")) for name in names)


def test_the_key_is_made_once_kept_sealed_and_sealed_anew(team: Team, settings: Any) -> None:
    pair = push_keys()
    assert push_keys() == pair
    assert "PRIVATE" not in PushKey.objects.get().sealed
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert reseal_push_key() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert push_keys() == pair


def test_the_worker_lies_at_the_root(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "notificationclick" in answer.content.decode()
