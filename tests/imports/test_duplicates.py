"""Lines whose record is there already: skipped, filled in, overwritten or asked about."""

import pytest
from tests.factories.imports import begun, checked, finished, imported, outcomes, reasons, records
from tests.factories.people import make_department, make_person
from tests.factories.records import allow, allow_field, create, edit, make_actor

from trassa.access.queries import system_actor
from trassa.access.types import Verb
from trassa.imports import filling
from trassa.imports.types import Counts, Duplicates, Fate
from trassa.kernel import Invalid
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("garage")]

VIN = "WBAJU81020CB12345"
SKIP, FILL, OVERWRITE, ASK = Duplicates


def stock(**fields: object) -> int:
    return create("car", fields={"make": "BMW", "vin": VIN, **fields})


@pytest.mark.parametrize(
    ("strategy", "price", "model", "counts"),
    [
        (SKIP, "5.00", None, Counts(duplicates=1)),
        (FILL, "5.00", "X5", Counts(updated=1)),
        (OVERWRITE, "7.00", "X5", Counts(updated=1)),
        (ASK, "5.00", None, Counts(undecided=1)),
    ],
)
def test_the_strategy_says_what_becomes_of_a_duplicate(
    strategy: Duplicates, price: str, model: str | None, counts: Counts
) -> None:
    car = stock(price="5")
    run = imported("car", f"Марка;VIN;Цена;Модель\nАуди;{VIN};7;X5\n", duplicates=strategy)
    assert run.counts == counts
    (record,) = records()
    assert (record.id, str(record.values["price"]), record.values["model"]) == (car, price, model)
    assert outcomes(run)[0].candidates == ([car] if strategy in (SKIP, ASK) else ())


def test_an_empty_cell_takes_nothing_away() -> None:
    stock(model="X5", price="5")
    run = imported("car", f"VIN;Модель;Цена\n{VIN};—;6\n", duplicates=OVERWRITE)
    assert run.counts == Counts(updated=1)
    assert records()[0].values["model"] == "X5"


def test_what_is_the_same_already_is_a_duplicate() -> None:
    stock(price="5")
    for strategy in (FILL, OVERWRITE):
        run = imported("car", f"Марка;VIN;Цена\nBMW;{VIN};5\n", duplicates=strategy)
        assert run.counts == Counts(duplicates=1)
    assert records()[0].version == 1


def test_keys_are_compared_without_their_spelling() -> None:
    create("client", fields={"name": "Егоров Пётр", "phone": "+79215550142"})
    lines = "Имя;Телефон\nПётр;8 (921) 555-01-42\nПётр;9215550142\nАнна;\n"
    run = imported("client", lines)
    assert run.options.keys == ("phone",)
    assert run.counts == Counts(created=1, duplicates=2)
    looked = imported("car", f"Марка;VIN\nBMW;{VIN}\nBMW;wbaju81О2ОсВ12345\n")
    assert looked.counts == Counts(created=1, duplicates=1)


def test_without_keys_nothing_is_a_duplicate() -> None:
    create("client", fields={"name": "Егоров Пётр", "phone": "+79215550142"})
    assert imported("client", "Имя;Телефон\nПётр;89215550142\n", keys=()).counts == Counts(created=1)


def test_fields_that_tell_nothing_are_no_keys() -> None:
    with pytest.raises(Invalid):
        begun("car", "Марка\nBMW\n", keys=("make",))


@pytest.mark.parametrize("strategy", [FILL, OVERWRITE])
def test_a_line_that_fits_two_records_is_rejected(strategy: Duplicates) -> None:
    for name in ("Пётр", "Анна"):
        create("client", fields={"name": name, "phone": "+79215550142"})
    run = imported("client", "Имя;Телефон\nИван;89215550142\n", duplicates=strategy)
    assert run.counts == Counts(rejected=1)
    assert "“Пётр”, “Анна”" in reasons(run, 2)


