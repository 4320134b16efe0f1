"""Letters through a real mail server: what is sent and when, and what follows when the server misbehaves."""

import html
import re
from datetime import time
from typing import Any

import pytest
from django.test import Client
from tests.factories.api import client_of, errors_of
from tests.factories.records import create, write
from tests.factories.team import Team
from tests.work.letters import later, states, told
from tests.work.mail_server import MailBox, check_password, free_port, running_mail_server
from tests.work.outbox import follow

from trassa.access.queries import Actor
from trassa.automation.actions import fire_due
from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid
from trassa.people.actions import change_person, dismiss_person
from trassa.people.models import Person
from trassa.records.types import Change, Write
from trassa.work import mailing
from trassa.work.actions import deliveries
from trassa.work.actions.channels import choose_channels, send_test
from trassa.work.actions.deliveries import deliver, deliver_again, forget_deliveries
from trassa.work.actions.notices import mark_all_read, tell
from trassa.work.models import Delivery, Notice
from trassa.work.notice_types import NewNotice
from trassa.work.queries.channels import Wishes
from trassa.work.queries.deliveries import list_deliveries
from trassa.work.queries.notices import count_unread, list_notices
from trassa.work.quiet_hours import Quiet

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(team: Team, box: MailBox) -> Actor:
    change_person(Person.objects.get(id=team.seller.id), email="anna@dealer.example", actor_id=None)
    return team.actor("seller")


def test_a_letter_says_what_happened_and_leads_there(team: Team, seller: Actor, box: MailBox) -> None:
    deal = create("deal", actor=team.actor("head"), owner=seller.id, fields={"amount": "7031549"})
    follow()
    [letter] = box.letters
    assert letter["To"] == "Seller <anna@dealer.example>"
    assert letter["From"] == "Трасса <crm@dealer.example>"
    assert letter["Subject"].startswith("Теперь ответственный — вы")
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_content()
    assert f"https://crm.dealer.example/r/deal/{deal}/" in text
    assert "https://crm.dealer.example/notifications/settings" in text
    assert "7031549" not in text
    assert states() == ["sent"]


def test_a_long_subject_keeps_its_spaces(team: Team, seller: Actor, box: MailBox) -> None:
    words = "Срок был вчера 10:07: Новая заявка BMW X5 xDrive40i, 2021 года — Куликова Валентина Петровна"
    told(seller, data={"text": words})
    follow()
    assert box.letters[0]["Subject"] == words


def test_a_subject_cannot_bring_further_heads(seller: Actor, box: MailBox) -> None:
    told(seller)
    follow()
    [letter] = box.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Позвоните клиенту Bcc: x@example.ru"


def test_letters_come_in_the_language_of_the_person(team: Team, seller: Actor, box: MailBox) -> None:
    change_person(Person.objects.get(id=seller.id), language="en", actor_id=None)
    told(seller)
    follow()
    assert box.letters[0]["Subject"] == "Call the client"


def test_work_that_is_done_twice_sends_one_letter(seller: Actor, box: MailBox) -> None:
    told(seller)
    follow(twice=True)
    assert len(box.letters) == 1


def test_who_dies_after_the_letter_is_handed_over_repeats_it_under_the_same_id(
    seller: Actor, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(seller)
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "note_attempt", lambda *_given, **_named: None)
        follow()
    deliver(Delivery.objects.get().id)
    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]
    deliver(Delivery.objects.get().id)
    assert len(box.letters) == 2


@pytest.mark.parametrize("answer", ["later", "drop"])
def test_what_the_server_does_not_take_now_is_tried_again_with_growing_pauses(
    seller: Actor, box: MailBox, answer: str
) -> None:
    box.answers = [answer, answer]
    told(seller)
    follow()
    assert (states(), box.tried, box.letters) == (["due"], 1, [])
    with later(seconds=31):
        fire_due()
        follow()
        assert box.tried == 2
    with later(seconds=31 + 59):
        fire_due()
        follow()
    assert box.tried == 2
    with later(seconds=31 + 62):
        fire_due()
        follow()
    assert (states(), len(box.letters)) == (["sent"], 1)
    assert [bool(each["error"]) for each in Delivery.objects.get().log] == [True, True, False]


def test_a_slow_server_is_given_up_on_for_now(
    seller: Actor, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "TIMEOUT", 0.3)
    box.answers = ["slow"]
    told(seller)
    follow()
    assert states() == ["due"]
    assert "imed" in Delivery.objects.get().log[0]["error"]


def test_a_server_that_is_not_there_is_tried_again(seller: Actor, settings: Any) -> None:
    settings.TRASSA_MAIL_SERVER = f"smtp+plain://127.0.0.1:{free_port()}"
    told(seller)
    follow()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("due", 1)
    assert "ConnectionRefusedError" in delivery.log[0]["error"]


