"""Pages for browsers, fragments for htmx."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from jinja2 import UndefinedError

from trassa.ui import add_toast, render
from trassa.ui.environment import highlight
from trassa.ui.toasts import add_event

CARD = "ui/style_guide_answers.html"


def test_a_browser_gets_the_whole_page_in_the_shell(page: HttpRequest) -> None:
    text = render(page, "ui/error.html", {"status": 404, "title": "T", "text": "X"}, fragment="main").content
    assert text.startswith(b"<!doctype html>")
    assert 'lang="ru"' in text.decode()
    assert "Белова Анна" in text.decode()


def test_htmx_gets_the_named_block_marked_as_a_fragment(part: HttpRequest) -> None:
    response = render(part, CARD, {"found": [], "query": ""}, fragment="answers")
    assert response["Trassa-Fragment"] == "1"
    assert "HX-Request" in response["Vary"]
    assert response.content.decode().strip().startswith('<p class="note"')


def test_a_fragment_may_be_a_template_of_its_own(part: HttpRequest) -> None:
    context = {"status": 404, "title": "Нет", "text": "такой"}
    text = render(part, "ui/error.html", context, fragment="ui/error_words.html").content.decode()
    assert "<html" not in text
    assert "<h1>Нет</h1>" in text


@pytest.mark.parametrize("header", [{"HX-Request-Type": "full"}, {"HX-History-Restore-Request": "true"}])
def test_boosted_and_restored_pages_are_whole(header: dict[str, str], page: HttpRequest) -> None:
    request = RequestFactory().get("/", headers={"HX-Request": "true", **header})
    request.user = page.user
    context = {"status": 404, "title": "T", "text": "X"}
    assert b"<!doctype html>" in render(request, "ui/error.html", context, fragment="main").content


def test_a_forgotten_value_is_an_error_and_none_is_nothing(part: HttpRequest) -> None:
    with pytest.raises(UndefinedError):
        render(part, "ui/error_words.html", {"status": 404, "title": "T"})
    text = render(part, "ui/error_words.html", {"status": 404, "title": None, "text": "X"}).content.decode()
    assert "<h1></h1>" in text


def test_what_people_typed_is_escaped(part: HttpRequest) -> None:
    context = {"status": 404, "title": "<script>", "text": '"&'}
    text = render(part, "ui/error_words.html", context).content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert highlight("<b>BMW</b> X5", "bmw x5") == "&lt;b&gt;<mark>BMW</mark>&lt;/b&gt; <mark>X5</mark>"


def test_toasts_travel_beside_other_events() -> None:
    response = HttpResponse()
    add_event(response, "dialog:close", {})
    add_toast(response, "Переведено в «Договор»", undo_url="/undo")
    header = response["HX-Trigger"]
    assert header.isascii()
    assert '"dialog:close"' in header
    assert '"undo": "/undo"' in header


def test_a_job_says_how_far_it_is_and_asks_again_while_it_runs(page: HttpRequest) -> None:
    template = engines["jinja2"].from_string(
        '{{ ui.job("Импорт", done=2500, total=5000, poll_url="/progress") }}{{ ui.job("Файл", done=7) }}'
    )
    known, unknown = template.render({}, page).split('<div class="job"')[1:]
    assert "50 %" in known
    assert 'hx-get="/progress" hx-trigger="every 1s"' in known
    assert "hx-get" not in unknown
    assert "value=" not in unknown
