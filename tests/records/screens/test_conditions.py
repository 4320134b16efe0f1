"""Conditions on cards: what is shown, what can be changed, what keeps a record from its next stage."""

import re
from typing import Any

from tests.factories.records import CAUSE, create, edit
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.records.queries import get_record
from trassa.schema.actions import PipelineDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, CardTab, EntryCondition, Label, Layouts


def give(code: str, type: str = "deal", **texts: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        rules: dict[str, Any] = {name: change.read_condition(type, text) for name, text in texts.items()}
        change.change_field(type, code, **rules)


def guard(*conditions: tuple[str, str, Label], required: tuple[str, ...] = ()) -> None:
    """The stage behind the first one of a pipeline gets these conditions."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        entry = tuple(
            EntryCondition(code, change.read_condition("deal", text), message)
            for code, text, message in conditions
        )
        stages = (
            StageDraft("fresh", Label("Новая")),
            StageDraft("ready", Label("Готова"), enter_when=entry, required_fields=required),
        )
        change.save_pipeline("deal", PipelineDraft("guarded", Label("Проверка"), stages))


def shown(html: str) -> list[str]:
    """Codes of the fields on a card."""
    return re.findall(r'data-field="(\w+)"', html)


def value(team: Team, id: int, code: str) -> Any:
    spec = current_generation().types["deal"]
    return get_record(team.actor("administrator"), spec, id).values[code]


def test_a_hidden_field_is_not_on_the_card(seller: Screens, deal: int) -> None:
    give("visit_on", visible_when='source = "avito"')
    assert "visit_on" not in shown(text_of(seller.page(f"/r/deal/{deal}/")))
    edit("deal", deal, source="avito")
    assert "visit_on" in shown(text_of(seller.page(f"/r/deal/{deal}/")))


def test_hidden_sections_and_tabs_are_not_on_the_card(seller: Screens, deal: int) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        avito = change.read_condition("deal", 'source = "avito"')
        rich = change.read_condition("deal", "amount > 9000000")
        main = CardSection(Label("Главное"), ("amount", "source"))
        visit = CardSection(Label("Выезд"), ("visit_on",), visible_when=avito)
        tabs = (
            CardTab("main", Label("Сделка"), (main, visit)),
            CardTab("more", Label("Крупная"), (CardSection(Label(""), ("client",)),), rich),
        )
        change.save_layouts("deal", Layouts(card=tabs))
    card = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "Выезд" not in card
    assert 'data-tab="more"' not in card
    assert not {"visit_on", "client"} & {*shown(card)}
    edit("deal", deal, source="avito", amount="9000001")
    card = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "Выезд" in card
    assert 'data-tab="more"' in card


def test_a_locked_field_says_why_and_does_not_open(seller: Screens, deal: int) -> None:
    give("amount", editable_when='source = "avito"')
    card = text_of(seller.page(f"/r/deal/{deal}/"))
    assert "«Сумма» можно менять, только пока: Источник = &#34;Авито&#34;." in card
    assert f'hx-get="/r/deal/{deal}/fields/amount"' not in card
    refused = seller.part(f"/r/deal/{deal}/fields/amount")
    assert refused.status_code == 403
    assert "можно менять, только пока" in news_of(refused)["toast"]["text"]


def test_the_banner_names_conditions_and_leads_to_their_fields(team: Team, seller: Screens) -> None:
    guard(
        ("valued", "amount > 0", Label("Сумма должна быть больше нуля")),
        ("floor", "car.floor_price > 0", Label("Минимальная цена задана")),
        required=("visit_on",),
    )
    deal = create("deal", pipeline="guarded", owner=team.seller.id)
    card = text_of(seller.page(f"/r/deal/{deal}/"))
    banner = card.split('class="notice warn"')[1].split("</header>")[0]
    assert "Чтобы перейти на «Готова», заполните:" in banner
    assert 'data-edit="visit_on"' in banner
    assert f'<a href="#field-{deal}-amount" data-edit="amount">Сумма должна быть больше нуля</a>' in banner
    assert "Сначала своё должен сделать коллега" in banner
    assert "Минимальная" not in banner


def test_a_hidden_field_is_not_asked_for_by_the_banner(team: Team, seller: Screens) -> None:
    guard(required=("visit_on",))
    give("visit_on", visible_when='source = "avito"')
    deal = create("deal", pipeline="guarded", owner=team.seller.id)
    assert "Чтобы перейти" not in text_of(seller.page(f"/r/deal/{deal}/"))


def test_the_dialog_of_a_move_says_what_a_condition_wants(team: Team, seller: Screens) -> None:
    guard(("valued", "amount > 0", Label("Сумма должна быть больше нуля")))
    deal = create("deal", pipeline="guarded", owner=team.seller.id)
    dialog = seller.post(f"/r/deal/{deal}/move", {"stage": "ready"})
    assert dialog.status_code == 422
    assert "Сумма должна быть больше нуля" in text_of(dialog)
    assert 'name="amount"' in text_of(dialog)
    again = seller.post(f"/r/deal/{deal}/move", {"stage": "ready", "amount": "0", "shown": "amount"})
    assert "Сумма должна быть больше нуля" in text_of(again)
    moved = seller.post(f"/r/deal/{deal}/move", {"stage": "ready", "amount": "5", "shown": "amount"})
    assert moved.status_code == 204


def test_a_change_that_demands_more_asks_for_it_in_a_dialog(team: Team, seller: Screens, deal: int) -> None:
    give("visit_on", required_when='source = "avito"')
    url = f"/r/deal/{deal}/fields/source/save"
    dialog = seller.post(url, {"source": "avito", "version": "1"})
    assert dialog.status_code == 422
    assert dialog.headers["HX-Retarget"] == "#dialog"
    asked = text_of(dialog)
    assert 'name="visit_on"' in asked
    assert '<input type="hidden" name="source" value="avito">' in asked
    form = {"source": "avito", "version": "1", "demanded": "1", "shown": ["source", "visit_on"]}
    assert 'name="visit_on"' in text_of(seller.post(url, {**form, "visit_on": ""}))
    saved = seller.post(url, {**form, "visit_on": "2026-05-12"})
    assert saved.status_code == 200
    assert {"dialog:close", "record:stale"} <= news_of(saved).keys()
    assert str(value(team, deal, "visit_on")) == "2026-05-12"


def test_a_change_that_conditions_look_at_renews_the_card(seller: Screens, deal: int) -> None:
    give("visit_on", visible_when='source = "avito"')
    saved = seller.post(f"/r/deal/{deal}/fields/source/save", {"source": "avito", "version": "1"})
    assert news_of(saved)["record:stale"]["id"] == deal
    saved = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "7", "version": "2"})
    assert "record:stale" not in news_of(saved)
