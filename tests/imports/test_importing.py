"""A spreadsheet becomes records; what cannot comes back with its reasons and can be imported again."""

from dataclasses import replace

import pytest
from tests.factories.imports import (
    begun,
    checked,
    finished,
    imported,
    make_workbook,
    mapped,
    outcomes,
    reasons,
    records,
    rejected_lines,
)
from tests.factories.people import make_department, make_person
from tests.factories.records import add_formula, create

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.imports.actions.orders import cancel_run, check_run, start_run
from trassa.imports.actions.runs import change_run
from trassa.imports.actions.working import MAX_ATTEMPTS, work
from trassa.imports.errors import FileUnreadable, WrongState
from trassa.imports.models import Run
from trassa.imports.queries.runs import get_run, ignored_headings, list_runs
from trassa.imports.screens.columns import make_columns
from trassa.imports.types import Column, Counts, Fate, State
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.schema.queries import current_generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("garage")]

VIN = "WBAJU81020CB12345"


def test_columns_are_matched_by_label_in_both_languages_and_by_code() -> None:
    run = imported("car", "МАРКА;model;Price;пробег;Статус\nBMW;X5;4 000 000 ₽;41 200;свободен\n")
    assert run.state is State.DONE
    assert run.counts == Counts(created=1)
    (car,) = records()
    values = {code: str(car.values[code]) for code in ("make", "model", "price", "mileage")}
    assert values == {"make": "BMW", "model": "X5", "price": "4000000.00", "mileage": "41200"}


def test_a_workbook_is_imported_too() -> None:
    content = make_workbook(["Марка", "VIN", "Цена"], ["Kia", "XWEPH81BBP0001234", 3_400_000])
    assert imported("car", content).counts == Counts(created=1)
    assert records()[0].values["vin"] == "XWEPH81BBP0001234"


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Owner of", "client"),
        ("Пробег (км)", "mileage"),
        ("Цена, руб.", "price"),
        ("VIN *", "vin"),
        ("Собственник Телефон", "client"),
        ("Отв.", "owner"),
        ("Этап", "stage"),
        ("Погода", ""),
    ],
)
def test_headings_mean_what_people_mean(heading: str, target: str) -> None:
    assert begun("car", f"Марка;{heading}\nBMW;1\n").columns[1].target == target


def test_a_link_may_be_named_by_a_key_of_its_type() -> None:
    id = create("client", fields={"name": "Егоров Пётр", "phone": "+79215550142"})
    create("client", fields={"name": "8 921 555-01-42"})
    run = begun("car", "Марка;Телефон собственника;Собственник Телефон\nBMW;;89215550142\n")
    assert run.columns[2] == Column("Собственник Телефон", "client", "phone")
    finished(run)
    assert records()[0].values["client"] == id


def test_columns_without_a_field_are_named() -> None:
    run = imported("car", "Марка;Погода;Марка\nBMW;дождь;Audi\n")
    assert ignored_headings(run) == ["Погода", "Марка"]
    assert records()[0].title == "BMW"


def test_a_column_for_what_a_formula_works_out_is_not_taken_and_says_why() -> None:
    add_formula("car", "payout", "price * 90%")
    run = begun("car", "Марка;Цена;Payout\nBMW;100;5\n")
    spec = current_generation().types["car"]
    assert [column.target for column in run.columns] == ["make", "price", ""]
    notes = [line.note for line in make_columns(run, run.columns, spec, system_actor())]
    assert notes == ["", "", "“Payout” is worked out by a formula: files do not fill it."]
    with pytest.raises(Invalid) as refusal:
        mapped(run, Payout="payout")
    assert [error.code for error in refusal.value.errors] == ["unknown_target"]
    finished(run)
    assert records()[0].values["payout"] == 90


def test_rejected_lines_come_back_with_every_reason() -> None:
    lines = "Марка;VIN;Цена;Статус\nBMW;WBAJU81020CB12345;1;Свободен\n;123;дорого;Угнан\nAudi;;5;\n"
    run = imported("car", lines)
    assert run.counts == Counts(created=2, rejected=1)
    (line,) = rejected_lines(run)
    assert (line["VIN"], line["Цена"]) == ("123", "дорого")
    reason = line["Why it was rejected"]
    assert all(label in reason for label in ("VIN:", "Price:", "Status:"))


def test_mended_lines_can_be_imported_again() -> None:
    run = imported("car", "Марка;Цена\n=1+2;дорого\n")
    (line,) = rejected_lines(run)
    assert line["Марка"] == "'=1+2"
    again = imported("car", ";".join(line) + "\n" + ";".join({**line, "Цена": "5"}.values()) + "\n")
    assert (again.counts, ignored_headings(again)) == (Counts(created=1), [])
    assert records()[0].title == "=1+2"


