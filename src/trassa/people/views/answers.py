"""Answers that several pages of this room give."""

from collections.abc import Callable

from django.http import HttpResponse

from trassa.kernel import Invalid
from trassa.ui import add_toast, reload_page


def done_or_refused(act: Callable[[], object]) -> HttpResponse:
    """Do it and load the page anew; a refusal is said in a toast and changes nothing on the page."""
    try:
        act()
    except Invalid as refusal:
        return add_toast(HttpResponse(status=422, headers={"HX-Reswap": "none"}), refusal.message, tone="bad")
    return reload_page()
