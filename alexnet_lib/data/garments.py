"""Ten kinds of garments, drawn with a few polygons each, no two alike.

x runs from -1 (left) to 1, y from -1 (top) to 1. Clothes are given by their right half
and mirrored; shoes point to the left, as in the published set.
"""

from collections.abc import Callable

import numpy as np

from alexnet_lib.data.pen import Pen


def cloth(pen: Pen) -> float:
    return float(pen.random.uniform(80, 250))


def torso(pen: Pen, shade: float, half_width: float, hem: float) -> None:
    pen.mirror(
        [(0.2, -0.9), (0.46, -0.8), (half_width, -0.3), (half_width, hem)], shade
    )


def short_sleeves(pen: Pen, shade: float) -> None:
    tip, low = pen.vary(0.88, 0.08), pen.vary(-0.22, 0.12)
    for side in (1, -1):
        sleeve = [(0.4, -0.84), (tip, low - 0.12), (tip - 0.26, low), (0.36, -0.45)]
        pen.fill([(side * x, y) for x, y in sleeve], shade)


def long_sleeves(pen: Pen, shade: float, cuff_x: float) -> None:
    cuff_y = pen.vary(0.72, 0.12)
    for side in (1, -1):
        sleeve = [(0.38, -0.86), (0.62, -0.6), (cuff_x, cuff_y - 0.06)]
        sleeve += [(cuff_x - 0.2, cuff_y), (0.42, -0.2)]
        pen.fill([(side * x, y) for x, y in sleeve], shade)
        arm = [(0.46, -0.4), (cuff_x - 0.22, cuff_y - 0.05)]  # the arm's shadow
        pen.line([(side * x, y) for x, y in arm], shade * 0.55, 0.035)


def neckline(pen: Pen, shade: float, depth: float) -> None:
    pen.mirror([(0.2, -0.93), (0.13, -0.9 + depth)], shade)


def print_on_cloth(pen: Pen, shade: float, half_width: float, low: float) -> None:
    """Plain, stripes or a picture on the chest."""
    kind = pen.random.random()
    mark = shade * pen.random.uniform(0.45, 0.8)
    if kind < 0.25:
        for y in np.arange(-0.5, low, pen.vary(0.27, 0.08)):
            pen.line([(-half_width, y), (half_width, y)], mark, 0.08)
    elif kind < 0.5:
        size, y = pen.vary(0.2, 0.08), pen.vary(-0.2, 0.1)
        pen.mirror([(size, y - size), (size, y + size)], mark)


def t_shirt(pen: Pen) -> None:
    shade, half_width, hem = cloth(pen), pen.vary(0.46, 0.05), pen.vary(0.88, 0.1)
    short_sleeves(pen, shade * 0.92)
    torso(pen, shade, half_width, hem)
    print_on_cloth(pen, shade, half_width, 0.8)
    neckline(pen, 0 if pen.chance(0.6) else shade * 0.5, pen.vary(0.12, 0.08))


def trouser(pen: Pen) -> None:
    shade, hip, crotch = cloth(pen), pen.vary(0.38), pen.vary(-0.35, 0.12)
    ankle, gap = pen.vary(0.36, 0.08), pen.vary(0.1, 0.06)
    waist = [(0.0, -0.95), (0.3, -0.95), (hip, -0.4)]
    for side in (1, -1):
        leg = [*waist, (ankle, 0.95), (gap, 0.95), (0.0, crotch)]
        pen.fill([(side * x, y) for x, y in leg], shade)
    pen.mirror([(0.3, -0.96), (0.31, -0.84)], shade * 0.7)
    pen.line([(0, -0.84), (0, crotch)], shade * 0.6, 0.03)


def pullover(pen: Pen) -> None:
    shade, half_width, hem = cloth(pen), pen.vary(0.47, 0.06), pen.vary(0.84, 0.08)
    long_sleeves(pen, shade * 0.93, pen.vary(0.82, 0.1))
    torso(pen, shade, half_width, hem)
    print_on_cloth(pen, shade, half_width, 0.7)
    pen.mirror([(half_width, hem - 0.1), (half_width - 0.03, hem + 0.04)], shade * 0.75)
    neckline(pen, shade * 0.6, 0.08)


