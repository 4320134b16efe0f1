"""Due moments that follow a date of the record: by hand, in rules and templates, over the API."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.api import client_of, errors_of
from tests.factories.records import create, edit
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.outbox import follow

from trassa.automation.actions import save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.queries import due_of_timers
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid, frozen
from trassa.people.actions import add_absence, remove_absence
from trassa.people.types import AbsenceDraft, Duration
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.types import Label
from trassa.work.actions import change_task, complete_task
from trassa.work.actions.overdue import watch_deadlines
from trassa.work.actions.reminders import follow_tasks, set_reminder
from trassa.work.actions.templates import save_template
from trassa.work.models import Seat, Task
from trassa.work.reminder_types import ReminderDraft
from trassa.work.repetition import Repetition
from trassa.work.types import Holders, TemplateDraft, TemplateSettings

pytestmark = pytest.mark.django_db
#: A Friday, three in the afternoon in Moscow; work ends at six.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
#: A Tuesday.
VISIT = "2026-12-08"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with frozen(NOW):
        yield


@pytest.fixture
def dates(team: Team) -> None:
    """Deals have a moment, and a date that only some roles see."""
    with changing_schema(actor_id=None, cause={"kind": "test"}) as change:
        change.add_field("deal", "showing_at", "datetime", label=Label("Показ"))
        change.add_field("deal", "secret_on", "date", label=Label("Тайная дата"), restricted=True)


def deal_of(team: Team, **fields: Any) -> int:
    return create("deal", actor=team.actor("seller"), fields=fields or {"visit_on": VISIT})


def task(id: int) -> Task:
    return Task.objects.get(pk=id)


def moscow(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour - 3, minute, tzinfo=UTC)


def following(team: Team, deal: int, offset: str = "", field: str = "visit_on", **given: Any) -> int:
    by = team.actor("seller")
    return give("Подготовить", by=by, record_id=deal, due_field=field, due_offset=offset, **given)


@pytest.mark.parametrize(
    ("offset", "due"),
    [
        ("", moscow(8, 23, 59)),
        ("2 days", moscow(10, 23, 59)),
        ("-1 working day", moscow(7, 9)),
        ("-2 hours", moscow(7, 22)),
        ("4 working hours", moscow(9, 13)),
    ],
)
def test_a_task_is_due_so_far_from_the_date_of_its_record(team: Team, offset: str, due: datetime) -> None:
    assert task(following(team, deal_of(team), offset)).due_at == due


@pytest.mark.usefixtures("dates")
def test_a_moment_is_taken_as_it_is(team: Team) -> None:
    deal = deal_of(team, showing_at="2026-12-08T12:00:00+03:00")
    assert task(following(team, deal, "-90 minutes", "showing_at")).due_at == moscow(8, 10, 30)


def test_when_the_date_moves_the_due_moment_moves_and_history_says_why(team: Team) -> None:
    deal = deal_of(team)
    id = following(team, deal, "-1 working day", candidates=Holders(people=[team.seller.id]))
    done = following(team, deal)
    complete_task(done, actor=team.actor("seller"))
    version = task(id).version
    edit("deal", deal, visit_on="2026-12-15")
    moved = task(id)
    assert (moved.due_at, moved.version) == (moscow(14, 9), version + 1)
    assert set(Seat.objects.filter(task_id=id).values_list("due_at", flat=True)) == {moscow(14, 9)}
    entry = list_entries(Stream("task", id))[0]
    assert (entry.kind, entry.actor_id, entry.cause["kind"]) == ("moved", None, "due_field")
    assert entry.changes["due_at"] == (moscow(7, 9).isoformat(), moscow(14, 9).isoformat())
    assert task(done).due_at == moscow(8, 23, 59), "what has ended stays"
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    page = client.get(f"/tasks/{id}/").content.decode()
    assert "перенесла срок вслед за датой" in page
    assert "«Выезд»" in page


def test_an_emptied_date_leaves_no_due_moment_until_it_is_filled_in(team: Team) -> None:
    deal = deal_of(team)
    id = following(team, deal)
    edit("deal", deal, visit_on=None)
    assert task(id).due_at is None
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    assert "нет срока" in client.get(f"/tasks/{id}/").content.decode()
    edit("deal", deal, visit_on=VISIT)
    assert task(id).due_at == moscow(8, 23, 59)


def test_it_moves_whatever_the_writer_chose_about_robots(team: Team) -> None:
    deal = deal_of(team)
    id = following(team, deal)
    write = Write(Change.EDIT, "deal", id=deal, fields={"visit_on": "2026-12-15"})
    write_records([write], actor=team.actor("administrator"), cause={"kind": "import"}, hooks="none")
    assert task(id).due_at == moscow(15, 23, 59)


def test_many_records_move_their_tasks_with_as_many_statements_as_a_few(team: Team) -> None:
    deals = [deal_of(team) for _each in range(12)]
    ids = [following(team, deal) for deal in deals]

    def statements_of(day: str, some: Sequence[int]) -> int:
        writes = [Write(Change.EDIT, "deal", id=id, fields={"visit_on": day}) for id in some]
        with CaptureQueriesContext(connection) as captured:
            write_records(writes, actor=team.actor("administrator"), cause={"kind": "test"})
        return len(captured)

    statements_of("2026-12-14", deals[:1])
    assert statements_of("2026-12-15", deals[:2]) == statements_of("2026-12-15", deals[2:])
    assert {task(id).due_at for id in ids} == {moscow(15, 23, 59)}


def test_what_is_not_followed_stays(team: Team) -> None:
    deal = deal_of(team)
    id = give(record_id=deal, due_at=NOW, owner_id=team.seller.id)
    edit("deal", deal, visit_on="2026-12-15")
    assert (task(id).due_at, task(id).version) == (NOW, 1)


def test_a_due_moment_given_by_hand_follows_no_more_until_it_is_asked_to(team: Team) -> None:
    deal, seller = deal_of(team), team.actor("seller")
    id = following(team, deal, "-1 working day")
    change_task(id, {"title": "Другое"}, actor=seller)
    assert task(id).due_follows
    change_task(id, {"due_at": NOW}, actor=seller)
    edit("deal", deal, visit_on="2026-12-15")
    row = task(id)
    assert (row.due_at, row.due_follows, row.due_offset) == (NOW, False, "-1 working day")
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    page = client.get(f"/tasks/{id}/edit").content.decode()
    assert "1 рабочий день до «Выезд»" in page
    assert client.post(f"/tasks/{id}/follow").status_code == 204
    assert (task(id).due_at, task(id).due_follows) == (moscow(14, 9), True)


def test_the_form_follows_another_date_and_keeps_following_when_nothing_of_it_is_touched(team: Team) -> None:
    deal = deal_of(team)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    body = {"title": "Встреча", "record": deal, "due": "2026-12-24T10:00"}
    dated = {"due_field": "visit_on", "due_amount": "1", "due_unit": "working days", "due_side": "before"}
    assert client.post("/tasks/new", {**body, **dated}).status_code == 204
    [row] = Task.objects.all()
    assert (row.due_at, row.due_follows) == (moscow(7, 9), True)
    place, shown = f"/tasks/{row.pk}/edit", "2026-12-07T09:00"
    assert client.post(place, {**body, **dated, "due": shown, "title": "Иначе"}).status_code == 204
    assert (task(row.pk).title, task(row.pk).due_follows) == ("Иначе", True)
    client.post(place, {**body, **dated, "due": shown, "due_amount": "2", "due_side": "after"})
    assert task(row.pk).due_offset == "2 working days"
    client.post(place, {**body, **dated, "due_amount": "2", "due_side": "after"})
    assert (task(row.pk).due_at, task(row.pk).due_follows) == (moscow(24, 10), False)
    client.post(place, {**body, "due": "2026-12-25T10:00"})
    assert task(row.pk).due_at == moscow(25, 10)


@pytest.mark.usefixtures("dates")
def test_a_date_that_not_everybody_sees_is_neither_offered_nor_followed(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"visit_on": VISIT})
    api = client_of(team, "seller")
    for field in ("secret_on", "nothing", "amount"):
        body = {"title": "Да", "record": deal, "due_field": field}
        assert errors_of(api.post("tasks", body)) == {"due_field": "unknown"}, field
    with pytest.raises(Invalid):
        give(record_id=deal, due_field="secret_on", by=team.actor("administrator"))
    for who in ("seller", "administrator"):
        client = Client(headers={"HX-Request": "true"})
        client.force_login(getattr(team, who))
        page = client.get(f"/tasks/new?record={deal}").content.decode()
        assert 'value="visit_on"' in page
        assert "secret_on" not in page.split('name="due_field"', 1)[1].split("</select>", 1)[0]


@pytest.mark.usefixtures("dates")
def test_a_followed_date_that_becomes_restricted_tells_nothing_any_more(team: Team) -> None:
    deal = deal_of(team)
    id = following(team, deal)
    with changing_schema(actor_id=None, cause={"kind": "test"}) as change:
        change.change_field("deal", "visit_on", restricted=True)
    edit("deal", deal, visit_on="2026-12-15")
    assert task(id).due_at == moscow(8, 23, 59)


def test_only_a_task_of_a_record_follows_a_date_and_none_that_repeats(team: Team) -> None:
    wrong: list[tuple[Mapping[str, Any], str]] = [
        ({"due_field": "visit_on"}, "due_field"),
        ({"due_field": "visit_on", "record_id": deal_of(team), "due_offset": "soon"}, "due_offset"),
        ({"due_field": "visit_on", "record_id": deal_of(team), "due_at": NOW}, "due"),
        (
            {"due_field": "visit_on", "record_id": deal_of(team), "repetition": Repetition("FREQ=DAILY")},
            "due_field",
        ),
    ]
    for given, field in wrong:
        with pytest.raises(Invalid) as refused:
            give(by=team.actor("seller"), **given)
        assert field in refused.value.by_field, given


def test_reminders_and_calls_to_the_head_move_with_it(team: Team) -> None:
    deal, seller = deal_of(team), team.actor("seller")
    id = following(team, deal, escalation="1 hour")
    reminder = set_reminder(ReminderDraft(task_id=id, offset=Duration.parse("-1 hour")), actor=seller)
    edit("deal", deal, visit_on="2026-12-15")
    # What the outbox asks for behind every change of tasks.
    follow_tasks([id])
    watch_deadlines([id])
    assert due_of_timers("work.reminder", [str(reminder)]) == {str(reminder): moscow(15, 22, 59)}
    assert due_of_timers("work.escalation", [str(id)]) == {
        str(id): datetime(2026, 12, 15, 21, 59, tzinfo=UTC)
    }


def test_when_somebody_is_away_what_they_are_to_do_before_a_date_is_due_earlier(team: Team) -> None:
    deal = deal_of(team)
    mine = following(team, deal, "-1 working day", owner_id=team.seller.id)
    another = following(team, deal, "-1 working day", owner_id=team.head.id)
    assert task(mine).due_at == task(another).due_at == moscow(7, 9)
    absence = add_absence(team.seller, AbsenceDraft(date(2026, 12, 4), date(2026, 12, 7)), actor_id=None)
    follow(only=["work.recount_due_moments"])
    assert (task(mine).due_at, task(another).due_at) == (moscow(3, 9), moscow(7, 9))
    assert list_entries(Stream("task", mine))[0].kind == "moved"
    remove_absence(absence, actor_id=None)
    follow(only=["work.recount_due_moments"])
    assert task(mine).due_at == moscow(7, 9)


def test_tasks_follow_the_dates_of_the_record_into_which_theirs_is_merged(team: Team) -> None:
    kept, other = deal_of(team, visit_on="2026-12-15"), deal_of(team)
    id = following(team, other)
    merge_records(
        Merging("deal", kept, other, {kept: 1, other: 1}),
        actor=team.actor("administrator"),
        cause={"kind": "test"},
    )
    assert (task(id).record_id, task(id).due_at) == (kept, moscow(15, 23, 59))


def test_a_rule_and_its_template_let_the_due_moment_follow(team: Team) -> None:
    said = {"title": "Выехать", "due_field": "visit_on", "due_offset": "-1 working day"}
    settings = TemplateSettings.model_validate(said)
    save_template(TemplateDraft("visit", Label("Выезд"), settings, "deal"), actor_id=None)
    steps = [
        {"task": {"template": "visit"}},
        {"task": {"template": "visit", "due": "1 hour"}},
        {"task": {"title": "После", "due_field": "visit_on", "due_offset": "1 day", "escalation": "1 hour"}},
    ]
    save_rule(RuleDraft("visits", "deal", Label("Выезды"), {"event": "created"}, steps), actor_id=None)
    deal = deal_of(team)
    found = list(Task.objects.filter(record_id=deal).order_by("id"))
    assert [(each.due_at, each.due_follows) for each in found] == [
        (moscow(7, 9), True),
        (datetime(2026, 11, 27, 13, tzinfo=UTC), False),
        (moscow(9, 23, 59), True),
    ]
    edit("deal", deal, visit_on="2026-12-15")
    assert task(found[0].pk).due_at == moscow(14, 9)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    page = client.post(
        "/tasks/new", {"act": "template", "template": "visit", "record": deal}
    ).content.decode()
    assert '<option value="visit_on" selected>' in page


@pytest.mark.usefixtures("dates")
def test_what_a_rule_follows_is_checked_and_stays(team: Team) -> None:
    for step in (
        {"due_field": "secret_on"},
        {"due_field": "amount"},
        {"due_field": "visit_on", "due": "1 hour"},
        {"due_offset": "1 hour"},
        {"due_field": "visit_on", "due_offset": "soon"},
    ):
        steps = [{"task": {"title": "А", **step}}]
        draft = RuleDraft("bad", "deal", Label("А"), {"event": "created"}, steps)
        with pytest.raises(RuleRefused):
            save_rule(draft, actor_id=None)
    step = {"task": {"title": "А", "due_field": "visit_on"}}
    save_rule(RuleDraft("good", "deal", Label("Хороший"), {"event": "created"}, [step]), actor_id=None)
    with (
        pytest.raises(Invalid, match="Хороший"),
        changing_schema(actor_id=None, cause={"kind": "test"}) as change,
    ):
        change.retire_field("deal", "visit_on")


def test_the_api_says_follows_and_stops(team: Team) -> None:
    deal, api = deal_of(team), client_of(team, "seller")
    body = {"title": "Выехать", "record": deal, "due_field": "visit_on", "due_offset": "-1 working day"}
    given = api.post("tasks", body).json()
    followed = {"due_field": "visit_on", "due_offset": "-1 working day", "due_follows": True}
    assert given | followed == given
    assert given["due"] == "2026-12-07T06:00:00Z"
    place = f"tasks/{given['id']}"
    by_hand = api.patch(place, {"due": "2026-12-01T10:00:00Z"}).json()
    assert (by_hand["due_follows"], by_hand["due_field"]) == (False, "visit_on")
    again = api.patch(place, {"due_field": "visit_on", "due_offset": "2 days"}).json()
    assert (again["due"], again["due_follows"]) == ("2026-12-10T20:59:00Z", True)
    none = api.patch(place, {"due_field": None}).json()
    assert (none["due"], none["due_field"], none["due_follows"]) == ("2026-12-10T20:59:00Z", None, False)
    assert errors_of(api.post("tasks", {**body, "due": "2026-12-01T10:00:00Z"})) == {"due": "unfit"}
    assert errors_of(api.patch(place, {"due_offset": "soon", "due_field": "visit_on"})) == {
        "due_offset": "invalid_duration"
    }
