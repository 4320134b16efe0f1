"""Cars: how they come into being, into stock, lose in price and leave."""

import random
from dataclasses import dataclass, field

from story import FIRST_DAY, SEED, afternoon, car_history, cars, chance, dice, pick, rounded, signs, work_day
from vocabulary import MODELS, Model

CARS = 300
STOCK_AT_START = 70
#: Where cars stand, and how often.
SITES = {"lesnaya": 6, "rublevka": 4, "tver": 3, "murmansk": 2}
#: How many cars of each year, the newest last.
_YEARS = dict(zip(range(2018, 2026), (2, 3, 4, 6, 6, 6, 5, 2), strict=True))
_COLORS = {"black": 9, "white": 6, "grey": 6, "silver": 2, "blue": 3, "red": 1, "green": 1, "brown": 1}
_REGIONS = ("77", "97", "199", "777", "797", "69", "51", "178")
_EQUIPMENT = (
    "air_suspension",
    "panorama",
    "adaptive_cruise",
    "surround_view",
    "head_up",
    "massage",
    "ventilation",
    "premium_audio",
    "soft_close",
    "third_row",
    "tow_bar",
)
#: Letters that Latin has too; plates and titles know no others.
_LETTERS = "АВЕКМНОРСТУХ"
_PLAIN = ("leather", "combined", "eco_leather", "fabric")
#: What the letters of a VIN are worth, and the weights of its places.
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


@dataclass(slots=True)
class Car:
    """What later parts of the story need to know of a car. Days are None when the thing never happened."""

    key: str
    title: str
    price: int
    created: int
    received: int | None = None
    sold: int | None = None
    booked: bool = False
    #: (day, price from that day on)
    prices: list[tuple[int, int]] = field(default_factory=list)

    @property
    def in_stock_since(self) -> int:
        return max(self.received or 0, FIRST_DAY)

    def price_on(self, day: int) -> int:
        return next((price for since, price in reversed(self.prices) if since <= day), self.price)

    def step(self, day: int, who: str, **values: object) -> None:
        """Something changes about the car."""
        values = {name: value for name, value in values.items() if value is not None}
        car_history.add(self.key, day, afternoon(day, who), actor=who, **values)


def make_car(day: int, time: str, owner: str, client: str | None, **values: object) -> Car:
    """A new car in the books; `values` say where and how it stands."""
    model = dice.choices(MODELS, [model.weight for model in MODELS])[0]
    years = {year: weight for year, weight in _YEARS.items() if year >= model.since}
    year = dice.choices(list(years), list(years.values()))[0]
    age = max(_YEARS) + 1 - year
    price = rounded(model.price * 1000 * (0.93 - 0.075 * age) * dice.uniform(0.95, 1.05))
    car = Car(f"car{len(cars.rows) + 1:03}", f"{model.make} {model.name}", price, day)
    cars.add(
        car.key,
        day,
        time,
        owner=owner,
        vin=_vin(model, year),
        plate=_plate(),
        make=model.make,
        model=model.name,
        trim=dice.choice(model.trims),
        year=year,
        mileage=max(300, round(age * dice.uniform(7_000, 24_000) / 100 - 60) * 100),
        body=model.body,
        engine=model.engine,
        volume=model.volume,
        power=model.power,
        gearbox=model.gearbox,
        drive=model.drive,
        color=pick(_COLORS),
        owners_count=pick({"1": 5, "2": 4, "3": 2, "4": 1}),
        title_document=pick({"original": 6, "duplicate": 1, "electronic": 5}),
        keys=dice.choice((1, 2, 2, 2)),
        client=client,
        report_on=day,
        price=price,
        **_particulars(car.key, model),
        **values,
    )
    return car


def _particulars(key: str, model: Model) -> dict[str, object]:
    """Interior, equipment and papers of a car."""
    own = random.Random(f"{SEED}/{key}")
    dear = model.price > 9000
    series = "".join(own.choices(_LETTERS, k=2))
    equipment = sorted(own.sample(_EQUIPMENT, own.randint(4, 8) if dear else own.randint(2, 5)))
    return {
        "kind": "used",
        "power_kw": round(model.power / 1.36),
        "interior": own.choice(("leather", "leather", "perforated", "alcantara") if dear else _PLAIN),
        "interior_color": own.choice(("чёрный", "чёрный", "бежевый", "коричневый", "красный", "серый")),
        "seats": 7 if model.body == "minivan" or "third_row" in equipment else 5,
        "equipment": ";".join(equipment),
        "tyres": own.choice(("one_set", "two_sets")),
        "title_number": f"{own.randint(10, 99)} {series} {own.randint(10**5, 10**6 - 1)}",
        "registration_certificate": f"99 {own.randint(10, 79)} {own.randint(100000, 999999)}",
        "service_book": "yes" if own.random() < 0.7 else "no",
    }


def make_stock_at_start() -> list[Car]:
    """Cars that stood there before the year began."""
    stock = []
    for index in range(STOCK_AT_START):
        received = FIRST_DAY - dice.randint(2, 60)
        site = pick(SITES)
        owner = ("seller1", "seller2")[index % 2]
        place = {"status": "free", "logistics": "showroom", "site": site, "received_on": received}
        car = make_car(FIRST_DAY, "08:45", owner, None, **place)
        car.received = received
        stock.append(car)
    return stock


def receive(car: Car, day: int, who: str) -> None:
    """The car comes into stock: it gets a price, a site and a seller."""
    car.received = day
    far = chance(0.2)
    car.step(
        day,
        who,
        status="free",
        logistics="transit" if far else dice.choice(("detailing", "preparation")),
        site=dice.choice(("tver", "murmansk")) if far else pick({"lesnaya": 3, "rublevka": 2}),
        price=car.price,
        received_on=day,
        owner=pick({"seller1": 2, "seller2": 2, "head": 1}),
    )


def cut_prices(car: Car, since: int, until: int) -> None:
    """Every two months in stock the price falls a little."""
    price = car.price
    for day in range(since + 60, until, 60):
        who = dice.choice(("seller1", "seller2"))
        price = rounded(price * dice.uniform(0.95, 0.98))
        on = work_day(day, who)
        car.step(on, who, price=price)
        car.prices.append((on, price))


def pledge_some(stock: list[Car]) -> None:
    """A few cars stand there under a bank's pledge."""
    idle = [car for car in stock if car.sold is None and not car.booked and car.in_stock_since < -60]
    for car in idle[-5:]:
        car.step(-40, "head", status="pledged", restrictions="Залог банка, снятие по запросу")


def _plate() -> str:
    return f"{signs(1, _LETTERS)}{signs(3)}{signs(2, _LETTERS)}{dice.choice(_REGIONS)}"


def _vin(model: Model, year: int) -> str:
    """A VIN with the right check digit in its ninth place."""
    text = f"{model.wmi}{model.vds}0{'JKLMNPRS'[year - 2018]}{dice.choice('ABDLKC0')}{signs(6)}"
    total = sum(
        weight * (_VALUES[sign] if sign in _VALUES else int(sign))
        for weight, sign in zip(_WEIGHTS, text, strict=True)
    )
    digit = "X" if total % 11 == 10 else str(total % 11)
    return text[:8] + digit + text[9:]
