"""Timers are keyed, follow their dates, and have their effect once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.automation.conftest import Served
from tests.factories.people import make_person
from tests.factories.records import create, edit, write

from trassa.automation.actions import cancel_timers, fire_due, retry_timer, set_timers
from trassa.automation.actions.firing import MAX_ATTEMPTS
from trassa.automation.jobs import recount
from trassa.automation.models import Timer
from trassa.automation.queries import find_late, list_failed, list_timers_of, list_waiting
from trassa.automation.registries import timer_handlers, timer_labels
from trassa.automation.types import Anchor, DueTimer, NewTimer
from trassa.kernel import Forbidden, UnknownEntry, frozen
from trassa.people.actions import add_absence
from trassa.people.types import AbsenceDraft, Duration
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def timer(subject: str, due_at: datetime = MONDAY, **more: object) -> NewTimer:
    return NewTimer("test", subject, due_at, **more)  # type: ignore[arg-type]


def anchored(deal: int, offset: str = "0 minutes", code: str = "visit_on", subject: str = "") -> NewTimer:
    spec = current_generation().types["deal"]
    column = spec.by_code[code].column if code in spec.by_code else code
    return NewTimer(
        "test", subject or f"{deal}", anchor=Anchor(spec.id, deal, column, Duration.parse(offset))
    )


def due_of(subject: str) -> datetime | None:
    return Timer.objects.get(purpose="test", subject=subject).due_at


def test_a_timer_is_served_once_and_only_when_due(served: Served) -> None:
    set_timers([timer("one", payload={"to": 7}), timer("two", MONDAY + timedelta(hours=1))])
    with frozen(MONDAY - timedelta(seconds=1)):
        assert fire_due() == 0
    with frozen(MONDAY):
        assert fire_due() == 1
        assert fire_due() == 0
    assert served.subjects == ["one"]
    assert served[0].payload == {"to": 7}


def test_setting_a_timer_again_replaces_it(served: Served) -> None:
    set_timers([timer("one", payload={"to": 7})])
    set_timers([timer("one", MONDAY + timedelta(days=1), payload={"to": 8})])
    with frozen(MONDAY + timedelta(days=2)):
        fire_due()
    assert [each.payload for each in served] == [{"to": 8}]


def test_a_cancelled_timer_is_not_served(served: Served) -> None:
    set_timers([timer("one"), timer("two")])
    cancel_timers("test", ["one", "absent"])
    with frozen(MONDAY):
        fire_due()
    assert served.subjects == ["two"]


def test_a_timer_without_a_handler_cannot_be_set() -> None:
    with pytest.raises(UnknownEntry):
        set_timers([NewTimer("nobody", "one", MONDAY)])


def test_how_late_a_timer_is_is_told(served: Served) -> None:
    set_timers([timer("one")])
    with frozen(MONDAY + timedelta(hours=3)):
        assert find_late(10) == 1
        fire_due()
    assert served[0].late_by == timedelta(hours=3)


def test_a_handler_may_set_the_next_timer_of_the_same_key(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(timers: Sequence[DueTimer]) -> None:
        set_timers([NewTimer("again", each.subject, each.due_at + timedelta(days=1)) for each in timers])

    timer_handlers.register("again", again)
    set_timers([NewTimer("again", "one", MONDAY)])
    with frozen(MONDAY):
        fire_due()
    assert Timer.objects.get().due_at == MONDAY + timedelta(days=1)


def test_one_that_fails_does_not_hold_the_others_and_is_tried_again(served: Served) -> None:
    served.refused = {"two"}
    set_timers([timer("one"), timer("two"), timer("three")])
    with frozen(MONDAY):
        fire_due()
        assert fire_due() == 0
    assert sorted(served.subjects) == ["one", "three"]
    [failed] = list_failed(10)
    assert (failed.subject, failed.attempts, failed.error) == ("two", 1, "RuntimeError: not today")
    assert [(each.purpose, each.count, each.failed) for each in list_waiting()] == [("test", 1, 1)]
    served.refused = set()
    with frozen(MONDAY + timedelta(seconds=5)):
        fire_due()
    assert (served[-1].subject, served[-1].attempts) == ("two", 1)
    assert served[-1].late_by == timedelta(seconds=5)


def test_pauses_between_attempts_grow_until_a_person_is_needed(served: Served) -> None:
    served.refused = {"one"}
    set_timers([timer("one")])
    moment, pauses = MONDAY, []
    for _attempt in range(MAX_ATTEMPTS):
        with frozen(moment):
            assert fire_due() == 1
        row = Timer.objects.get()
        if row.wake_at is None:
            break
        pauses.append((row.wake_at - moment).total_seconds())
        moment = row.wake_at
    assert pauses[:3] == [5, 10, 20]
    assert max(pauses) == 3600
    assert row.attempts == MAX_ATTEMPTS
    boss = make_person("boss", is_administrator=True)
    with pytest.raises(Forbidden):
        retry_timer(row.id, actor_id=make_person("anna").id)
    served.refused = set()
    with frozen(moment):
        retry_timer(row.id, actor_id=boss.id)
        fire_due()
    assert served.subjects == ["one"]


def test_what_a_handler_wrote_before_it_failed_is_undone(served: Served) -> None:
    def half(timers: Sequence[DueTimer]) -> None:
        set_timers([timer("written")])
        raise RuntimeError("then this")

    timer_handlers.register("half", half)
    set_timers([NewTimer("half", "one", MONDAY)])
    with frozen(MONDAY):
        fire_due()
    assert not Timer.objects.filter(subject="written").exists()


# Following dates


def test_a_timer_moves_with_the_date_that_it_follows(garage: None, served: Served) -> None:
    deal = create("deal", fields={"visit_on": "2026-06-10"})
    set_timers([anchored(deal, "-2 hours")])
    assert due_of(str(deal)) == datetime(2026, 6, 9, 19, tzinfo=UTC)
    edit("deal", deal, visit_on="2026-06-20")
    assert due_of(str(deal)) == datetime(2026, 6, 19, 19, tzinfo=UTC)
    edit("deal", deal, amount="5")
    assert due_of(str(deal)) == datetime(2026, 6, 19, 19, tzinfo=UTC)


def test_without_a_date_a_timer_sleeps_until_there_is_one(garage: None, served: Served) -> None:
    deal = create("deal")
    set_timers([anchored(deal)])
    assert due_of(str(deal)) is None
    with frozen(MONDAY + timedelta(days=9_999)):
        assert fire_due() == 0
    edit("deal", deal, visit_on="2026-06-20")
    with frozen(datetime(2026, 6, 20, tzinfo=UTC)):
        fire_due()
    assert served.subjects == [str(deal)]


def test_timers_move_even_when_the_writer_wants_no_robots(garage: None, served: Served) -> None:
    deal = create("deal", fields={"visit_on": "2026-06-10"})
    set_timers([anchored(deal)])
    write(Write(Change.EDIT, "deal", id=deal, fields={"visit_on": "2026-06-20"}), hooks="none")
    assert due_of(str(deal)) == datetime(2026, 6, 19, 21, tzinfo=UTC)


def test_timers_of_a_binned_record_wait_for_its_return(garage: None, served: Served) -> None:
    deal = create("deal", fields={"visit_on": "2026-06-10"})
    set_timers([anchored(deal), timer("beside", record_id=deal)])
    write(Write(Change.BIN, "deal", id=deal))
    with frozen(datetime(2026, 6, 30, tzinfo=UTC)):
        assert fire_due() == 0
        write(Write(Change.RESTORE, "deal", id=deal))
        assert fire_due() == 2
    assert {each.subject for each in served} == {str(deal), "beside"}
    assert list_timers_of(deal) == []


def test_working_time_is_that_of_the_owner(garage: None, served: Served) -> None:
    anna, boris = make_person("anna"), make_person("boris")
    add_absence(boris, AbsenceDraft(date(2026, 6, 8), date(2026, 6, 12)), actor_id=None)
    deal = create("deal", fields={"visit_on": "2026-06-06"})
    write(Write(Change.EDIT, "deal", id=deal, owner=anna.id))
    set_timers([anchored(deal, "2 working hours")])
    assert due_of(str(deal)) == datetime(2026, 6, 8, 8, tzinfo=UTC)
    write(Write(Change.EDIT, "deal", id=deal, owner=boris.id))
    assert due_of(str(deal)) == datetime(2026, 6, 15, 8, tzinfo=UTC)


def test_changed_working_time_moves_the_timers_that_count_it(garage: None, served: Served) -> None:
    anna, boris = make_person("anna"), make_person("boris")
    deals = [create("deal", fields={"visit_on": "2026-06-06"}) for _each in range(2)]
    for deal, owner in zip(deals, (anna, boris), strict=True):
        write(Write(Change.EDIT, "deal", id=deal, owner=owner.id))
    set_timers([anchored(deal, "2 working hours") for deal in deals])
    add_absence(anna, AbsenceDraft(date(2026, 6, 8), date(2026, 6, 11)), actor_id=None)
    recount([anna.id])
    assert due_of(str(deals[0])) == datetime(2026, 6, 15, 8, tzinfo=UTC)
    assert due_of(str(deals[1])) == datetime(2026, 6, 8, 8, tzinfo=UTC)
    recount(None)
    assert due_of(str(deals[0])) == datetime(2026, 6, 15, 8, tzinfo=UTC)


def test_a_batch_of_records_costs_as_many_statements_as_one(
    garage: None, served: Served, django_assert_num_queries: object
) -> None:
    deals = [create("deal", fields={"visit_on": "2026-06-06"}) for _each in range(20)]
    timers = [anchored(deal) for deal in deals]
    # The number of the generation, the dates, the timers.
    with django_assert_num_queries(3):  # type: ignore[operator]
        set_timers(timers)


def test_every_kind_of_timer_has_a_name_for_administrators() -> None:
    assert set(dict(timer_handlers.items())) == set(dict(timer_labels.items()))
