"""Robots are carried under other stages and into another order, by mouse and keys; moves are taken back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site

from trassa.automation.actions import retire_rule, save_rule
from trassa.automation.queries import get_rule
from trassa.automation.types import RuleDraft
from trassa.schema.types import Label

ROBOTS = {"first": "Первый", "second": "Второй", "third": "Третий"}
NEVER = "amount = 987654321"
PAGE = "/automation/deal/?pipeline=buyout"


@pytest.fixture
def robots(site: Site) -> Iterator[Site]:
    """Three robots under the first stage of buy-outs, which do nothing."""

    def make() -> None:
        when = {"event": "stage_entered", "pipeline": "buyout", "stage": "request"}
        for position, (code, name) in enumerate(ROBOTS.items()):
            steps = [{"set": {"fields": {"source": "avito"}}}]
            draft = RuleDraft(code, "deal", Label(name), when, steps, condition=NEVER, position=position)
            save_rule(draft, actor_id=None)

    def take_away() -> None:
        for code in ROBOTS:
            retire_rule(code, actor_id=None)

    site.database.run(make)
    yield site
    site.database.run(take_away)


def names(page: Page, stage: str) -> list[str]:
    cards = page.locator(f"[data-stage='{stage}'] [data-rule] > a")
    return [name for name in cards.all_inner_texts() if name in ROBOTS.values()]


def robot(page: Page, code: str) -> str:
    return f"[data-rule='{code}']"


def drag(page: Page, code: str, to: str, *, below: bool = True) -> None:
    """Take a robot in its middle to the upper or lower half of something else."""
    start, end = page.locator(robot(page, code)).bounding_box(), page.locator(to).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 64, start["y"] + 20, steps=3)
    y = end["y"] + (end["height"] - 6 if below else 6)
    page.mouse.move(end["x"] + 80, y, steps=12)
    page.mouse.move(end["x"] + 82, y + (1 if below else -1))
    page.wait_for_timeout(200)
    page.mouse.up()


def test_a_robot_is_dragged_to_another_place_in_its_stage(robots: Site, window: OpenWindow) -> None:
    page = window("admin", PAGE)
    drag(page, "first", robot(page, "third"))
    expect(page.locator(".toast")).to_contain_text("«Первый»")
    assert names(page, "request") == ["Второй", "Третий", "Первый"]
    page.reload()
    assert names(page, "request") == ["Второй", "Третий", "Первый"]
    order = robots.database.run(lambda: sorted(ROBOTS, key=lambda code: get_rule(code).position))
    assert order == ["second", "third", "first"]


def test_a_robot_is_dragged_under_another_stage_and_taken_back(robots: Site, window: OpenWindow) -> None:
    page = window("admin", PAGE)
    drag(page, "second", "[data-stage='done'] [data-robot-cards]", below=False)
    expect(page.locator(f"[data-stage='done'] {robot(page, 'second')}")).to_contain_text(
        "переходит в «Сделка состоялась»"
    )
    when = robots.database.run(lambda: get_rule("second").definition["when"])
    assert when == {"event": "stage_entered", "pipeline": "buyout", "stage": "done"}
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(page.locator(f"[data-stage='request'] {robot(page, 'second')}")).to_be_visible()
    assert names(page, "request") == ["Первый", "Второй", "Третий"]


def test_a_robot_is_carried_by_keys(robots: Site, window: OpenWindow) -> None:
    page = window("admin", PAGE)
    page.locator(f"{robot(page, 'first')} > a").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".toast")).to_contain_text("«Первый»")
    assert names(page, "request") == ["Второй", "Первый", "Третий"]
    expect(page.locator(f"{robot(page, 'first')} > a")).to_be_focused()
    with page.expect_response("**/automation/deal/place"):
        page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(f"[data-stage='done'] {robot(page, 'first')}")).to_be_visible()
    expect(page.locator(f"{robot(page, 'first')} > a")).to_be_focused()
    with page.expect_response("**/automation/deal/place"):
        page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator(f"[data-stage='request'] {robot(page, 'first')}")).to_be_visible()
    page.reload()
    assert set(names(page, "request")) == set(ROBOTS.values())


def test_keys_pressed_before_the_server_answers_all_count(robots: Site, window: OpenWindow) -> None:
    page = window("admin", PAGE)
    keys = ["Alt+ArrowDown", "Alt+ArrowRight", "Alt+ArrowLeft"]
    turns = iter(keys)
    page.locator(f"{robot(page, 'first')} > a").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/place") and next(turns) == keys[-1]):
        for key in keys:
            page.keyboard.press(key)
    expect(page.locator(f"{robot(page, 'first')} > a")).to_be_focused()
    page.reload()
    assert names(page, "request") == ["Второй", "Третий", "Первый"]


def test_the_form_asks_only_what_the_chosen_way_needs(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/automation/deal/new")
    page.get_by_role("button", name="Назначить").click()
    step = page.locator(".robot-step")
    how = step.get_by_label("Кто", exact=True)
    expect(step.get_by_label("Сотрудник", exact=True)).to_be_visible()
    expect(step.get_by_label("Роль", exact=True)).to_have_count(0)
    how.focus()
    how.select_option("turn")
    expect(step.get_by_label("Роль", exact=True)).to_be_visible()
    expect(step.get_by_label("Сотрудник", exact=True)).to_have_count(0)
    expect(how).to_be_focused()
    how.select_option("head")
    expect(step.get_by_label("Роль", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Сохранить").click()
    made = page.locator("[data-rule]").filter(has=page.get_by_role("link", name=re.compile("^Назначить$")))
    expect(made).to_be_visible()
    code = made.get_attribute("data-rule")
    site.database.run(lambda: retire_rule(str(code), actor_id=None))
