"""Sites, companies, clients and their inquiries."""

import random

from story import (
    FIRST_DAY,
    PEOPLE,
    SEED,
    chance,
    channels,
    companies,
    contacts,
    dice,
    inquiries,
    morning,
    pick,
    signs,
    sites,
    work_day,
)
from vocabulary import (
    BANKS,
    CAMPAIGNS,
    CHANNELS,
    CITIES,
    COMMENTS,
    COMPANIES,
    FATHERS,
    FEMALE_NAMES,
    MALE_NAMES,
    QUESTIONS,
    STREETS,
    SURNAMES,
)

CONTACTS = 600
#: Parts of the telephone range that Russian mobile numbers begin with; 555 is kept for stories.
_OPERATORS = (
    "903",
    "905",
    "909",
    "910",
    "911",
    "915",
    "916",
    "917",
    "921",
    "925",
    "926",
    "929",
    "965",
    "985",
)
_SITES = (
    ("lesnaya", "Москва, Лесная", "showroom", "Москва", "ул. Лесная, 5", 60),
    ("rublevka", "Москва, Рублёвка", "showroom", "Москва", "Рублёвское ш., 62", 40),
    ("tver", "Тверь", "yard", "Тверь", "Московское ш., 18", 45),
    ("murmansk", "Мурманск", "yard", "Мурманск", "Кольский пр-т, 130", 30),
)
_COMPANY_KINDS = {"client": 22, "supplier": 5, "bank": 4, "leasing": 3, "insurer": 3, "contractor": 3}
_SUBJECTS = {"buy": "Интересует", "sell": "Продаёт", "consign": "Сдаёт на комиссию"}


def make_sites() -> None:
    for key, name, kind, city, address, capacity in _SITES:
        sites.add(
            key,
            FIRST_DAY,
            "08:30",
            owner="head",
            name=name,
            kind=kind,
            city=city,
            address=address,
            phone=f"+7495555{signs(4)}",
            manager=dice.choice(("seller1", "seller2", "head")),
            capacity=capacity,
            hours="ежедневно с 9:00 до 21:00",
        )


def make_channels() -> None:
    for key, name, kind, account, advertising, manager in CHANNELS:
        values = {"name": name, "kind": kind, "manager": manager, "active": "yes"}
        values |= {"phone": account} if account.startswith("+7") else {"account": account}
        values |= {"advertising": advertising.replace("/", ";")}
        channels.add(key, FIRST_DAY, "08:30", owner="head", **values)


def make_companies() -> None:
    kinds = [kind for kind, count in _COMPANY_KINDS.items() for _index in range(count)]
    for index, (name, kind) in enumerate(zip(COMPANIES, kinds, strict=True), start=1):
        number = _inn()
        companies.add(
            f"company{index:02}",
            FIRST_DAY,
            "08:30",
            owner="head",
            name=f"{'АО' if kind in {'bank', 'insurer'} else 'ООО'} «{name}»",
            kind=kind,
            inn=number,
            kpp=f"{number[:4]}01001",
            ogrn=_ogrn(),
            website=f"https://company{index}.example",
            legal_address=f"г. Москва, ул. {dice.choice(STREETS)}, д. {dice.randint(1, 90)}",
            director=" ".join(_name()),
            phone=f"+7499555{signs(4)}",
            email=f"info{index}@company.example",
            **_requisites(index, name, kind),
        )


def _ogrn() -> str:
    """A registration number with its check digit."""
    number = f"1{signs(11)}"
    return f"{number}{int(number) % 11 % 10}"


def _requisites(index: int, name: str, kind: str) -> dict[str, object]:
    """What contracts say about a company."""
    own = random.Random(f"{SEED}/company/{index}")
    joint_stock = kind in {"bank", "insurer"}
    form = "Акционерное общество" if joint_stock else "Общество с ограниченной ответственностью"
    bic = f"04452{own.randint(5000, 5999)}"
    return {
        "full_name": f"{form} «{name}»",
        "director_position": "Председатель правления" if kind == "bank" else "Генеральный директор",
        "acts_on": "Устава",
        "tax_system": "general" if joint_stock else own.choice(("general", "general", "simplified")),
        "bank": f"АО «{own.choice(BANKS)}»",
        "bic": bic,
        "account": f"407028{own.randint(10**13, 10**14 - 1)}",
        "correspondent_account": f"30101810{own.randint(10**8, 10**9 - 1)}{bic[-3:]}",
    }


