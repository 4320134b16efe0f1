"""Who gets what from every address: the rows that `test_rights_matrix` plays.

Add a row for every new address, and several where rights depend on the record. A row names method,
address, the record it is about, and the status for each of ROLES in that order. Addresses are written
as in the OpenAPI document: `/records/{type}/{id}`.
"""

from dataclasses import dataclass, field
from typing import Any

#: Nobody; signed in without roles; a seller who does not own the deal; the seller who does; the head of
#: their branch; an administrator.
ROLES = ("stranger", "newcomer", "other_seller", "seller", "head", "administrator")

#: Text that may only reach these roles, wherever it could appear. Digits are compared without spaces.
SECRETS = {
    "4815162342": {"head", "administrator"},  # floor price of the car: a restricted field
    "Пирогов": {"administrator"},  # security note of the car: a restricted field
    "7031549": {"seller", "head", "administrator"},  # amount of the seller's deal: a record out of reach
}


@dataclass(frozen=True)
class Row:
    """One request and what each role gets for it.

    `about` fills the braces of the address and of parameters; see `places` in the test. `parameters` are
    the query of a GET; `body` is sent as JSON to the API and as a form to pages.
    """

    method: str
    address: str
    expected: tuple[int, ...]
    about: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    body: Any = None
    #: Name and content of a file, sent as multipart/form-data in the part `file`.
    file: tuple[str, str] | None = None
    #: Sent beside the file.
    form: dict[str, str] = field(default_factory=dict)
    #: Only htmx asks for this part of a page.
    is_part: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.about}".strip()


def api(method: str, address: str, *expected: int, about: str = "", **given: Any) -> Row:
    return Row(method, f"/api/v1{address}", expected, about, **given)


def page(method: str, address: str, *expected: int, about: str = "", **given: Any) -> Row:
    return Row(method, address, expected, about, **given)


DAYS = {"since": "2090-06-01", "until": "2090-06-10"}
START = {"start": "2026-06-01T09:00:00+03:00", "duration": "2 working days"}
CALENDAR = {"name": "Офис", "zone": "Europe/Moscow", "cycle": ["09:00–18:00"] * 7}
MOVE = {"stage": "lost", "reason": "price"}
NEW_DEAL = {"fields": {"amount": "1"}}
LETTER = ("letter.txt", "Добрый день")
BULK = {"items": [{"action": "create", "fields": {"amount": "1"}}]}
RECORD = "/records/{type}/{id}"
IMPORT = "/imports/{id}"
RULE = "/automation/{type}/rules/{code}"
CARD_AUTOMATION = "/r/{type}/{id}/automation"
PLACED = {"rule": "greeting", "pipeline": "sales", "stage": "showing", "order": "greeting"}
SHEET = ("cars.csv", "Марка\nУАЗ\n")

