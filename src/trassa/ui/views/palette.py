"""Answers of the command palette."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.ui.palette import Asked, answer
from trassa.ui.rendering import render

_TEXT_AT_MOST, _BUTTONS_AT_MOST, _RECENT_AT_MOST = 200, 80, 20


@require_POST
def palette_answers(request: HttpRequest) -> HttpResponse:
    """What fits `q`; `recent` are keys chosen lately, `press`, `of` and `words` the buttons of the page.

    It is posted because the names of buttons are long; it changes nothing.
    """
    sent = request.POST
    parts = (sent.getlist(name) for name in ("press", "of", "words"))
    buttons = list(zip(*parts, strict=False))[:_BUTTONS_AT_MOST]
    asked = Asked(
        text=sent.get("q", "").strip()[:_TEXT_AT_MOST],
        recent=sent.getlist("recent")[:_RECENT_AT_MOST],
        buttons=buttons,
    )
    context = {"sections": answer(request, asked), "text": asked.text}
    return render(request, "ui/palette_answers.html", context, fragment="ui/palette_answers.html")
