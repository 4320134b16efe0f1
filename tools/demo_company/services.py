"""What goes on around deals: visits to cars, detailing, contracts, the catalogue.

It rolls dice of its own, so that the story of the deals stays as it was told before.
"""

import random
from typing import Protocol

from garage import Car
from story import (
    FIRST_DAY,
    SEED,
    afternoon,
    card_history,
    cards,
    contracts,
    detailing,
    detailing_history,
    diagnostics,
    diagnostics_history,
    work_history,
    works,
)
from vocabulary import CONCLUSIONS, HEADLINES, TASKS, WORK_DETAILS

#: Visits and detailing are written down since the company has forms for them.
FORMS_SINCE = -190
_dice = random.Random(f"{SEED}/services")
_MANAGERS = ("head", "buyer", "director")
_PARTS = ("bonnet", "front_bumper", "rear_bumper", "front_wing_left", "front_wing_right", "doors", "boot_lid")
_PLACES = ("avito", "auto_ru", "website", "instagram", "youtube")
_REMARKS = ("Без керамики", "Дорого, уберите плёнку", "Полировку только по капоту", "Салон и так чистый")
_KINDS = {"buyout": "buyout", "consignment": "commission", "sales": "sale"}


class Told(Protocol):
    """What must be known of a deal."""

    key: str
    pipeline: str
    owner: str
    client: str
    car: Car


def ask_for_visit(deal: Told, day: int, about: dict[str, object]) -> None:
    """A request for diagnostics, made when the deal comes to that stage."""
    if day < FORMS_SINCE:
        return
    diagnostics.add(
        _visit_of(deal),
        day,
        afternoon(day, deal.owner),
        owner=deal.owner,
        deal=deal.key,
        car=deal.car.key,
        contact=deal.client,
        address=about["visit_address"],
        visit_at=about["visit_at"],
        task=_dice.choice(TASKS) if _dice.random() < 0.35 else None,
        status="assigned",
        manager=_dice.choice(_MANAGERS),
        appraiser=about["appraiser"],
    )


def finish_visit(deal: Told, day: int, found: dict[str, object]) -> None:
    """The result of diagnostics, acknowledged by the manager."""
    visit = next((row for row in diagnostics.rows if row["key"] == _visit_of(deal)), None)
    if visit is None:
        return
    on, clock = str(visit["visit_at"]).split()
    if int(on) > day:
        on = str(day)
        clock = "10:30"
    poor = found["condition"] in {"fair", "poor"}
    body = _dice.choice(("repainted", "repaired")) if poor else _dice.choice(("original", "repainted"))
    parts = sorted(_dice.sample(_PARTS, _dice.choice((1, 1, 2, 3)))) if body != "original" else []
    diagnostics_history.add(
        _visit_of(deal),
        day,
        afternoon(day, deal.owner),
        actor=deal.owner,
        status="closed",
        acknowledged_at=f"{visit['day']} 19:10",
        inspected_at=f"{on} {clock}",
        mileage=_dice.randint(60, 1400) * 100,
        condition=found["condition"],
        body_condition=body,
        repainted_parts=";".join(parts),
        technical_condition="remarks" if poor else _dice.choice(("sound", "sound", "remarks")),
        defects=found["defects"],
        repair_cost=_dice.randint(3, 40) * 10_000 if poor else None,
        estimate=found["our_estimate"],
        papers_checked="yes",
        conclusion=_dice.choice(CONCLUSIONS),
        reviewed_at=f"{day} 09:20",
    )


def cancel_visit(deal: Told, day: int) -> None:
    """The deal was lost before anybody looked at the car."""
    known = {row["key"] for row in diagnostics_history.rows}
    asked = {row["key"] for row in diagnostics.rows}
    key = _visit_of(deal)
    if key in asked and key not in known:
        diagnostics_history.add(key, day, afternoon(day, deal.owner), actor=deal.owner, status="cancelled")