API_ROWS = [
    api("GET", "/openapi.json", 200, 200, 200, 200, 200, 200),
    api("GET", "/me", 401, 200, 200, 200, 200, 200),
    api("GET", "/people", 401, 200, 200, 200, 200, 200),
    api("GET", "/people/{id}", 401, 200, 200, 200, 200, 200, about="person"),
    api("POST", "/people", 401, 403, 403, 403, 403, 403, body={"login": "new", "name": "Новый"}),
    api("POST", "/people/{id}/dismiss", 401, 403, 403, 403, 403, 403, about="person"),
    api("POST", "/people/{id}/readmit", 401, 403, 403, 403, 403, 403, about="person"),
    api("GET", "/departments", 401, 200, 200, 200, 200, 200),
    api("GET", "/calendars", 401, 200, 200, 200, 200, 200),
    api("POST", "/calendars", 401, 403, 403, 403, 403, 403, body={"code": "x_new"} | CALENDAR),
    api("GET", "/calendars/{code}", 401, 200, 200, 200, 200, 200, about="calendar"),
    api("PUT", "/calendars/{code}", 401, 403, 403, 403, 403, 403, about="calendar", body=CALENDAR),
    api("POST", "/calendars/{code}/retire", 401, 403, 403, 403, 403, 403, about="calendar"),
    api("POST", "/calendars/{code}/restore", 401, 403, 403, 403, 403, 403, about="calendar"),
    api("GET", "/people/{id}/working-time", 401, 200, 200, 200, 200, 200, about="person", parameters=DAYS),
    api("GET", "/people/{id}/deadline", 401, 200, 200, 200, 200, 200, about="person", parameters=START),
    api("GET", "/people/{id}/substitute", 401, 200, 200, 200, 200, 200, about="person"),
    api("GET", "/absences", 401, 200, 200, 200, 200, 200, parameters=DAYS),
    api("POST", "/absences", 401, 404, 404, 404, 404, 404, body=DAYS | {"person": 0}),
    api("PUT", "/absences/{id}", 401, 403, 403, 200, 200, 200, about="absence", body=DAYS),
    api("DELETE", "/absences/{id}", 401, 403, 403, 204, 204, 204, about="absence"),
    api("GET", "/roles", 401, 403, 403, 403, 403, 200),
    api("GET", "/roles/{code}", 401, 403, 403, 403, 403, 200, about="role"),
    api("GET", "/types", 401, 200, 200, 200, 200, 200),
    api("GET", "/types/{type}", 401, 404, 200, 200, 200, 200, about="car"),
    api("GET", "/types/{type}", 401, 404, 200, 200, 200, 200, about="deal"),
    api("GET", "/types/{type}", 401, 404, 404, 404, 404, 404, about="absent"),
    api("GET", "/records/{type}", 401, 404, 200, 200, 200, 200, about="car"),
    api("GET", "/records/{type}", 401, 404, 200, 200, 200, 200, about="deal"),
    api("GET", "/records/{type}", 401, 404, 200, 200, 200, 200, about="deal", parameters={"q": "lada"}),
    api(
        "GET",
        "/records/{type}",
        *(401, 404, 422, 422, 200, 200),
        about="car",
        parameters={"floor_price__gte": "1"},
    ),
    api(
        "GET",
        "/records/{type}",
        401,
        404,
        422,
        422,
        200,
        200,
        about="car",
        parameters={"order": "floor_price"},
    ),
    api(
        "GET",
        "/records/{type}",
        *(401, 404, 422, 422, 200, 200),
        about="car",
        parameters={"where": "floor_price > 1"},
    ),
    api("POST", "/expressions/check", 401, 404, 200, 200, 200, 200, body={"type": "deal", "text": "amount"}),
    api(
        "POST",
        "/expressions/evaluate",
        *(401, 404, 404, 404, 404, 404),
        body={"type": "deal", "id": 0, "text": "amount"},
    ),
    api(
        "POST",
        "/records/{type}/bulk-runs",
        *(401, 404, 422, 201, 201, 201),
        about="deal",
        body={"action": "change", "fields": {"amount": "1"}},
    ),
    api(
        "POST",
        "/records/{type}/bulk-runs",
        *(401, 404, 403, 403, 403, 201),
        about="car",
        body={"action": "delete"},
    ),
    api(
        "POST",
        "/records/{type}/bulk-runs",
        *(401, 404, 422, 422, 201, 201),
        about="car",
        body={"action": "change", "fields": {"floor_price": "1"}},
    ),
    api(
        "POST",
        f"{RECORD}/merge",
        *(401, 404, 404, 404, 404, 404),
        about="car",
        body={"from": 2**40, "versions": {"into": 2, "from": 1}},
    ),
    api("POST", f"{RECORD}/unmerge", 401, 404, 404, 404, 404, 404, about="car", body={"from": 2**40}),
    api("GET", "/records/{type}/bin", 401, 404, 200, 200, 200, 200, about="deal"),
    api("GET", "/records/{type}/bin", 401, 404, 404, 404, 404, 200, about="car"),
    api("GET", "/bulk-runs", 401, 200, 200, 200, 200, 200),
    api("GET", "/bulk-runs/{id}", 401, 404, 404, 200, 404, 404, about="bulk run"),
    api("GET", "/bulk-runs/{id}/problems", 401, 404, 404, 200, 404, 404, about="bulk run"),
    api("POST", "/bulk-runs/{id}/cancel", 401, 404, 404, 200, 404, 404, about="bulk run"),
    api("POST", "/bulk-runs/{id}/undo", 401, 404, 404, 200, 404, 404, about="bulk run"),
    api("POST", "/exports", 401, 404, 201, 201, 201, 201, body={"type": "deal", "columns": ["amount"]}),
    api("POST", "/exports", 401, 404, 403, 403, 403, 201, about="car", body={"type": "car"}),
    api("GET", "/exports", 401, 200, 200, 200, 200, 200),
    api("GET", "/exports/{id}", 401, 404, 404, 200, 404, 404, about="export"),
    api("POST", "/exports/{id}/cancel", 401, 404, 404, 200, 404, 404, about="export"),
    api("POST", "/types/{type}/duplicates", 401, 404, 200, 200, 200, 200, about="car", body={"fields": {}}),
    api("GET", "/types/{type}/suspects", 401, 404, 200, 200, 200, 200, about="car"),
    api("POST", "/records/{type}", 401, 404, 201, 201, 201, 201, about="deal", body=NEW_DEAL),
    api(
        "POST",
        "/records/{type}",
        *(401, 404, 422, 422, 201, 201),
        about="car",
        body={"fields": {"make": "УАЗ", "floor_price": "1"}},
    ),
    api("GET", RECORD, 401, 404, 404, 200, 200, 200, about="deal"),
    api("GET", RECORD, 401, 404, 200, 200, 200, 200, about="car"),
    api("GET", RECORD, 401, 404, 404, 404, 404, 404, about="absent deal"),
    api("GET", RECORD, 401, 404, 404, 404, 404, 404, about="binned deal"),
    api(
        "PATCH",
        RECORD,
        *(401, 404, 404, 200, 200, 200),
        about="deal",
        body={"version": 3, "fields": {"source": "avito"}},
    ),
    api(
        "PATCH",
        RECORD,
        *(401, 404, 422, 422, 200, 200),
        about="car",
        body={"version": 2, "fields": {"floor_price": "5"}},
    ),
    api("DELETE", RECORD, 401, 404, 404, 204, 204, 204, about="deal"),
    api("DELETE", RECORD, 401, 404, 403, 403, 403, 204, about="free car"),
    api("POST", f"{RECORD}/move", 401, 404, 404, 200, 200, 200, about="deal", body=MOVE),
    api("POST", f"{RECORD}/restore", 401, 404, 404, 200, 200, 200, about="binned deal"),
    api("GET", f"{RECORD}/history", 401, 404, 404, 200, 200, 200, about="deal"),
    api("GET", f"{RECORD}/traces", 401, 404, 404, 200, 200, 200, about="deal"),
    api("POST", "/hooks/{secret}", 404, 404, 404, 404, 404, 404, about="secret", body={}),
    api("POST", "/rules/{rule}/rehearse", 401, 403, 403, 403, 403, 404, about="absent", body={}),
    api("POST", "/rules/{rule}/run", 401, 404, 404, 404, 404, 404, about="absent", body={"record": 1}),
    api(
        "GET",
        f"{RECORD}/history",
        401,
        404,
        422,
        422,
        200,
        200,
        about="car",
        parameters={"field": "floor_price"},
    ),
    api("GET", RECORD, 401, 404, 404, 200, 200, 200, about="deal", parameters={"as_of": "2126-01-01"}),
    api("POST", f"{RECORD}/history/{{seq}}/revert", 401, 404, 404, 204, 204, 204, about="deal", body={}),
    api("GET", f"{RECORD}/history", 401, 404, 200, 200, 200, 200, about="car"),
    api("POST", "/records/{type}/bulk", 401, 404, 200, 200, 200, 200, about="deal", body=BULK),
    api("GET", "/types/{type}/views", 401, 404, 200, 200, 200, 200, about="deal"),
    api("GET", "/types/{type}/views", 401, 404, 404, 404, 404, 404, about="absent"),
    api(
        "POST",
        "/types/{type}/views",
        *(401, 404, 201, 201, 201, 201),
        about="deal",
        body={"name": "Мои", "where": "amount > 1"},
    ),
    api(
        "POST",
        "/types/{type}/views",
        *(401, 404, 422, 422, 201, 201),
        about="car",
        body={"name": "Дорогие", "filters": [{"field": "floor_price", "value": "1"}]},
    ),
    api("GET", "/views/{id}", 401, 404, 404, 200, 404, 404, about="view"),
    api("GET", "/views/{id}", 401, 404, 200, 200, 404, 200, about="shared view"),
    api("PATCH", "/views/{id}", 401, 404, 404, 200, 404, 404, about="view", body={"name": "Мой"}),
    api("PATCH", "/views/{id}", 401, 404, 403, 403, 404, 200, about="shared view", body={"name": "Мой"}),
    api("PATCH", "/views/{id}", 401, 404, 404, 403, 404, 404, about="view", body={"roles": ["seller"]}),
    api("DELETE", "/views/{id}", 401, 404, 404, 204, 404, 404, about="view"),
    api("DELETE", "/views/{id}", 401, 404, 403, 403, 404, 204, about="shared view"),
    api("POST", "/views/{id}/restore", 401, 404, 404, 404, 404, 404, about="view"),
    api("POST", "/views/{id}/restore", 401, 404, 404, 200, 404, 404, about="removed view"),
    api("GET", f"{RECORD}/comments", 401, 404, 404, 200, 200, 200, about="deal"),
    api("GET", f"{RECORD}/comments", 401, 404, 200, 200, 200, 200, about="car"),
    api("POST", f"{RECORD}/comments", 401, 404, 404, 201, 201, 201, about="deal", body={"text": "Да"}),
    api(
        "PATCH",
        f"{RECORD}/comments/{{comment}}",
        *(401, 404, 404, 200, 403, 403),
        about="comment",
        body={"text": "Да"},
    ),
    api("DELETE", f"{RECORD}/comments/{{comment}}", 401, 404, 404, 204, 204, 204, about="comment"),
    api(
        "POST",
        f"{RECORD}/comments/{{comment}}/restore",
        *(401, 404, 404, 200, 200, 200),
        about="deleted comment",
    ),
    api("POST", "/files", 401, 201, 201, 201, 201, 201, file=LETTER),
    api("GET", "/files/{id}", 401, 404, 404, 200, 404, 404, about="upload"),
    api("GET", "/files/{id}/content", 401, 404, 404, 200, 404, 404, about="upload"),
    api("GET", "/files/{id}", 401, 404, 404, 200, 200, 200, about="file of the deal"),
    api("GET", "/files/{id}/content", 401, 404, 404, 200, 200, 200, about="file of the deal"),
    api("PATCH", "/files/{id}", 401, 404, 404, 200, 200, 200, about="file of the deal", body={"name": "a"}),
    api("DELETE", "/files/{id}", 401, 404, 404, 204, 204, 204, about="file of the deal"),
    api("POST", "/files/{id}/restore", 401, 404, 404, 200, 200, 200, about="removed file of the deal"),
    api("GET", f"{RECORD}/files", 401, 404, 404, 200, 200, 200, about="deal"),
    api("GET", f"{RECORD}/files", 401, 404, 200, 200, 200, 200, about="car"),
    api("POST", f"{RECORD}/files", 401, 404, 404, 422, 422, 422, about="deal", body={"files": [2**40]}),
    api("POST", "/imports", 401, 404, 201, 201, 201, 201, file=SHEET, form={"type": "car"}),
    api("POST", "/imports", 401, 404, 404, 404, 404, 404, file=SHEET, form={"type": "absent"}),
    api("GET", "/imports", 401, 200, 200, 200, 200, 200),
    api("GET", IMPORT, 401, 404, 404, 200, 404, 200, about="import"),
    api("PATCH", IMPORT, 401, 404, 404, 200, 404, 200, about="import", body={}),
    api("GET", f"{IMPORT}/preview", 401, 404, 404, 200, 404, 200, about="import"),
    api("POST", f"{IMPORT}/check", 401, 404, 404, 200, 404, 200, about="import"),
    api("POST", f"{IMPORT}/start", 401, 404, 404, 200, 404, 200, about="import"),
    api("POST", f"{IMPORT}/cancel", 401, 404, 404, 409, 404, 409, about="import"),
    api("POST", f"{IMPORT}/undo", 401, 404, 404, 409, 404, 409, about="import"),
    api("GET", f"{IMPORT}/rows", 401, 404, 404, 200, 404, 200, about="import"),
    api("POST", f"{IMPORT}/decide", 401, 404, 404, 409, 404, 409, about="import", body={"how": "skip"}),
    api("GET", f"{IMPORT}/errors.{{format}}", 401, 404, 404, 200, 404, 200, about="import"),
    api("GET", "/pipelines/{pipeline}/board", 401, 404, 200, 200, 200, 200, about="deal"),
    api("GET", "/search", 401, 200, 200, 200, 200, 200, parameters={"q": "lada"}),
    api("GET", "/search", 401, 200, 200, 200, 200, 200, parameters={"q": "Пирогов"}),
]

