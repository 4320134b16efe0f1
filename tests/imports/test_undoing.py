"""Decisions about duplicates, and taking a whole import back."""

import pytest
from tests.factories.imports import begun, finished, imported, outcomes, records
from tests.factories.people import make_department, make_person
from tests.factories.records import allow, create, edit, make_actor, write

from trassa.access.queries import system_actor
from trassa.access.types import Verb
from trassa.imports.actions import undoing
from trassa.imports.actions.deciding import decide
from trassa.imports.actions.orders import start_run, undo_run
from trassa.imports.actions.retention import KEPT, forget_old_runs
from trassa.imports.actions.working import work
from trassa.imports.errors import WrongState
from trassa.imports.models import Run
from trassa.imports.queries.runs import get_run, list_kept
from trassa.imports.types import Counts, Decision, Duplicates, Fate, How, ImportRun, Return, State
from trassa.kernel import Invalid
from trassa.records.types import Change, Write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("garage")]
VIN = "WBAJU81020CB12345"


def taken_back(run: ImportRun) -> ImportRun:
    undo_run(run.id, actor=system_actor())
    work(run.id)
    return get_run(system_actor(), run.id)


def asked(*lines: str) -> ImportRun:
    """An import that asks about its lines, all of which mean the BMW."""
    create("car", fields={"make": "BMW", "vin": VIN, "price": "5"})
    run = imported("car", "Марка;Модель;Цена;VIN\n" + "\n".join(lines), duplicates=Duplicates.ASK)
    assert run.counts == Counts(undecided=len(lines))
    return run


@pytest.mark.parametrize(
    ("how", "counts", "model", "price"),
    [
        (How.SKIP, Counts(duplicates=1), None, "5.00"),
        (How.FILL, Counts(updated=1), "X5", "5.00"),
        (How.OVERWRITE, Counts(updated=1), "X5", "7.00"),
        (How.CREATE, Counts(rejected=1), None, "5.00"),
    ],
)
def test_a_line_is_settled_as_somebody_decides(
    how: How, counts: Counts, model: str | None, price: str
) -> None:
    run = asked(f"BMW;X5;7;{VIN}")
    run = decide(run.id, Decision(how), lines=[2], actor=system_actor())
    assert (run.state, run.counts) == (State.DONE, counts)
    (car,) = records()
    assert (car.values["model"], str(car.values["price"])) == (model, price)


def test_all_lines_are_settled_at_once_by_a_job() -> None:
    run = asked(f"BMW;X5;7;{VIN}", f"BMW;X6;8;{VIN}")
    run = decide(run.id, Decision(How.OVERWRITE), actor=system_actor())
    assert run.state is State.DECIDING
    work(run.id)
    run = get_run(system_actor(), run.id)
    assert (run.state, run.counts) == (State.DONE, Counts(updated=2))
    assert records()[0].values["model"] == "X6", "lines keep their order"


def test_of_several_records_somebody_chooses_the_one_that_is_meant() -> None:
    first, second = (create("client", fields={"name": name, "phone": "+79215550142"}) for name in ("А", "Б"))
    run = imported("client", "Имя;Телефон\nВ;89215550142\n", duplicates=Duplicates.ASK)
    assert outcomes(run)[0].candidates == [first, second]
    with pytest.raises(Invalid):
        decide(run.id, Decision(How.OVERWRITE, 1), lines=[2], actor=system_actor())
    decide(run.id, Decision(How.OVERWRITE, second), lines=[2], actor=system_actor())
    assert [client.title for client in records("client")] == ["А", "В"]


def test_another_record_may_be_made_all_the_same() -> None:
    create("client", fields={"name": "А", "phone": "+79215550142"})
    run = imported("client", "Имя;Телефон\nВ;89215550142\n", duplicates=Duplicates.ASK)
    assert decide(run.id, Decision(How.CREATE), lines=[2], actor=system_actor()).counts == Counts(created=1)


def test_undoing_bins_what_was_made_and_gives_former_values_back() -> None:
    anna = make_person("anna", department=make_department())
    kept = create("car", fields={"make": "BMW", "vin": VIN, "price": "5"})
    lines = f"Марка;VIN;Цена;Модель;Ответственный;Стадия\nAudi;{VIN};7;Q7;anna;Готов\nKia;;1;;;\n"
    run = imported("car", lines, duplicates=Duplicates.OVERWRITE)
    assert run.counts == Counts(created=1, updated=1)
    assert records()[0].owner_id == anna.id
    run = taken_back(run)
    assert (run.state, run.returned, run.kept) == (State.UNDONE, 2, 0)
    (car,) = records()
    values = {code: car.values[code] for code in ("make", "model")}
    assert (car.id, values, str(car.values["price"])) == (kept, {"make": "BMW", "model": None}, "5.00")
    assert [each.returned for each in outcomes(run)] == [Return.REVERTED, Return.BINNED]


