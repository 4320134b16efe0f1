"""Pictures of cars for the demo company, drawn from what records say: nothing to store, always the same.

A car stands sideways in a showroom: its body and colour, maker and model, its plate. Plates are written with
the Latin letters that the Cyrillic ones of plates look like, because Pillow's own font has no others.
"""

import io
import random
from collections.abc import Mapping, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]

#: Coordinates below are of a sheet of 960 × 640; a picture is this much of it.
_SCALE = 0.75
SIZE = (720, 480)
#: Cars are drawn so much larger and then made smaller, for smooth edges.
_FINE = 2
_GROUND = 520
_PAINTS = {
    "white": "#f2f3f1",
    "black": "#22252a",
    "grey": "#70767d",
    "silver": "#b9bfc4",
    "blue": "#2350a0",
    "red": "#b02a2e",
    "green": "#2c5a43",
    "brown": "#5f4636",
    "beige": "#cbb994",
    "orange": "#d9742a",
    "yellow": "#dcb52f",
}
#: Outlines by body: the contour from the rear bumper over the roof to the front one, and the glass under it.
_CONTOURS: Mapping[str, tuple[Sequence[Point], Sequence[Point]]] = {
    "suv": (
        (
            (120, 455),
            (112, 330),
            (150, 232),
            (200, 196),
            (430, 180),
            (545, 196),
            (650, 290),
            (800, 322),
            (846, 380),
            (848, 455),
        ),
        ((166, 290), (206, 222), (430, 204), (530, 216), (618, 290)),
    ),
    "sedan": (
        (
            (108, 462),
            (104, 356),
            (210, 330),
            (300, 248),
            (420, 228),
            (520, 236),
            (650, 322),
            (806, 350),
            (856, 400),
            (858, 462),
        ),
        ((238, 330), (312, 268), (420, 250), (508, 256), (612, 328)),
    ),
    "coupe": (
        (
            (108, 466),
            (102, 372),
            (190, 330),
            (330, 258),
            (440, 246),
            (540, 262),
            (660, 338),
            (812, 362),
            (860, 410),
            (862, 466),
        ),
        ((262, 326), (346, 278), (440, 266), (526, 280), (618, 338)),
    ),
    "liftback": (
        (
            (108, 462),
            (104, 352),
            (160, 318),
            (310, 244),
            (430, 228),
            (526, 238),
            (652, 324),
            (806, 350),
            (856, 400),
            (858, 462),
        ),
        ((206, 326), (322, 264), (430, 248), (512, 258), (616, 328)),
    ),
    "minivan": (
        (
            (112, 458),
            (104, 300),
            (128, 206),
            (180, 176),
            (520, 172),
            (600, 190),
            (716, 300),
            (824, 340),
            (858, 396),
            (858, 458),
        ),
        ((146, 282), (176, 204), (520, 198), (584, 210), (676, 292)),
    ),
}
_WHEELS = (242, 708)
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def draw_car(values: Mapping[str, str], side: str) -> bytes:
    """A JPEG of the car with these values of fields, as it looks to the "left" or to the "right"."""
    dice = random.Random(f"{values.get('vin')}/{side}")
    paint = _PAINTS.get(values.get("color", ""), _PAINTS["grey"])
    picture = _showroom(dice)
    car = _draw_body(values.get("body", ""), paint)
    if side == "right":
        car = car.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture.paste(car, (0, 0), car)
    _write(picture, (480, 84), f"{values.get('make', '')} {values.get('model', '')}".strip(), 40, "#5d646d")
    _draw_plate(picture, values.get("plate", "").translate(_LOOKALIKES))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=72)
    return content.getvalue()


