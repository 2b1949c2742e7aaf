"""Explorers of notebook 02: the wrong code, a word that becomes a file, and one bump for two."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.palette import DARK, EXTRA, GOOD, LOSS, MODEL, MUTED, TRUTH, ink, tint
from cecourse.picture import EXTRA_FILL, MODEL_LINE, TRUTH_FILL, TRUTH_LINE, write
from cehelpers.information import cross_entropy, entropy, kl_divergence

from . import tales
from .pictures import LONGEST, OWN_FILL, coder_board, in_bytes, normal, send

WEATHER = ("sun", "cloud", "rain")
STEP = 1 / 60  # a browser rounds a slider's value to its steps: tenths and thirds are among them
DOTS = EXTRA_FILL | {"hatch": "."}  # every dot travels at each step: "...." is a quarter of a MB
TOP = 4.0  # nats shown; a longer rectangle runs out of the picture
SHOWN = np.linspace(-6, 6, 361)  # where the bumps are drawn
SUMMED = np.linspace(-30, 30, 2401)  # where they are summed: the widest model ends within it
BOOKS = {"Berlin's": "de", "London's": "en", "Paris'": "fr"}
EXTRAS = (0, 1, 10, 100, 1000, 10_000)  # counts that each letter of a book gets on top of its own
LEAST = 0.5566, 0.5098  # of KL(P‖Q) and of KL(Q‖P), by any single bump


# ---------------------------------------------------------------- the wrong code


def three_outcomes(sun: float, share: float) -> NDArray:
    """A distribution from P(sun) and the share of cloud in what is left."""
    return np.array([sun, (1 - sun) * share, (1 - sun) * (1 - share)])


def wrong_code() -> Explorer:
    """Drag the model Q, then the truth P: rectangles as wide as p and as high as −ln q."""
    controls = {
        "q_sun": _share("Q(sun), the model", 0.5),
        "q_cloud": _share("Q: cloud if no sun", 0.6),
        "p_sun": _share("P(sun), the truth", 0.7),
        "p_cloud": _share("P: cloud if no sun", 2 / 3),
    }
    presets = {
        "Q = P": {"q_sun": 0.7, "q_cloud": 2 / 3},
        "Q knows nothing": {"q_sun": 1 / 3, "q_cloud": 0.5},
        "Q rules rain out": {"q_sun": 0.6, "q_cloud": 1.0},
        "P is certain": {"p_sun": 1.0},
    }
    return Explorer(
        controls,
        _draw_code,
        _update_code,
        presets=presets,
        alt="Three rectangles for sun, cloud and rain, each as wide as its true probability and "
        "as high as its surprise under the model Q; what is above the surprise under the truth P "
        "is pink, and what is saved is outlined in green up to that surprise. Beside them a "
        "column: the mean height, which is the cross-entropy, split into H(P) in blue and KL in "
        "pink.",
        size=(7.2, 4.3),
    )


def _share(description: str, value: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=value, min=0, max=1, step=STEP, description=description, readout_format=".2f"
    )


def _draw_code(fig) -> dict:
    ax = fig.subplots()
    ax.set(xlim=(-0.01, 1.56), ylim=(-1.2, TOP), ylabel="nats", xticks=[])
    ax.set_yticks(range(int(TOP) + 1))
    ax.spines["bottom"].set_visible(False)
    ax.spines["left"].set_bounds(0, TOP)
    ax.set_title("The column levels the rectangles: mean height = cross-entropy")
    write(ax, (1.185, -0.12), "mean", "center top", size=10)
    write(ax, (0, -0.66), "dashed line: −ln q, what is paid", "", ink(MODEL), size=10)
    write(ax, (0.92, -0.66), "pink dots: overpaid", "", ink(EXTRA), size=10)
    write(ax, (0, -1.08), "green frame: saved, up to −ln p, P's own price", "", ink(GOOD), size=10)
    ax.axhline(0, color=MUTED, linewidth=0.9)

    def box(**look):
        return ax.add_patch(Rectangle((0, 0), 0, 0, **look))

    saved = {"fill": False, "edgecolor": GOOD, "linestyle": (0, (2, 2)), "linewidth": 1.6}
    return {
        "model": [ax.plot([], [], **MODEL_LINE)[0] for _ in WEATHER],
        "paid": [box(**OWN_FILL, linewidth=1.2) for _ in WEATHER],
        "overpaid": [box(**DOTS) for _ in WEATHER],
        "saved": [box(**saved) for _ in WEATHER],
        "names": [
            write(ax, (0, -0.12), name, "center top bold", TRUTH, size=10) for name in WEATHER
        ],
        "entropy": box(**TRUTH_FILL),
        "divergence": box(**DOTS),
        "mean": ax.plot([], [], color=LOSS, linewidth=1.6, linestyle=(0, (1, 1.2)))[0],
        "entropy_text": write(ax, (1.255, 0), "", "middle", TRUTH, size=10),
        "divergence_text": write(ax, (1.255, 0), "", "middle", ink(EXTRA), size=10),
        "total_text": write(ax, (1.185, 0), "", "center bottom bold"),
    }


def _update_code(artists, *, q_sun, q_cloud, p_sun, p_cloud) -> str:
    p, q = three_outcomes(p_sun, p_cloud), three_outcomes(q_sun, q_cloud)
    h, kl, ce = entropy(p), kl_divergence(p, q), cross_entropy(p, q)
    with np.errstate(divide="ignore"):
        own, model = np.minimum(-np.log(p), 2 * TOP), np.minimum(-np.log(q), 2 * TOP)
    left = np.cumsum(p) - p
    for k in range(3):
        low, high = min(own[k], model[k]), max(own[k], model[k])
        artists["model"][k].set_data([left[k], left[k] + p[k]], [model[k], model[k]])
        artists["paid"][k].set_bounds(left[k], 0, p[k], low)
        for gap in ("overpaid", "saved"):
            artists[gap][k].set_bounds(left[k], low, p[k], high - low)
        artists["overpaid"][k].set_visible(p[k] > 0 and model[k] > own[k])
        artists["saved"][k].set_visible(p[k] > 0 and model[k] < own[k])
        for always in ("model", "paid", "names"):
            artists[always][k].set_visible(p[k] > 0)
    for name, x in zip(artists["names"], spread(left + p / 2, 0.16), strict=True):
        name.set_x(x)
    top = min(ce, TOP - 0.35)
    artists["entropy"].set_bounds(1.14, 0, 0.09, h)
    artists["divergence"].set_bounds(1.14, h, 0.09, top - h)
    artists["mean"].set_data([0, 1.14], [ce, ce])
    artists["entropy_text"].set(text=f"H(P) {h:.3f}", y=max(h / 2, 0.1), visible=h > 0)
    artists["divergence_text"].set(
        text=f"KL {_shown(kl)}",
        y=max(min((h + top) / 2, top - 0.12), h / 2 + 0.32),
        visible=kl > 5e-4,
    )
    artists["total_text"].set(text=_shown(ce) + (" ↑" if ce > TOP else ""), y=top + 0.05)
    told = (
        f"P = {_row(p)}, Q = {_row(q)}: H(P) {h:.3f} + KL {_shown(kl)} = H(P, Q) {_shown(ce)} nats"
    )
    return f"{told}; the other way round KL(Q‖P) is {_shown(kl_divergence(q, p))}."


def spread(centres: NDArray, gap: float) -> NDArray:
    """Move neighbours apart until they are `gap` away from each other, and keep them within 0…1."""
    x = np.array(centres, dtype=float)
    for k in range(1, len(x)):
        x[k] = max(x[k], x[k - 1] + gap)
    x[-1] = min(x[-1], 1.0)
    for k in range(len(x) - 2, -1, -1):
        x[k] = min(x[k], x[k + 1] - gap)
    return x


def _row(p: NDArray) -> str:
    return "(" + ", ".join(f"{x:.2f}" for x in p) + ")"


def _shown(x: float) -> str:
    return f"{x:.3f}" if math.isfinite(x) else "∞"


# ---------------------------------------------------------------- a word as a file


def word_file() -> Explorer:
    """Send a word letter by letter: the interval shrinks, and the file grows."""
    controls = {
        "word": widgets.Text(value="tür", continuous_update=False, description="Word to send"),
        "sent": widgets.IntSlider(LONGEST, 0, LONGEST, description="Letters sent, at most"),
        "book": widgets.Dropdown(options=list(BOOKS.items()), value="de", description="Code book"),
        "extra": widgets.SelectionSlider(
            options=EXTRAS, value=1, description="Extra count a letter"
        ),
    }
    return Explorer(
        controls,
        _draw_word,
        _update_word,
        presets={
            "London's book": {"book": "en"},
            "One letter sent": {"sent": 1},
            "A letter never seen": {"word": "jäger", "book": "en", "extra": 0},
            "It knows nothing": {"extra": 10_000},
        },
        alt="A row for each letter of the word: the interval that is left, stretched to the full "
        "width and cut into a share for each letter of the alphabet. The letter that is sent keeps "
        "its share, which becomes the next row. Beside each row its bits, and under the last one "
        "the file, in zeros and ones.",
        size=(7.2, 4.0),
    )


def _draw_word(fig) -> dict:
    ax = fig.subplots()
    ax.set_title("Each letter keeps its share of what is left")
    return coder_board(ax, MODEL)


def _update_word(artists, *, word, sent, book, extra) -> str:
    alphabet = tales.alphabet()
    known = [letter for letter in word.lower() if letter in alphabet][:LONGEST]
    told = "" if len(known) == len(word) else f"Of what you typed {LONGEST} letters are sent. "
    if any(letter not in alphabet for letter in word.lower()):
        told = "What is no letter of the three tales is left out. "
    file = send(artists, "".join(known), sent, alphabet, tales.book_of(book, extra))
    numbers = [alphabet.index(letter) for letter in known[:sent]]
    if not numbers:
        return f"{told}Nothing is sent yet: the interval is all of [0, 1), and the file is empty."
    bits = {}
    for code in BOOKS.values():
        shares = tales.book_of(code, extra)[numbers]
        bits[code] = -math.log2(np.prod(shares)) if shares.all() else math.inf
    (mine,) = (name for name, code in BOOKS.items() if code == book)
    others = ", ".join(
        f"{name} {_bits(bits[code])}" for name, code in BOOKS.items() if code != book
    )
    sending = "".join(known[:sent])
    size = "no file, however long" if file is None else in_bytes(file)
    return (
        f"{told}{sending} with {mine} book, {extra:,} extra for each letter: {_bits(bits[book])}, "
        f"{size}. The other books: {others}."
    )


def _bits(x: float) -> str:
    return f"{x:.2f} bits" if math.isfinite(x) else "∞ bits"


# ---------------------------------------------------------------- one bump for two


def log_normal(x: NDArray, mean: float, width: float) -> NDArray:
    """Logarithm of a normal density: no underflow far from its mean."""
    return -0.5 * ((x - mean) / width) ** 2 - math.log(width * math.sqrt(2 * math.pi))


def log_target(x: NDArray) -> NDArray:
    """Logarithm of the truth: 60% in a bump around −2 and 40% around 2, both of width 0.6."""
    left, right = log_normal(x, -2, 0.6), log_normal(x, 2, 0.6)
    return np.logaddexp(math.log(0.6) + left, math.log(0.4) + right)


def both_divergences(mean: float, width: float) -> tuple[float, float]:
    """KL(P‖Q) and KL(Q‖P) of the two-bump target and one normal density, by sums on a fine grid."""
    step = SUMMED[1] - SUMMED[0]
    log_p, log_q = log_target(SUMMED), log_normal(SUMMED, mean, width)
    gap = log_p - log_q
    return float(np.exp(log_p) @ gap * step), float(-np.exp(log_q) @ gap * step)


def one_bump() -> Explorer:
    """Fit one normal density to two bumps by hand, and watch both directions of KL."""
    controls = {
        "mean": widgets.FloatSlider(
            value=0, min=-4, max=4, step=0.1, description="Q's mean", readout_format=".1f"
        ),
        "width": widgets.FloatSlider(
            value=1, min=0.3, max=4, step=0.05, description="Q's width", readout_format=".2f"
        ),
    }
    presets = {
        "Cover both": {"mean": -0.4, "width": 2.05},
        "Seek the left": {"mean": -2.0, "width": 0.6},
        "Seek the right": {"mean": 2.0, "width": 0.6},
    }
    return Explorer(
        controls,
        _draw_bump,
        _update_bump,
        presets=presets,
        alt="The truth P as a filled curve with a higher bump at −2 and a lower one at 2, the "
        "model Q as one dashed bump, and below them two bars, KL(P‖Q) and KL(Q‖P), each with a "
        "mark at the least that any single bump reaches.",
        size=(7.2, 4.4),
    )


def _draw_bump(fig) -> dict:
    top, bottom = fig.subplots(2, 1, height_ratios=[3, 1])
    target = np.exp(log_target(SHOWN))
    top.fill_between(SHOWN, target, color=TRUTH, alpha=0.2, linewidth=0)
    top.plot(SHOWN, target, **TRUTH_LINE)
    top.set(xlim=(-6, 6), ylim=(0, 1.5), ylabel="density", xticks=range(-6, 7, 2))
    write(top, (2.85, 0.16), "P", "bold", TRUTH)
    top.set_title("No single bump pleases both directions")
    bottom.set(xlim=(0, 3), ylim=(1.6, -0.6), xlabel="nats (mark: the best bump)")
    bottom.set_yticks([0, 1], ["KL(P‖Q)", "KL(Q‖P)"])
    bottom.grid(axis="y", visible=False)
    bars = bottom.barh([0, 1], [0, 0], height=0.62)
    looks = (DOTS, {"facecolor": tint(GOOD), "edgecolor": GOOD})
    for bar, look in zip(bars, looks, strict=True):
        bar.set(**look)
    ends = np.array([-0.42, 0.42])
    return {
        "model": top.plot(SHOWN, SHOWN * 0, **MODEL_LINE)[0],
        "model_text": write(top, (0, 0), "Q", "center bold", ink(MODEL)),
        "bars": list(bars),
        "marks": [  # they stand still, but above the bars, which move
            bottom.plot([least] * 2, row + ends, color=DARK, linewidth=2.4, zorder=5)[0]
            for row, least in enumerate(LEAST)
        ],
        "texts": [write(bottom, (0, row), "", "middle bold halo") for row in (0, 1)],
    }


def _update_bump(artists, *, mean, width) -> str:
    forward, reverse = both_divergences(mean, width)
    artists["model"].set_ydata(normal(SHOWN, mean, width))
    artists["model_text"].set_position((mean, normal(mean, mean, width) + 0.035))
    for bar, text, value in zip(artists["bars"], artists["texts"], (forward, reverse), strict=True):
        bar.set_width(min(value, 3))
        beside = value < 2.3
        text.set(
            text=f"{value:.3f}" + (" →" if value > 3 else ""),
            x=max(value + 0.05, 0.62) if beside else 2.95,
            ha="left" if beside else "right",
        )
    words = f"Q has mean {mean:.1f} and width {width:.2f}: forward KL(P‖Q) {forward:.3f}, reverse "
    words += f"KL(Q‖P) {reverse:.3f} nats; the least a single bump reaches is "
    return f"{words}{LEAST[0]:.3f} and {LEAST[1]:.3f}.".replace("-", "−")
