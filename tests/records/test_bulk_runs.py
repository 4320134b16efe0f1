"""Many records at once: a selection or all that a filter finds, and one undo."""

import pytest
from tests.factories.records import allow, create, edit, make_actor, move

from trassa.access.types import Scope, Verb
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.records.actions import bulk_runs
from trassa.records.actions.bulk_runs import cancel_bulk_run, start_bulk_run, undo_bulk_run, work
from trassa.records.models import BulkItem, BulkRun
from trassa.records.queries import get_record
from trassa.records.queries.bulk_runs import get_bulk_run, list_problems
from trassa.records.types import BulkChange, Change, Filter, ListQuery
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")

EVERY = ListQuery()
DEARER = BulkChange(Change.EDIT, {"amount": "200"})
LOST = BulkChange(Change.MOVE, pipeline="sales", stage="lost", reason="price")


def deals():
    return current_generation().types["deal"]


def run(change, records, actor) -> BulkRun:
    return start_bulk_run(deals(), change, records, actor=actor)


def amount(actor, id: int) -> str:
    return f"{get_record(actor, deals(), id).values['amount']:.0f}"


def stage(actor, id: int) -> str:
    return current_generation().stages_by_id[get_record(actor, deals(), id).stage_id or 0].code


@pytest.fixture
def clerk():
    return make_actor(*allow("deal", *Verb), *allow("car", *Verb))


@pytest.fixture
def by_the_worker(monkeypatch):
    """Nothing is done at once, and batches are of two records."""
    monkeypatch.setattr(bulk_runs, "AT_ONCE", 0)
    monkeypatch.setattr(bulk_runs, "BATCH", 2)


def test_a_selection_is_changed_and_all_else_stays(clerk):
    one, two, other = (create("deal", fields={"amount": "100"}) for _ in range(3))
    made = run(DEARER, [one, two], clerk)
    assert (made.state, made.total, made.changed, made.refused) == ("done", 2, 2, 0)
    assert [amount(clerk, id) for id in (one, two, other)] == ["200", "200", "100"]
    assert list_entries(Stream("record", one))[0].cause == {"kind": "bulk", "bulk": made.id}


def test_everything_that_a_filter_finds_is_changed(clerk):
    cheap, dear = create("deal", fields={"amount": "100"}), create("deal", fields={"amount": "900"})
    made = run(DEARER, ListQuery(filters=[Filter("amount", "lt", "500")]), clerk)
    assert made.total == 1
    assert [amount(clerk, cheap), amount(clerk, dear)] == ["200", "900"]


def test_records_that_need_no_change_are_left_alone(clerk):
    same = create("deal", fields={"amount": "200"})
    made = run(DEARER, [same], clerk)
    assert (made.done, made.changed, made.refused) == (1, 0, 0)
    assert get_record(clerk, deals(), same).version == 1


def test_one_undo_gives_every_record_its_own_value_back(clerk):
    ids = [create("deal", fields={"amount": str(each)}) for each in (100, 300)]
    made = run(DEARER, ids, clerk)
    undone = undo_bulk_run(made.id, actor=clerk)
    assert (undone.state, undone.returned, undone.kept) == ("undone", 2, 0)
    assert [amount(clerk, id) for id in ids] == ["100", "300"]
    with pytest.raises(Conflict):
        undo_bulk_run(made.id, actor=clerk)


def test_undo_leaves_what_others_have_changed_since_and_says_so(clerk):
    touched, other = (create("deal", fields={"amount": "100"}) for _ in range(2))
    made = run(DEARER, [touched, other], clerk)
    edit("deal", touched, amount="777")
    undone = undo_bulk_run(made.id, actor=clerk)
    assert (undone.returned, undone.kept) == (1, 1)
    assert [amount(clerk, touched), amount(clerk, other)] == ["777", "100"]
    [problem] = list_problems(clerk, undone)
    assert problem.record_id == touched
    assert "Сумма" in problem.reason


def test_a_move_and_its_undo_keep_each_record_s_own_stage(clerk):
    new, shown = create("deal"), create("deal")
    move("deal", shown, "showing", fields={"car": create("car", fields={"make": "Lada"})})
    made = run(LOST, [new, shown], clerk)
    assert [stage(clerk, id) for id in (new, shown)] == ["lost", "lost"], list_problems(clerk, made)
    undo_bulk_run(made.id, actor=clerk)
    assert [stage(clerk, id) for id in (new, shown)] == ["new", "showing"]


def test_what_a_stage_asks_for_fills_only_empty_fields(clerk):
    lada, uaz = (create("car", fields={"make": make}) for make in ("Lada", "УАЗ"))
    empty, filled = create("deal"), create("deal", fields={"car": uaz})
    made = run(BulkChange(Change.MOVE, {"car": lada}, "sales", "showing"), [empty, filled], clerk)
    assert made.refused == 0, list_problems(clerk, made)
    assert [get_record(clerk, deals(), id).values["car"] for id in (empty, filled)] == [lada, uaz]


def test_a_refused_record_is_told_with_its_reason_and_holds_up_no_other(clerk):
    lacking, ready = create("deal"), create("deal", fields={"car": create("car", fields={"make": "Lada"})})
    made = run(BulkChange(Change.MOVE, {}, "sales", "showing"), [lacking, ready], clerk)
    assert (made.changed, made.refused) == (1, 1)
    [problem] = list_problems(clerk, made)
    assert problem.record_id == lacking
    assert problem.title
    assert problem.reason.startswith("Автомобиль: ")