def test_links_people_and_owners_are_found_by_name_number_and_key() -> None:
    anna = make_person("anna", name="Белова Анна")
    pyotr = create("client", fields={"name": "Егоров Пётр"})
    vera = create("client", fields={"name": "Лаптева Вера", "phone": "+79215550142"})
    run = imported(
        "car",
        "Марка;Собственник;Продавец;Ответственный\n"
        "BMW;Егоров Пётр;белова анна;anna\nAudi;8 (921) 555-01-42;anna;\nKia;К-00001;;\nLada;Никто;;\n",
    )
    assert run.counts == Counts(created=3, rejected=1)
    assert [car.values["client"] for car in records()] == [pyotr, vera, pyotr]
    assert (records()[0].values["seller"], records()[0].owner_id) == (anna.id, anna.id)


def test_one_record_is_found_however_many_ways_a_file_writes_it() -> None:
    vera = create("client", fields={"name": "Лаптева Вера", "phone": "+79215550142"})
    writings = ("8 (921) 555-01-42", "+79215550142", "9215550142", "7.921.555.01.42", "К-1", "К-00001")
    lines = "".join(f"BMW;{writing}\n" for writing in writings)
    imported("car", f"Марка;Собственник\n{lines}")
    assert [car.values["client"] for car in records()] == [vera] * len(writings)


def test_a_name_that_fits_two_records_fits_none() -> None:
    for _index in range(2):
        create("client", fields={"name": "Егоров Пётр"})
    assert imported("car", "Марка;Собственник\nBMW;Егоров Пётр\n").counts.rejected == 1


def test_pipeline_and_stage_are_named_by_label() -> None:
    run = imported(
        "car", "Марка;Цена;Воронка;Стадия\nBMW;5;Ремонт;Готов\nAudi;;Ремонт;Готов\nKia;1;Ремонт;Луна\n"
    )
    assert run.counts == Counts(created=1, rejected=2)
    assert "Новый" in reasons(run, 4) or "New" in reasons(run, 4)
    assert records()[0].stage_id == current_generation().pipelines["repair"].get_stage("done").id


def test_constants_fill_what_lines_leave_open() -> None:
    anna = make_person("anna", name="Белова Анна")
    run = begun(
        "car", "Марка;Цена\nBMW;5\nAudi;\n", constants={"owner": "anna", "price": "7 000 ₽", "stage": "Новый"}
    )
    finished(run)
    assert [(car.owner_id, str(car.values["price"])) for car in records()] == [
        (anna.id, "5.00"),
        (anna.id, "7000.00"),
    ]


def test_constants_are_checked_when_they_are_chosen() -> None:
    run = begun("car", "Марка\nBMW\n")
    with pytest.raises(Invalid) as refusal:
        change_run(run.id, actor=system_actor(), options=replace(run.options, constants={"price": "дорого"}))
    assert [error.field for error in refusal.value.errors] == ["price"]


def test_rights_hold_for_every_line() -> None:
    person = make_person(department=make_department())
    with pytest.raises(Forbidden):
        begun("car", "Марка;Секрет\nBMW;клад\n", actor=actor_of(person))
    run = begun(
        "car", "Марка;Секрет\nBMW;клад\n", actor=Actor(id=person.id, name=person.name, everything=True)
    )
    start_run(run.id, actor=system_actor(), by_job=False)
    work(run.id)
    run = get_run(system_actor(), run.id)
    assert run.counts == Counts(rejected=1), "whoever imports may nothing by now"


def test_large_files_go_in_batches_and_report_progress() -> None:
    lines = "Марка;Цена\n" + "".join(f"BMW {index};{index}\n" for index in range(1_200))
    run = begun("car", lines)
    start_run(run.id, actor=system_actor(), by_job=False)
    seen: list[int] = []
    work(run.id, progress=seen.append)
    assert seen == [500, 1_000, 1_200]
    done = get_run(system_actor(), run.id)
    assert (done.counts.created, done.cursor, done.share) == (1_200, 1_201, 1)


def test_a_file_without_a_known_column_cannot_be_started() -> None:
    run = begun("car", "Погода;Луна\nдождь;полная\n")
    with pytest.raises(Invalid, match="No column"):
        start_run(run.id, actor=system_actor())
    assert finished(mapped(run, Погода="make")).counts.created == 1


def test_the_next_file_with_the_same_headings_gets_the_same_columns() -> None:
    finished(mapped(begun("car", "Погода;Луна\nдождь;полная\n"), Погода="make"))
    again = begun("car", "погода; Луна\nснег;новая\n")
    assert [column.target for column in again.columns] == ["make", ""]


def test_a_file_of_rejected_lines_means_what_the_first_file_meant() -> None:
    run = finished(mapped(begun("car", "Погода;Луна\nдождь;полная\n"), Погода="make", Луна="price"))
    (line,) = rejected_lines(run)
    again = begun("car", ";".join(line) + "\n" + ";".join({**line, "Луна": "5"}.values()) + "\n")
    assert [column.target for column in again.columns] == ["make", "price", ""]
    third = begun("car", "Погода;Луна\nснег;7\n")
    assert [column.target for column in third.columns] == ["make", "price"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([Column("", "make"), Column("", "make")], "repeated"),
        ([Column("", "moon"), Column("")], "unknown_target"),
        ([Column("", "client", "weather"), Column("")], "unknown_key"),
        ([Column("", "make")], "wrong_number"),
    ],
)
def test_columns_that_make_no_sense_are_refused(columns: list[Column], code: str) -> None:
    run = begun("car", "Марка;Цена\nBMW;5\n")
    with pytest.raises(Invalid) as refusal:
        change_run(run.id, actor=system_actor(), columns=columns)
    assert [error.code for error in refusal.value.errors] == [code]