@pytest.mark.parametrize("answer", ["unknown", "never"])
def test_what_the_server_refuses_for_good_is_not_repeated(seller: Actor, box: MailBox, answer: str) -> None:
    box.answers = [answer]
    told(seller)
    follow()
    with later(days=3):
        fire_due()
        follow()
    assert (states(), box.tried, box.letters) == (["failed"], 1, [])


def test_an_administrator_sends_again_what_was_given_up(team: Team, seller: Actor, box: MailBox) -> None:
    box.answers = ["never"]
    told(seller)
    follow()
    id = Delivery.objects.get().id
    with pytest.raises(Forbidden):
        deliver_again(id, actor_id=team.head.id)
    deliver_again(id, actor_id=team.administrator.id)
    follow()
    assert (states(), len(box.letters)) == (["sent"], 1)


def test_attempts_end_after_two_days(seller: Actor, box: MailBox) -> None:
    box.answers = ["later"] * 100
    told(seller)
    follow()
    Delivery.objects.update(attempts=deliveries.MAX_ATTEMPTS - 1)
    with later(days=1):
        fire_due()
        follow()
    assert states() == ["failed"]
    assert len(Delivery.objects.get().log) == 2


def test_a_password_that_is_wrong_lets_letters_wait(seller: Actor, settings: Any) -> None:
    with running_mail_server(authenticator=check_password, auth_required=True, auth_require_tls=False) as (
        box,
        port,
    ):
        settings.TRASSA_MAIL_SERVER = f"smtp+plain://trassa:wrong@127.0.0.1:{port}"
        told(seller)
        follow()
        assert states() == ["due"]
        settings.TRASSA_MAIL_SERVER = f"smtp+plain://trassa:secret@127.0.0.1:{port}"
        with later(minutes=1):
            fire_due()
            follow()
        assert (states(), len(box.letters)) == (["sent"], 1)


def test_a_server_that_offers_no_encryption_gets_no_password(seller: Actor, mail: Any, settings: Any) -> None:
    settings.TRASSA_MAIL_SERVER = f"smtp://trassa:secret@127.0.0.1:{mail[1]}"
    told(seller)
    follow()
    assert states() == ["failed"]
    assert "STARTTLS" in Delivery.objects.get().log[0]["error"]


def test_without_a_mail_server_or_an_address_nothing_is_planned(
    team: Team, seller: Actor, settings: Any
) -> None:
    told(team.actor("head"))
    settings.TRASSA_MAIL_SERVER = ""
    told(seller)
    follow()
    assert states() == []


def test_what_was_read_or_went_out_of_reach_is_not_sent(team: Team, seller: Actor, box: MailBox) -> None:
    told(seller)
    mark_all_read(seller)
    deal = create("deal", actor=seller)
    told(seller, "hidden", record_id=deal)
    write(Write(Change.EDIT, "deal", id=deal, owner=team.other_seller.id))
    follow()
    assert (states(), box.letters) == (["dropped", "dropped"], [])


def test_who_left_gets_nothing_more(seller: Actor, box: MailBox) -> None:
    told(seller)
    dismiss_person(Person.objects.get(id=seller.id), actor_id=None)
    follow()
    assert box.letters == []


def test_people_choose_what_comes_by_letter_and_what_only_so(seller: Actor, box: MailBox) -> None:
    choose_channels(Wishes({"rule": ("email",), "overdue": ()}), actor=seller)
    told(seller)
    assert tell([NewNotice(seller.id or 0, "overdue", "x", data={"stage": 1, "due_at": "2026-01-01"})]) == []
    follow()
    assert (len(box.letters), count_unread(seller), Notice.objects.count()) == (1, 0, 1)
    [entry] = list_entries(Stream("person", seller.id or 0), limit=1)
    assert entry.kind == "channels_chosen"


def test_nobody_chooses_what_is_not_there(seller: Actor) -> None:
    for wishes in (
        Wishes({"nothing": ("app",)}),
        Wishes({"rule": ("pigeon",)}),
        Wishes(quiet=Quiet(time(22))),
        Wishes(digest="weekly"),
    ):
        with pytest.raises(Invalid):
            choose_channels(wishes, actor=seller)


def test_a_test_letter_goes_at_once_and_by_no_other_channel_whatever_was_chosen(
    seller: Actor, box: MailBox
) -> None:
    always = Quiet(time(0), time(23, 59, 59))
    choose_channels(Wishes(quiet=always, digest="daily"), actor=seller)
    send_test(seller, "email")
    follow()
    assert (len(box.letters), count_unread(seller), states()) == (1, 1, ["sent"])
    with pytest.raises(Invalid):
        send_test(seller, "pigeon")