def test_binned_records_come_back_with_one_undo(clerk):
    ids = [create("deal"), create("deal")]
    made = run(BulkChange(Change.BIN), ids, clerk)
    with pytest.raises(NotFound):
        get_record(clerk, deals(), ids[0])
    undo_bulk_run(made.id, actor=clerk)
    assert all(get_record(clerk, deals(), id) for id in ids)


def test_records_are_handed_over_and_back(clerk):
    other = make_actor(*allow("deal", *Verb), login="other")
    id = create("deal", actor=clerk)
    made = run(BulkChange(Change.EDIT, owner=other.id), [id], clerk)
    assert get_record(clerk, deals(), id).owner_id == other.id
    undo_bulk_run(made.id, actor=clerk)
    assert get_record(clerk, deals(), id).owner_id == clerk.id


def test_what_one_does_not_see_is_not_there():
    seller = make_actor(*allow("deal", *Verb, scope=Scope.OWN))
    own, foreign = create("deal", actor=seller), create("deal")
    made = run(DEARER, [own, foreign], seller)
    assert (made.total, made.refused) == (1, 0)
    with pytest.raises(Invalid):
        run(DEARER, [foreign], seller)
    assert run(DEARER, EVERY, seller).total == 1


def test_what_one_sees_and_may_not_change_is_refused_record_by_record():
    reader = make_actor(*allow("deal", Verb.SEE), *allow("deal", Verb.EDIT, scope=Scope.OWN))
    foreign = create("deal")
    made = run(DEARER, [foreign], reader)
    assert (made.changed, made.refused) == (0, 1)


def test_without_the_right_to_any_nothing_begins():
    with pytest.raises(Forbidden):
        run(DEARER, [create("deal")], make_actor(*allow("deal", Verb.SEE)))


@pytest.mark.parametrize(
    "change",
    [
        BulkChange(Change.EDIT),
        BulkChange(Change.EDIT, {"absent": "1"}),
        BulkChange(Change.MOVE, pipeline="absent", stage="new"),
        BulkChange(Change.MOVE, pipeline="sales", stage="absent"),
        BulkChange(Change.MOVE, pipeline="sales", stage="lost"),
    ],
)
def test_a_change_that_every_record_would_refuse_is_refused_at_once(clerk, change):
    create("deal")
    with pytest.raises(Invalid):
        run(change, EVERY, clerk)
    assert not BulkRun.objects.exists()


def test_many_records_wait_for_the_worker_and_can_be_undone_by_it(clerk, by_the_worker):
    ids = [create("deal", fields={"amount": "100"}) for _ in range(5)]
    made = run(DEARER, ids, clerk)
    assert (made.state, made.done) == ("running", 0)
    assert not work(made.id)
    made.refresh_from_db()
    assert (made.state, made.done, made.changed) == ("done", 5, 5)
    undo_bulk_run(made.id, actor=clerk)
    work(made.id)
    assert {amount(clerk, id) for id in ids} == {"100"}


def test_a_job_that_is_killed_is_gone_on_with_and_nothing_happens_twice(clerk, by_the_worker, monkeypatch):
    ids = [create("deal", fields={"amount": "100"}) for _ in range(5)]
    made = run(DEARER, ids, clerk)
    store = bulk_runs.store_fates
    batches = iter([1])

    def die_in_the_second(*given):
        store(*given)
        assert next(batches, None), "killed"

    monkeypatch.setattr(bulk_runs, "store_fates", die_in_the_second)
    with pytest.raises(AssertionError, match="killed"):
        work(made.id)
    made.refresh_from_db()
    assert made.done == 2
    monkeypatch.setattr(bulk_runs, "store_fates", store)
    work(made.id)
    assert {get_record(clerk, deals(), id).version for id in ids} == {2}
    made.refresh_from_db()
    assert (made.state, made.changed) == ("done", 5)


def test_a_cancelled_run_stops_behind_its_batch_and_can_be_undone(clerk, by_the_worker):
    ids = [create("deal", fields={"amount": "100"}) for _ in range(5)]
    made = run(DEARER, ids, clerk)
    assert work(made.id, seconds=0)
    cancel_bulk_run(made.id, actor=clerk)
    work(made.id)
    assert sorted(amount(clerk, id) for id in ids) == ["100"] * 3 + ["200"] * 2
    undo_bulk_run(made.id, actor=clerk)
    work(made.id)
    assert {amount(clerk, id) for id in ids} == {"100"}


def test_a_run_is_its_person_s_own(clerk):
    made = run(DEARER, [create("deal")], clerk)
    other = make_actor(*allow("deal", *Verb), login="other")
    with pytest.raises(NotFound):
        get_bulk_run(other, made.id)
    with pytest.raises(NotFound):
        undo_bulk_run(made.id, actor=other)


def test_old_runs_go(clerk, monkeypatch):
    run(DEARER, [create("deal")], clerk)
    monkeypatch.setattr(bulk_runs, "KEPT", -bulk_runs.KEPT)
    bulk_runs.forget_old_runs()
    assert not BulkRun.objects.exists()
    assert not BulkItem.objects.exists()
