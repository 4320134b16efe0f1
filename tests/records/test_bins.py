"""The bin: what lies there for whom, and many records out of it at once."""

from typing import Any

import pytest
from tests.factories.records import CAUSE, allow, create, edit, make_actor, write

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Scope, Verb
from trassa.kernel import Forbidden, Invalid
from trassa.records.actions import bulk_runs
from trassa.records.actions.bulk_runs import start_bulk_run, undo_bulk_run, work
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.models import BulkRun
from trassa.records.queries import get_record
from trassa.records.queries.bins import count_restorable, list_binned, uses_bin
from trassa.records.queries.bulk_runs import list_problems
from trassa.records.types import BulkChange, Change, ListQuery, Write
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")
OUT = BulkChange(Change.RESTORE)


def spec(type: str = "deal") -> Any:
    return current_generation().types[type]


def binned(type: str = "deal", *, actor: Actor | None = None, **fields: Any) -> int:
    id = create(type, fields=fields)
    write(Write(Change.BIN, type, id=id), actor=actor or system_actor())
    return id


def found(actor: Actor, type: str = "deal", text: str = "") -> list[int]:
    return [each.id for each in list_binned(actor, spec(type), text=text)[0]]


@pytest.fixture
def clerk() -> Actor:
    return make_actor(*allow("deal", *Verb), *allow("car", *Verb), *allow("contact", *Verb))


def test_the_bin_shows_the_latest_first_and_who_put_it_there(clerk: Actor) -> None:
    first, second = binned(amount="1"), binned(actor=clerk, amount="2")
    create("deal")
    lines, following = list_binned(clerk, spec())
    assert [(each.id, each.binned_by_id) for each in lines] == [(second, clerk.id), (first, None)]
    assert following is None
    assert count_restorable(clerk, spec()) == 2


def test_the_bin_is_read_page_by_page(clerk: Actor) -> None:
    ids = [binned(amount=str(each)) for each in range(5)]
    seen: list[int] = []
    after = None
    while True:
        page, after = list_binned(clerk, spec(), after=after, limit=2)
        seen += [each.id for each in page]
        if after is None:
            break
    assert seen == list(reversed(ids))


def test_the_bin_is_searched_by_title_and_number(clerk: Actor) -> None:
    one = binned("contact", name="Егоров Пётр")
    other = binned("contact", name="Орлов Роман")
    assert found(clerk, "contact", "орлов") == [other]
    number = next(each.number for each in list_binned(clerk, spec("contact"))[0] if each.id == one)
    assert one in found(clerk, "contact", "".join(c for c in number if c.isdecimal()))
    assert found(clerk, "contact", "нет такого") == []


def test_whoever_may_not_delete_a_record_does_not_find_it_in_the_bin() -> None:
    own = make_actor(*allow("deal", Verb.SEE), *allow("deal", Verb.DELETE, scope=Scope.OWN))
    onlooker = make_actor(*allow("deal", Verb.SEE))
    foreign = binned()
    mine = create("deal", owner=own.id)
    write(Write(Change.BIN, "deal", id=mine))
    assert found(own) == [mine]
    assert (uses_bin(own, spec()), uses_bin(onlooker, spec())) == (True, False)
    run = start_bulk_run(spec(), OUT, [mine, foreign], actor=own)
    assert (run.total, run.changed) == (1, 1)
    with pytest.raises(Forbidden):
        start_bulk_run(spec(), OUT, [foreign], actor=onlooker)


def test_a_selection_is_restored_and_one_undo_puts_it_back(clerk: Actor) -> None:
    one, two, other = (binned(amount=str(each)) for each in range(3))
    run = start_bulk_run(spec(), OUT, [one, two], actor=clerk)
    assert (run.state, run.changed, run.refused) == ("done", 2, 0)
    assert found(clerk) == [other]
    undone = undo_bulk_run(run.pk, actor=clerk)
    assert (undone.state, undone.returned, undone.kept) == ("undone", 2, 0)
    assert sorted(found(clerk)) == [one, two, other]


def test_undo_leaves_what_somebody_has_worked_on_since(clerk: Actor) -> None:
    one, two = binned(amount="1"), binned(amount="2")
    run = start_bulk_run(spec(), OUT, [one, two], actor=clerk)
    edit("deal", one, amount="777")
    undone = undo_bulk_run(run.pk, actor=clerk)
    assert (undone.returned, undone.kept) == (1, 1)
    assert get_record(clerk, spec(), one).deleted_at is None


def test_everything_found_is_restored_by_the_worker(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_runs, "AT_ONCE", 0)
    monkeypatch.setattr(bulk_runs, "BATCH", 2)
    ids = [binned("contact", name=f"Егоров {each}") for each in range(5)]
    other = binned("contact", name="Орлов")
    run = start_bulk_run(spec("contact"), OUT, ListQuery(text="егоров"), actor=clerk)
    assert (run.state, run.total) == ("running", len(ids))
    work(run.pk)
    run = BulkRun.objects.get(id=run.pk)
    assert (run.state, run.changed) == ("done", len(ids))
    assert found(clerk, "contact") == [other]


def test_a_value_taken_meanwhile_stands_in_the_way_and_is_named(clerk: Actor) -> None:
    vin = "WBAJU81020CB12345"
    gone = binned("car", vin=vin, make="БМВ")
    free = binned("car", vin="XTA210990Y2766389", make="УАЗ")
    create("car", fields={"vin": vin, "make": "Лада"})
    run = start_bulk_run(spec("car"), OUT, [gone, free], actor=clerk)
    assert (run.changed, run.refused) == (1, 1)
    [problem] = list_problems(clerk, run)
    assert (problem.record_id, bool(problem.title)) == (gone, True)
    assert "Лада" in problem.reason
    assert "Измените его там" in problem.reason


def test_what_was_merged_away_is_told_apart_and_never_restored(clerk: Actor) -> None:
    into, source = (create("contact", fields={"name": name}) for name in ("Егоров Пётр", "Егоров"))
    merge_records(Merging("contact", into, source), actor=clerk, cause=CAUSE)
    [line] = list_binned(clerk, spec("contact"))[0]
    assert (line.id, line.survivor_id, line.survivor_title) == (source, into, "Егоров Пётр")
    assert line.binned_by_id == clerk.id
    assert count_restorable(clerk, spec("contact")) == 0
    with pytest.raises(Invalid):
        start_bulk_run(spec("contact"), OUT, [source], actor=clerk)


def test_the_title_of_an_unseen_survivor_is_not_told() -> None:
    into, source = (create("contact", fields={"name": name}) for name in ("Егоров Пётр", "Егоров"))
    own = make_actor(*allow("contact", Verb.SEE, Verb.DELETE, scope=Scope.OWN))
    write(Write(Change.EDIT, "contact", id=source, owner=own.id))
    merge_records(Merging("contact", into, source), actor=system_actor(), cause=CAUSE)
    [line] = list_binned(own, spec("contact"))[0]
    assert line.survivor_title == ""