@pytest.mark.parametrize(
    ("strategy", "counts", "price"),
    [
        (SKIP, Counts(created=1, duplicates=2), "1.00"),
        (FILL, Counts(created=1, updated=1, duplicates=1), "1.00"),
        (OVERWRITE, Counts(created=1, updated=2), "3.00"),
        (ASK, Counts(created=1, undecided=2), "1.00"),
    ],
)
def test_lines_of_one_file_may_mean_the_same(strategy: Duplicates, counts: Counts, price: str) -> None:
    lines = f"Марка;VIN;Цена;Модель\nBMW;{VIN};1;\nBMW;{VIN};2;X5\nBMW;{VIN};3;X5\n"
    run = begun("car", lines, duplicates=strategy)
    assert checked(run).counts.total == 3
    run = finished(run)
    assert run.counts == counts
    (record,) = records()
    assert str(record.values["price"]) == price


def test_a_line_that_was_rejected_claims_nothing() -> None:
    lines = f"Марка;VIN;Цена\n;{VIN};1\nBMW;{VIN};2\n"
    run = begun("car", lines)
    assert checked(run).counts == Counts(created=1, rejected=1)
    assert finished(run).counts == Counts(created=1, rejected=1)
    assert str(records()[0].values["price"]) == "2.00"


def test_lines_far_apart_mean_the_same_too() -> None:
    lines = [f"BMW {index};" for index in range(1_100)]
    lines[3], lines[900] = f"BMW;{VIN}", f"Audi;{VIN}"
    run = begun("car", "Марка;VIN\n" + "\n".join(lines))
    expected = Counts(created=1_099, duplicates=1)
    assert checked(run).counts == expected
    assert finished(run).counts == expected


def test_unique_values_that_are_no_keys_reject_the_second_line() -> None:
    run = begun("car", f"Марка;VIN\nBMW;{VIN}\nBMW;{VIN}\n", keys=())
    assert checked(run).counts == Counts(created=1, rejected=1)
    assert finished(run).counts == Counts(created=1, rejected=1)


def test_an_owner_and_a_stage_are_overwritten_but_not_filled() -> None:
    department = make_department()
    anna, boris = make_person("anna", department=department), make_person("boris", department=department)
    [car] = write_records(
        [Write(Change.CREATE, "car", fields={"make": "BMW", "vin": VIN, "price": "1"}, owner=anna.id)],
        actor=system_actor(),
        cause={"kind": "test"},
    )
    lines = f"VIN;Ответственный;Стадия\n{VIN};boris;Готов\n"
    assert imported("car", lines, duplicates=FILL).counts == Counts(duplicates=1)
    assert imported("car", lines, duplicates=OVERWRITE).counts == Counts(updated=1)
    (record,) = records()
    assert (record.id, record.owner_id) == (car.id, boris.id)
    assert record.stage_id is not None


def test_records_out_of_reach_are_no_duplicates_and_stay_unseen() -> None:
    stock()
    seller = make_actor(*allow("car", Verb.CREATE), *allow_field("car", "secret"))
    run = imported("car", f"Марка;VIN\nАуди;{VIN}\n", actor=seller)
    assert run.counts == Counts(rejected=1)
    assert "BMW" not in reasons(run, 2)


def test_who_may_not_edit_overwrites_nothing() -> None:
    stock(price="5")
    reader = make_actor(*allow("car", Verb.SEE, Verb.CREATE))
    run = imported("car", f"Марка;VIN;Цена\nАуди;{VIN};7\n", actor=reader, duplicates=OVERWRITE)
    assert run.counts == Counts(rejected=1)
    assert str(records()[0].values["price"]) == "5.00"


def test_a_record_that_changes_meanwhile_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    car = stock()
    real, calls = filling.write_records, 0

    def after_somebody_else(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            edit("car", car, model="X6")
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "write_records", after_somebody_else)
    run = imported("car", f"VIN;Модель;Цена\n{VIN};X5;7\n", duplicates=FILL)
    assert run.counts == Counts(updated=1)
    record = records()[0]
    assert (record.values["model"], str(record.values["price"])) == ("X6", "7.00")
    assert [each.fate for each in outcomes(run)] == [Fate.UPDATED]