def make_contact(day: int, time: str, owner: str, kind: str, source: str) -> str:
    """A new client, or now and then one who has been here before; gives the key."""
    known = [row for row in contacts.rows if (row["day"], row["time"]) < (day, time)]
    if len(contacts.rows) >= CONTACTS or (len(known) > 20 and chance(0.22)):
        return str(dice.choice(known)["key"])
    number = len(contacts.rows) + 1
    company = f"company{dice.randint(1, 22):02}" if chance(0.1) else None
    name, patronymic = _name()
    channels = dice.sample(("call", "whatsapp", "telegram", "email"), dice.choice((1, 1, 2)))
    contacts.add(
        f"contact{number:03}",
        day,
        time,
        owner=owner,
        name=name,
        patronymic=patronymic if chance(0.7) else None,
        phone=_phone(),
        phone_extra=_phone() if chance(0.12) else None,
        email=f"client{number:03}@mail.example" if chance(0.45) else None,
        kind=kind,
        source="referral" if source == "website" else source.rstrip("_123"),
        preferred_channels=";".join(sorted(channels)),
        city=pick(CITIES),
        company=company,
        position=dice.choice(("Директор", "Закупки", "Водитель")) if company else None,
        consent="yes" if chance(0.8) else None,
        passport=f"{signs(2)} {signs(2)} {signs(6)}" if chance(0.25) else None,
        comment=dice.choice(COMMENTS) if chance(0.15) else None,
    )
    return f"contact{number:03}"


def make_remaining_contacts() -> None:
    """Those who were written down without a deal."""
    while len(contacts.rows) < CONTACTS:
        owner = dice.choice(PEOPLE)
        day = work_day(dice.randint(FIRST_DAY, -1), owner)
        make_contact(day, morning(day, owner), owner, dice.choice(("buyer", "partner")), "referral")


def make_inquiry(
    day: int, time: str, owner: str, *, source: str, intent: str, status: str, **about: str | None
) -> str:
    """A message or call an hour before; `about` may name contact, car and what the car is called."""
    number = len(inquiries.rows) + 1
    hour, minute = map(int, time.split(":"))
    answer = minute + dice.randint(2, 50)
    title = about.pop("title", None)
    inquiries.add(
        f"inquiry{number:03}",
        day,
        time,
        owner=owner,
        subject=f"{_SUBJECTS[intent]} {title}" if title else "Вопрос из сообщений",
        phone=None if about.get("contact") else _phone(),
        source=source,
        intent=intent,
        status=status,
        received_at=f"{day} {hour - 1:02}:{minute:02}",
        answered_at=None if status == "new" else f"{day} {hour - 1 + answer // 60:02}:{answer % 60:02}",
        message=dice.choice(QUESTIONS[intent]),
        **_origin(number, source),
        rejection=_rejection(number) if status == "rejected" else None,
        **about,
    )
    return f"inquiry{number:03}"


def _origin(number: int, source: str) -> dict[str, object]:
    """Where the customer wrote, and what brought them. Advertising often leads to a WhatsApp number."""
    own = random.Random(f"{SEED}/inquiry/{number}")
    kind = source.rstrip("_123")
    behind = [row["key"] for row in channels.rows if kind in str(row["advertising"]).split(";")]
    numbers = [key for key in behind if str(key).startswith("whatsapp")]
    known = {row["key"] for row in channels.rows}
    channel = own.choice(numbers) if numbers and kind != "instagram" and own.random() < 0.4 else source
    campaign = own.choice(CAMPAIGNS[kind]) if kind in CAMPAIGNS and own.random() < 0.5 else None
    return {"channel": channel if channel in known else None, "campaign": campaign}


def _rejection(number: int) -> str:
    return random.Random(f"{SEED}/rejection/{number}").choice(("spam", "not_ours", "question", "no_answer"))


def make_loose_inquiries() -> None:
    """Inquiries that led nowhere, and those of today."""
    sources = ("instagram_1", "whatsapp_2", "avito", "auto_ru", "email")
    for status, count, first, last in (
        ("rejected", 90, FIRST_DAY, -3),
        ("in_progress", 16, -4, 0),
        ("new", 9, 0, 0),
    ):
        for _index in range(count):
            owner = dice.choice(("seller1", "seller2", "head"))
            day = work_day(dice.randint(first, last), owner)
            source = dice.choice(sources)
            make_inquiry(day, morning(day, owner), owner, source=source, intent="other", status=status)


def _name() -> tuple[str, str]:
    """Family and first name, and patronymic."""
    female = chance(0.34)
    surname = dice.choice(SURNAMES) + ("а" if female else "")
    father, ending = dice.choice(FATHERS)
    stem = {"Павел": "Павл", "Пётр": "Петр"}.get(father, father)
    stem = stem.removesuffix("ий") if ending == "ьев" else stem.removesuffix("й").removesuffix("ь")
    first = dice.choice(FEMALE_NAMES if female else MALE_NAMES)
    return f"{surname} {first}", f"{stem}{ending}{'на' if female else 'ич'}"


def _phone() -> str:
    return f"+7{dice.choice(_OPERATORS)}555{signs(4)}"


def _inn() -> str:
    digits = [7, 7, *(dice.randint(0, 9) for _index in range(7))]
    total = sum(weight * digit for weight, digit in zip((2, 4, 10, 3, 5, 9, 4, 6, 8), digits, strict=True))
    return "".join(map(str, digits)) + str(total % 11 % 10)