def dress(pen: Pen) -> None:
    shade, waist, hem = cloth(pen), pen.vary(0.22, 0.05), pen.vary(0.42, 0.16)
    if pen.chance(0.3):
        short = pen.vary(0.5, 0.08)
        pen.mirror([(0.2, -0.92), (short, -0.5), (short - 0.16, -0.42)], shade * 0.9)
    pen.mirror([(0.12, -0.95), (0.26, -0.93), (0.27, -0.55), (waist, -0.15)], shade)
    pen.mirror([(waist, -0.17), (hem, 0.95)], shade * pen.vary(0.95, 0.1))
    neckline(pen, 0, pen.vary(0.25, 0.12))
    if pen.chance(0.5):
        pen.line([(-waist, -0.15), (waist, -0.15)], shade * 0.5, 0.06)
    else:
        pen.both_lines([(0.06, -0.1), (hem * 0.45, 0.9)], shade * 0.75, 0.04)


def coat(pen: Pen) -> None:
    shade, half_width, hem = cloth(pen), pen.vary(0.48, 0.06), pen.vary(0.93, 0.05)
    long_sleeves(pen, shade * 0.93, pen.vary(0.76, 0.08))
    torso(pen, shade, half_width, hem)
    dark = shade * pen.random.uniform(0.35, 0.75)
    pen.line([(0, -0.6), (pen.vary(0, 0.04), hem)], dark, 0.05)
    if pen.chance(0.75):  # lapels
        pen.both_lines([(0.2, -0.88), (0.24, -0.55), (0.02, -0.25)], dark, 0.05)
    else:  # a hood
        pen.mirror([(0.26, -0.98), (0.3, -0.75), (0.1, -0.6)], shade * 0.7)
    if pen.chance(0.7):  # pockets
        pen.both_lines([(0.18, 0.35), (0.36, 0.3)], dark, 0.05)


def sandal(pen: Pen) -> None:
    shade, heel = cloth(pen), pen.random.choice([0.0, 0.12, 0.5])
    back = 0.45 - heel  # height of the foot's back end
    sole = [(-0.92, 0.45), (-0.3, 0.42), (0.3, back + 0.04), (0.9, back)]
    under = [(0.9, back + 0.12), (0.35, back + 0.16), (-0.3, 0.56), (-0.9, 0.57)]
    pen.fill(sole + under, shade)
    if heel > 0.1:
        width = pen.vary(0.12, 0.07)
        tip = [(0.9, back), (0.86, 0.57), (0.84 - width, 0.57), (0.6 - width, back)]
        pen.fill(tip, shade * 0.8)
    strap, top = shade * pen.vary(0.85, 0.15), pen.vary(back - 0.5, 0.08)
    for x in pen.random.uniform(-0.75, -0.2, pen.random.integers(1, 4)):
        pen.line([(x - 0.12, 0.45), (x + 0.06, 0.16), (x + 0.22, 0.4)], strap, 0.07)
    pen.line([(0.86, back), (0.88, top), (0.3, top + 0.12), (0.25, back)], strap, 0.07)
    if pen.chance(0.5):
        pen.line([(-0.3, 0.25), (0.3, top + 0.12)], strap, 0.07)


def shirt(pen: Pen) -> None:
    shade, half_width, hem = cloth(pen), pen.vary(0.46, 0.06), pen.vary(0.88, 0.08)
    if pen.chance(0.55):
        long_sleeves(pen, shade * 0.93, pen.vary(0.8, 0.1))
    else:
        short_sleeves(pen, shade * 0.93)
    torso(pen, shade, half_width, hem)
    if pen.chance(0.4):  # a checked shirt
        mark, step = shade * pen.vary(0.7, 0.1), pen.vary(0.3, 0.06)
        for x in np.arange(step / 2, half_width, step):
            pen.both_lines([(x, -0.7), (x, hem)], mark, 0.05)
        for y in np.arange(-0.55, hem, step):
            pen.line([(-half_width, y), (half_width, y)], mark, 0.05)
    neckline(pen, shade * 0.35, 0.2)
    light = min(255.0, shade * 1.2)
    pen.both_lines([(0.2, -0.9), (0.06, -0.68)], light, 0.08)  # the collar
    if pen.chance(0.8):  # buttons
        for y in np.arange(-0.5, hem - 0.1, 0.3):
            pen.line([(-0.03, y), (0.04, y)], shade * 0.35, 0.07)


