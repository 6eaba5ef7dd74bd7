"""A drawn aerial picture for machines without a way to a real one: streets, houses, trees, a canal and fields.

Lengths are metres. The town has axes of its own, turned against the picture: `u` runs along the main street, `v` across
it, both from the middle of the picture. The dice are loaded: the picture is the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Colour: TypeAlias = tuple[float, float, float]

SIZE = 1000
"""Height and width of the picture in pixels."""

PIXEL = 0.25
"""Side of a pixel."""

_SEED = 20
_TURN = 0.22
_SHADOW = (-0.45, -0.8)  # where shadows fall for each metre of height: (towards +u, towards +v)

_ASPHALT = (0.43, 0.43, 0.44)
_BRIDGE = (0.58, 0.56, 0.53)
_CARS: tuple[Colour, ...] = (
    (0.85, 0.85, 0.86),
    (0.13, 0.13, 0.15),
    (0.5, 0.12, 0.1),
    (0.2, 0.27, 0.42),
    (0.6, 0.6, 0.62),
)
_CROPS: tuple[Colour, ...] = ((0.45, 0.52, 0.27), (0.62, 0.56, 0.38), (0.37, 0.47, 0.24), (0.56, 0.46, 0.33))
_GRASS = (0.36, 0.45, 0.24)
_GRAVEL = (0.62, 0.58, 0.52)
_KERB = (0.66, 0.63, 0.6)
_PAINT = (0.86, 0.86, 0.84)
_ROOFS: tuple[Colour, ...] = (
    (0.6, 0.33, 0.23),
    (0.54, 0.29, 0.22),
    (0.36, 0.34, 0.34),
    (0.45, 0.36, 0.3),
    (0.66, 0.4, 0.29),
)
_FLAT_ROOFS: tuple[Colour, ...] = ((0.72, 0.71, 0.69), (0.55, 0.55, 0.56), (0.8, 0.79, 0.77))
_SAND = (0.64, 0.57, 0.44)
_TREES: tuple[Colour, ...] = ((0.2, 0.31, 0.15), (0.25, 0.36, 0.17), (0.17, 0.27, 0.15), (0.31, 0.37, 0.18))
_WATER = (0.15, 0.23, 0.24)

_STREETS = ((30.0, 3.6), (-38.0, 2.8), (-104.0, 2.8))
"""Streets along u: where (v), half width."""
_CROSSINGS = ((-78.0, 2.6), (12.0, 3.0), (96.0, 2.6))
"""Streets along v: where (u), half width; the second one crosses the canal."""
_CANAL_HALF_WIDTH = 9.0
_FAR_SIDE = 76.0
"""Beyond this v there are fields."""


@dataclass(frozen=True)
class _Part:
    """A piece of the picture with the town's coordinates of its pixels."""

    rows: slice
    cols: slice
    u: Floats
    v: Floats

    def box(self, u: float, v: float, half_u: float, half_v: float, turn: float = 0.0) -> Floats:
        """How much of each pixel is inside a rectangle, 0…1."""
        du, dv = self.u - u, self.v - v
        along = du * np.cos(turn) + dv * np.sin(turn)
        across = dv * np.cos(turn) - du * np.sin(turn)
        return _inside(np.maximum(np.abs(along) - half_u, np.abs(across) - half_v))


