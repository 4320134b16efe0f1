"""The file of rejected lines as an answer, for pages and the API."""

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from trassa.imports.queries.rejections import rejected_csv, rejected_name, rejected_xlsx
from trassa.imports.queries.subjects import type_of
from trassa.imports.types import ImportRun


def rejected_file(run: ImportRun, format: str) -> HttpResponseBase:
    """The file of rejected lines as an answer."""
    spec, name = type_of(run), rejected_name(run.file_name, format)
    if format == "xlsx":
        return FileResponse(rejected_xlsx(run, spec), as_attachment=True, filename=name)
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return StreamingHttpResponse(rejected_csv(run, spec), content_type="text/csv", headers=headers)
