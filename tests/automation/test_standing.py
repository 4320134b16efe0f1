"""Records that stand in a stage when its deadline or a rule comes are treated like those that come later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.automation.test_deadlines import deal, kinds, sales
from tests.automation.test_rules import BONUS, rule, traces_of, values_of
from tests.factories.records import CAUSE, create, make_garage, move

from trassa.automation.actions import fire_due, switch_rule
from trassa.automation.actions import sweeping as parts
from trassa.automation.models import Run, Sweep, Timer
from trassa.automation.queries.rules import sweeps_of
from trassa.automation.screens.rules import rules_screen
from trassa.kernel import frozen
from trassa.people.actions import create_calendar
from trassa.people.types import CalendarDraft
from trassa.records.actions import deadlines
from trassa.records.jobs import renew_deadlines
from trassa.records.models import DeadlineState
from trassa.records.queries.overdue import find_renewing
from trassa.schema.actions import DeadlineDraft, changing_schema
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.django_db
#: A Monday, 12:00 in Moscow.
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
OVERDUE = {"event": "overdue", "pipeline": "sales", "stage": "new", "phase": "overdue"}


@pytest.fixture(autouse=True)
def _garage(db: None) -> None:
    make_garage()
    week = (*["09:00–18:00"] * 5, "", "")
    create_calendar("company", CalendarDraft("Офис", "Europe/Moscow", week, is_company=True), actor_id=None)
    set_up(new=DeadlineDraft("2 working hours"))


def set_up(**deadlines: DeadlineDraft) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_pipeline("deal", sales(**deadlines))


def a_deal(**more: Any) -> int:
    return create("deal", fields={"amount": "1"}, **more)


def serve() -> None:
    while fire_due():
        pass


def sweep(after: int = 0) -> None:
    """Run the jobs of every sweep to its end."""
    for each in Sweep.objects.all():
        while (row := Sweep.objects.filter(id=each.id).first()) is not None:
            parts.sweep_records(row.rule_id, row.key, row.after_id)


def test_a_new_rule_answers_for_records_that_are_overdue_already() -> None:
    with frozen(MONDAY):
        late, elsewhere = a_deal(), a_deal(stage="showing")
    with frozen(MONDAY + timedelta(hours=4)):
        serve()
        fresh = a_deal()
        rule(OVERDUE, BONUS)
        sweep()
        assert [values_of(id)["amount"] for id in (late, elsewhere, fresh)] == [2, 1, 1]
        [trace] = traces_of(late)
        assert (trace.event, trace.state) == ("overdue", "done")
    with frozen(MONDAY + timedelta(days=1)):
        serve()
        assert [values_of(id)["amount"] for id in (late, elsewhere, fresh)] == [2, 1, 2]


def test_records_answer_once_however_often_the_job_runs_and_the_rule_is_saved() -> None:
    with frozen(MONDAY):
        id = a_deal()
    with frozen(MONDAY + timedelta(hours=4)):
        saved = rule(OVERDUE, BONUS)
        serve()
        sweep()
        for _time in range(2):
            switch_rule(saved.code, is_active=False, actor_id=None)
            switch_rule(saved.code, is_active=True, actor_id=None)
            parts.sweep_records(saved.id, "overdue", 0)
            parts.sweep_records(saved.id, "overdue", 0)
            sweep()
    assert values_of(id)["amount"] == 2
    assert Run.objects.count() == 1


def test_a_rule_that_is_switched_off_answers_for_nobody() -> None:
    with frozen(MONDAY):
        id = a_deal()
        dated = rule({"event": "date", "field": "visit_on"}, BONUS, code="dated")
        create("deal", fields={"visit_on": "2026-06-20"})
        assert Timer.objects.filter(purpose="automation.rule_date").exists()
    with frozen(MONDAY + timedelta(hours=4)):
        saved = rule(OVERDUE, BONUS)
        for each in (saved, dated):
            switch_rule(each.code, is_active=False, actor_id=None)
        parts.sweep_records(saved.id, "overdue", 0)
        serve()
    assert not Sweep.objects.exists()
    assert not Timer.objects.filter(purpose="automation.rule_date").exists()
    assert values_of(id)["amount"] == 1
    assert traces_of(id) == []


def test_a_rule_for_what_escalated_finds_only_what_has_waited_so_long() -> None:
    set_up(new=DeadlineDraft("2 working hours", escalation="1 working day"))
    with frozen(MONDAY):
        long_ago = a_deal()
    with frozen(MONDAY + timedelta(days=1, hours=1)):
        recent = a_deal()
    with frozen(MONDAY + timedelta(days=1, hours=4)):
        rule(OVERDUE | {"phase": "escalated"}, BONUS)
        sweep()
    assert [values_of(id)["amount"] for id in (long_ago, recent)] == [2, 1]


def test_a_rule_for_what_is_soon_due_leaves_out_what_is_overdue() -> None:
    set_up(new=DeadlineDraft("2 working hours", warning="1 working hour"))
    with frozen(MONDAY):
        overdue = a_deal()
    with frozen(MONDAY + timedelta(hours=2)):
        soon = a_deal()
    with frozen(MONDAY + timedelta(hours=3, minutes=30)):
        rule(OVERDUE | {"phase": "soon"}, BONUS)
        sweep()
    assert [values_of(id)["amount"] for id in (overdue, soon)] == [1, 2]


def test_a_sweep_goes_on_part_by_part_and_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CHUNK", 2)
    with frozen(MONDAY):
        ids = [a_deal() for _number in range(5)]
    with frozen(MONDAY + timedelta(hours=4)):
        saved = rule(OVERDUE, BONUS)
        parts.sweep_records(saved.id, "overdue", 0)
        progress = sweeps_of([saved.id])[saved.id]
        assert (progress.done, progress.total) == (2, 5)
        spec = current_generation().types["deal"]
        screen = rules_screen(spec, spec.pipelines[0], {})
        [shown] = [each for column in screen.columns for each in column.rules]
        assert "2 из 5" in shown.progress
        parts.sweep_records(saved.id, "overdue", 0)
        assert Run.objects.count() == 2
        sweep()
    assert sweeps_of([saved.id]) == {}
    assert {values_of(id)["amount"] for id in ids} == {2}


def test_a_deadline_that_comes_to_a_stage_reaches_rules_for_records_that_stand_there() -> None:
    set_up()
    rule(OVERDUE, BONUS)
    with frozen(MONDAY):
        id = a_deal()
        renew_deadlines()
        assert not Timer.objects.exists()
        set_up(new=DeadlineDraft("4 working hours"))
        renew_deadlines()
        renew_deadlines()
    with frozen(MONDAY + timedelta(hours=5)):
        serve()
    assert values_of(id)["amount"] == 2
    assert kinds(id) == ["changed", "overdue", "created"]


def test_an_escalation_that_is_added_is_told_for_what_is_overdue_and_nothing_is_told_twice() -> None:
    with frozen(MONDAY):
        id = a_deal()
        renew_deadlines()
    with frozen(MONDAY + timedelta(hours=3)):
        serve()
        assert kinds(id) == ["overdue", "created"]
        set_up(new=DeadlineDraft("2 working hours", escalation="1 working day"))
        renew_deadlines()
        serve()
        assert kinds(id) == ["overdue", "created"]
    with frozen(MONDAY + timedelta(days=1, hours=3)):
        serve()
        renew_deadlines()
        serve()
    assert kinds(id) == ["escalated", "overdue", "created"]


def test_an_escalation_that_is_taken_away_is_not_told() -> None:
    set_up(new=DeadlineDraft("2 working hours", escalation="1 working day"))
    with frozen(MONDAY):
        id = a_deal()
        renew_deadlines()
    with frozen(MONDAY + timedelta(hours=3)):
        serve()
        set_up(new=DeadlineDraft("2 working hours"))
        renew_deadlines()
    with frozen(MONDAY + timedelta(days=9)):
        serve()
    assert kinds(id) == ["overdue", "created"]


def test_counting_deadlines_anew_goes_on_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "_CHUNK", 2)
    with frozen(MONDAY):
        ids = [a_deal() for _number in range(3)]
        renew_deadlines()
        set_up(new=DeadlineDraft("5 working hours"))
        spec = current_generation().types["deal"]
        assert deadlines.begin(spec)
        assert deadlines.renew_next(spec.id)
        assert find_renewing(spec) == (2, 3)
        assert "2 из 3" in rules_screen(spec, spec.pipelines[0], {}).progress
        assert deal(ids[2]).stage_due_at == MONDAY + timedelta(hours=2)
        renew_deadlines()
        assert {deal(id).stage_due_at for id in ids} == {MONDAY + timedelta(hours=5)}
        assert rules_screen(spec, spec.pipelines[0], {}).progress == ""
    assert find_renewing(spec) is None
    assert DeadlineState.objects.get(type_id=spec.id).pending is None


def test_leaving_the_stage_takes_the_timer_along() -> None:
    rule(OVERDUE, BONUS)
    with frozen(MONDAY):
        id = a_deal()
        move("deal", id, "lost", reason="price")
    with frozen(MONDAY + timedelta(days=2)):
        serve()
    assert values_of(id)["amount"] == 1
