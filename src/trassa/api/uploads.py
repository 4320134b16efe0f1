"""Files in the body of a request: multipart/form-data with one part that is the file."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from trassa.api.callers import ApiRequest
from trassa.api.errors import UnsupportedMediaType
from trassa.kernel import FieldError, Invalid

MULTIPART = "multipart/form-data"


def read_upload(request: ApiRequest, name: str = "file") -> UploadedFile[Any]:
    """The file of the part with this name; raises UnsupportedMediaType and Invalid.

    It lies in a temporary file already; nothing of it is in memory.
    """
    if request.content_type != MULTIPART:
        raise UnsupportedMediaType(_("Send the body as multipart/form-data."))
    found = request.FILES.get(name)
    if found is None or set(request.FILES) != {name} or len(request.FILES.getlist(name)) != 1:
        message = _("Send one file in the part “%s”.") % name
        raise Invalid(message, errors=[FieldError(name, "required", message)])
    return found


def upload_body(name: str = "file") -> dict[str, Any]:
    """The description of such a body, for `openapi_extra`."""
    schema = {
        "type": "object",
        "required": [name],
        "properties": {name: {"type": "string", "format": "binary"}},
    }
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}