def _visit_of(deal: Told) -> str:
    return deal.key.replace("deal", "diagnostics")


def register_contract(deal: Told, day: int, number: str, amount: object) -> None:
    """A line of the contract register."""
    kind = _KINDS[deal.pipeline]
    received = day < -20 and _dice.random() < 0.85
    contracts.add(
        number,
        day,
        afternoon(day, deal.owner),
        owner=deal.owner,
        register_number=number,
        contract_on=day,
        kind=kind,
        status="fulfilled" if kind != "commission" else "signed",
        client=deal.client,
        car=deal.car.key,
        deal=deal.key,
        amount=amount,
        signed_on=day,
        valid_until=day + 90 if kind == "commission" else None,
        original="received" if received else "awaited",
        shelf=f"{'АБВ'[_dice.randrange(3)]}-{_dice.randint(1, 14):02}" if received else None,
    )


def register_booking(deal: Told, day: int, amount: object) -> None:
    """A contract about a booking; now and then one is voided and its number stays."""
    number = f"БР-{sum(row['kind'] == 'booking' for row in contracts.rows) + 1:04}"
    voided = _dice.random() < 0.08
    contracts.add(
        number,
        day,
        afternoon(day, deal.owner),
        owner=deal.owner,
        register_number=number,
        contract_on=day,
        kind="booking",
        status="voided" if voided else "signed",
        client=deal.client,
        car=deal.car.key,
        deal=deal.key,
        amount=amount,
        valid_until=day + 5,
        void_reason="Ошибка в паспортных данных, составлен заново" if voided else None,
    )


def show_first_stock(stock: list[Car]) -> None:
    """The catalogue as it was when the year began."""
    for index, car in enumerate(stock):
        cards.add(
            _card_of(car),
            FIRST_DAY,
            "08:45",
            owner=("seller1", "seller2")[index % 2],
            car=car.key,
            status="in_stock",
            origin=_dice.choice(("buyout", "consignment")),
            listed_on=car.received,
            photos_on=car.received,
            headline=_headline(car),
            placements=_placements(),
        )


def open_card(deal: Told, day: int) -> None:
    """A car that came in gets its card in the catalogue."""
    cards.add(
        _card_of(deal.car),
        day,
        afternoon(day, deal.owner),
        owner=deal.owner,
        car=deal.car.key,
        status="preparing",
        origin=deal.pipeline,
        received_in=deal.key,
        headline=_headline(deal.car),
    )


def show_card(deal: Told, day: int) -> None:
    """Cleaned and photographed: the car is offered."""
    card_history.add(
        _card_of(deal.car),
        day,
        afternoon(day, deal.owner),
        actor="photographer",
        status="in_stock",
        photos_on=day,
        listed_on=day,
        placements=_placements(),
    )


def book_card(deal: Told, day: int) -> None:
    _change_card(deal, day, status="booked")


def close_card(deal: Told, day: int, amount: int) -> None:
    """The car is sold; its card stays."""
    _change_card(deal, day, status="sold", sold_in=deal.key, sold_on=day, sold_price=amount, placements="-")


def _change_card(deal: Told, day: int, **values: object) -> None:
    card_history.add(_card_of(deal.car), day, afternoon(day, deal.owner), actor=deal.owner, **values)


def _card_of(car: Car) -> str:
    return car.key.replace("car", "card")


def _headline(car: Car) -> str:
    return f"{car.title}: {_dice.choice(HEADLINES)}"


def _placements() -> str:
    return ";".join(sorted(_dice.sample(_PLACES, _dice.randint(2, 4)), key=_PLACES.index))


