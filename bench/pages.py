"""Pages as HTML over HTTP, each as seller, head and director; the slowest of the three counts."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from bench.company import PASSWORD
from bench.figures import Figure, figure_of, repeat
from bench.statements import page_statements, time_statements
from bench.visitors import Visitor

READERS = ("seller", "head", "director")
_HTMX = {"HX-Request": "true"}

#: A condition on an indexed field; about one deal in a hundred fulfils it.
WHERE = 'amount >= 8900000 AND stage <> "lost"'

#: What a page is called, where it is, and whether htmx asks for it.
Page = tuple[str, Callable[[str], str], Mapping[str, str] | None]


def pages(card_of: Mapping[str, int], view_of: Mapping[str, str]) -> list[Page]:
    """The measured pages; `card_of` names a deal that each reader sees, `view_of` where their view opens."""
    board, sums = reverse("records:board", args=["sales"]), reverse("records:board_sums", args=["sales"])
    listing, search = reverse("records:list", args=["deal"]), reverse("records:search")
    return [
        ("board", lambda _login: board, None),
        ("board_sums", lambda _login: sums, _HTMX),
        ("list", lambda _login: listing, None),
        ("where", lambda _login: f"{listing}?{urlencode({'where': WHERE})}", None),
        ("saved_view", lambda login: view_of[login], None),
        ("card", lambda login: reverse("records:card", args=["deal", card_of[login]]), None),
        ("search_selective", lambda _login: f"{search}?{urlencode({'q': 'Егоров15 Cayenne'})}", _HTMX),
        ("search_broad", lambda _login: f"{search}?q=bmw", _HTMX),
    ]


def measure_pages(
    port: int, conninfo: str, card_of: Mapping[str, int], view_of: Mapping[str, str], times: int
) -> dict[str, Figure]:
    """A figure a page."""
    visitors = {}
    for login in READERS:
        visitors[login] = Visitor(port)
        visitors[login].sign_in(login, PASSWORD)
    found = {}
    for name, path_of, headers in pages(card_of, view_of):
        figures = []
        for login, visitor in visitors.items():
            sent = dict(headers) if headers else None
            taken = repeat(times, partial(visitor.time_page, path_of(login), sent))
            statements = page_statements(login, path_of(login), sent)
            sql = time_statements(conninfo, [statements] * max(5, times // 4))
            figures.append(figure_of(taken, sql_ms=sql, note=login))
        found[name] = max(figures, key=lambda figure: figure.p50_ms)
    return found
