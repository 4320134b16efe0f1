"""Contents of files, made small and on the spot."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl
from PIL import Image

from trassa.access.queries import Actor
from trassa.records.actions.files import store_upload
from trassa.records.types import StoredFile
from trassa.schema.actions import OptionDraft, changing_schema
from trassa.schema.types import Label

PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 280]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def make_picture(format: str = "PNG", size: tuple[int, int] = (40, 30), color: str = "steelblue") -> bytes:
    """A picture of one colour."""
    content = io.BytesIO()
    Image.new("RGB", size, color).save(content, format)
    return content.getvalue()


def make_zip(entries: Mapping[str, bytes | str], *, compressed: bool = True) -> bytes:
    """A ZIP container with these entries."""
    content = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


def make_sheet() -> bytes:
    """A spreadsheet as Excel writes it."""
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "VIN"  # type: ignore[index]
    book.save(content)
    return content.getvalue()


def upload(actor: Actor, name: str = "паспорт.pdf", content: bytes = PDF) -> StoredFile:
    """An upload of somebody."""
    return store_upload(io.BytesIO(content), name, actor=actor)


def add_documents() -> None:
    """Give cars a field of documents (passport or report), one photo, and a restricted field of files."""
    options = [
        OptionDraft("passport", Label("ПТС", "Passport")),
        OptionDraft("report", Label("Отчёт", "Report")),
    ]
    with changing_schema(actor_id=None, cause={"kind": "test"}) as change:
        change.add_field("car", "documents", "files", label=Label("Документы", "Documents"), options=options)
        one = {"multiple": False, "types": "image"}
        change.add_field("car", "photo", "files", label=Label("Фото", "Photo"), settings=one)
        change.add_field("car", "secret", "files", label=Label("Проверка", "Check"), restricted=True)
