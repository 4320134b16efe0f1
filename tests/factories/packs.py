"""Builders of small packs as folders of files."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

_FILES = {
    "pack.yaml": """
        code: garage
        version: 1.0.0
        label: {ru: Гараж, en: Garage}
    """,
    "departments.yaml": """
        - {code: office, name: Офис}
        - {code: yard, name: Двор, parent: office}
    """,
    "types/car.yaml": """
        code: car
        label: {ru: Автомобиль, en: Car}
        plural: {ru: Автомобили, en: Cars}
        title: "{make} {model}"
        number: {prefix: А-}
        fields:
          - {code: make, kind: text, label: {ru: Марка, en: Make}, required: true}
          - {code: model, kind: text, label: {ru: Модель, en: Model}}
          - {code: vin, kind: vin, label: {ru: VIN, en: VIN}, unique: true}
          - {code: price, kind: money, label: {ru: Цена, en: Price}, sortable: true}
          - {code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}
          - code: status
            kind: choice
            label: {ru: Статус, en: Status}
            options:
              - {code: free, label: {ru: Свободен, en: Free}, color: "#16a34a"}
              - {code: sold, label: {ru: Продан, en: Sold}}
        layout:
          card:
            - label: {ru: Главное, en: Main}
              fields: [make, model, price]
          list: [title, price, owner]
          board: {subtitle: [status], sum: price}
    """,
    "pipelines/repair.yaml": """
        code: repair
        type: car
        label: {ru: Ремонт, en: Repair}
        stages:
          - {code: new, label: {ru: Новый, en: New}, color: "#8b95a3"}
          - code: done
            label: {ru: Готов, en: Done}
            color: "#16a34a"
            meaning: won
            requires: [price]
            next: [new]
          - {code: lost, label: {ru: Отказ, en: Lost}, color: "#dc2626", meaning: lost, reason: true}
        reasons:
          - {code: price, label: {ru: Дорого, en: Too expensive}}
    """,
    "roles/mechanic.yaml": """
        code: mechanic
        label: {ru: Механик, en: Mechanic}
        grants:
          - {type: car, verbs: [see, edit], scope: department}
          - {type: car, pipeline: repair, stage: new, verbs: [move]}
    """,
}

#: File name → content.
GARAGE: Mapping[str, str] = {name: dedent(text).lstrip() for name, text in _FILES.items()}


def write_pack(folder: Path, **changed: str) -> Path:
    """The pack `garage` in a folder, with some of its files written anew: `types_car="…"`, `people="…"`.

    A key names a file of GARAGE with "/" as "_"; an empty text leaves the file out.
    """
    names = {name.removesuffix(".yaml").replace("/", "_"): name for name in GARAGE}
    contents = {**GARAGE, **{names[key]: text for key, text in changed.items()}}
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return folder


def edited(name: str, old: str, new: str) -> str:
    """The text of a file of GARAGE with one passage replaced."""
    assert old in GARAGE[name], old
    return GARAGE[name].replace(old, new)
