"""The colours of the course: seven of Okabe and Ito's, a grey, and all that derives from them.

Whoever changes a colour changes it here alone: pictures, explorers, exercises, slides, handouts
and the site take theirs from this module, style sheets as custom properties (`css`).
"""

import math
import re
from functools import cache

# The same thing keeps its colour through the whole course.
TRUTH = "#0072B2"
MODEL = "#D55E00"
LOSS = "#000000"
EXTRA = "#CC79A7"  # what is paid on top: a divergence, a gap
GOOD = "#009E73"
LIGHT = "#56B4E9"
ACCENT = "#E69F00"
MUTED = "#767676"  # guides and remarks
NIGHT = "#14181E"  # the ground of a dark page
CYCLE = (TRUTH, MODEL, LOSS, GOOD, EXTRA, ACCENT, LIGHT)  # the ones with meaning first

BRIGHTEST = 0.96  # the lightness of black's dark twin
LIFT = 0.06  # how much lighter a light full colour becomes
FULL = 0.115  # the chroma of a full colour
READABLE = 6.5  # contrast of an ink on white; on its own tint some is lost, and 4.5 must be left


def _mixed(colour: str, other: int, share: float) -> str:
    """Return a colour with the rest of it replaced by a grey, 0 to 255."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * part + (1 - share) * other):02X}" for part in parts)


def tint(colour: str, share: float = 0.18) -> str:
    """Return the colour thinned with white: to fill an area, or behind words."""
    return _mixed(colour, 255, share)


def shade(colour: str, share: float) -> str:
    """Return the colour darkened with black."""
    return _mixed(colour, 0, share)


@cache
def ink(colour: str) -> str:
    """Return the colour just dark enough for words on white and on the colour's own tint."""
    darker = (shade(colour, percent / 100) for percent in range(100, -1, -1))
    return next(dark for dark in darker if contrast(dark, "#FFFFFF") >= READABLE)


@cache
def glow(colour: str) -> str:
    """Return the colour just light enough for words on a dark page."""
    lighter = (tint(colour, percent / 100) for percent in range(100, -1, -1))
    return next(light for light in lighter if contrast(light, "#000000") >= 10)


@cache
def night(colour: str) -> str:
    """Return the colour that stands for this one on a dark page: its dark twin.

    Lightness is turned round (in OKLab, where it is as the eye sees it): white becomes the page's
    ground and black nearly white. The hue stays, and the chroma as far as a screen can show it.
    A full colour that is light stays so: colours that are told apart by day are by night, too.

    Raises
    ------
    ValueError
        If the colour is not written as ``"#rrggbb"``.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"colour must be written as '#rrggbb'; got {colour!r}")
    ground, *tinge = _oklab(NIGHT)
    lightness, a, b = _oklab(colour)
    turned = ground + (BRIGHTEST - ground) * max(0.0, 1 - lightness) ** 0.76
    lifted = ground + (lightness + LIFT - ground) * min(1.0, math.hypot(a, b) / FULL) ** 2
    for percent in range(100, -1, -1):  # less chroma until a screen can show it
        kept = percent / 100
        tinged = (kept * a + lightness * tinge[0], kept * b + lightness * tinge[1])
        parts = _linear(max(turned, lifted), *tinged)
        if all(-0.0005 <= part <= 1.0005 for part in parts):
            break
    return "#" + "".join(f"{round(255 * _encoded(min(max(part, 0), 1))):02X}" for part in parts)


def _oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = _decoded(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """Return the linear red, green and blue of a colour in OKLab."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    low, high = sorted(map(_luminance, (colour, other)))
    return (high + 0.05) / (low + 0.05)


def _decoded(colour: str) -> list[float]:
    """Return the linear red, green and blue of a colour, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def _encoded(part: float) -> float:
    """Return a linear part as a screen is told it, 0 to 1."""
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _decoded(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


DARK = shade(MUTED, 0.3)  # words and lines that must not be as black as the loss
REMARK = ink(MUTED)  # words that may be passed over
FAINT = tint(MUTED, 0.43)  # lines of what lies behind
PAPER = tint(MUTED, 0.07)  # an area that is set off


def css() -> str:
    """Return the colours as custom properties.

    ``--truth``, ``--truth-ink`` for words, ``--truth-wash`` to lie behind them, ``--truth-glow``
    and ``--truth-deep`` for the same on a dark page, and so on.
    """
    colours = {"night": NIGHT, "dark": DARK, "remark": REMARK, "faint": FAINT, "paper": PAPER}
    named = {"truth": TRUTH, "model": MODEL, "good": GOOD, "extra": EXTRA, "accent": ACCENT}
    for name, own in named.items():
        colours |= {name: own, f"{name}-ink": ink(own), f"{name}-wash": tint(own, 0.08)}
        colours |= {f"{name}-glow": glow(own), f"{name}-deep": shade(own, 0.4)}
    return ":root {\n" + "".join(f"  --{n}: {c};\n" for n, c in colours.items()) + "}\n"