def test_what_people_have_changed_since_stays_and_is_reported() -> None:
    changed = create("car", fields={"make": "BMW", "vin": VIN, "price": "5"})
    run = imported(
        "car", f"Марка;VIN;Цена\nAudi;{VIN};7\nKia;;1\nLada;;\nOpel;;\n", duplicates=Duplicates.OVERWRITE
    )
    kia, lada, opel = [car.id for car in records()][1:]
    edit("car", changed, price="9")
    edit("car", kia, price="2")
    write(Write(Change.BIN, "car", id=lada))
    run = taken_back(run)
    assert (run.returned, run.kept) == (2, 3)
    told = {each.record_id: (each.returned, each.kept_because) for each in list_kept(run)}
    assert told == {
        changed: (Return.PARTLY, "Changed since: Price."),
        kia: (Return.KEPT, "Changed since: Price."),
        lada: (Return.KEPT, "It is in the bin already."),
    }
    left = {car.id: (car.values["make"], str(car.values["price"])) for car in records()}
    assert left == {changed: ("BMW", "9.00"), kia: ("Kia", "2.00")}
    assert opel not in left


def test_several_lines_of_one_record_are_taken_back_together() -> None:
    old = create("car", fields={"make": "BMW", "vin": VIN, "price": "5"})
    other = "XWEPH81BBP0001234"
    lines = f"Марка;VIN;Цена;Модель\nA;{VIN};6;\nB;{VIN};7;X\nC;{other};1;\nD;{other};2;Y\n"
    run = imported("car", lines, duplicates=Duplicates.OVERWRITE)
    assert run.counts == Counts(created=1, updated=3)
    run = taken_back(run)
    assert (run.returned, run.kept) == (2, 0)
    (car,) = records()
    assert (car.id, car.values["make"], str(car.values["price"]), car.values["model"]) == (
        old,
        "BMW",
        "5.00",
        None,
    )


def test_what_somebody_changed_between_two_lines_comes_back_as_they_left_it() -> None:
    car = create("car", fields={"make": "BMW", "vin": VIN, "price": "5"})
    run = begun(
        "car",
        f"VIN;Цена\n{VIN};6\n" + ";\n" + "\n".join(f";{n}" for n in range(600)) + f"\n{VIN};8\n",
        duplicates=Duplicates.OVERWRITE,
    )
    start_run(run.id, actor=system_actor(), by_job=False)
    work(run.id, seconds=0)
    edit("car", car, price="7")
    work(run.id)
    assert taken_back(get_run(system_actor(), run.id)).returned == 1
    assert str(records()[0].values["price"]) == "7.00"


def test_an_undoing_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    run = imported("car", "Марка\n" + "BMW\n" * 700)
    undo_run(run.id, actor=system_actor())
    assert work(run.id, seconds=0)
    assert get_run(system_actor(), run.id).returned == 500
    monkeypatch.setattr(undoing, "take_back", lambda *given: {}[1])
    with pytest.raises(KeyError):
        work(run.id)
    monkeypatch.undo()
    work(run.id)
    run = get_run(system_actor(), run.id)
    assert (run.state, run.returned, records()) == (State.UNDONE, 700, [])
    assert {each.returned for each in outcomes(run)} == {Return.BINNED}


def test_rights_hold_for_undoing() -> None:
    creator = make_actor(*allow("car", Verb.SEE, Verb.CREATE))
    run = finished(begun("car", "Марка\nBMW\n", actor=creator), creator)
    run = taken_back(run)
    assert (run.returned, run.kept) == (0, 1)
    assert list_kept(run)[0].kept_because


def test_only_what_has_written_something_can_be_undone() -> None:
    run = begun("car", "Марка\nBMW\n")
    with pytest.raises(WrongState):
        undo_run(run.id, actor=system_actor())
    run = imported("car", "Марка;Цена\nBMW;дорого\n")
    with pytest.raises(Invalid):
        undo_run(run.id, actor=system_actor())


def test_the_rows_of_an_import_are_kept_for_a_while_only() -> None:
    run = imported("car", "Марка;Цена\nBMW;дорого\nAudi;5\n")
    assert forget_old_runs() == 0
    Run.objects.filter(id=run.id).update(created_at=run.created_at - KEPT * 2)
    assert forget_old_runs() == 1
    run = get_run(system_actor(), run.id)
    assert (outcomes(run), run.sample, run.counts.created, run.is_undoable) == ([], [], 1, False)
    assert {each.fate for each in outcomes(run)} <= set(Fate)