def sneaker(pen: Pen) -> None:
    shade, top = cloth(pen), pen.vary(-0.22, 0.1)
    toe = pen.vary(0.25, 0.06)
    upper = [(-0.95, 0.42), (-0.88, toe), (-0.5, toe - 0.1), (0.0, top + 0.08)]
    upper += [(0.3, top), (0.45, top + 0.12), (0.85, top - 0.04), (0.95, 0.42)]
    pen.fill(upper, shade)
    sole = shade * pen.random.choice([0.45, 1.4])
    pen.fill([(-0.97, 0.4), (0.97, 0.36), (0.97, 0.56), (-0.93, 0.56)], sole)
    mark = shade * pen.random.choice([0.5, 1.35])
    for x in (-0.35, -0.15, 0.05):  # laces
        pen.line([(x, toe - 0.2), (x + 0.14, toe)], mark, 0.05)
    if pen.chance(0.6):
        pen.line([(0.1, 0.32), (0.35, 0.1), (0.75, 0.05)], mark, 0.08)


def bag(pen: Pen) -> None:
    shade, top, wide = cloth(pen), pen.vary(-0.25, 0.15), pen.vary(0.8, 0.12)
    low, narrow = pen.vary(0.75, 0.1), pen.vary(0.0, 0.1)
    grip, rise = pen.vary(0.4, 0.12), pen.vary(-0.85, 0.1)
    if pen.chance(0.85):
        handle = [(grip, top), (grip * 0.8, rise + 0.1), (grip * 0.4, rise), (0, rise)]
        pen.both_lines(handle, shade * 0.8, pen.vary(0.08, 0.03))
    pen.mirror([(wide - narrow, top), (wide + narrow, low - 0.1), (wide, low)], shade)
    if pen.chance(0.6):  # a flap with its clasp
        flap = pen.vary(0.2, 0.12)
        pen.line([(-wide, flap), (0, flap + 0.1), (wide, flap)], shade * 0.6, 0.05)
        pen.mirror([(0.07, flap), (0.07, flap + 0.2)], min(255.0, shade * 1.3))
    else:
        pen.line([(-wide, top + 0.12), (wide, top + 0.12)], shade * 0.6, 0.06)


def ankle_boot(pen: Pen) -> None:
    shade, top, toe = cloth(pen), pen.vary(-0.8, 0.12), pen.vary(0.25, 0.08)
    back = pen.vary(0.72, 0.06)
    shape = [(-0.92, 0.6), (-0.88, toe + 0.1), (-0.5, toe), (-0.08, -0.15)]
    shape += [(pen.vary(-0.05), top), (back, top), (back + 0.06, 0.0), (0.85, 0.6)]
    pen.fill(shape, shade)
    heel = pen.vary(0.82, 0.07)
    pen.fill([(0.35, 0.58), (0.85, 0.58), (0.8, heel), (0.42, heel)], shade * 0.5)
    pen.fill([(-0.94, 0.56), (0.85, 0.56), (0.85, 0.66), (-0.92, 0.67)], shade * 0.6)
    mark = shade * 0.55
    kind = pen.random.random()
    if kind < 0.4:  # laces
        for y in np.arange(top + 0.15, 0.05, 0.2):
            pen.line([(-0.05, y), (0.18, y + 0.06)], mark, 0.05)
    elif kind < 0.75:  # a strap
        pen.line([(-0.2, 0.05), (back, pen.vary(-0.1, 0.08))], mark, 0.08)
    else:  # an elastic side
        pen.line([(0.35, top), (0.3, 0.0)], mark, 0.15)


# In the order of the published class names.
GARMENTS: tuple[Callable[[Pen], None], ...] = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
