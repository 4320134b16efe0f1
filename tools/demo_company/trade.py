"""Deals: how cars are bought, taken on commission and sold, stage by stage."""

from dataclasses import dataclass

from garage import CARS, SITES, STOCK_AT_START, Car, cut_prices, make_car, receive
from services import (
    ask_for_visit,
    book_card,
    cancel_visit,
    close_card,
    finish_detailing,
    finish_visit,
    open_card,
    order_detailing,
    register_booking,
    register_contract,
    show_card,
)
from story import FIRST_DAY, afternoon, chance, deal_history, deals, dice, morning, pick, rounded, work_day
from vocabulary import COMMENTS, DEFECTS, STREETS

from people import make_contact, make_inquiry

OPEN_DEALS = {"sales": 128, "buyout": 46, "consignment": 31}
CLOSED_DEALS = {"sales": 392, "buyout": 114, "consignment": 89}
SALES_WON = 112
#: Cars that were looked at and never bought.
DECLINED = 22
_INTENTS = {"sales": "buy", "buyout": "sell", "consignment": "consign"}
_SOURCES = {
    "instagram_1": 9,
    "instagram_2": 7,
    "instagram_3": 5,
    "whatsapp_1": 10,
    "whatsapp_2": 8,
    "whatsapp_3": 7,
    "email": 3,
    "phone": 10,
    "youtube": 5,
    "avito": 12,
    "auto_ru": 13,
    "website": 4,
    "visit": 5,
    "referral": 4,
}
_STAGES = {
    "sales": ("negotiation", "showing", "booking", "contract", "done"),
    "buyout": ("diagnostics", "price", "contract", "done", "detailing_done"),
    "consignment": ("diagnostics", "terms", "contract", "signed", "detailing_done"),
}
_REASONS = {
    "sales": {
        "price": 2,
        "bought_elsewhere": 2,
        "sold_to_another": 1,
        "credit_refused": 1,
        "condition": 1,
        "no_answer": 2,
        "postponed": 1,
    },
    "buyout": {
        "price": 2,
        "condition": 1,
        "restrictions": 1,
        "sold_himself": 1,
        "competitor": 1,
        "no_answer": 1,
        "changed_mind": 1,
    },
    "consignment": {
        "price": 2,
        "commission": 1,
        "condition": 1,
        "restrictions": 1,
        "sold_himself": 1,
        "competitor": 1,
        "no_answer": 1,
    },
}
_WORKS = ("wash", "cleaning", "polish", "ceramic", "film", "dent_removal")
_contracts = {"buyout": 0, "consignment": 0, "sales": 0}


@dataclass(slots=True)
class Deal:
    """A deal while it is being told; `day` is when something happened last."""

    key: str
    pipeline: str
    owner: str
    client: str
    car: Car
    day: int

    def step(self, day: int, stage: str, **values: object) -> int:
        """The deal moves on, on this day or as soon as its owner works after the last step."""
        self.day = work_day(max(day, min(self.day + 1, 0)), self.owner)
        time = afternoon(self.day, self.owner)
        deal_history.add(self.key, self.day, time, actor=self.owner, stage=stage, **values)
        return self.day

    def next_day(self, day: int) -> int:
        """When a step asked for on this day will happen."""
        return work_day(max(day, min(self.day + 1, 0)), self.owner)

    def contract(self, prefix: str) -> str:
        _contracts[self.pipeline] += 1
        return f"{prefix}-{_contracts[self.pipeline]:04}"


def open_deal(day: int, pipeline: str, owner: str, car: Car | None) -> Deal:
    """The client, the car when it is a new one, often the inquiry, and the deal."""
    day = work_day(day, owner)
    time = morning(day, owner)
    source = pick(_SOURCES)
    client = make_contact(day, time, owner, "buyer" if pipeline == "sales" else "car_owner", source)
    if car is None:
        brought = chance(0.35)
        place = {
            "logistics": "showroom" if brought else "with_owner",
            "site": pick(SITES) if brought else None,
        }
        car = make_car(day, time, owner, client, status="evaluation", **place)
    inquiry = None
    if source not in {"visit", "referral"} and chance(0.4):
        about = {"contact": client, "car": car.key, "title": car.title}
        intent = _INTENTS[pipeline]
        inquiry = make_inquiry(day, time, owner, source=source, intent=intent, status="qualified", **about)
    ask = car.price_on(day) if pipeline == "sales" else rounded(car.price * dice.uniform(0.9, 1.04))
    key = f"deal{len(deals.rows) + 1:03}"
    deals.add(
        key,
        day,
        time,
        pipeline=pipeline,
        owner=owner,
        client=client,
        car=car.key,
        inquiry=inquiry,
        source=source,
        next_contact_on=day + dice.choice((0, 1, 1, 2)),
        amount=ask,
        client_estimate=None if pipeline == "sales" else ask,
        comment=dice.choice(COMMENTS) if chance(0.2) else None,
    )
    return Deal(key, pipeline, owner, client, car, day)