class _Canvas:
    """The picture while it is painted: colours 0…1, and what stands in the way of trees."""

    def __init__(self) -> None:
        self.random = np.random.Generator(np.random.PCG64(_SEED))
        self.rgb = np.zeros((SIZE, SIZE, 3), np.float32)
        self.taken = np.zeros((SIZE, SIZE), bool)
        self.all = self._part(slice(0, SIZE), slice(0, SIZE))
        self.grain = self.noise(2) - 0.5

    def noise(self, cell: int) -> Floats:
        """Smooth noise, 0…1, that changes over `cell` pixels."""
        nodes = SIZE // cell + 2
        grid = self.random.random((nodes, nodes), dtype=np.float32)
        at = np.arange(SIZE, dtype=np.float32) / cell
        low = at.astype(int)
        t = at - low
        t = t * t * (3 - 2 * t)
        rows = grid[low] * (1 - t)[:, None] + grid[low + 1] * t[:, None]
        smooth: Floats = rows[:, low] * (1 - t) + rows[:, low + 1] * t
        return smooth

    def clouds(self, cell: int) -> Floats:
        """Noise with detail at several scales, 0…1."""
        octaves = [self.noise(max(cell >> k, 2)) * 0.5**k for k in range(4)]
        total: Floats = np.sum(octaves, axis=0, dtype=np.float32) / np.float32(1.875)
        return total

    def around(self, u: float, v: float, reach: float) -> _Part:
        """The piece of the picture within `reach` of a place; empty outside the picture."""
        x = u * np.cos(_TURN) - v * np.sin(_TURN)
        y = u * np.sin(_TURN) + v * np.cos(_TURN)
        return self._part(_span(y, reach), _span(x, reach))

    def paint(self, part: _Part, alpha: Floats, colour: Colour | Floats, *, takes: bool = False) -> None:
        """Lay a colour over a piece of the picture."""
        piece = self.rgb[part.rows, part.cols]
        piece += alpha[..., None] * (np.asarray(colour, np.float32) - piece)
        if takes:
            self.taken[part.rows, part.cols] |= alpha > 0.5

    def shade(self, part: _Part, alpha: Floats, light: float = 0.45) -> None:
        """Darken a piece of the picture to `light` of its brightness where alpha is 1."""
        self.rgb[part.rows, part.cols] *= 1 - alpha[..., None] * (1 - light)

    def is_free(self, u: float, v: float) -> bool:
        """Whether a place is in the picture and nothing was built there."""
        part = self.around(u, v, PIXEL)
        taken = self.taken[part.rows, part.cols]
        return bool(taken.size) and not bool(taken.any())

    def pick(self, colours: tuple[Colour, ...]) -> Colour:
        """One of the colours, a little changed."""
        base = colours[int(self.random.random() * len(colours))]
        light = 0.9 + 0.2 * self.random.random()
        return base[0] * light, base[1] * light, base[2] * light

    def between(self, low: float, high: float) -> float:
        """A number in a range."""
        return low + (high - low) * float(self.random.random())

    @staticmethod
    def _part(rows: slice, cols: slice) -> _Part:
        y, x = np.mgrid[rows, cols].astype(np.float32) * PIXEL - SIZE * PIXEL / 2
        turn = np.float32(_TURN)
        return _Part(rows, cols, x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn))


def draw_scene() -> NDArray[np.uint8]:
    """Draw the scene: red, green and blue, shape (3, rows, cols)."""
    canvas = _Canvas()
    _ground(canvas)
    _fields(canvas)
    _canal(canvas)
    _streets(canvas)
    _depot(canvas)
    _houses(canvas)
    _cars(canvas)
    _trees(canvas)
    return _developed(canvas)


def _ground(canvas: _Canvas) -> None:
    """Gardens and greens: grass that is worn here and there."""
    worn = np.clip(canvas.clouds(96) * 2.4 - 0.95, 0, 1) * 0.8
    canvas.paint(canvas.all, np.ones_like(worn), _GRASS)
    canvas.paint(canvas.all, worn, _SAND)
    canvas.rgb *= 0.86 + 0.28 * canvas.clouds(24)[..., None]


def _fields(canvas: _Canvas) -> None:
    """Strips of crops beyond the canal, with the lines that machines leave."""
    part = canvas.all
    bend, soil = canvas.noise(200), 0.85 + 0.3 * canvas.clouds(48)
    for i, u in enumerate(range(-180, 180, 44)):
        colour = _CROPS[i % len(_CROPS)]
        alpha = part.box(u + 22, _FAR_SIDE + 80, 21, 80)
        lines = 0.97 + 0.03 * np.sin((part.u - u) * (2.1 if i % 2 else 3.3) + bend)
        tint: Floats = np.asarray(colour, np.float32) * (lines * soil)[..., None]
        canvas.paint(part, alpha, tint)
    canvas.taken |= part.v > _FAR_SIDE + 2


