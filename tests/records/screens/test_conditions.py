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


def test_a_conflict_in_that_dialog_shows_both_values_and_keeps_the_rest(
    team: Team, seller: Screens, deal: int
) -> None:
    give("visit_on", required_when='source = "avito"')
    url = f"/r/deal/{deal}/fields/source/save"
    form = {"source": "avito", "version": "1", "demanded": "1", "shown": ["source", "visit_on"]}
    edit("deal", deal, actor=team.actor("head"), source=None)
    answer = seller.post(url, {**form, "visit_on": "2026-05-12"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#dialog")
    asked = text_of(answer)
    assert "Пока вы правили, стало (Head):" in asked
    assert '<option value="avito" selected>' in asked, "what was chosen stays"
    assert 'value="2026-05-12"' in asked
    assert '<input type="hidden" name="source"' not in asked
    mine = {**form, "version": "2", "take-source": "mine"}
    again = text_of(seller.post(url, {**mine, "visit_on": ""}))
    assert "Пока вы правили, стало (Head):" in again, "a fault does not forget the conflict"
    theirs = {**form, "version": "2", "take-source": "theirs", "visit_on": "2026-05-12"}
    assert seller.post(url, theirs).status_code == 200
    assert value(team, deal, "source") is None
    assert str(value(team, deal, "visit_on")) == "2026-05-12"


def test_a_change_that_conditions_look_at_renews_the_card(seller: Screens, deal: int) -> None:
    give("visit_on", visible_when='source = "avito"')
    saved = seller.post(f"/r/deal/{deal}/fields/source/save", {"source": "avito", "version": "1"})
    assert news_of(saved)["record:stale"]["id"] == deal
    saved = seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "7", "version": "2"})
    assert "record:stale" not in news_of(saved)


def slots(html: str) -> dict[str, set[str]]:
    """The inputs of a form by code, with what holds them back: "hidden", "disabled", "data-when-required"."""
    found = re.findall(r'<fieldset class="slot" data-slot="(\w+)"([^>]*)>', html)
    return {code: set(flags.split()) for code, flags in found}


def test_a_form_begins_as_its_conditions_say(seller: Screens) -> None:
    give("visit_on", visible_when='source = "avito"', required_when="amount > 5")
    give("amount", editable_when='source = "avito"')
    form = text_of(seller.part("/r/deal/new"))
    assert slots(form)["visit_on"] == {"hidden", "disabled"}
    assert slots(form)["amount"] == {"disabled"}
    assert 'data-rules="/r/deal/new/rules" data-watched="amount source"' in form
    form = text_of(seller.part("/r/deal/new?source=avito"))
    assert slots(form)["visit_on"] == set()
    assert slots(form)["amount"] == set()


def test_a_form_without_conditions_asks_nobody(seller: Screens) -> None:
    assert "data-rules" not in text_of(seller.part("/r/deal/new"))


def test_the_server_says_what_a_form_has_to_show(seller: Screens) -> None:
    give("visit_on", visible_when='source = "avito"', required_when="amount > 5")
    give("appraiser", editable_when="NOT(ISBLANK(client))")
    url = "/r/deal/new/rules"
    first = seller.post(url, {"source": "phone", "shown": ["source"]}).json()
    assert first == {"hidden": ["visit_on"], "required": [], "locked": ["appraiser"], "hints": {}}
    then = seller.post(url, {"source": "avito", "amount": "6 000,5", "client": "new:Егоров"}).json()
    assert then == {"hidden": [], "required": ["visit_on"], "locked": [], "hints": {}}
    assert seller.post(url, {"source": "avito", "amount": "много"}).json()["required"] == []


def test_what_is_out_of_sight_is_not_stored(team: Team, seller: Screens) -> None:
    give("visit_on", visible_when='source = "avito"')
    form = {"source": "phone", "visit_on": "2026-05-12", "amount": "1"}
    made = news_of(seller.post("/r/deal/new", form))["record:created"]
    assert value(team, made["id"], "visit_on") is None


def test_a_refused_form_asks_for_what_a_condition_demands(seller: Screens) -> None:
    give("visit_on", required_when="amount > 5")
    refused = seller.post("/r/deal/new", {"amount": "6"})
    assert refused.status_code == 422
    first_part = text_of(refused).split("<details")[0]
    assert 'name="visit_on"' in first_part
    assert "Заполните это поле" in first_part


def test_a_quick_form_asks_for_more_only_when_it_must(seller: Screens) -> None:
    give("visit_on", required_when="amount > 5")
    form = text_of(seller.part("/p/sales/new/new"))
    assert slots(form)["visit_on"] == {"data-when-required", "hidden", "disabled"}
    assert 'data-rules="/r/deal/new/rules?pipeline=sales&amp;stage=new"' in form
    refused = text_of(seller.post("/p/sales/new/new", {"amount": "6"}))
    assert slots(refused)["visit_on"] == set()


def set_default(code: str, text: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        formula = change.read_default("deal", code, text)
        change.change_field("deal", code, default=None, default_formula=formula)


def test_defaults_stand_in_the_form_and_can_be_emptied(team: Team, seller: Screens) -> None:
    set_default("visit_on", "DATE(2026, 5, 12)")
    form = text_of(seller.part("/r/deal/new"))
    assert re.search(r'name="visit_on"[^>]*value="2026-05-12"', form)
    made = news_of(seller.post("/r/deal/new", {"visit_on": "", "source": "", "amount": "1"}))
    assert value(team, made["record:created"]["id"], "visit_on") is None
    assert value(team, made["record:created"]["id"], "source") is None
    made = news_of(seller.post("/p/sales/new/new", {"amount": "1"}))
    assert str(value(team, made["record:created"]["id"], "visit_on")) == "2026-05-12"


def test_a_default_that_follows_others_is_a_hint(team: Team, seller: Screens) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "fee", "money", label=Label("Комиссия", "Fee"))
    set_default("fee", "amount * 5%")
    answer = seller.post("/r/deal/new/rules", {"amount": "1000", "fee": ""}).json()
    assert answer["hints"] == {"fee": "50,00"}
    made = news_of(seller.post("/r/deal/new", {"amount": "1000", "fee": ""}))
    assert value(team, made["record:created"]["id"], "fee") == 50
    made = news_of(seller.post("/r/deal/new", {"amount": "1000", "fee": "7"}))
    assert value(team, made["record:created"]["id"], "fee") == 7
