"""Bodies of uploads: never in memory, never larger than may be."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Multipart files go to temporary ones; a request beyond TRASSA_UPLOAD_MEGABYTES is refused unread."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the announced length before the first byte is read."""
        if content_length > settings.TRASSA_UPLOAD_BYTES:
            raise RequestDataTooBig("the request is larger than TRASSA_UPLOAD_MEGABYTES")