def _canal(canvas: _Canvas) -> None:
    """A canal with reeds along its banks."""
    part = canvas.all
    middle = _canal_middle(part.u) + (canvas.noise(60) - 0.5) * 2
    off = np.abs(part.v - middle) - _CANAL_HALF_WIDTH
    canvas.paint(part, _inside(off - 2.2 - canvas.noise(12)) * 0.7, (0.33, 0.36, 0.2))
    depth = np.clip(-off / 5, 0, 1)[..., None]
    water = np.asarray(_WATER, np.float32) * (1.25 - 0.3 * depth) * (0.95 + 0.1 * canvas.clouds(40)[..., None])
    canvas.paint(part, _inside(off), water.astype(np.float32), takes=True)
    canvas.taken |= off < 1.5


def _canal_middle(u: Floats) -> Floats:
    middle: Floats = 60 + 5 * np.sin(u / 41) + 2 * np.sin(u / 17)
    return middle


def _streets(canvas: _Canvas) -> None:
    """Streets with kerbs, a bridge, and the paint on the main street."""
    part = canvas.all
    boxes = [(0.0, v, 200.0, half, True) for v, half in _STREETS]
    for i, (u, half) in enumerate(_CROSSINGS):
        boxes.append((u, 0.0, half, 200.0, False) if i == 1 else (u, -85.0, half, 115.0, False))
    for u, v, half_u, half_v, along in boxes:
        canvas.paint(part, part.box(u, v, half_u + 1.8 * (not along), half_v + 1.8 * along), _KERB, takes=True)
    u, half = _CROSSINGS[1]
    canvas.paint(part, part.box(u, 60, half + 1.6, _CANAL_HALF_WIDTH + 6), _BRIDGE, takes=True)
    worn = (0.9 + 0.2 * canvas.clouds(64))[..., None]
    for u, v, half_u, half_v, _ in boxes:
        canvas.paint(part, part.box(u, v, half_u, half_v), np.asarray(_ASPHALT, np.float32) * worn)
    dashes = (np.mod(part.u, 9) < 3.5).astype(np.float32)
    canvas.paint(part, part.box(0, _STREETS[0][0], 200, 0.1) * dashes * 0.8, _PAINT)


def _depot(canvas: _Canvas) -> None:
    """Large flat roofs around a yard."""
    part = canvas.all
    canvas.paint(part, part.box(54, -72, 34, 25), _GRAVEL, takes=True)
    canvas.paint(part, part.box(54, -70, 32, 8), _ASPHALT)
    for i in range(12):
        canvas.paint(part, part.box(27 + 4.9 * i, -65, 0.08, 2.6) * 0.7, _PAINT)
    for u, v, half_u, half_v, height in ((42, -87, 18, 7, 7.0), (73, -86, 9, 8, 10.0), (46, -55, 22, 5.5, 5.0)):
        _flat_house(canvas, u, v, half_u, half_v, height)


