"""The words of `vocabulary.yaml`: names, streets, questions, models of cars."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Model:
    """A model of car: how its VINs begin, and its price when new in thousands of roubles."""

    make: str
    name: str
    wmi: str
    vds: str
    body: str
    engine: str
    volume: str
    power: int
    gearbox: str
    drive: str
    price: int
    trims: tuple[str, ...]
    weight: int
    since: int


def _model(line: str) -> Model:
    *texts, power, gearbox, drive, price, trims, weight, since = line.split("; ")
    make, name, wmi, vds, body, engine, volume = texts
    return Model(
        make=make,
        name=name,
        wmi=wmi,
        vds=vds,
        body=body,
        engine=engine,
        volume=volume.strip("-"),
        power=int(power),
        gearbox=gearbox,
        drive=drive,
        price=int(price),
        trims=tuple(trims.split("/")),
        weight=int(weight),
        since=int(since),
    )


MALE_NAMES: list[str] = _WORDS["male_names"].split()
FEMALE_NAMES: list[str] = _WORDS["female_names"].split()
#: (name, what it takes before "ич" or "на")
FATHERS: list[tuple[str, str]] = [tuple(father.split(":")) for father in _WORDS["fathers"].split()]
SURNAMES: list[str] = _WORDS["surnames"].split()
STREETS: list[str] = _WORDS["streets"].split()
COMPANIES: list[str] = [name.replace("_", " ") for name in _WORDS["companies"].split()]
CITIES: dict[str, int] = _WORDS["cities"]
DEFECTS: list[str] = _WORDS["defects"]
COMMENTS: list[str] = _WORDS["comments"]
#: Intent → what people ask.
QUESTIONS: dict[str, list[str]] = _WORDS["questions"]
TASKS: list[str] = _WORDS["tasks"]
CONCLUSIONS: list[str] = _WORDS["conclusions"]
HEADLINES: list[str] = _WORDS["headlines"]
#: Work of detailing → what exactly is done.
WORK_DETAILS: dict[str, list[str]] = _WORDS["work_details"]
#: Key, name, kind, account, advertising and who answers, as text.
CHANNELS: list[list[str]] = [line.split("; ") for line in _WORDS["channels"].strip().splitlines()]
#: Kind of channel → campaigns.
CAMPAIGNS: dict[str, list[str]] = _WORDS["campaigns"]
BANKS: list[str] = [name.replace("_", " ") for name in _WORDS["banks"].split()]
MODELS: list[Model] = [_model(line) for line in _WORDS["models"].strip().splitlines()]
