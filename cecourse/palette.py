"""The colours of the course: seven of Okabe and Ito's, a grey, and all that derives from them.

Whoever changes a colour changes it here alone: pictures, explorers, exercises, slides, handouts
and the site take theirs from this module, style sheets as custom properties (`css`).
"""

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
CYCLE = (TRUTH, MODEL, LOSS, GOOD, EXTRA, ACCENT, LIGHT)  # the ones with meaning first

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


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    low, high = sorted(map(_luminance, (colour, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
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
    colours = {"dark": DARK, "remark": REMARK, "faint": FAINT, "paper": PAPER}
    named = {"truth": TRUTH, "model": MODEL, "good": GOOD, "extra": EXTRA, "accent": ACCENT}
    for name, own in named.items():
        colours |= {name: own, f"{name}-ink": ink(own), f"{name}-wash": tint(own, 0.08)}
        colours |= {f"{name}-glow": glow(own), f"{name}-deep": shade(own, 0.4)}
    return ":root {\n" + "".join(f"  --{n}: {c};\n" for n, c in colours.items()) + "}\n"