def _flat_house(canvas: _Canvas, u: float, v: float, half_u: float, half_v: float, height: float) -> None:
    part = canvas.around(u, v, half_u + half_v + height)
    _box_shadow(canvas, part, (u, v, half_u, half_v, 0.0), height)
    roof = canvas.pick(_FLAT_ROOFS)
    canvas.paint(part, part.box(u, v, half_u, half_v), (0.5, 0.5, 0.5), takes=True)
    canvas.paint(part, part.box(u, v, half_u - 0.5, half_v - 0.5), roof)
    for _ in range(int(half_u // 3)):
        du, dv = canvas.between(-0.8, 0.8) * half_u, canvas.between(-0.7, 0.7) * half_v
        _box_shadow(canvas, part, (u + du, v + dv, 0.9, 0.6, 0.0), 1.2)
        canvas.paint(part, part.box(u + du, v + dv, 0.9, 0.6), (0.86, 0.86, 0.87))


def _houses(canvas: _Canvas) -> None:
    """Houses along the streets, some of them in terraces, each with a path and a shed behind it."""
    for street, half in _STREETS:
        for side in (-1, 1):
            for u in _plots(canvas):
                v = street + side * (half + canvas.between(9, 10.5))
                if not (canvas.is_free(u, v) and canvas.is_free(u - 5, v) and canvas.is_free(u + 5, v)):
                    continue
                _path(canvas, u, (street, v))
                _gabled_house(canvas, u, v)
                shed = v + side * canvas.between(9, 12)
                if canvas.random.random() < 0.6 and canvas.is_free(u + 3, shed):
                    _flat_house(canvas, u + 3, shed, canvas.between(1.4, 2), canvas.between(1.2, 1.6), 2.2)


def _plots(canvas: _Canvas) -> Iterator[float]:
    """Where houses stand along a street: places u, closer together in a terrace."""
    u = -150.0
    while u < 150:
        terrace = canvas.random.random() < 0.3
        for _ in range(5 if terrace else 3):
            yield u
            u += 8.6 if terrace else canvas.between(12, 16)
        u += 5


def _path(canvas: _Canvas, u: float, ends: tuple[float, float]) -> None:
    middle, half = sum(ends) / 2, abs(ends[1] - ends[0]) / 2
    part = canvas.around(u, middle, half + 2)
    free = ~canvas.taken[part.rows, part.cols]
    canvas.paint(part, part.box(u + 2.5, middle, 0.9, half) * free, _KERB)


def _gabled_house(canvas: _Canvas, u: float, v: float) -> None:
    half_u, half_v = canvas.between(3.9, 4.3), canvas.between(4.2, 5.2)
    turn, height = canvas.between(-0.03, 0.03), canvas.between(5, 8)
    part = canvas.around(u, v, 14)
    _box_shadow(canvas, part, (u, v, half_u, half_v, turn), height)
    roof = np.asarray(canvas.pick(_ROOFS), np.float32)
    lit = 0.5 + 0.5 * np.tanh(6 * (part.v - v))  # the half that faces the sun, towards +v
    tiles = 1 + 0.05 * np.sin((part.v - v) * 8)
    colour: Floats = roof * (0.72 + 0.4 * lit)[..., None] * tiles[..., None]
    canvas.paint(part, part.box(u, v, half_u, half_v, turn), colour.astype(np.float32), takes=True)
    canvas.paint(part, part.box(u, v, half_u, 0.13, turn) * 0.5, (0.3, 0.25, 0.22))
    chimney = (u + canvas.between(-2, 2), v + 0.8)
    canvas.paint(part, part.box(*chimney, 0.45, 0.35), (0.32, 0.27, 0.25))


def _box_shadow(canvas: _Canvas, part: _Part, box: tuple[float, float, float, float, float], height: float) -> None:
    """The shadow that a box of (u, v, half_u, half_v, turn) throws."""
    u, v, half_u, half_v, turn = box
    shadow = np.zeros(part.u.shape, np.float32)
    for t in np.linspace(0, height, 8):
        shadow = np.maximum(shadow, part.box(u + _SHADOW[0] * t, v + _SHADOW[1] * t, half_u, half_v, turn))
    canvas.shade(part, shadow)


def _cars(canvas: _Canvas) -> None:
    """Cars at the kerbs and in the yard."""
    for street, half in _STREETS:
        for u in np.arange(-140, 140, 7.5):
            if canvas.random.random() < 0.35:
                side = 1 if canvas.random.random() < 0.5 else -1
                _car(canvas, float(u) + canvas.between(-1, 1), street + side * (half - 1.1), (2.1, 0.9))
    for i in range(12):
        if canvas.random.random() < 0.6:
            _car(canvas, 29.5 + 4.9 * i, -65, (0.9, 2.1))


def _car(canvas: _Canvas, u: float, v: float, halves: tuple[float, float]) -> None:
    part = canvas.around(u, v, 5)
    half_u, half_v = halves
    _box_shadow(canvas, part, (u, v, half_u, half_v, 0.0), 1.3)
    canvas.paint(part, part.box(u, v, half_u, half_v), canvas.pick(_CARS))
    canvas.paint(part, part.box(u, v, half_u * 0.55, half_v * 0.55) * 0.6, (0.15, 0.17, 0.2))


def _trees(canvas: _Canvas) -> None:
    """Trees where nothing was built: in gardens, along the canal, and a small wood."""
    for _ in range(420):
        u, v = canvas.between(-170, 170), canvas.between(-170, 54)
        if canvas.is_free(u, v):
            _tree(canvas, u, v, canvas.between(1.0, 3.6))
    for u in np.arange(-165, 165, 8.5):
        v = float(_canal_middle(np.asarray(u, np.float32))) - _CANAL_HALF_WIDTH - canvas.between(3.5, 5)
        if canvas.is_free(float(u), v):
            _tree(canvas, float(u), v, canvas.between(2.4, 3.8))
    for _ in range(150):
        u, v = -118 + 26 * canvas.random.normal(), 2 + 13 * canvas.random.normal()
        if canvas.is_free(u, v):
            _tree(canvas, u, v, canvas.between(2.5, 4.6))


def _tree(canvas: _Canvas, u: float, v: float, radius: float) -> None:
    part = canvas.around(u, v, radius * 3 + 1)
    if not part.u.size:
        return
    edge = radius * (0.88 + 0.5 * canvas.grain[part.rows, part.cols])
    height = radius * 1.3
    for t in (0.5, 1.0):
        shadow = np.hypot(part.u - u - _SHADOW[0] * height * t, part.v - v - _SHADOW[1] * height * t)
        canvas.shade(part, _inside(shadow - edge), 0.6)
    away = np.hypot(part.u - u, part.v - v)
    lit = 0.95 + 0.35 * ((part.v - v) * 0.8 + (part.u - u) * 0.45) / radius
    leaves = lit * (0.85 + 0.9 * canvas.grain[part.rows, part.cols])
    colour: Floats = np.asarray(canvas.pick(_TREES), np.float32) * np.clip(leaves, 0.35, 1.6)[..., None]
    canvas.paint(part, _inside(away - edge) * 0.97, colour.astype(np.float32))


def _developed(canvas: _Canvas) -> NDArray[np.uint8]:
    """The picture as a camera would give it: a little soft, a little grainy, under a thin haze."""
    rgb = canvas.rgb
    for axis in (0, 1):
        rgb = 0.6 * rgb + 0.2 * (np.roll(rgb, 1, axis) + np.roll(rgb, -1, axis))
    rgb *= 1 + 0.1 * canvas.grain[..., None]
    rgb += (canvas.random.random(rgb.shape, dtype=np.float32) - 0.5) * 0.03
    rgb = 0.03 + 0.85 * rgb + 0.12 * rgb.mean(axis=2, keepdims=True)
    return np.ascontiguousarray((np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8).transpose(2, 0, 1))


def _inside(distance: Floats) -> Floats:
    """How much of a pixel is inside a shape whose border is `distance` away, negative inside."""
    share: Floats = np.clip(0.5 - distance / PIXEL, 0, 1)
    return share


def _span(at: float, reach: float) -> slice:
    """Pixels within `reach` of a coordinate that is counted from the middle of the picture."""
    middle = SIZE / 2 + at / PIXEL
    pixels = reach / PIXEL
    start = min(max(int(middle - pixels), 0), SIZE)
    return slice(start, min(max(int(middle + pixels) + 1, start), SIZE))
