"""The calendar in a browser: dragged, stretched and moved by keys, in another zone, live, on a phone."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Error, Locator, Page, Route, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.tasks import give
from tests.ui.browser import until

from trassa.people.models import Person
from trassa.people.queries import find_person_by_login
from trassa.work.models import Task

#: A Tuesday far away, 12:00 in Moscow.
NOON = datetime(2091, 5, 8, 9, tzinfo=UTC)
DAY = "2091-05-08"
WORKING_HOUR = timedelta(hours=1)


def person(login: str) -> Person:
    found = find_person_by_login(login)
    assert found is not None
    return found


def meet(site: Site, title: str, login: str = "seller", after: int = 0, **given: object) -> int:
    """A meeting of an hour on the day; gives its id."""

    def make() -> int:
        due = NOON + timedelta(days=after)
        values = {"owner_id": person(login).id, "kind": "meeting", "due_at": due, "estimate_minutes": 60}
        return give(title, **{**values, **given})

    id: int = site.database.run(make)
    return id


def opened(window: OpenWindow, login: str, address: str, **given: Any) -> Page:
    page = window(login, address, **given)
    page.wait_for_selector("[data-schedule][data-loaded]")
    return page


def entry(page: Page, id: int) -> Locator:
    return page.locator(f'[data-item][data-id="t{id}"]').first


def drag(page: Page, x: float, y: float, by: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by, steps=8)
    page.mouse.up()


def stored(site: Site, id: int) -> tuple[datetime | None, int | None]:
    row = site.database.run(lambda: Task.objects.get(id=id))
    return row.due_at, row.estimate_minutes


def test_a_meeting_is_dragged_stretched_and_put_back(site: Site, window: OpenWindow) -> None:
    id = meet(site, "Перетащить")
    page = opened(window, "seller", f"/calendar/?mode=day&day={DAY}")
    box = entry(page, id).bounding_box()
    assert box is not None
    hour = box["height"]
    drag(page, box["x"] + 30, box["y"] + hour / 2, hour)
    expect(entry(page, id)).to_contain_text("13:00")
    expect(page.get_by_text("Перенесено на")).to_be_visible()
    assert "panel=" not in page.url
    assert stored(site, id) == (NOON + WORKING_HOUR, 60)
    page.get_by_role("button", name="Отменить").click()
    expect(entry(page, id)).to_contain_text("12:00")
    drag(page, box["x"] + 30, box["y"] + hour - 2, hour)
    expect(page.get_by_text("Длительность изменена")).to_be_visible()
    assert stored(site, id) == (NOON, 120)


def test_a_meeting_is_moved_by_keys_and_keeps_the_focus(site: Site, window: OpenWindow) -> None:
    id = meet(site, "Клавишами", after=1)
    # By the company's clock, wherever the browser is.
    page = opened(window, "seller", "/calendar/?day=2091-05-09", timezone_id="Asia/Vladivostok")
    entry(page, id).locator("a").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_text("Перенесено на")).to_be_visible()
    expect(entry(page, id)).to_contain_text("11:45")
    expect(entry(page, id).locator("a")).to_be_focused()
    assert stored(site, id) == (NOON + timedelta(days=2, minutes=-15), 60)


def test_drawing_over_free_time_opens_a_meeting_and_a_click_shows_a_task(
    site: Site, window: OpenWindow
) -> None:
    deal = site.deal("Календарин")
    id = meet(site, "Показать в календаре", record_id=deal, after=2)
    page = opened(window, "seller", "/calendar/?mode=day&day=2091-05-10")
    box = entry(page, id).bounding_box()
    assert box is not None
    drag(page, box["x"] + 60, box["y"] + box["height"] * 1.5 + 2, box["height"] - 6)
    form = page.locator("#dialog")
    expect(form.locator("[name=kind]")).to_have_value("meeting")
    expect(form.locator("[name=due]")).to_have_value("2091-05-10T13:30")
    expect(form.locator("[name=estimate_minutes]")).to_have_value("60")
    page.keyboard.press("Escape")
    entry(page, id).click()
    page.wait_for_url(re.compile(rf"panel=/tasks/{id}/"))
    expect(page.locator("#panel h2")).to_have_text("Показать в календаре")
    expect(page.locator("#panel")).to_contain_text("Календарин")


def test_a_team_sees_at_once_what_a_colleague_plans(site: Site, window: OpenWindow) -> None:
    page = opened(window, "head", "/calendar/?mode=team&department=0&day=2091-05-11")
    page.wait_for_timeout(1_500)  # the stream is open
    meet(site, "Тайное", "seller", after=3)
    expect(page.locator(".ec-event.busy")).to_have_count(1, timeout=5_000)
    expect(page.locator(".schedule")).not_to_contain_text("Тайное")
    page.get_by_role("link", name=site.database.run(lambda: person("seller").name)).click()
    expect(page.get_by_role("link", name="Показать мои дни")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_window(site: Site, window: OpenWindow) -> None:
    meet(site, "Телефонная встреча с очень длинным названием", after=4)
    for mode in ("day", "month", "team"):
        page = opened(window, "seller", f"/calendar/?mode={mode}&day=2091-05-12", width=360)
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_tasks_that_are_due_together_open_as_a_list_in_the_panel(site: Site, window: OpenWindow) -> None:
    for title in ("Набрать Егорову и спросить, видел ли он отчёт", "Набрать Лапину", "Набрать Серову"):
        meet(site, title, after=6, kind="call", estimate_minutes=None)
    page = opened(window, "seller", "/calendar/?mode=day&day=2091-05-14", width=360)
    heap = page.locator(".ec-event a").filter(has_text="3 задачи")
    heap.focus()
    heap.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="3 задачи")).to_be_visible()
    assert panel.locator(".scroll").evaluate("each => each.scrollWidth <= each.clientWidth")
    panel.get_by_role("link", name="Набрать Лапину").click()
    expect(panel.get_by_role("heading", name="Набрать Лапину")).to_be_visible()
    page.go_back()
    expect(panel.get_by_role("heading", name="3 задачи")).to_be_visible()
    page.keyboard.press("Escape")
    expect(heap).to_be_focused()


def test_the_week_on_a_phone_shows_three_days_from_the_day_on(site: Site, window: OpenWindow) -> None:
    # A Friday: Monday lies to the left.
    page = opened(window, "seller", "/calendar/?day=2091-05-11", width=360)

    def place(day: str) -> tuple[float, float]:
        box = page.locator(f'.ec-header [datetime="{day}"]').bounding_box()
        assert box is not None
        return box["x"], box["x"] + box["width"]

    until(page, "() => document.querySelector('.ec-main').scrollLeft > 0")
    assert place("2091-05-07")[1] < 0
    shown = [place(f"2091-05-{day}") for day in (11, 12, 13)]
    assert all(0 < start < end <= 360 for start, end in shown)


def test_every_choice_above_the_calendar_is_in_sight_on_a_phone(site: Site, window: OpenWindow) -> None:
    page = opened(window, "seller", "/calendar/", width=360)
    for choice in page.locator("main .segmented > *").all():
        box = choice.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 360


def rows_of(page: Page) -> list[str]:
    return page.locator(".ec-row-head a").all_inner_texts()


def test_a_meeting_is_dragged_to_a_colleague_and_taken_back(site: Site, window: OpenWindow) -> None:
    id = meet(site, "Отдать", after=10)
    seller, head = (site.database.run(lambda login=login: person(login)) for login in ("seller", "head"))
    page = opened(window, "seller", "/calendar/?mode=team&department=0&day=2091-05-18")
    box = entry(page, id).bounding_box()
    theirs = page.get_by_role("link", name=head.name).bounding_box()
    assert box is not None
    assert theirs is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, theirs["y"] + theirs["height"] / 2, steps=8)
    page.mouse.up()
    expect(page.get_by_text("Передано")).to_be_visible()
    assert site.database.run(lambda: Task.objects.get(id=id).owner_id) == head.id
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_text("снова")).to_be_visible()
    assert site.database.run(lambda: Task.objects.get(id=id).owner_id) == seller.id


def test_keys_pass_a_meeting_on_and_what_is_refused_goes_back(site: Site, window: OpenWindow) -> None:
    deal = site.deal("Строчкин")
    id = meet(site, "Клавишами отдать", record_id=deal, after=11)
    names = {login: site.database.run(lambda login=login: person(login).name) for login in ("seller", "head")}
    page = opened(window, "seller", "/calendar/?mode=team&department=0&day=2091-05-19")
    rows = rows_of(page)
    by = rows.index(names["head"]) - rows.index(names["seller"])
    entry(page, id).locator("a").focus()
    for _step in range(abs(by)):
        page.keyboard.press("Alt+ArrowDown" if by > 0 else "Alt+ArrowUp")
    expect(page.get_by_text(f"Передано: {names['head']}.")).to_be_visible()
    assert site.database.run(lambda: Task.objects.get(id=id).owner_id) == site.database.run(
        lambda: person("head").id
    )


def test_keys_that_follow_each_other_within_a_frame_all_count(site: Site, window: OpenWindow) -> None:
    id = meet(site, "Быстрыми клавишами", after=14)
    page = opened(window, "seller", "/calendar/?mode=week&day=2091-05-22")
    before = site.database.run(lambda: Task.objects.get(id=id).due_at)
    entry(page, id).locator("a").focus()
    with page.expect_response("**/move"):
        page.evaluate(
            """async () => {
                for (let pressed = 0; pressed < 3; pressed++) {
                    const key = { key: "ArrowDown", altKey: true, bubbles: true };
                    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
                    await new Promise((done) => setTimeout(done));
                }
            }"""
        )
    after = site.database.run(lambda: Task.objects.get(id=id).due_at)
    assert after - before == timedelta(minutes=45)


def test_the_form_of_a_meeting_proposes_a_time_and_takes_it(site: Site, window: OpenWindow) -> None:
    meet(site, "Уже занято", after=6)
    page = opened(window, "seller", "/calendar/?mode=day&day=2091-05-14")
    page.get_by_role("button", name="Новая встреча").click()
    form = page.locator("#dialog")
    form.locator("[name=due]").fill("2091-05-14T12:00")
    form.locator("[name=due]").dispatch_event("change")
    strip = form.locator("#free-busy")
    expect(strip).to_contain_text("занято 12:00–13:00")
    strip.get_by_role("button", name="Выбрать это время").click()
    expect(form.locator("[name=due]")).to_have_value("2091-05-14T14:00")
    expect(strip).to_contain_text("свободно")


def test_a_late_answer_about_free_time_changes_no_other_form(site: Site, window: OpenWindow) -> None:
    meet(site, "Занято давно", after=8)
    page = opened(window, "seller", "/calendar/?mode=day&day=2091-05-16")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/calendar/free-busy", hold, times=2)
    page.get_by_role("button", name="Новая встреча").click()
    form = page.locator("#dialog")
    form.locator("[name=due]").fill("2091-05-16T12:00")
    form.locator("[name=due]").dispatch_event("change")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Новая встреча").click()
    form.locator("[name=due]").fill("2091-05-16T15:00")
    form.locator("[name=due]").dispatch_event("change")
    expect(form.locator("#free-busy")).to_contain_text("свободно")
    assert len(held) == 2
    for route in held:
        # Nobody waits any more for what was asked by a form that is gone.
        with suppress(Error):
            route.continue_()
    expect(form.locator("#free-busy")).to_contain_text("свободно")
    expect(form.locator("[name=due]")).to_have_value("2091-05-16T15:00")


def test_the_secret_address_is_shown_once(site: Site, window: OpenWindow) -> None:
    page = opened(window, "seller", "/calendar/")
    page.get_by_role("button", name="Другие календари").click()
    page.get_by_role("button", name="Подписаться на мой календарь").click()
    form = page.locator("#dialog")
    form.get_by_role("button", name="Создать адрес").click()
    expect(form.get_by_label("Адрес")).to_have_value(re.compile(r"/calendar/feed/[\w-]{40,}\.ics$"))
    form.get_by_role("button", name="Закрыть").last.click()
    page.get_by_role("button", name="Другие календари").click()
    page.get_by_role("button", name="Подписаться на мой календарь").click()
    expect(form.get_by_text("Второй раз он не показывается")).to_be_visible()