def order_detailing(deal: Told, day: int) -> None:
    """A request that is still on its way: its price is being agreed, or the car is in work."""
    if deal.pipeline == "buyout":
        status = _dice.choice(("price", "price", "rework", "hand_over"))
    else:
        status = _dice.choice(("hand_over", "in_work"))
    chosen = _dice.sample(sorted(WORK_DETAILS), _dice.choice((2, 3, 3, 4)))
    lines = [(work, _price()) for work in chosen]
    values: dict[str, object] = {"status": status}
    if status == "rework":
        values |= {"approver": _dice.choice(_MANAGERS), "remark": _dice.choice(_REMARKS)}
    if status in {"hand_over", "in_work"}:
        values |= {"detailer": "detailer"}
    if status == "in_work":
        values |= {"due_at": f"{min(day + 4, 3)} 18:00"}
    _request(deal, day, sum(price for _work, price in lines), **values)
    for index, (work, price) in enumerate(lines, start=1):
        _line(deal, day, index, (work, price), "proposed" if deal.pipeline == "buyout" else "agreed")


def _price() -> int:
    return _dice.randint(8, 60) * 1000


def finish_detailing(deal: Told, day: int, works_done: list[str], cost: int) -> None:
    """A request from the day on which the car came in until now, when it is done."""
    since = deal.car.received
    if since is None or since < FORMS_SINCE:
        return
    shares = [_dice.uniform(1, 3) for _work in works_done]
    prices = [round(cost * share / sum(shares) / 1000) * 1000 for share in shares]
    prices[-1] = cost - sum(prices[:-1])
    extra = deal.pipeline == "buyout" and _dice.random() < 0.4
    others = [work for work in sorted(WORK_DETAILS) if work not in works_done]
    removed = (_dice.choice(others), _price()) if extra else None
    asked = cost + (removed[1] if removed else 0)
    commission = deal.pipeline == "consignment"
    _request(deal, since, asked, status="hand_over" if commission else "price")
    for index, (work, price) in enumerate(zip(works_done, prices, strict=True), start=1):
        _line(deal, since, index, (work, price), "agreed" if commission else "proposed")
        _line_step(deal, day, index, state="agreed", done="yes")
    if removed:
        _line(deal, since, len(works_done) + 1, removed, "proposed")
        _line_step(deal, day, len(works_done) + 1, state="removed", comment="Снята при согласовании")
    agreement: dict[str, object] = {}
    if not commission:
        agreement = {"approver": _dice.choice(_MANAGERS), "agreed_cost": cost, "agreed_at": f"{since} 20:15"}
    if removed:
        agreement |= {"round": 2, "cost": cost, "remark": _dice.choice(_REMARKS)}
    detailing_history.add(
        _request_of(deal),
        day,
        afternoon(day, deal.owner),
        actor="detailer",
        status="done",
        detailer="detailer",
        acknowledged_at=f"{since} 20:40",
        due_at=f"{day} 18:00",
        done_at=f"{day} {_dice.randint(11, 13)}:{_dice.choice(('00', '20', '45'))}",
        photographer="photographer",
        **agreement,
    )


def _request_of(deal: Told) -> str:
    return deal.key.replace("deal", "detailing")


def _request(deal: Told, day: int, cost: int, **values: object) -> None:
    kind = "commission" if deal.pipeline == "consignment" else "buyout"
    key, clock = _request_of(deal), afternoon(day, deal.owner)
    about = {"owner": deal.owner, "deal": deal.key, "car": deal.car.key}
    detailing.add(key, day, clock, **about, contract_kind=kind, cost=cost, **values)


def _line(deal: Told, day: int, index: int, line: tuple[str, int], state: str) -> None:
    work, price = line
    works.add(
        f"{_request_of(deal)}.{index}",
        day,
        afternoon(day, deal.owner),
        owner=deal.owner,
        request=_request_of(deal),
        work=work,
        details=_dice.choice(WORK_DETAILS[work]),
        price=price,
        round=1,
        state=state,
    )


def _line_step(deal: Told, day: int, index: int, **values: object) -> None:
    key = f"{_request_of(deal)}.{index}"
    work_history.add(key, day, afternoon(day, deal.owner), actor="detailer", **values)