def test_a_mailbox_that_is_not_there_switches_letters_off_and_the_screen_says_so(
    team: Team, seller: Actor, box: MailBox
) -> None:
    choose_channels(Wishes({"rule": ("email",)}), actor=seller)
    box.answers = ["unknown"]
    told(seller)
    follow()
    assert [line.kind for line in list_notices(seller)] == ["mailbox"]
    told(seller, "next")
    follow()
    assert (states(), box.tried) == (["failed"], 1)
    assert [line.kind for line in list_notices(seller)] == ["rule", "mailbox"]
    browser = Client()
    browser.force_login(team.seller)
    assert "Почтовый сервер не знает" in browser.get("/notifications/settings").content.decode()


def test_the_page_of_a_person_tells_administrators_that_letters_are_off(
    team: Team, seller: Actor, box: MailBox
) -> None:
    browser = Client()
    browser.force_login(team.administrator)
    page = f"/people/{team.seller.id}/"
    assert "письма выключены" not in browser.get(page).content.decode()
    choose_channels(Wishes({"rule": ("email",)}), actor=seller)
    box.answers = ["unknown"]
    told(seller)
    follow()
    assert "письма выключены" in browser.get(page).content.decode()


def test_letters_begin_again_with_a_test_that_arrives_or_another_address(
    team: Team, seller: Actor, box: MailBox
) -> None:
    box.answers = ["unknown"]
    told(seller)
    follow()
    send_test(seller, "email")
    follow()
    told(seller, "after the test")
    follow()
    assert len(box.letters) == 2
    box.answers = ["unknown"]
    told(seller, "gone again")
    follow()
    change_person(Person.objects.get(id=team.seller.id), email="other@dealer.example", actor_id=None)
    told(seller, "elsewhere")
    follow()
    assert box.letters[-1]["To"] == "Seller <other@dealer.example>"
    assert [line.kind for line in list_notices(seller)].count("mailbox") == 2


def test_a_server_that_dislikes_the_sender_switches_nothing_off(seller: Actor, box: MailBox) -> None:
    box.answers = ["disliked"]
    told(seller)
    told(seller, "next")
    follow()
    assert (states(), len(box.letters)) == (["failed", "sent"], 1)


def test_the_page_says_what_became_of_a_test(team: Team, seller: Actor, box: MailBox) -> None:
    browser = Client()
    browser.force_login(team.seller)
    asked = browser.post("/notifications/settings/test", {"channel": "email"}).content.decode()
    again = html.unescape(re.findall(r'hx-get="([^"]*)"', asked)[0])
    box.answers = ["unknown"]
    follow()
    answer = browser.get(again).content.decode()
    assert "550 No such person here" in answer
    assert "hx-get" not in answer
    nowhere = browser.post("/notifications/settings/test", {"channel": "push"}).content.decode()
    assert "hx-get" not in nowhere
    assert browser.get("/notifications/settings/test?channel=pigeon").status_code == 404


def test_people_see_what_was_sent_to_them_and_administrators_all_of_it(team: Team, seller: Actor) -> None:
    told(seller)
    follow()
    [line] = list_deliveries(seller)
    assert (line.state, line.attempts, line.count, line.error) == ("sent", 1, 1, "")
    assert list_deliveries(team.actor("administrator")) == []
    assert len(list_deliveries(team.actor("administrator"), everybody=True)) == 1
    with pytest.raises(Forbidden):
        list_deliveries(team.actor("head"), everybody=True)


def test_deliveries_of_long_ago_are_dropped(seller: Actor, box: MailBox) -> None:
    with later(days=-100):
        told(seller)
        follow()
    assert forget_deliveries() == 1


def test_the_form_saves_and_shows_again(team: Team, seller: Actor) -> None:
    browser = Client()
    browser.force_login(team.seller)
    form = {
        "way": ["rule:app", "rule:email"],
        "quiet_from": "22:00",
        "quiet_until": "08:00",
        "digest": "daily",
    }
    assert browser.post("/notifications/settings", form).status_code == 204
    page = browser.get("/notifications/settings").content.decode()
    assert 'value="22:00"' in page
    assert len(re.findall(r'name="way"[^>]* checked', page)) == 2
    assert browser.post("/notifications/settings", form | {"quiet_until": ""}).status_code == 422
    assert browser.post("/notifications/settings", form | {"quiet_from": "late"}).status_code == 422


def test_the_api_reads_and_chooses(team: Team, seller: Actor) -> None:
    api = client_of(team, "seller")
    usual = api.get("notifications/settings").json()
    assert usual["channels"]["mentioned"] == ["app", "email", "push"]
    chosen = usual | {"digest": "daily", "digest_at": "18:30", "quiet_from": "22:00", "quiet_until": "07:00"}
    assert api.send("PUT", "notifications/settings", chosen).json() == chosen
    assert errors_of(api.send("PUT", "notifications/settings", chosen | {"quiet_from": None})) == {
        "quiet_until": "invalid"
    }
    told(seller)
    follow()
    assert [each["state"] for each in api.get("notifications/deliveries").json()["items"]] == ["due"]
