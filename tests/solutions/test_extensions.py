"""A company's own changes are a pack that extends others: files that say only what differs."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.packs import write_pack

from trassa.access.actions import set_grants
from trassa.access.queries import grants_of_role
from trassa.access.types import GrantSpec, Verb
from trassa.people.actions import change_department, create_role
from trassa.people.queries import find_department, find_role
from trassa.schema.actions import OptionDraft, PipelineDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.solutions.actions import apply_with_required, export_local
from trassa.solutions.documents import Document
from trassa.solutions.errors import PackInvalid
from trassa.solutions.extensions import difference, in_order_of, laid_over
from trassa.solutions.format import Configuration, PipelineEntry, RoleEntry, TypeEntry
from trassa.solutions.queries import installed_configuration, plan, plan_all, read_pack

BASE = TypeEntry.model_validate(
    yaml.safe_load(
        dedent("""
        code: car
        label: {ru: Автомобиль, en: Car}
        plural: {ru: Автомобили, en: Cars}
        title: "{make}"
        fields:
          - {code: make, kind: text, label: {ru: Марка, en: Make}, required: true}
          - {code: model, kind: text, label: {ru: Модель, en: Model}}
          - {code: price, kind: money, label: {ru: Цена, en: Price}, settings: {currency: RUB}}
        layout:
          card:
            - {label: {ru: Главное, en: Main}, fields: [make, model]}
            - {label: {ru: Деньги, en: Money}, fields: [price]}
          list: [title, price]
        """)
    )
)


def extended(text: str) -> TypeEntry:
    return TypeEntry.model_validate(laid_over(BASE, Document("x", yaml.safe_load(dedent(text)), {})).content)


def test_an_extension_changes_what_it_says_and_nothing_else() -> None:
    car = extended("""
        code: car
        label: {en: Vehicle}
        fields:
          - {code: price, required: true}
    """)
    assert (car.label.ru, car.label.en) == ("Автомобиль", "Vehicle")
    assert [(field.code, field.required) for field in car.fields] == [
        ("make", True),
        ("model", False),
        ("price", True),
    ]
    assert car.layout == BASE.layout


def test_a_new_field_stands_behind_the_one_it_follows() -> None:
    car = extended("""
        code: car
        fields:
          - code: make
          - {code: x_trim, kind: text, label: {ru: Комплектация}}
    """)
    assert [field.code for field in car.fields] == ["make", "x_trim", "model", "price"]


def test_a_section_is_changed_by_its_name_and_another_is_removed() -> None:
    car = extended("""
        code: car
        layout:
          card:
            - {label: Главное, fields: [model, make]}
            - {label: Деньги, remove: true}
    """)
    (tab,) = car.layout.card
    assert [section.fields for section in tab.sections] == [("model", "make")]
    assert car.layout.list == ("title", "price")


def test_a_role_gains_and_loses_rights() -> None:
    seller = RoleEntry.model_validate(
        {"code": "seller", "label": "Продавец", "grants": [{"type": "car", "verbs": ["see", "edit"]}]}
    )
    content = {
        "code": "seller",
        "grants": [{"type": "car", "verbs": ["create"]}],
        "withdraws": [{"type": "car", "verbs": ["edit"]}],
    }
    role = RoleEntry.model_validate(laid_over(seller, Document("x", content, {})).content)
    assert [grant.verbs for grant in role.grants] == [("see", "create")]


CODES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(base=CODES, named=CODES)
def test_named_things_come_in_their_order_and_none_is_lost(base: list[str], named: list[str]) -> None:
    order = in_order_of(base, named)
    assert sorted(order) == sorted({*base, *named})
    known = [code for code in named if code in base]
    assert [code for code in order if code in known] == known
    assert [code for code in order if code in base and code not in named] == [
        c for c in base if c not in named
    ]


WORDS = st.sampled_from(["Цена", "Сумма", "Марка"])
FIELDS = st.fixed_dictionaries(
    {"kind": st.just("text"), "label": st.fixed_dictionaries({"ru": WORDS, "en": WORDS})},
    optional={"required": st.booleans(), "help": WORDS, "visible_when": st.just("a = 1"), "default": WORDS},
)
STAGES = st.fixed_dictionaries(
    {"label": WORDS, "color": st.just("#8b95a3")},
    optional={"next": CODES, "requires": CODES, "reason": st.booleans()},
)


@st.composite
def types(draw: st.DrawFn) -> TypeEntry:
    fields = [{"code": code, **draw(FIELDS)} for code in draw(CODES)]
    tabs = draw(st.lists(st.sampled_from("pqr"), unique=True))
    card = [
        {
            "tab": tab,
            "label": draw(WORDS),
            "sections": [{"label": name, "fields": draw(CODES)} for name in names],
        }
        for tab, names in ((tab, draw(st.lists(WORDS, unique=True))) for tab in tabs)
    ]
    layout = {"card": card, "list": draw(CODES), "board": {"subtitle": draw(CODES)}}
    words = {"label": draw(WORDS), "plural": "Они", "title": "{a}"}
    return TypeEntry.model_validate({"code": "car", **words, "fields": fields, "layout": layout})


@st.composite
def pipelines(draw: st.DrawFn) -> PipelineEntry:
    stages = [{"code": code, **draw(STAGES)} for code in draw(CODES)]
    return PipelineEntry.model_validate(
        {"code": "sale", "type": "car", "label": draw(WORDS), "stages": stages}
    )


def told_and_laid_over(base: Any, whole: Any) -> Any:
    """The whole again, through the files that an export writes."""
    told = difference(base.model_dump(mode="json"), whole.model_dump(mode="json"))
    if told == {}:
        return base
    read = yaml.safe_load(yaml.safe_dump({"code": whole.code, **told}))
    return type(whole).model_validate(laid_over(base, Document("x", read, {})).content)


@given(base=types(), whole=types())
def test_a_difference_laid_over_its_base_is_the_whole_type(base: TypeEntry, whole: TypeEntry) -> None:
    again = told_and_laid_over(base, whole)
    kept = [field for field in again.fields if field.code in {each.code for each in whole.fields}]
    assert tuple(kept) == whole.fields, "what the whole lacks is retired, not told"
    assert again.layout == whole.layout
    assert again.label == whole.label


@given(base=pipelines(), whole=pipelines())
def test_a_difference_laid_over_its_base_is_the_whole_pipeline(
    base: PipelineEntry, whole: PipelineEntry
) -> None:
    again = told_and_laid_over(base, whole)
    kept = [stage for stage in again.stages if stage.code in {each.code for each in whole.stages}]
    assert tuple(kept) == whole.stages
    assert again.label == whole.label


# On installations


def change_here() -> None:
    """What a company does to the pack `auto` in a year."""
    with changing_schema(actor_id=None, cause={}) as change:
        car = current_generation().types["car"]
        change.add_field("car", "x_stock", "text", label=Label("Складской номер", "Stock number"), position=3)
        change.change_field("car", "price", label=Label("Цена продажи", "Asking price"), required=True)
        change.change_field("car", "mileage", required_when=change.read_condition("car", 'kind = "used"'))
        change.retire_field("car", "tyres")
        drives = [
            OptionDraft(option.code, option.label, option.color)
            for option in car.by_code["drive"].options
            if option.code != "front"
        ]
        change.change_field(
            "car",
            "drive",
            options=[OptionDraft("x_switched", Label("Подключаемый", "Switched"), ""), *drives],
        )
        change.create_type("x_key", label=Label("Ключ", "Key"), plural=Label("Ключи", "Keys"))
        change.add_field("x_key", "x_car", "link", target="car", label=Label("Автомобиль", "Car"))
        change.change_type("x_key", title_template="{x_car}")
        change.save_pipeline(
            "car",
            PipelineDraft(
                "x_preparation",
                Label("Подготовка", "Preparation"),
                (StageDraft("new", Label("Новый", "New"), "#8b95a3", required_fields=("x_stock",)),),
            ),
        )
    office = find_department("management")
    if office is not None:
        change_department(office, name="Наша компания", parent=None, actor_id=None, cause={})
    employee = find_role("employee")
    assert employee is not None
    first, *others = grants_of_role(employee.id)
    more = GrantSpec(verb=Verb.EXPORT, scope=first.scope, type_id=current_generation().types["site"].id)
    set_grants(employee, [*others, more], actor_id=None, cause={})
    role = create_role(code="x_keeper", label={"ru": "Кладовщик"}, actor_id=None, cause={})
    set_grants(role, [more], actor_id=None, cause={})


@pytest.mark.django_db
def test_own_changes_come_out_the_same_on_another_installation(tmp_path: Path) -> None:
    with transaction.atomic():
        apply_with_required("auto", actor_id=None)
        change_here()
        exported = export_local(tmp_path / "local")
        here = installed_configuration()
        assert exported.unprefixed == ()
        transaction.set_rollback(True)
    assert installed_configuration() == Configuration()
    applied = apply_with_required(tmp_path / "local", actor_id=None)
    assert [made.pack for made in applied] == ["auto", "local"]
    assert installed_configuration() == here
    assert all(made.is_empty for made in plan_all(tmp_path / "local"))
    files = {path.relative_to(tmp_path / "local").as_posix() for path in exported.files}
    assert {"extends/types/car.yaml", "types/x_key.yaml", "roles/x_keeper.yaml", "retired.yaml"} <= files
    car = (tmp_path / "local" / "extends" / "types" / "car.yaml").read_text(encoding="utf-8")
    assert "code: vin\n" not in car, "only what differs is written"


@pytest.mark.django_db
def test_an_installation_without_own_changes_exports_an_empty_pack(tmp_path: Path) -> None:
    apply_with_required("auto", actor_id=None)
    exported = export_local(tmp_path / "local")
    assert [path.name for path in exported.files] == ["pack.yaml"]


@pytest.mark.django_db
def test_a_newer_version_of_the_extended_pack_keeps_own_changes(tmp_path: Path) -> None:
    apply_with_required("auto", actor_id=None)
    local = write_extension(tmp_path, "code: car\nfields:\n  - {code: price, required: true}\n")
    apply_with_required(local, actor_id=None)
    again = plan("auto")
    assert again.is_empty
    assert again.notes == ("field car.price: required stays yes as changed here; the pack says no.",)


@pytest.mark.django_db
def test_an_export_names_codes_that_a_pack_may_bring_one_day(tmp_path: Path) -> None:
    apply_with_required("auto", actor_id=None)
    with changing_schema(actor_id=None, cause={}) as change:
        change.add_field("car", "stock", "text", label=Label("Складской номер"))
        change.add_field("car", "x_key", "text", label=Label("Ключ"))
    assert export_local(tmp_path).unprefixed == ("car.stock",)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("code: lorry\n", "extends/types/car.yaml:1: No required pack has “lorry”"),
        (
            "code: car\nfields:\n  - {code: price, requird: true}\n",
            "extends/types/car.yaml:3: “requird” is not",
        ),
        (
            "code: car\nlayout:\n  list:\n    - title\n    - lorry\n",
            "extends/types/car.yaml:5: There is no field",
        ),
        ("code: car\nfields:\n  - {code: price, remove: true}\n", "car.yaml:3: “remove” is not known here"),
        (
            "code: car\nfields:\n  - code: make\n    visible_when: prise > 0\n",
            "car.yaml:4: “visible_when”, character 1",
        ),
    ],
)
def test_faults_of_an_extension_are_named_with_its_own_lines(
    tmp_path: Path, content: str, expected: str
) -> None:
    with pytest.raises(PackInvalid) as raised:
        read_pack(write_extension(tmp_path, content))
    assert expected in str(raised.value)


def write_extension(folder: Path, content: str) -> Path:
    """A pack that extends the type `car` of `auto`."""
    write_pack(
        folder,
        pack="code: local\nversion: 1.0.0\nlabel: Свое\nrequires: [auto]\n",
        types_car="",
        pipelines_repair="",
        roles_mechanic="",
        departments="",
    )
    file = folder / "extends" / "types" / "car.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return folder
