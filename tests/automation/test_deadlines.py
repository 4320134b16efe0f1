"""Stages are due, warn, are overdue and escalate; their checklists keep records from going on."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.people import make_department, make_person
from tests.factories.records import CAUSE, create, edit, make_garage, move, write

from trassa.access.queries import system_actor
from trassa.automation.actions import fire_due
from trassa.automation.models import Timer
from trassa.automation.registries import deadline_reactions
from trassa.automation.types import Phase, StageNews
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid, NotFound, frozen
from trassa.people.actions import add_absence, create_calendar
from trassa.people.types import AbsenceDraft, CalendarDraft
from trassa.records.actions.checklists import set_tick
from trassa.records.actions.joining import Pick
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.unmerging import unmerge_records
from trassa.records.jobs import recount_deadlines, renew_deadlines
from trassa.records.queries import get_record
from trassa.records.queries.checklists import read_checklist, ticked
from trassa.records.queries.overdue import count_overdue
from trassa.records.screens.deadlines import due_mark, due_view
from trassa.records.types import Change, Record, Write
from trassa.schema.actions import (
    DeadlineDraft,
    ItemDraft,
    PipelineDraft,
    ReasonDraft,
    StageDraft,
    changing_schema,
)
from trassa.schema.queries import current_generation
from trassa.schema.types import ChecklistItem, Label

pytestmark = pytest.mark.django_db
#: A Monday, 12:00 in Moscow.
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


def sales(**deadlines: DeadlineDraft) -> PipelineDraft:
    items = (
        ItemDraft("called", Label("Позвонили", "Called"), required=True),
        ItemDraft("noted", Label("Записали")),
    )
    return PipelineDraft(
        "sales",
        Label("Продажа", "Sales"),
        stages=(
            StageDraft("new", Label("Новая", "New"), deadline=deadlines.get("new"), checklist=items),
            StageDraft("showing", Label("Показ", "Showing"), deadline=deadlines.get("showing")),
            StageDraft("won", Label("Выдан", "Won"), meaning="won"),
            StageDraft("lost", Label("Отказ", "Lost"), meaning="lost", reason_required=True),
        ),
        reasons=(ReasonDraft("price", Label("Дорого", "Too expensive")),),
    )


def set_up(**deadlines: DeadlineDraft) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_pipeline("deal", sales(**deadlines))


@pytest.fixture(autouse=True)
def _garage(db: None) -> None:
    make_garage()
    week = (*["09:00–18:00"] * 5, "", "")
    create_calendar("company", CalendarDraft("Офис", "Europe/Moscow", week, is_company=True), actor_id=None)
    set_up(
        new=DeadlineDraft("2 working hours", warning="30 working minutes", escalation="1 working day"),
        showing=DeadlineDraft(field="visit_on", after="1 day"),
    )


def deal(id: int) -> Record:
    return get_record(system_actor(), current_generation().types["deal"], id)


def kinds(id: int) -> list[str]:
    return [entry.kind for entry in list_entries(Stream("record", id))]


def tick(id: int, code: str = "called", *, is_done: bool = True) -> None:
    spec = current_generation().types["deal"]
    set_tick(system_actor(), spec, id, code, is_done=is_done, cause=CAUSE)


def items_of(stage: str) -> Sequence[ChecklistItem]:
    pipeline = current_generation().pipelines["sales"]
    return pipeline.get_stage(stage).checklist


def test_entering_a_stage_sets_when_it_is_due_and_leaving_clears_it() -> None:
    with frozen(MONDAY):
        id = create("deal")
        assert deal(id).stage_due_at == MONDAY + timedelta(hours=2)
        assert deal(id).stage_warn_at == MONDAY + timedelta(minutes=90)
        assert Timer.objects.get().subject == str(id)
        tick(id)
        move("deal", id, "showing")
        assert deal(id).stage_due_at is None
        move("deal", id, "won")
    assert not Timer.objects.exists()


def test_a_deadline_follows_its_date_field() -> None:
    with frozen(MONDAY):
        id = create("deal", stage="showing", fields={"visit_on": "2026-06-05"})
        assert deal(id).stage_due_at == datetime(2026, 6, 6, 21, tzinfo=UTC)
        edit("deal", id, visit_on="2026-06-10")
        assert deal(id).stage_due_at == datetime(2026, 6, 11, 21, tzinfo=UTC)
        assert Timer.objects.get().due_at == datetime(2026, 6, 11, 21, tzinfo=UTC)
        edit("deal", id, visit_on=None)
    assert deal(id).stage_due_at is None
    assert not Timer.objects.exists()


def test_each_phase_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[StageNews] = []
    monkeypatch.setattr(deadline_reactions, "_entries", {"test": told.extend})
    with frozen(MONDAY):
        id = create("deal")
    for passed in (timedelta(minutes=90), timedelta(hours=2), timedelta(days=1, hours=2)):
        with frozen(MONDAY + passed):
            assert fire_due() == 1
            assert fire_due() == 0
    assert [news.phase for news in told] == [Phase.SOON, Phase.OVERDUE, Phase.ESCALATED]
    assert kinds(id) == ["escalated", "overdue", "created"]
    assert not Timer.objects.exists()


def test_what_fell_due_while_nobody_served_is_told_late_and_not_as_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[StageNews] = []
    monkeypatch.setattr(deadline_reactions, "_entries", {"test": told.extend})
    with frozen(MONDAY):
        create("deal")
    with frozen(MONDAY + timedelta(hours=5)):
        while fire_due():
            pass
    assert [(news.phase, news.late_by) for news in told] == [(Phase.OVERDUE, timedelta(hours=3))]


def test_another_owner_and_their_absence_move_the_deadline() -> None:
    anna = make_person("anna")
    with frozen(MONDAY):
        id = create("deal")
        write(Write(Change.EDIT, "deal", id=id, owner=anna.id))
        add_absence(anna, AbsenceDraft(date(2026, 6, 1), date(2026, 6, 3)), actor_id=None)
        recount_deadlines([anna.id])
        assert deal(id).stage_due_at == datetime(2026, 6, 4, 8, tzinfo=UTC)
        assert deal(id).version == 2
    assert Timer.objects.get().due_at == datetime(2026, 6, 4, 7, 30, tzinfo=UTC)


def test_records_that_stand_in_a_stage_get_its_new_deadline() -> None:
    with frozen(MONDAY):
        id = create("deal")
        renew_deadlines()
        set_up(new=DeadlineDraft("4 hours"))
        renew_deadlines()
        assert deal(id).stage_due_at == MONDAY + timedelta(hours=4)
        set_up()
        renew_deadlines()
    assert deal(id).stage_due_at is None
    assert not Timer.objects.exists()


def test_a_binned_record_is_told_of_only_after_its_return() -> None:
    with frozen(MONDAY):
        id = create("deal")
        write(Write(Change.BIN, "deal", id=id))
    with frozen(MONDAY + timedelta(hours=3)):
        assert fire_due() == 0
        write(Write(Change.RESTORE, "deal", id=id))
        while fire_due():
            pass
    assert kinds(id)[0] == "overdue"


def test_overdue_records_are_counted_and_marked() -> None:
    spec = current_generation().types["deal"]
    boss = make_person("boss", name="Громов Виктор")
    anna = make_person("anna", department=make_department("sales", head=boss))
    with frozen(MONDAY):
        id = create("deal")
        write(Write(Change.EDIT, "deal", id=id, owner=anna.id))
        stage = spec.pipelines[0].stages[0]
        assert count_overdue(system_actor(), [spec]) == {spec.id: 0}
        assert due_mark(deal(id), MONDAY) is None
    with frozen(MONDAY + timedelta(minutes=100)):
        mark = due_mark(deal(id), MONDAY + timedelta(minutes=100))
        assert mark is not None
        assert mark.tone == "warn"
    with frozen(MONDAY + timedelta(hours=3)):
        assert count_overdue(system_actor(), [spec]) == {spec.id: 1}
        view = due_view(deal(id), stage)
        assert view is not None
        assert (view.tone, view.escalated_to) == ("bad", "")
    with frozen(MONDAY + timedelta(days=2)):
        view = due_view(deal(id), stage)
        assert view is not None
        assert view.escalated_to == "Громов Виктор"


def test_required_things_are_done_before_a_record_goes_on() -> None:
    id = create("deal")
    with pytest.raises(Invalid) as refusal:
        move("deal", id, "showing")
    assert "Позвонили" in str(refusal.value.by_field["stage"])
    tick(id)
    tick(id)
    move("deal", id, "showing")
    assert kinds(id) == ["moved", "ticked", "created"]


def test_a_loss_and_the_way_back_ask_for_nothing() -> None:
    id = create("deal")
    move("deal", id, "lost", reason="price")
    move("deal", id, "new")
    tick(id)
    tick(id, is_done=False)
    assert kinds(id)[:2] == ["unticked", "ticked"]
    [called, noted] = read_checklist(id, current_generation().types["deal"].pipelines[0].stages[0])
    assert called.at is None
    assert noted.at is None


def test_only_things_of_the_present_stage_are_ticked() -> None:
    id = create("deal", stage="showing")
    with pytest.raises(NotFound):
        tick(id)


def test_a_deadline_does_not_tell_of_a_masked_date() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "secret_on", "date", label=Label("Тайна"), restricted=True)
    with pytest.raises(Invalid):
        set_up(new=DeadlineDraft(field="secret_on"))
    with pytest.raises(Invalid), changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "visit_on", restricted=True)


def test_nonsense_is_refused() -> None:
    for draft in (
        DeadlineDraft("soon"),
        DeadlineDraft("-2 hours"),
        DeadlineDraft(field="amount"),
        DeadlineDraft(warning="2 hours"),
    ):
        with pytest.raises(Invalid):
            set_up(new=draft)


def test_a_merge_unites_what_is_ticked_and_taking_it_back_parts_it() -> None:
    into, source = create("deal"), create("deal")
    tick(into, "noted")
    tick(source, "noted")
    tick(source, "called")
    merge_records(Merging("deal", into, source), actor=system_actor(), cause=CAUSE)
    assert ticked([into]) == {(into, item.id) for item in items_of("new")}
    unmerge_records("deal", into, source, actor=system_actor(), cause=CAUSE)
    assert ticked([into, source]) == {
        (into, items_of("new")[1].id),
        *((source, item.id) for item in items_of("new")),
    }


def test_deadlines_follow_the_values_that_a_merge_chooses_and_gives_back() -> None:
    into = create("deal", stage="showing", fields={"visit_on": "2026-06-05"})
    source = create("deal", stage="showing", fields={"visit_on": "2026-06-10"})
    picks = {"visit_on": Pick.FROM}
    merge_records(Merging("deal", into, source, picks=picks), actor=system_actor(), cause=CAUSE)
    assert deal(into).stage_due_at == datetime(2026, 6, 11, 21, tzinfo=UTC)
    assert [timer.due_at for timer in Timer.objects.filter(subject=str(into))] == [
        datetime(2026, 6, 11, 21, tzinfo=UTC)
    ]
    unmerge_records("deal", into, source, actor=system_actor(), cause=CAUSE)
    assert deal(into).stage_due_at == datetime(2026, 6, 6, 21, tzinfo=UTC)
    assert deal(source).stage_due_at == datetime(2026, 6, 11, 21, tzinfo=UTC)
