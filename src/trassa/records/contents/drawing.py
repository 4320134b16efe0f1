"""Draws one content small: `python -m trassa.records.contents.drawing SOURCE FOLDER NAME=PIXELS …`.

Pictures are turned upright and carry no metadata: no place, no camera. It knows neither Django nor settings.
"""

import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from trassa.records.contents.types import MAX_PIXELS

_SECONDS = 30
_MEMORY = 2 * 1024**3
_QUALITY = 80


def draw(source: Path, longest: int) -> Image.Image:
    """The picture itself, or the first page of a PDF, no larger than needed."""
    with source.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if is_pdf:
        page = pypdfium2.PdfDocument(source)[0]
        picture: Image.Image = page.render(scale=longest / max(page.get_size())).to_pil()
        return picture.convert("RGB")
    opened = Image.open(source)
    if opened.width * opened.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    opened.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(opened)
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def main(source: Path, folder: Path, sizes: Sequence[str]) -> None:
    """Draw one content in all sizes, the largest first, within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    wanted = [(name, int(pixels)) for name, _equals, pixels in (size.partition("=") for size in sizes)]
    picture = draw(source, wanted[0][1])
    for name, longest in wanted:
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        picture.save(folder / name, "WEBP", quality=_QUALITY, exif=b"", icc_profile=b"")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
