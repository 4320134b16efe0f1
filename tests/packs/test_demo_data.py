"""The demo files are plausible, and loaded they make a company that looks alive."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from stdnum.ru import inn
from tests.work.outbox import follow

from trassa.access.queries import Actor, actor_of, system_actor
from trassa.kernel import now
from trassa.people.queries import find_person_by_login
from trassa.records.queries import count_records, get_record, list_records, search
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation
from trassa.solutions.actions import load_demo
from trassa.solutions.queries import read_pack
from trassa.work.models import Notice, Task
from trassa.work.queries import count_inbox


def rows(pack: str, file: str) -> list[dict[str, str]]:
    path: Path = read_pack(pack).demo / file
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


#: What letters of a VIN are worth, and how much each place weighs.
VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def check_digit(vin: str) -> str:
    """The digit that stands in the ninth place of a VIN (ISO 3779)."""
    total = sum(
        weight * (VALUES[sign] if sign in VALUES else int(sign))
        for weight, sign in zip(WEIGHTS, vin, strict=True)
    )
    return "X" if total % 11 == 10 else str(total % 11)


def test_there_are_300_cars_600_contacts_and_800_deals() -> None:
    counts = [
        len(rows("auto", "car.csv")),
        len(rows("auto", "contact.csv")),
        len(rows("consignment", "deal.csv")),
    ]
    assert counts == [300, 600, 800]


def test_every_vin_is_right_and_unique() -> None:
    vins = [row["vin"] for row in rows("auto", "car.csv")]
    assert len(set(vins)) == len(vins)
    assert all(vin[8] == check_digit(vin) for vin in vins)


def test_every_inn_is_right() -> None:
    assert not [row["inn"] for row in rows("auto", "company.csv") if not inn.is_valid(row["inn"])]


def test_phones_are_of_the_range_kept_for_stories() -> None:
    phones = [row["phone"] for row in rows("auto", "contact.csv")]
    assert all(phone.startswith("+79") and phone[5:8] == "555" and len(phone) == 12 for phone in phones)


def test_the_year_ends_today() -> None:
    days = [int(row["day"]) for row in rows("consignment", "deal.history.csv")]
    assert (min(days) < -350, max(days)) == (True, 0)


def test_lines_of_detailing_add_up_to_what_was_asked_or_agreed() -> None:
    requests = {row["key"]: int(row["cost"]) for row in rows("consignment", "detailing.csv")}
    later = rows("consignment", "detailing.history.csv")
    requests |= {row["key"]: int(row["cost"]) for row in later if row["cost"]}
    removed = {
        row["key"] for row in rows("consignment", "detailing_work.history.csv") if row["state"] == "removed"
    }
    sums: Counter[str] = Counter()
    for row in rows("consignment", "detailing_work.csv"):
        sums[row["request"]] += 0 if row["key"] in removed else int(row["price"])
    assert len(requests) > 60
    assert dict(sums) == requests


def test_the_catalogue_has_cars_in_stock_and_sold_ones_with_their_deals() -> None:
    cards = {row["key"] for row in rows("consignment", "catalogue_card.csv")}
    history = rows("consignment", "catalogue_card.history.csv")
    sold = [row for row in history if row["status"] == "sold"]
    assert all(row["sold_in"] and row["sold_price"] for row in sold)
    assert len(sold) > 90
    assert len(cards) - len(sold) > 60


def test_most_visits_ended_with_a_result() -> None:
    visits = rows("consignment", "diagnostics.csv")
    results = [row for row in rows("consignment", "diagnostics.history.csv") if row["status"] == "closed"]
    assert all(row["condition"] and row["defects"] and row["estimate"] for row in results)
    assert len(visits) > len(results) > len(visits) / 2


def test_numbers_of_contracts_are_used_once_also_when_voided() -> None:
    contracts = rows("consignment", "contract.csv")
    assert len({row["register_number"] for row in contracts}) == len(contracts)
    assert all(row["void_reason"] for row in contracts if row["status"] == "voided")
    assert {row["status"] for row in contracts} == {"signed", "fulfilled", "voided"}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("consignment")
def test_the_loaded_company_looks_right_to_each_of_its_people() -> None:
    report = load_demo("consignment")
    assert (report.people, report.password) == (12, "trassa-demo")
    deal = current_generation().types["deal"]
    assert count_records(system_actor(), deal, ListQuery()) == 800

    actors = {login: _actor(login) for login in report.logins}
    seen = {login: count_records(actor, deal, ListQuery()) for login, actor in actors.items()}
    assert seen["director"] == seen["head"] == seen["admin"] == 800
    assert 0 < seen["seller1"] < 400
    assert 0 < seen["seller2"] < 400
    assert seen["seller1"] + seen["seller2"] < 800
    assert seen["photographer"] < 200

    _check_tasks(actors)
    _check_masking(actors)
    _check_titles()
    assert load_demo("consignment").records == 0


def _actor(login: str) -> Actor:
    person = find_person_by_login(login)
    assert person is not None
    return actor_of(person)


def _check_tasks(actors: dict[str, Actor]) -> None:
    """Something waits for everybody who works on deals, some of it late; of what is done nobody is told."""
    for login in ("seller1", "seller2", "buyer", "head", "photographer", "lawyer", "detailer"):
        assert 3 < count_inbox(actors[login]).total < 60, login
    for login in ("accountant", "security", "reception"):
        assert 1 < count_inbox(actors[login]).total < 60, login
    assert sum(count_inbox(actor).overdue for actor in actors.values()) > 10
    done = Task.objects.filter(state="done")
    assert done.count() > 15
    assert not done.filter(done_at__gt=now()).exists()
    assert Task.objects.filter(owner=None).exists()
    follow(only=["work.tell"])
    assert not Notice.objects.filter(kind__in=["task_given", "task_done", "task_offered"]).exists()


def _check_masking(actors: dict[str, Actor]) -> None:
    """The floor price is the director's, the security note also that of security."""
    deal = current_generation().types["deal"]
    masked = {"floor_price", "security_note"}
    visible = {
        login: masked & {field.code for field in actor.visible_fields(deal)}
        for login, actor in actors.items()
    }
    assert visible["director"] == masked
    assert visible["security"] == {"security_note"}
    assert visible["seller1"] == visible["head"] == visible["buyer"] == set()


def _check_titles() -> None:
    """Deals are called after car and client, and found by both."""
    deal = current_generation().types["deal"]
    page = list_records(system_actor(), deal, ListQuery(limit=200))
    record = get_record(system_actor(), deal, page.items[0].id)
    assert " — " in record.title
    stages = Counter(item.stage_id for item in page.items)
    assert len(stages) > 8
    client = record.title.split(" — ")[1]
    assert search(system_actor(), client, limit=20)
