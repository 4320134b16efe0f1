"""A stage's checklist and deadline in the browser; a calendar and an absence beside them."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow, open_card
from tests.browser.site import Site
from tests.factories.records import CAUSE

from trassa.schema.actions import DeadlineDraft, ItemDraft, PipelineDraft, StageDraft, changing_schema
from trassa.schema.types import Label


def set_up(site: Site) -> None:
    """Orders are due at once, and a thing is to be done before the second stage."""

    def make() -> None:
        stages = (
            StageDraft(
                "new",
                Label("Новый"),
                deadline=DeadlineDraft("0 minutes"),
                checklist=(ItemDraft("called", Label("Позвонили"), required=True),),
            ),
            StageDraft("done", Label("Готов"), meaning="won", required_fields=("price",)),
        )
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.save_pipeline("supply", PipelineDraft("orders", Label("Заказы"), stages=stages))

    site.database.run(make)


def test_a_ticked_thing_lets_the_record_go_on(site: Site, window: OpenWindow) -> None:
    set_up(site)
    id = site.order("Шины")
    page = window("seller", "/p/orders/")
    expect(page.locator(f"#card-{id} .due")).to_be_visible()
    open_card(page, id)
    expect(page.locator("#panel [data-due]")).to_contain_text("просрочено")
    page.locator("#panel").get_by_role("button", name="Готов").click()
    expect(page.locator("#toasts")).to_contain_text("Позвонили")
    page.get_by_label("Позвонили").check()
    expect(page.locator("#panel .timeline")).to_contain_text("Чек-лист")
    expect(page.locator("#panel [data-checklist]")).to_contain_text("Белова")
    page.locator("#panel").get_by_role("button", name="Готов").click()
    expect(page.locator("#dialog")).to_contain_text("Цена")


def test_overdue_records_are_a_list_with_a_count(site: Site, window: OpenWindow) -> None:
    set_up(site)
    site.order("Диски")
    page = window("seller", "/p/orders/")
    place = page.locator(".nav").get_by_role("link", name="Просрочено")
    expect(place.locator(".count")).to_have_text(re.compile(r"\d+"))
    place.click()
    expect(page.locator("#list")).to_contain_text("Диски")


def test_an_absence_is_entered_and_seen_by_everybody(site: Site, window: OpenWindow) -> None:
    away = date.today() + timedelta(days=400)
    page = window("seller", "/p/sales/")
    page.goto(f"{site.url}/absences/?month={away:%Y-%m}")
    page.get_by_role("button", name="Новое отсутствие").click()
    page.get_by_label("Первый день").fill(away.isoformat())
    page.get_by_label("Последний день").fill(away.isoformat())
    page.get_by_label("Замещает").select_option(label="Орлов Роман")
    page.locator("#dialog").get_by_role("button", name="Сохранить").click()
    expect(page.locator(".team")).to_contain_text("Отпуск")
    other = window("admin", "/p/sales/")
    other.goto(f"{site.url}/absences/?month={away:%Y-%m}")
    expect(other.locator(".team .away")).to_have_attribute("title", re.compile("замещает Орлов Роман"))


def test_a_day_of_a_calendar_is_changed_where_it_stands(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/p/sales/")
    page.goto(f"{site.url}/calendars/new")
    page.get_by_label("Название").fill("Склад")
    page.get_by_label("Код").fill("store")
    page.get_by_role("button", name="Сохранить").click()
    page.goto(f"{site.url}/calendars/store/?year=2026")
    page.get_by_title(re.compile("^11.июня.2026")).click()
    page.get_by_label("Рабочее время").fill("9:00-17:00")
    page.locator("#dialog").get_by_role("button", name="Сохранить").click()
    expect(page.get_by_title(re.compile("^11.июня.2026"))).to_have_attribute(
        "title", re.compile("09:00–17:00")
    )