def tell(pipeline: str, car: Car | None, first_day: int, last_day: int, *, reach: int, lost: bool) -> Car:
    """A deal that passes `reach` stages between two days and is lost at the end when `lost`."""
    weights = {"seller1": 9, "seller2": 8, "head": 3} if pipeline == "sales" else {"buyer": 4, "head": 1}
    deal = open_deal(first_day, pipeline, pick(weights), car)
    ask = deal.car.price_on(first_day)
    agreed = rounded(ask * (dice.uniform(0.96, 1) if pipeline == "sales" else dice.uniform(0.86, 0.96)))
    span = max(last_day - first_day, 0)
    for index in range(reach):
        day = min(first_day + span * (index + 1) // (reach + lost), last_day)
        pass_stage = pass_sales_stage if pipeline == "sales" else pass_purchase_stage
        pass_stage(deal, index, day, agreed)
    if pipeline != "sales" and reach == 4:
        order_detailing(deal, deal.day)
    if lost:
        deal.step(last_day, "lost", reason=pick(_REASONS[pipeline]), next_contact_on="-")
        if pipeline != "sales":
            cancel_visit(deal, deal.day)
        if pipeline != "sales" and deal.car.received is None:
            deal.car.step(deal.day, deal.owner, status="declined")
    return deal.car


def pass_purchase_stage(deal: Deal, index: int, day: int, agreed: int) -> None:
    """One stage of a buy-out or a consignment, with what it requires."""
    stage, day = _STAGES[deal.pipeline][index], deal.next_day(day)
    bought = deal.pipeline == "buyout"
    values: dict[str, object]
    match index:
        case 0:
            visit = day + dice.choice((0, 1, 1, 2))
            values = {
                "visit_at": f"{visit} {dice.randint(10, 19)}:{dice.choice(('00', '30'))}",
                "visit_address": f"ул. {dice.choice(STREETS)}, {dice.randint(1, 80)}",
                "appraiser": pick({"buyer": 2, "seller1": 1, "seller2": 1, "photographer": 1}),
                "next_contact_on": visit,
            }
            ask_for_visit(deal, day, values)
        case 1:
            condition = pick({"excellent": 3, "good": 6, "fair": 3, "poor": 1})
            values = {"condition": condition, "defects": dice.choice(DEFECTS), "our_estimate": agreed}
            values["next_contact_on"] = day + dice.choice((1, 2))
            finish_visit(deal, day, values)
            if chance(0.5):
                deal.car.step(day, deal.owner, logistics="transit", site=pick(SITES))
        case 2:
            values = {"amount": agreed, "next_contact_on": day + 1}
            if bought:
                checked = "Проверка пройдена, ограничений нет." if chance(0.6) else None
                values |= {"floor_price": rounded(agreed * 0.97), "security_note": checked}
            else:
                values["commission"] = pick({"3": 1, "3.5": 1, "4": 2, "5": 1})
        case 3:
            values = {"contract_number": deal.contract("ВК" if bought else "КМ"), "contract_on": day}
            values |= {
                "payment_method": dice.choice(("transfer", "cash")) if bought else None,
                "next_contact_on": "-",
            }
            receive(deal.car, day, deal.owner)
            register_contract(deal, day, str(values["contract_number"]), agreed)
            open_card(deal, day)
        case _:
            works = sorted(dice.sample(_WORKS, dice.choice((2, 2, 3))))
            values = {"detailing_works": ";".join(works), "detailing_cost": dice.randint(12, 110) * 1000}
            values["photos_ready"] = "yes"
            finish_detailing(deal, day, works, int(str(values["detailing_cost"])))
            show_card(deal, day)
            deal.car.step(day, deal.owner, logistics="showroom")
    deal.step(day, stage, **values)


def pass_sales_stage(deal: Deal, index: int, day: int, agreed: int) -> None:
    """One stage of a sale, with what it requires."""
    stage, day = _STAGES["sales"][index], deal.next_day(day)
    values: dict[str, object] = {"next_contact_on": day + dice.choice((1, 1, 2, 3))}
    match index:
        case 2:
            values |= {"amount": agreed, "prepayment": dice.choice((30_000, 50_000, 100_000))}
            deal.car.booked = True
            deal.car.step(day, deal.owner, status="booked", booked_until=day + 5)
            register_booking(deal, day, values["prepayment"])
            book_card(deal, day)
        case 3:
            values["payment_method"] = pick(
                {"cash": 3, "transfer": 5, "credit": 4, "leasing": 1, "trade_in": 2}
            )
        case 4:
            values = {"contract_number": deal.contract("ПР"), "contract_on": day, "paid_on": day}
            values["next_contact_on"] = "-"
            deal.car.step(
                day, deal.owner, status="sold", logistics="handed_over", sold_on=day, booked_until="-"
            )
            register_contract(deal, day, str(values["contract_number"]), agreed)
            close_card(deal, day, agreed)
    deal.step(day, stage, **values)


def make_purchases() -> list[Car]:
    """All buy-outs and consignments; gives the cars that came into stock."""
    closed = [pipeline for pipeline in ("buyout", "consignment") for _index in range(CLOSED_DEALS[pipeline])]
    dice.shuffle(closed)
    opened = [pipeline for pipeline in ("buyout", "consignment") for _index in range(OPEN_DEALS[pipeline])]
    won = CARS - STOCK_AT_START - DECLINED - len(opened)
    received, declined = [], []
    for pipeline in closed[:won]:
        first = dice.randint(FIRST_DAY, -32)
        last = first + dice.randint(20, 31)
        received.append(tell(pipeline, None, first, last, reach=5 if chance(0.8) else 4, lost=False))
    for index, pipeline in enumerate(closed[won:]):
        again = None if index < DECLINED else dice.choice([car for car in declined if car.created < -40])
        first = dice.randint(FIRST_DAY if again is None else again.created + 1, -18)
        reach = int(pick({"0": 4, "1": 3, "2": 4, "3": 1}))
        car = tell(pipeline, again, first, first + dice.randint(3, 16), reach=reach, lost=True)
        declined += [car] if again is None else []
    for pipeline in opened:
        reach = int(pick({"0": 3, "1": 4, "2": 2, "3": 2}))
        first = -dice.randint(0, 3) - reach * dice.randint(2, 6)
        tell(pipeline, None, first, -dice.choice((0, 0, 1, 1, 2, 3, 4, 6)), reach=reach, lost=False)
    return received


def make_sales(stock: list[Car]) -> None:
    """All sales: first those that were won, then what was tried before and beside, then today's."""
    for car in dice.sample([car for car in stock if car.in_stock_since < -30], SALES_WON):
        since = car.in_stock_since + 2
        car.sold = dice.randint(min(since + 24, -3), min(since + 110, -2))
        cut_prices(car, since, car.sold - 32)
        tell("sales", car, max(car.sold - dice.randint(20, 32), since), car.sold, reach=5, lost=False)
    for car in stock:
        if car.sold is None:
            cut_prices(car, car.in_stock_since, -12)
    seen = [car for car in stock if car.in_stock_since < -20]
    for car in dice.choices(seen, k=CLOSED_DEALS["sales"] - SALES_WON):
        since = car.in_stock_since + 2
        until = -1 if car.sold is None else car.sold
        first = dice.randint(since, max(since, until - 6))
        reach = int(pick({"0": 4, "1": 4, "2": 3}))
        tell("sales", car, first, min(first + dice.randint(2, 12), -1), reach=reach, lost=True)
    make_open_sales([car for car in stock if car.sold is None])


def make_open_sales(unsold: list[Car]) -> None:
    """Today's board: most deals stand at its beginning, some have booked a car each."""
    dice.shuffle(unsold)
    bookable = [car for car in unsold if car.in_stock_since < -14]
    others = [car for car in unsold if car not in bookable[:22]]
    for index in range(OPEN_DEALS["sales"]):
        reach = 4 if index < 9 else 3 if index < 22 else int(pick({"0": 4, "1": 5, "2": 4}))
        car = bookable[index] if reach >= 3 else dice.choice(others)
        last = -dice.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 9))
        first = max(last - reach * dice.randint(1, 4) - dice.randint(0, 1), car.in_stock_since + 1)
        tell("sales", car, min(first, last), last, reach=reach, lost=False)