def _showroom(dice: random.Random) -> Image.Image:
    """A wall in the light of lamps and a floor that shines."""
    tone = dice.choice((228, 234, 222))
    wall = Image.linear_gradient("L").resize(SIZE).point(lambda depth: tone + 14 - depth // 9)
    picture = Image.merge(
        "RGB", (wall, wall.point(lambda light: light + 1), wall.point(lambda light: light + 4))
    )
    draw = ImageDraw.Draw(picture)
    floor = 452 + dice.randrange(-6, 7)
    for row in range(floor, 640):
        light = 168 + (row - floor) // 4
        draw.rectangle(_box((0, row, 960, row + 1)), fill=(light, light, light + 3))
    step = dice.randrange(190, 260)
    for left in range(dice.randrange(step), 960, step):
        draw.rectangle(_box((left, 120, left + 3, floor)), fill=(208, 212, 216))
    draw.ellipse(_box((96, _GROUND - 20, 872, _GROUND + 22)), fill=(118, 120, 126))
    return picture


@lru_cache(maxsize=64)
def _draw_body(body: str, paint: str) -> Image.Image:
    """A car with nothing around it."""
    contour, glass = _CONTOURS.get(body, _CONTOURS["sedan"])
    low = max(y for _x, y in contour)
    outline = [*_smooth(contour), (820, low + 30), (140, low + 30)]
    car = Image.new("RGBA", (SIZE[0] * _FINE, SIZE[1] * _FINE))
    draw = ImageDraw.Draw(car)
    draw.polygon(_points(outline), fill=paint)
    _draw_panels(draw, low, glass[0][1], paint)
    _draw_glass(draw, glass, low, paint)
    _draw_lights(draw, front=contour[-2], rear=contour[1])
    car.paste((0, 0, 0, 0), (0, 0), _outside(car.size, outline))
    for x in _WHEELS:
        _draw_wheel(draw, x, _GROUND - 62, 70)
    return car.resize(SIZE, Image.Resampling.LANCZOS)


def _draw_panels(draw: ImageDraw.ImageDraw, low: float, belt: float, paint: str) -> None:
    """The sill, and the lines of light and shadow along the doors."""
    sill = [(124, low + 4), (846, low + 4), (820, low + 32), (142, low + 32)]
    draw.polygon(_points(sill), fill="#2a2d31")
    edge = _smooth([(124, belt + 48), (420, belt + 34), (820, belt + 68)])
    draw.line(_points(edge), fill=_shade(paint, 1.25), width=4)
    draw.line(_points([(250, low - 10), (700, low - 10)]), fill=_shade(paint, 0.72), width=4)


def _draw_glass(draw: ImageDraw.ImageDraw, glass: Sequence[Point], low: float, paint: str) -> None:
    """Windows with a gleam, pillars, doors with their handles, and the mirror."""
    belt, top = glass[0][1], glass[1]
    draw.polygon(_points(_smooth(glass)), fill="#2b3440")
    gleam = [
        (top[0] + 60, top[1]),
        (top[0] + 120, top[1]),
        (glass[0][0] + 130, belt),
        (glass[0][0] + 60, belt),
    ]
    draw.polygon(_points(gleam), fill="#46525f")
    for x in (330, 470):
        pillar = [(x, belt + 4), (x + 12, belt + 4), (x + 16, 180), (x + 8, 180)]
        draw.polygon(_points(pillar), fill=_shade(paint, 0.85))
        draw.line(_points([(x + 6, belt + 2), (x + 2, low - 16)]), fill=_shade(paint, 0.72), width=4)
        handle = (x - 70, belt + 56, x - 28, belt + 64)
        draw.rounded_rectangle(_box(handle, _FINE), 7, fill=_shade(paint, 0.6))
    mirror = [(606, belt - 2), (642, belt + 2), (640, belt + 26), (600, belt + 22)]
    draw.polygon(_points(mirror), fill=_shade(paint, 0.8))


def _draw_lights(draw: ImageDraw.ImageDraw, *, front: Point, rear: Point) -> None:
    (x, y), lamp = front, [(-78, -20), (-4, 4), (-10, 22), (-64, 8)]
    draw.polygon(_points([(x + dx, y + dy) for dx, dy in lamp]), fill="#f4f6f8", outline="#aeb5bc", width=2)
    (x, y), lamp = rear, [(4, 12), (46, 16), (40, 42), (4, 44)]
    draw.polygon(_points([(x + dx, y + dy) for dx, dy in lamp]), fill="#c4262c")


def _draw_wheel(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    def disc(share: float) -> tuple[float, float, float, float]:
        reach = radius * share
        return _box((x - reach, y - reach, x + reach, y + reach), _FINE)

    for share, fill in ((1.16, "#17191c"), (1.0, "#1d1f23"), (0.7, "#c3c8cd"), (0.62, "#8d949b")):
        draw.ellipse(disc(share), fill=fill)
    for turn in range(0, 360, 72):
        draw.pieslice(disc(0.62), turn - 13, turn + 13, fill="#d8dce0")
    draw.ellipse(disc(0.16), fill="#3a3f45")


def _outside(size: tuple[int, int], outline: Sequence[Point]) -> Image.Image:
    """A mask of what lies outside an outline."""
    mask = Image.new("L", size, 255)
    ImageDraw.Draw(mask).polygon(_points(outline), fill=0)
    return mask


def _draw_plate(picture: Image.Image, plate: str) -> None:
    """The plate, as a stand before the car shows it."""
    if not plate:
        return
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle(_box((390, 566, 570, 608)), 5, fill="white", outline="#30353b", width=2)
    _write(picture, (480, 587), f"{plate[:1]} {plate[1:4]} {plate[4:6]}  {plate[6:]}", 24, "#22262b")


def _write(picture: Image.Image, middle: Point, text: str, size: int, fill: str) -> None:
    font = ImageFont.load_default(size * _SCALE)
    x, y = middle
    ImageDraw.Draw(picture).text((x * _SCALE, y * _SCALE), text, fill=fill, font=font, anchor="mm")


def _smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A curve through the points (Catmull and Rom's)."""
    padded = [points[0], *points, points[-1]]
    found: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            found.append(tuple(_between(*axis, t) for axis in zip(a, b, c, d, strict=True)))  # type: ignore[arg-type]
    return [*found, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    """The curve between b and c."""
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _shade(paint: str, by: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, int(int(paint[at : at + 2], 16) * by)) for at in (1, 3, 5))
    return red, green, blue


def _points(points: Sequence[Point]) -> list[Point]:
    return [(x * _SCALE * _FINE, y * _SCALE * _FINE) for x, y in points]


def _box(edges: tuple[float, float, float, float], fine: int = 1) -> tuple[float, float, float, float]:
    left, top, right, bottom = (edge * _SCALE * fine for edge in edges)
    return left, top, right, bottom