PAGE_ROWS = [
    page("GET", "/sign-in", 200, 302, 302, 302, 302, 302),
    page("POST", "/sign-out", 302, 302, 302, 302, 302, 302),
    page("POST", "/settings/language", 302, 302, 302, 302, 302, 302, body={"language": "en"}),
    page("POST", "/settings/theme", 302, 302, 302, 302, 302, 302, body={"theme": "dark"}),
    page("GET", "/style", 302, 404, 404, 404, 404, 200),
    page("GET", "/style/answers", 401, 404, 404, 404, 404, 200, is_part=True),
    page("GET", "/style/people", 401, 404, 404, 404, 404, 200, is_part=True),
    page("GET", "/style/panel/{number}", 302, 404, 404, 404, 404, 200, about="panel"),
    page("POST", "/style/undo", 302, 404, 404, 404, 404, 204),
]

CARD = "/r/{type}/{id}/"
COMMENT = CARD + "comments/{comment}"
ONE = {"parameters": {"ids": "{id}"}}
FLOOR = {"floor_price": "5"}
AMOUNT = {"body": {"amount": "5", "version": "1"}}
FIELD = CARD + "fields/{code}"

RECORD_PAGE_ROWS = [
    page("GET", "/", 302, 200, 302, 302, 302, 302),
    page("GET", "/p/{pipeline}/", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/p/{pipeline}/", 302, 404, 404, 404, 404, 404, about="absent"),
    page("GET", "/p/{pipeline}/sums", 302, 404, 200, 200, 200, 200, about="deal"),
    page(
        "GET", "/p/{pipeline}/changes", 302, 404, 200, 200, 200, 200, about="deal", parameters={"ids": "{id}"}
    ),
    page("GET", "/p/{pipeline}/{stage}/cards", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/p/{pipeline}/{stage}/new", 302, 404, 200, 200, 200, 200, about="deal"),
    page(
        "POST", "/p/{pipeline}/{stage}/new", 302, 404, 204, 204, 204, 204, about="deal", body={"amount": "1"}
    ),
    page("GET", "/t/{type}/", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/", 302, 404, 200, 200, 200, 200, about="car"),
    page("GET", "/t/{type}/", 302, 404, 404, 404, 404, 404, about="absent"),
    page("GET", "/t/{type}/rows", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/rows", 302, 404, 200, 200, 200, 200, about="car"),
    page("GET", "/t/{type}/changes", 302, 404, 200, 200, 200, 200, about="deal", **ONE),
    page("GET", "/t/{type}/totals", 302, 404, 200, 200, 200, 200, about="deal"),
    page("POST", "/t/{type}/bulk", *(302, 404, 200, 200, 200, 200), about="deal", body={"bulk_act": "edit"}),
    page("POST", "/t/{type}/bulk", *(302, 404, 403, 403, 403, 200), about="car", body={"bulk_act": "bin"}),
    page("GET", "/bin/", 302, 404, 302, 302, 302, 302),
    page("GET", "/t/{type}/bin/", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/bin/", 302, 404, 404, 404, 404, 200, about="car"),
    page("POST", "/t/{type}/bin/restore", *(302, 404, 422, 422, 422, 422), about="deal"),
    page("POST", "/t/{type}/bin/restore", *(302, 404, 404, 404, 404, 422), about="car"),
    page("GET", "/bulk-runs/", 302, 200, 200, 200, 200, 200),
    page("GET", "/bulk-runs/{id}/", 302, 404, 404, 200, 404, 404, about="bulk run"),
    page("GET", "/bulk-runs/{id}/content", 302, 404, 404, 200, 404, 404, about="bulk run"),
    page("POST", "/bulk-runs/{id}/cancel", 302, 404, 404, 200, 404, 404, about="bulk run"),
    page("POST", "/bulk-runs/{id}/undo", 302, 404, 404, 204, 404, 404, about="bulk run"),
    page("POST", "/t/{type}/export", 302, 404, 302, 302, 302, 302, about="deal"),
    page("POST", "/t/{type}/export", 302, 404, 403, 403, 403, 302, about="car"),
    page("GET", "/exports", 302, 200, 200, 200, 200, 200),
    page("GET", "/exports/{id}", 302, 404, 404, 200, 404, 404, about="export"),
    page("POST", "/exports/{id}/cancel", 302, 404, 404, 200, 404, 404, about="export"),
    page("GET", "/files/{id}/content", 302, 404, 404, 200, 200, 200, about="file of the deal"),
    page("GET", "/files/{id}/content", 302, 404, 404, 200, 404, 404, about="upload"),
    page("GET", "/t/{type}/suspects", 302, 404, 200, 200, 200, 200, about="car"),
    page(
        "GET",
        "/t/{type}/merge",
        302,
        404,
        404,
        404,
        404,
        200,
        about="two cars",
        parameters={"ids": "{id},{other}"},
    ),
    page("POST", "/t/{type}/merge", 302, 404, 404, 404, 404, 404, about="car", body={}),
    page("POST", "/r/{type}/{id}/unmerge", 302, 404, 404, 404, 404, 404, about="car", body={"from": "0"}),
    page("GET", "/t/{type}/suspects", 302, 404, 404, 404, 404, 404, about="deal"),
    page("POST", "/t/{type}/pulled", 302, 404, 200, 200, 200, 200, about="car"),
    page("POST", "/t/{type}/duplicates", 302, 404, 200, 200, 200, 200, about="car"),
    page("GET", "/t/{type}/people", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/filters", 302, 404, 200, 200, 200, 200, about="car"),
    page(
        "GET",
        "/t/{type}/filters",
        *(302, 404, 404, 404, 200, 200),
        about="car",
        parameters={"field": "floor_price"},
    ),
    page("GET", "/t/{type}/options", 302, 404, 200, 200, 200, 200, about="deal", parameters={"q": "lada"}),
    page("POST", "/t/{type}/completions", 302, 404, 200, 200, 200, 200, about="car", body={"text": "floor"}),
    page("GET", "/t/{type}/calendar", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/calendar", 302, 404, 404, 404, 404, 404, about="absent"),
    page("GET", "/t/{type}/columns", 302, 404, 200, 200, 200, 200, about="car"),
    page(
        "GET",
        "/t/{type}/groups",
        *(302, 404, 200, 200, 200, 200),
        about="deal",
        parameters={"group_by": "stage"},
    ),
    page("GET", "/t/{type}/condition", 302, 404, 200, 200, 200, 200, about="car"),
    page("GET", "/t/{type}/groups", 302, 404, 404, 404, 404, 404, about="deal"),
    page("GET", "/t/{type}/quick", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/views", 302, 404, 200, 200, 200, 200, about="deal"),
    page("GET", "/t/{type}/views/new", 302, 404, 200, 200, 200, 200, about="deal"),
    page("POST", "/t/{type}/views/new", 302, 404, 204, 204, 204, 204, about="deal", body={"name": "Мой"}),
    page("POST", "/t/{type}/views/change", 302, 404, 404, 404, 404, 404, about="deal"),
    page("GET", "/expressions/", 302, 200, 200, 200, 200, 200),
    page("GET", "/expressions/", 302, 404, 200, 200, 200, 200, parameters={"type": "deal"}),
    page(
        "GET",
        "/expressions/",
        *(302, 404, 200, 200, 200, 200),
        about="car",
        parameters={"type": "car", "text": "floor_price", "record": "{id}"},
    ),
    page(
        "GET",
        "/expressions/",
        *(302, 404, 200, 200, 200, 200),
        about="deal",
        parameters={"type": "deal", "text": "amount", "record": "{id}"},
    ),
    page("POST", "/expressions/result", 302, 404, 200, 200, 200, 200, body={"type": "car", "text": "note"}),
    page("GET", "/views/{id}/", 302, 404, 404, 302, 404, 404, about="view"),
    page("GET", "/views/{id}/", 302, 404, 302, 302, 404, 302, about="shared view"),
    page("GET", "/views/{id}/rename", 302, 404, 404, 200, 404, 404, about="view"),
    page("POST", "/views/{id}/rename", 302, 404, 404, 204, 404, 404, about="view", body={"name": "Мой"}),
    page(
        "POST", "/views/{id}/rename", 302, 404, 403, 403, 404, 204, about="shared view", body={"name": "Мой"}
    ),
    page("GET", "/views/{id}/share", 302, 404, 404, 403, 404, 404, about="view"),
    page("GET", "/views/{id}/share", 302, 404, 403, 403, 404, 200, about="shared view"),
    page("POST", "/views/{id}/share", 302, 404, 403, 403, 404, 204, about="shared view"),
    page("POST", "/views/{id}/default", 302, 404, 404, 204, 404, 404, about="view"),
    page("POST", "/views/{id}/default", 302, 404, 204, 204, 404, 204, about="shared view"),
    page("POST", "/views/{id}/remove", 302, 404, 404, 204, 404, 404, about="view"),
    page("POST", "/views/{id}/remove", 302, 404, 403, 403, 404, 204, about="shared view"),
    page("POST", "/views/{id}/restore", 302, 404, 404, 404, 404, 404, about="view"),
    page("POST", "/views/{id}/restore", 302, 404, 404, 204, 404, 404, about="removed view"),
    page("POST", "/r/{type}/new/rules", 302, 404, 200, 200, 200, 200, about="deal", body={"amount": "1"}),
    page("GET", "/r/{type}/new", 302, 404, 200, 200, 200, 200, about="deal"),
    page("POST", "/r/{type}/new", 302, 404, 302, 302, 302, 302, about="deal", body={"amount": "1"}),
    page("GET", CARD, 302, 404, 404, 200, 200, 200, about="deal"),
    page("GET", CARD, 302, 404, 200, 200, 200, 200, about="car"),
    page("GET", CARD, 302, 404, 404, 200, 200, 200, about="binned deal"),
    page("GET", CARD, 302, 404, 404, 404, 404, 404, about="absent deal"),
    page("GET", CARD + "history", 302, 404, 404, 200, 200, 200, about="deal"),
    page("GET", CARD + "history", 302, 404, 200, 200, 200, 200, about="car"),
    page("POST", CARD + "move", 302, 404, 404, 204, 204, 204, about="deal", body=MOVE),
    page("POST", CARD + "viewers", 302, 404, 404, 200, 200, 200, about="deal"),
    page("POST", CARD + "bin", 302, 404, 404, 204, 204, 204, about="deal"),
    page("POST", CARD + "restore", 302, 404, 404, 204, 204, 204, about="binned deal"),
    page("GET", FIELD, 302, 404, 404, 200, 200, 200, about="deal"),
    page("GET", FIELD, 302, 404, 404, 404, 200, 200, about="floor price"),
    page("GET", FIELD, 302, 404, 404, 404, 404, 200, about="note"),
    page("GET", FIELD + "/history", 302, 404, 404, 200, 200, 200, about="deal"),
    page("GET", FIELD + "/history", 302, 404, 404, 404, 200, 200, about="floor price"),
    page("POST", CARD + "history/{seq}/revert", 302, 404, 404, 204, 204, 204, about="deal"),
    page("GET", CARD, 302, 404, 404, 200, 200, 200, about="deal", parameters={"as_of": "2126-01-01"}),
    page("GET", FIELD + "/value", 302, 404, 404, 200, 200, 200, about="deal"),
    page("GET", FIELD + "/value", 302, 404, 404, 404, 200, 200, about="floor price"),
    page(
        "POST",
        FIELD + "/save",
        302,
        404,
        404,
        200,
        200,
        200,
        about="deal",
        body={"amount": "5", "version": "1"},
    ),
    page(
        "POST", FIELD + "/save", 302, 404, 404, 404, 200, 200, about="floor price", body={"floor_price": "5"}
    ),
    page("POST", CARD + "comments", 302, 404, 404, 200, 200, 200, about="deal", body={"text": "Да"}),
    page("GET", COMMENT, 302, 404, 404, 200, 404, 404, about="comment"),
    page("POST", COMMENT, 302, 404, 404, 200, 404, 404, about="comment", body={"text": "Да"}),
    page("POST", COMMENT + "/delete", 302, 404, 404, 204, 204, 204, about="comment"),
    page("POST", COMMENT + "/restore", 302, 404, 404, 204, 204, 204, about="deleted comment"),
    page("POST", COMMENT + "/pin", 302, 404, 404, 204, 204, 204, about="comment", body={"pinned": "1"}),
    page("POST", "/files", 302, 201, 201, 201, 201, 201),
    page("POST", CARD + "files", 302, 404, 404, 204, 204, 204, about="deal", body={"files": ""}),
    page("GET", "/files/{id}/picture/{size}", 302, 404, 404, 404, 404, 404, about="file of the deal"),
    page("GET", "/files/{id}/edit", 302, 404, 404, 200, 200, 200, about="file of the deal"),
    page(
        "POST", "/files/{id}/edit", 302, 404, 404, 204, 204, 204, about="file of the deal", body={"name": "a"}
    ),
    page("POST", "/files/{id}/remove", 302, 404, 404, 204, 204, 204, about="file of the deal"),
    page("POST", "/files/{id}/restore", 302, 404, 404, 204, 204, 204, about="removed file of the deal"),
    page("GET", "/search", 302, 200, 200, 200, 200, 200, parameters={"q": "lada"}),
    page("GET", "/search/answers", 302, 200, 200, 200, 200, 200, parameters={"q": "Пирогов"}),
    page("GET", "/events-ticket", 302, 200, 200, 200, 200, 200),
]

IMPORT_PAGE_ROWS = [
    page("GET", "/imports", 302, 200, 200, 200, 200, 200),
    page("GET", "/imports/new", 302, 200, 200, 200, 200, 200),
    page("GET", "/imports/new", 302, 404, 200, 200, 200, 200, parameters={"type": "car"}),
    page("GET", "/imports/new", 302, 404, 404, 404, 404, 404, parameters={"type": "absent"}),
    page("POST", "/imports/new", 302, 404, 302, 302, 302, 302, file=SHEET, form={"type": "car"}),
    page("POST", "/imports/new", 302, 404, 404, 404, 404, 404, file=SHEET, form={"type": "absent"}),
    page("GET", IMPORT, 302, 404, 404, 200, 404, 200, about="import"),
    page("POST", f"{IMPORT}/place", 302, 404, 404, 302, 404, 422, about="import", body={"line": "1"}),
    page("POST", f"{IMPORT}/setup", 302, 404, 404, 302, 404, 302, about="import", body={"target-0": "make"}),
    page("POST", f"{IMPORT}/check", 302, 404, 404, 302, 404, 302, about="import"),
    page("POST", f"{IMPORT}/start", 302, 404, 404, 302, 404, 302, about="import"),
    page("POST", f"{IMPORT}/cancel", 302, 404, 404, 409, 404, 409, about="import"),
    page("POST", f"{IMPORT}/undo", 302, 404, 404, 409, 404, 409, about="import"),
    page("GET", f"{IMPORT}/rows", 302, 404, 404, 200, 404, 200, about="import"),
    page("POST", f"{IMPORT}/mended", 302, 404, 404, 302, 404, 302, about="import", file=SHEET),
    page("GET", f"{IMPORT}/duplicates", 302, 404, 404, 302, 404, 302, about="import"),
    page("POST", f"{IMPORT}/decide", 302, 404, 404, 409, 404, 409, about="import", body={"how": "skip"}),
    page("GET", f"{IMPORT}/errors.{{format}}", 302, 404, 404, 200, 404, 200, about="import"),
]

ROLE = "/roles/{code}/"
ONLY_ADMINISTRATORS = (302, 404, 404, 404, 404)

ROLE_PAGE_ROWS = [
    page("GET", "/why", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/roles/", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/roles/new", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/roles/new", *ONLY_ADMINISTRATORS, 204, body={"code": "x_new", "ru": "Новая"}),
    page("GET", ROLE, *ONLY_ADMINISTRATORS, 200, about="role"),
    page("POST", ROLE + "draft", *ONLY_ADMINISTRATORS, 200, about="role", body={"all.see": "own"}),
    page("POST", ROLE + "preview", *ONLY_ADMINISTRATORS, 200, about="role", body={"all.see": "own"}),
    page("POST", ROLE + "save", *ONLY_ADMINISTRATORS, 409, about="role", body={"all.see": "own"}),
    page("POST", ROLE + "undo/{seq}", *ONLY_ADMINISTRATORS, 409, about="role"),
    page("GET", ROLE + "rename", *ONLY_ADMINISTRATORS, 200, about="role"),
    page("POST", ROLE + "rename", *ONLY_ADMINISTRATORS, 204, about="role", body={"ru": "Продавец"}),
    page("POST", ROLE + "retire", *ONLY_ADMINISTRATORS, 204, about="role"),
    page("POST", ROLE + "restore", *ONLY_ADMINISTRATORS, 204, about="role"),
]

PERSON = "/people/{id}/"
DEPARTMENT = "/departments/{code}/"
CALENDAR_PAGE = "/calendars/{code}/"
LATER = {"since": "2090-07-01", "until": "2090-07-10", "kind": "vacation"}
WEEK = {"name": "Офис", "zone": "Europe/Moscow", "kind": "week", "day1": "09:00–18:00"}

PEOPLE_PAGE_ROWS = [
    page("GET", "/card-layouts/", *ONLY_ADMINISTRATORS, 302),
    page("GET", "/card-layouts/{type}/", *ONLY_ADMINISTRATORS, 200, about="deal"),
    page("GET", "/card-layouts/{type}/", *ONLY_ADMINISTRATORS, 404, about="absent"),
    page("POST", "/card-layouts/{type}/order", *ONLY_ADMINISTRATORS, 204, about="deal"),
    page("GET", "/card-layouts/{type}/{code}/", *ONLY_ADMINISTRATORS, 200, about="new layout"),
    page("GET", "/card-layouts/{type}/{code}/", *ONLY_ADMINISTRATORS, 404, about="absent layout"),
    page("POST", "/card-layouts/{type}/{code}/remove", *ONLY_ADMINISTRATORS, 404, about="absent layout"),
    page("POST", "/palette", 302, 200, 200, 200, 200, 200, body={"q": "lada"}),
    page("GET", "/settings/", 302, 200, 200, 200, 200, 200),
    page("GET", "/settings/password", 302, 200, 200, 200, 200, 200),
    page("POST", "/settings/password", 302, 422, 422, 422, 422, 422, body={"old": "?", "password": "?"}),
    page("POST", "/settings/sessions/end", 302, 302, 302, 302, 302, 302),
    page("POST", "/settings/place", 302, 302, 302, 302, 302, 302, body={"start_page": "/t/deal/"}),
    page("GET", "/password/{secret}", 404, 404, 404, 404, 404, 404, about="secret"),
    page("GET", "/roles/{code}/place", *ONLY_ADMINISTRATORS, 200, about="role"),
    page("POST", "/roles/{code}/place", *ONLY_ADMINISTRATORS, 200, about="role"),
    page("POST", PERSON + "password-link", *ONLY_ADMINISTRATORS, 200, about="person"),
    page("POST", PERSON + "password-due", *ONLY_ADMINISTRATORS, 204, about="person"),
    page("GET", "/people/", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/people/new", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/people/new", *ONLY_ADMINISTRATORS, 302, body={"login": "new", "name": "Новый"}),
    page("GET", "/people/import", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/people/import", *ONLY_ADMINISTRATORS, 200, body={"text": "login;name\nnew;Новый"}),
    page("GET", PERSON, *ONLY_ADMINISTRATORS, 200, about="person"),
    page("POST", PERSON, *ONLY_ADMINISTRATORS, 302, about="person", body={"login": "new", "name": "Новый"}),
    page("POST", PERSON + "password", *ONLY_ADMINISTRATORS, 200, about="person"),
    page("GET", PERSON + "dismiss", *ONLY_ADMINISTRATORS, 200, about="person"),
    page("POST", PERSON + "dismiss", *ONLY_ADMINISTRATORS, 204, about="person"),
    page("POST", PERSON + "readmit", *ONLY_ADMINISTRATORS, 204, about="person"),
    page("POST", PERSON + "look", *ONLY_ADMINISTRATORS, 302, about="person"),
    page("POST", "/look/stop", 302, 302, 302, 302, 302, 302),
    page("GET", "/departments/", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/departments/new", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/departments/new", *ONLY_ADMINISTRATORS, 204, body={"code": "x_new", "name": "Новый"}),
    page("GET", DEPARTMENT, *ONLY_ADMINISTRATORS, 200, about="department"),
    page("POST", DEPARTMENT, *ONLY_ADMINISTRATORS, 204, about="department", body={"name": "Продажи"}),
    page("POST", DEPARTMENT + "retire", *ONLY_ADMINISTRATORS, 422, about="department"),
    page("GET", PERSON + "time", 302, 404, 404, 200, 200, 200, about="person"),
    page("GET", PERSON + "absences/new", 302, 404, 404, 200, 200, 200, about="person"),
    page("POST", PERSON + "absences/new", 302, 404, 404, 204, 204, 204, about="person", body=LATER),
    page("GET", "/absences/", 302, 200, 200, 200, 200, 200),
    page("GET", "/absences/{id}/", 302, 404, 404, 200, 200, 200, about="absence"),
    page("POST", "/absences/{id}/", 302, 404, 404, 204, 204, 204, about="absence", body=LATER),
    page("POST", "/absences/{id}/remove", 302, 404, 404, 204, 204, 204, about="absence"),
    page("GET", "/calendars/", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/calendars/new", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/calendars/new", *ONLY_ADMINISTRATORS, 302, body=WEEK | {"code": "x_new"}),
    page("GET", CALENDAR_PAGE, *ONLY_ADMINISTRATORS, 200, about="calendar"),
    page("POST", CALENDAR_PAGE, *ONLY_ADMINISTRATORS, 302, about="calendar", body=WEEK),
    page("GET", CALENDAR_PAGE + "days/{day}", *ONLY_ADMINISTRATORS, 200, about="calendar"),
    page("POST", CALENDAR_PAGE + "days/{day}", *ONLY_ADMINISTRATORS, 204, about="calendar"),
    page("POST", CALENDAR_PAGE + "retire", *ONLY_ADMINISTRATORS, 204, about="calendar"),
    page("POST", CALENDAR_PAGE + "restore", *ONLY_ADMINISTRATORS, 204, about="calendar"),
    page("POST", DEPARTMENT + "restore", *ONLY_ADMINISTRATORS, 204, about="department"),
]

TIMER_PAGE_ROWS = [
    page("GET", "/t/{type}/overdue", 401, 404, 200, 200, 200, 200, about="deal", is_part=True),
    api("GET", RECORD + "/checklist", 401, 404, 404, 200, 200, 200, about="deal"),
    api("PUT", RECORD + "/checklist/{item}", 401, 404, 404, 404, 404, 404, about="deal", body={"done": True}),
    page("POST", "/r/{type}/{id}/checklist/{item}", 302, 404, 404, 404, 404, 404, about="deal"),
    page("GET", "/automation/", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/automation/{type}/", *ONLY_ADMINISTRATORS, 200, about="rule"),
    page("GET", "/automation/{type}/new", *ONLY_ADMINISTRATORS, 200, about="rule"),
    page("GET", "/automation/{type}/rules/{code}/", *ONLY_ADMINISTRATORS, 200, about="rule"),
    page("GET", RULE + "/rehearsal", 401, 404, 404, 404, 404, 200, about="rule", is_part=True),
    page("POST", "/automation/{type}/new", *ONLY_ADMINISTRATORS, 422, about="rule", body={}),
    page("POST", "/automation/{type}/rules/{code}/", *ONLY_ADMINISTRATORS, 422, about="rule", body={}),
    page("POST", "/automation/{type}/place", *ONLY_ADMINISTRATORS, 204, about="rule", body=PLACED),
    page("POST", RULE + "/switch", *ONLY_ADMINISTRATORS, 204, about="rule", body={"is_active": "no"}),
    page("POST", RULE + "/versions/{number}/restore", *ONLY_ADMINISTRATORS, 204, about="rule"),
    page("POST", RULE + "/retire", *ONLY_ADMINISTRATORS, 204, about="rule"),
    page("POST", "/automation/runs/{id}/retry", *ONLY_ADMINISTRATORS, 404, about="absent"),
    page("POST", "/automation/arrivals/{id}/replay", *ONLY_ADMINISTRATORS, 404, about="absent"),
    page("POST", "/automation/calls/{id}/repeat", *ONLY_ADMINISTRATORS, 404, about="absent"),
    page("GET", CARD_AUTOMATION, 302, 404, 404, 200, 200, 200, about="deal"),
    page("POST", CARD_AUTOMATION + "/{code}/press", 302, 404, 404, 404, 404, 404, about="deal"),
    page("GET", "/timers/", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/timers/{id}/retry", *ONLY_ADMINISTRATORS, 404, about="absent"),
]

NEW_FIELD = {"edit": "add-field", "kind": "text"}
DESIGN = "/designer/{type}/"
DESIGN_PAGE = DESIGN + "{page}"

DESIGNER_ROWS = [
    page("GET", "/designer", *ONLY_ADMINISTRATORS, 200),
    page("GET", "/designer/new", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/designer/new", *ONLY_ADMINISTRATORS, 302, body={"label": "Осмотр"}),
    page("GET", "/designer/export", *ONLY_ADMINISTRATORS, 200),
    page("POST", "/designer/undo/{number}", *ONLY_ADMINISTRATORS, 409, about="designed car"),
    page("GET", DESIGN_PAGE, *ONLY_ADMINISTRATORS, 200, about="designed car"),
    page("POST", f"{DESIGN_PAGE}/change", *ONLY_ADMINISTRATORS, 302, about="designed car", body=NEW_FIELD),
    page("GET", DESIGN + "preview", *ONLY_ADMINISTRATORS, 200, about="designed car"),
    page("GET", DESIGN + "frame", *ONLY_ADMINISTRATORS, 200, about="designed car"),
    page("POST", DESIGN + "completions", *ONLY_ADMINISTRATORS, 200, about="designed car", body={"text": "m"}),
    page("POST", DESIGN + "check", *ONLY_ADMINISTRATORS, 422, about="designed car", body={"text": "m"}),
    page("POST", DESIGN + "unfit", *ONLY_ADMINISTRATORS, 404, about="designed car", body={"field": "x"}),
    page("GET", DESIGN + "review", *ONLY_ADMINISTRATORS, 302, about="designed car"),
    page("POST", DESIGN + "apply", *ONLY_ADMINISTRATORS, 404, about="designed car", body={"revision": "1"}),
    page("POST", DESIGN + "back", *ONLY_ADMINISTRATORS, 404, about="designed car"),
    page("POST", DESIGN + "drop", *ONLY_ADMINISTRATORS, 404, about="designed car"),
]

ROWS = [
    *API_ROWS,
    *TIMER_PAGE_ROWS,
    *PAGE_ROWS,
    *RECORD_PAGE_ROWS,
    *IMPORT_PAGE_ROWS,
    *ROLE_PAGE_ROWS,
    *PEOPLE_PAGE_ROWS,
    *DESIGNER_ROWS,
]