def test_another_place_of_the_table_proposes_its_columns_anew() -> None:
    run = begun("car", "Склад на 1 марта\nПогода;Луна\nМарка;Цена\nBMW;5\n")
    assert run.source.line == 3
    moved = change_run(run.id, actor=system_actor(), source=replace(run.source, line=2))
    assert [column.heading for column in moved.columns] == ["Погода", "Луна"]


def test_trying_a_file_writes_nothing_and_says_what_would_happen() -> None:
    create("car", fields={"make": "Kia", "vin": VIN})
    opel = "Opel;XWEPH81BBP0001234;\n"
    lines = f"Марка;VIN;Цена\nBMW;{VIN};5\nAudi;;дорого\nLada;;1\n{opel}{opel}"
    run = checked(begun("car", lines))
    assert run.state is State.CHECKED
    assert run.counts == Counts(created=2, duplicates=2, rejected=1)
    assert [(each.line, each.fate) for each in outcomes(run)] == [
        (2, Fate.DUPLICATE),
        (3, Fate.REJECTED),
        (6, Fate.DUPLICATE),
    ]
    assert [car.title for car in records()] == ["Kia"]
    assert finished(run).counts == run.counts, "the import does what the check has said"


def test_changing_columns_forgets_a_check() -> None:
    run = checked(begun("car", "Марка;Цена\nBMW;дорого\n"))
    assert run.counts.rejected == 1
    run = mapped(run, Цена="model")
    assert (run.state, run.counts, outcomes(run)) == (State.NEW, Counts(), [])


def test_a_check_can_be_stopped() -> None:
    run = begun("car", "Марка\n" + "BMW\n" * 1_000)
    check_run(run.id, actor=system_actor(), by_job=False)
    work(run.id, progress=lambda _done: cancel_run(run.id, actor=system_actor()))
    assert get_run(system_actor(), run.id).state is State.NEW


def test_an_import_that_was_stopped_goes_on_where_it_was() -> None:
    run = begun("car", "Марка\n" + "BMW\n" * 1_200)
    start_run(run.id, actor=system_actor(), by_job=False)
    work(run.id, progress=lambda _done: cancel_run(run.id, actor=system_actor()))
    stopped = get_run(system_actor(), run.id)
    assert (stopped.state, stopped.counts.created) == (State.CANCELLED, 500)
    with pytest.raises(WrongState):
        change_run(run.id, actor=system_actor(), columns=run.columns)
    assert finished(stopped).counts.created == 1_200


def test_a_job_works_for_a_while_and_says_that_there_is_more() -> None:
    run = begun("car", "Марка\n" + "BMW\n" * 700)
    start_run(run.id, actor=system_actor(), by_job=False)
    assert work(run.id, seconds=0)
    assert get_run(system_actor(), run.id).counts.created == 500
    assert not work(run.id)
    assert get_run(system_actor(), run.id).counts.created == 700
    assert not work(run.id), "a job too many finds nothing to do"


def test_a_file_that_breaks_in_the_middle_stops_the_import_with_the_line() -> None:
    content = ("Марка\n" + f"BMW{' ' * 20}\n" * 1_000).encode() + "Лада\n".encode("cp1251")
    run = begun("car", content, name="cars.csv")
    utf8 = change_run(run.id, actor=system_actor(), source=replace(run.source, encoding="utf-8", line=1))
    failed = finished(utf8)
    assert (failed.state, failed.counts.created) == (State.FAILED, 500)
    assert "Line 1002" in failed.error


def test_a_run_that_does_not_get_on_is_given_up() -> None:
    run = begun("car", "Марка\nBMW\n")
    start_run(run.id, actor=system_actor(), by_job=False)
    Run.objects.filter(id=run.id).update(attempts=MAX_ATTEMPTS)
    work(run.id)
    given_up = get_run(system_actor(), run.id)
    assert given_up.state is State.FAILED
    assert given_up.error


def test_people_see_their_own_imports_only() -> None:
    person = make_person(department=make_department())
    run = begun("car", "Марка\nBMW\n", actor=Actor(id=person.id, name="", everything=True))
    somebody = Actor(id=make_person().id, name="")
    assert list_runs(somebody) == []
    with pytest.raises(NotFound):
        get_run(somebody, run.id)
    assert [each.id for each in list_runs(Actor(id=person.id, name=""))] == [run.id]
    assert [each.id for each in list_runs(system_actor())] == [run.id]


def test_a_file_without_anything_is_refused() -> None:
    with pytest.raises(FileUnreadable):
        begun("car", "\n \n;;\n")
