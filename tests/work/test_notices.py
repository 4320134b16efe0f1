"""People are told of what concerns them, once, and never of what they may not see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.databases import Lay
from tests.factories.people import make_department, make_person
from tests.factories.records import CAUSE, allow, create, make_actor, make_garage, write
from tests.work.outbox import follow

from trassa.access.actions import set_grants
from trassa.access.queries import Actor, actor_of
from trassa.access.types import Scope, Verb
from trassa.automation.actions import fire_due, save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.types import RuleDraft
from trassa.journal import Notice as BrowserNotice
from trassa.journal import publish
from trassa.kernel import frozen, now, today
from trassa.people.actions import add_absence, dismiss_person
from trassa.people.models import Person
from trassa.people.queries import get_person, roles_of
from trassa.people.types import AbsenceDraft
from trassa.records.actions.comments import add_comment, delete_comment
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.reactions import react_to_comment
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import Label
from trassa.work.actions.calming import calm_down
from trassa.work.actions.notices import forget_notices, mark_all_read, mark_read, tell
from trassa.work.models import Notice
from trassa.work.notice_types import NewNotice
from trassa.work.queries.notices import count_unread, list_notices

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture
def seller(_garage: None, db: None) -> Actor:
    return make_actor(*allow("deal", scope=Scope.OWN), *allow("car", Verb.SEE), login="anna")


@pytest.fixture
def head(seller: Actor) -> Actor:
    return make_actor(*allow("deal"), *allow("car"), login="boris")


#: What notices of deadlines are made of.
DUE = {"stage": 0, "due_at": "2026-05-12T09:00:00+00:00"}


def texts(actor: Actor) -> list[str]:
    with translation.override("en"):
        return [line.text for line in list_notices(actor)]


def of(actor: Actor) -> int:
    assert actor.id is not None
    return actor.id


def told(actor: Actor, key: str = "test", **given: object) -> NewNotice:
    data = {"text": "Позвоните", "text_en": "Call them"}
    return NewNotice(of(actor), **{"kind": "rule", "key": key, "data": data, **given})  # type: ignore[arg-type]


def give(record_id: int, owner: Actor, by: Actor) -> None:
    write(Write(Change.EDIT, "deal", id=record_id, version=1, owner=of(owner)), actor=by)


def test_whoever_a_record_is_given_to_is_told_by_whom(seller: Actor, head: Actor) -> None:
    deal = create("deal", actor=head)
    give(deal, seller, head)
    follow()
    [line] = list_notices(seller)
    assert (line.kind, line.record_id, line.who_id, line.url) == (
        "assigned",
        deal,
        head.id,
        f"/r/deal/{deal}/",
    )
    assert list_notices(head) == []


def test_nobody_is_told_of_what_they_took_themselves(seller: Actor, head: Actor) -> None:
    deal = create("deal", actor=seller)
    give(deal, head, head)
    follow()
    assert texts(seller) == texts(head) == []


def test_work_that_is_done_twice_tells_once(seller: Actor, head: Actor) -> None:
    give(create("deal", actor=head), seller, head)
    follow(twice=True)
    assert texts(seller) == ["You are the owner now"]


def test_many_records_at_once_are_one_notice(seller: Actor, head: Actor) -> None:
    deals = [create("deal", actor=head) for _number in range(5)]
    write(*[Write(Change.EDIT, "deal", id=deal, version=1, owner=of(seller)) for deal in deals], actor=head)
    follow()
    [line] = list_notices(seller)
    assert (line.kind, line.record_id, line.url) == ("assigned_many", None, "/t/deal/")
    assert texts(seller) == ["You are the owner of 5 records now: Deals"]


def test_an_import_without_robots_tells_nobody(seller: Actor, head: Actor) -> None:
    write(Write(Change.CREATE, "deal", owner=of(seller)), actor=head, hooks="none")
    follow()
    assert texts(seller) == []


def test_a_notice_about_a_record_out_of_reach_is_not_there(seller: Actor, head: Actor) -> None:
    deal = create("deal", actor=head, owner=of(seller))
    follow()
    assert count_unread(seller) == 1
    write(Write(Change.EDIT, "deal", id=deal, version=1, owner=of(head)), actor=head)
    assert (texts(seller), count_unread(seller)) == ([], 0)


def test_a_notice_about_a_record_in_the_bin_waits_for_its_return(seller: Actor, head: Actor) -> None:
    deal = create("deal", actor=head, owner=of(seller))
    follow()
    write(Write(Change.BIN, "deal", id=deal))
    assert count_unread(seller) == 0
    write(Write(Change.RESTORE, "deal", id=deal))
    assert count_unread(seller) == 1


def test_rights_that_are_taken_away_take_notices_along(seller: Actor, head: Actor) -> None:
    car = create("car", fields={"make": "Lada"})
    tell([told(seller, record_id=car)])
    assert count_unread(seller) == 1
    [role] = roles_of(of(seller))
    set_grants(role, allow("deal", scope=Scope.OWN), actor_id=None)
    assert count_unread(actor_of(get_person(of(seller)))) == 0


def test_who_left_is_told_nothing(seller: Actor) -> None:
    dismiss_person(Person.objects.get(id=seller.id), actor_id=None)
    assert tell([told(seller)]) == []


def test_of_several_notices_with_one_key_the_first_counts(seller: Actor) -> None:
    assert len(tell([told(seller), NewNotice(of(seller), "assigned", "test")])) == 1
    assert [line.kind for line in list_notices(seller)] == ["rule"]


def test_words_come_in_the_language_of_the_reader(seller: Actor) -> None:
    tell([told(seller)])
    assert texts(seller) == ["Call them"]
    with translation.override("ru"):
        assert [line.text for line in list_notices(seller)] == ["Позвоните"]


def test_deadlines_are_told_to_the_owner_and_to_the_head_when_long_past(seller: Actor) -> None:
    boss = make_person("boss", is_administrator=True)
    department = make_department(head=boss)
    person = make_person("vera", department=department, is_administrator=True)
    deal = create("deal", owner=person.id)
    follow()
    stage = current_generation().pipelines["sales"].stages[0].id
    item = {"type": 1, "id": deal, "stage": stage, "owner": person.id, "due_at": now().isoformat()}
    for phase in ("soon", "overdue", "escalated"):
        publish("automation.stage_deadline", {"items": [item | {"phase": phase}]})
    follow(twice=True)
    kinds = [line.kind for line in list_notices(actor_of(get_person(person.id)))]
    assert kinds == ["overdue", "deadline_soon", "assigned"]
    assert [line.kind for line in list_notices(actor_of(get_person(boss.id)))] == ["escalated"]


def test_a_comment_reaches_whom_it_names_whom_it_answers_and_who_watches(seller: Actor, head: Actor) -> None:
    deal, deals = create("deal", actor=seller), current_generation().types["deal"]
    boss = make_actor(*allow("deal"), login="chief")
    first = add_comment(head, deals, deal, "Когда показ?", cause=CAUSE)
    answer = add_comment(seller, deals, deal, "Завтра, @chief знает", answers=first.id, cause=CAUSE)
    react_to_comment(head, deals, deal, answer.id, "thanks", wanted=True, cause=CAUSE)
    follow(twice=True)
    lines = {who: list_notices(actor) for who, actor in (("s", seller), ("h", head), ("b", boss))}
    assert {who: [line.kind for line in found] for who, found in lines.items()} == {
        "s": ["reacted", "commented"],
        "h": ["answered"],
        "b": ["mentioned"],
    }
    assert lines["h"][0].quote == "Завтра, @chief знает"
    delete_comment(seller, deals, deal, answer.id, cause=CAUSE)
    assert list_notices(head)[0].quote == ""


def test_reading_is_told_to_the_other_pages_of_the_person(seller: Actor) -> None:
    [id] = tell([told(seller)])
    follow()
    assert mark_read(seller, [id]) == 1
    assert follow() == [BrowserNotice(f"work.n{seller.id}")]
    assert mark_read(seller, [id]) == 0
    assert mark_read(seller, [id], read=False) == 1
    assert count_unread(seller) == 1


def test_nobody_marks_notices_of_others(seller: Actor, head: Actor) -> None:
    [id] = tell([told(seller)])
    assert mark_read(head, [id]) == mark_all_read(head) == 0
    assert count_unread(seller) == 1


def test_what_came_after_the_page_was_opened_stays_unread(seller: Actor) -> None:
    [first] = tell([told(seller, "first")])
    tell([told(seller, "second")])
    assert mark_all_read(seller, up_to=first) == 1
    assert count_unread(seller) == 1


def test_notices_follow_a_record_into_which_theirs_was_merged(seller: Actor, head: Actor) -> None:
    one, other = (create("car", fields={"make": "Lada"}) for _number in range(2))
    tell([told(seller, record_id=other)])
    merge_records(Merging("car", one, other, {}, {}), actor=head, cause=CAUSE)
    assert [line.record_id for line in list_notices(seller)] == [one]


def test_notices_of_long_ago_are_dropped(seller: Actor) -> None:
    with frozen(now() - timedelta(days=100)):
        [old, kept] = tell([told(seller, "old"), told(seller, "kept")])
    tell([told(seller, "new")])
    mark_read(seller, [old])
    assert forget_notices() == 1
    assert {line.id for line in list_notices(seller)} >= {kept}


def test_queries_do_not_grow_with_notices(seller: Actor, head: Actor) -> None:
    counts = []
    for number in (2, 20):
        for each in range(number):
            create("deal", actor=head, owner=of(seller))
            tell([told(seller, f"{number}.{each}", who_id=head.id)])
        follow()
        with pin_generation(), CaptureQueriesContext(connection) as queries:
            list_notices(seller)
            count_unread(seller)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def rule(**settings: str) -> None:
    step = {"notify": {"text": "Позвоните за 15 минут", "text_en": "Call within 15 minutes", **settings}}
    save_rule(RuleDraft("tell", "deal", Label("Правило"), {"event": "created"}, [step]), actor_id=None)


def test_a_rule_tells_the_owner_even_of_what_they_did(seller: Actor) -> None:
    rule()
    deal = create("deal", actor=seller)
    [line] = list_notices(seller)
    assert (line.kind, line.record_id) == ("rule", deal)
    assert texts(seller) == ["Call within 15 minutes"]


def test_a_rule_tells_everybody_with_a_role(seller: Actor, head: Actor) -> None:
    [role] = roles_of(of(head))
    rule(how="role", role=role.code)
    create("deal", actor=seller)
    assert texts(seller) == []
    assert texts(head) == ["Call within 15 minutes"]


def test_a_rule_tells_who_stands_in_for_whom_it_names_but_not_for_all_of_a_role(
    seller: Actor, head: Actor
) -> None:
    today_off = AbsenceDraft(today(), today(), substitute_id=of(head))
    add_absence(Person.objects.get(id=seller.id), today_off, actor_id=None)
    rule()
    create("deal", actor=seller)
    assert texts(seller) == ["Call within 15 minutes"]
    assert texts(head) == [f"Call within 15 minutes (you stand in for {get_person(of(seller)).name})"]
    [role] = roles_of(of(seller))
    rule(how="role", role=role.code)
    create("deal", actor=seller)
    assert (len(texts(seller)), len(texts(head))) == (2, 1)


@pytest.mark.usefixtures("_garage")
def test_a_rule_that_names_nobody_or_says_nothing_is_refused() -> None:
    for settings in ({"how": "role"}, {"how": "person", "person": "nobody"}, {"text": " "}):
        with pytest.raises(RuleRefused):
            rule(**settings)
    assert Notice.objects.count() == 0


def test_a_company_with_a_past_begins_with_the_newest_of_each_kind_unread(seller: Actor, head: Actor) -> None:
    calm_down()
    with frozen(now() + timedelta(minutes=1)):
        fire_due()  # the past has not been told yet
    tell([told(seller, f"a{number}") for number in range(5)])
    tell([told(seller, "b", kind="deadline_soon", data=DUE), told(seller, "c", kind="overdue", data=DUE)])
    tell([told(head, "a")])
    with frozen(now() + timedelta(minutes=5)):
        fire_due()
    unread = [line.kind for line in list_notices(seller, only_unread=True)]
    assert sorted(unread) == ["deadline_soon", "overdue", "rule"]
    assert count_unread(head) == 1
    assert len(list_notices(seller)) == 7
