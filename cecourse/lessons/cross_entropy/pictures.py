"""Pictures of notebook 02: what the wrong code costs. Pure functions from numbers to a Picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from cecourse.palette import DARK, EXTRA, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink, tint
from cecourse.picture import (
    EXTRA_FILL,
    MODEL_LINE,
    TRUTH_FILL,
    TRUTH_LINE,
    Picture,
    arrow,
    headline,
    new_figure,
    point,
    write,
)
from cehelpers.coding import encode
from cehelpers.information import cross_entropy, entropy, kl_divergence

LONGEST = 8  # letters of a word that the coder sends
DEAR = 9  # letters that cost more and have bars of their own
OWN_FILL = {"facecolor": tint(TRUTH), "edgecolor": TRUTH}  # what is paid anyway: the entropy


def normal(x: ArrayLike, mean: float, width: float) -> NDArray:
    """Density of a normal distribution with this mean and standard deviation."""
    z = (np.asarray(x, dtype=float) - mean) / width
    return np.exp(-0.5 * z**2) / (width * np.sqrt(2 * np.pi))


def wrong_code(p: Sequence[float], q: Sequence[float], symbols: Sequence[str]) -> Picture:
    """Code words as rectangles, for the own code and for another's: width p, height in bits.

    Parameters
    ----------
    p, q : sequence of float, shape (K,)
        How often each symbol comes, and how often the other code's maker believed.
    symbols : sequence of str
        The K symbols.
    """
    fig = new_figure(7.2, 3.6)
    own, other = fig.subplots(1, 2, sharey=True)
    bits = -np.log2(p), -np.log2(q)
    tops = entropy(p, base=2), cross_entropy(p, q, base=2)
    titles = "P's own code", "Q's code, for the same letters"
    for ax, heights, mean, title in zip((own, other), bits, tops, titles, strict=True):
        left = np.cumsum(p) - p
        for x, width, height, usual, name in zip(left, p, heights, bits[0], symbols, strict=True):
            ax.add_patch(Rectangle((x, 0), width, min(height, usual), **OWN_FILL, linewidth=1.2))
            if height > usual:
                ax.add_patch(Rectangle((x, usual), width, height - usual, **EXTRA_FILL))
            if height < usual:
                ax.add_patch(
                    Rectangle(
                        (x, height),
                        width,
                        usual - height,
                        fill=False,
                        edgecolor=GOOD,
                        linestyle=(0, (2, 2)),
                        linewidth=1.4,
                    )
                )
            write(
                ax,
                (x + width / 2, min(height, usual) / 2),
                name,
                "center middle bold",
                TRUTH,
                size=13,
            )
        ax.axhline(mean, color=LOSS, linewidth=1.8, linestyle=(0, (1, 1.2)))
        write(ax, (0.01, 3.3), f"area = mean = {mean:g} bits a letter", "middle bold")
        ax.set(xlim=(-0.01, 1.01), ylim=(0, 3.55), yticks=range(4), xticks=np.append(left, 1))
        ax.set_xticklabels(["0", "½", "¾", "⅞", "1"] if list(p)[:2] == [0.5, 0.25] else None)
        ax.set_xlabel("how often the letter comes")
        ax.set_title(title, fontsize=11)
        ax.grid(False)
    own.set_ylabel("bits in its code word")
    write(other, (0.25, 2.05), "overpaid", "center middle halo", ink(EXTRA))
    write(other, (0.625, 1.42), "saved", "center middle", ink(GOOD))
    write(own, (0.2, tops[0]), "mean", shift=(0, 4))
    write(other, (0.56, tops[1]), "mean", shift=(0, 4))
    headline(fig, "The wrong code stretches the frequent letter")
    moved = [
        f"{name} {'grows' if new > old else 'shrinks'} from {old:g} to {new:g}"
        for name, old, new in zip(symbols, *bits, strict=True)
        if old != new
    ]
    return Picture(
        fig,
        "Code words as rectangles, as wide as the letter is frequent and as high as its word is "
        f"long, in bits. With P's own code the heights are {', '.join(f'{b:g}' for b in bits[0])} "
        f"and the area is {tops[0]:g} bits. With Q's code {', '.join(moved)}: the area is "
        f"{tops[1]:g} bits.",
    )


def stacked_bars(p: Sequence[float], models: Mapping[str, Sequence[float]]) -> Picture:
    """Cross-entropy of several models as bars: the entropy of P, and the divergence on top.

    Parameters
    ----------
    p : sequence of float, shape (K,)
        The truth.
    models : mapping of str to sequence of float
        A name for each model Q, in the order of the bars from the top.
    """
    fig = new_figure(7.2, 0.9 + 0.62 * len(models))
    ax = fig.subplots()
    floor = entropy(p)
    longest = max(cross_entropy(p, q) for q in models.values())
    prices = {name: kl_divergence(p, q) for name, q in models.items()}
    for row, extra in enumerate(prices.values()):
        total = floor + extra
        ax.barh(row, floor, height=0.56, **TRUTH_FILL)
        ax.barh(row, extra, height=0.56, left=floor, **EXTRA_FILL)
        write(ax, (floor / 2, row), f"H(P) {floor:.3f}", "center middle", "white")
        told = f"KL {extra:.3f}"
        if extra > 0.2 * longest:
            write(ax, (floor + extra / 2, row), told, "center middle halo")
            told = ""
        note = f"= {total:.3f}" if not told else f"+ {told} = {total:.3f}"
        write(ax, (total + 0.012 * longest, row), note, "left middle bold")
    ax.axvline(floor, color=TRUTH, linewidth=1.4, linestyle=":")
    ax.set(yticks=range(len(models)), yticklabels=list(models), xlim=(0, 1.22 * longest))
    ax.invert_yaxis()
    ax.set_xlabel("nats a day")
    ax.set_title("Blue is the world's to set; only pink is the model's")
    ax.grid(axis="y", visible=False)
    return Picture(
        fig,
        "Bars of cross-entropy, in nats, one a model. Each begins with the same blue H(P) of "
        f"{floor:.3f}; the pink KL on top of it is "
        f"{', '.join(f'{extra:.3f} for {name}' for name, extra in prices.items())}.",
    )


def letter_terms(p: ArrayLike, q: ArrayLike) -> NDArray:
    """The terms of KL(P‖Q), p log2(p/q), in hundredths of a bit."""
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return 100 * p * (np.log2(np.where(p > 0, p, 1)) - np.log2(q))


def letter_prices(letters: Sequence[str], p: ArrayLike, q: ArrayLike) -> Picture:
    """What each letter adds to the divergence, p log2(p/q), in hundredths of a bit.

    Every letter that costs less has a bar; of those that cost more, the last ones share one.

    Parameters
    ----------
    letters : sequence of str, length K
        The alphabet.
    p, q : array_like, shape (K,)
        Truth and model; `q` has no zero where `p` has none.
    """
    terms = letter_terms(p, q)
    order = np.argsort(-terms, kind="stable")
    dear, cheap = order[terms[order] >= 0], order[terms[order] < 0]
    rest = [terms[dear[DEAR:]].sum()] if len(dear) > DEAR else []
    heights = [*terms[dear[:DEAR]], *rest, *terms[cheap]]
    names = [letters[i] for i in dear[:DEAR]] + ["…"] * len(rest) + [letters[i] for i in cheap]
    fig = new_figure(7.2, 3.8)
    ax = fig.subplots()
    for x, height in enumerate(heights):
        look = EXTRA_FILL if height > 0 else {"facecolor": tint(GOOD), "edgecolor": GOOD}
        ax.bar(x, height, width=0.78, **look)
    ax.axhline(0, color=REMARK, linewidth=1)
    ax.set_xticks(range(len(names)), names)
    ax.tick_params(axis="x", length=0, labelcolor="black")
    for label in ax.get_xticklabels():
        label.set_fontsize(12)
    for height in rest:
        write(
            ax,
            (DEAR, height + 0.12),
            "others that\ncost more",
            "center bottom",
            ink(EXTRA),
            size=9.5,
        )
    ax.set_ylabel("p log₂(p/q), hundredths of a bit")
    ax.grid(axis="x", visible=False)
    ax.set_title("Some letters get cheaper; the sum never does")
    plus, minus = terms[terms > 0].sum(), terms[terms < 0].sum()
    told = [
        (f"{', '.join(names[:3])} … cost more: +{plus:.1f}", ink(EXTRA), "normal"),
        (f"{', '.join(names[:-4:-1])} … cost less: −{-minus:.1f}", ink(GOOD), "normal"),
        (f"the price, together: {plus + minus:.1f}", LOSS, "bold"),
    ]
    for line, (words, color, weight) in enumerate(told):
        write(
            ax, (0.57, 0.93 - 0.085 * line), words, "", color, weight=weight, transform=ax.transAxes
        )
    dearest = ", ".join(f"{letters[i]} {terms[i]:.1f}" for i in dear[:6])
    saving = ", ".join(f"{letters[i]} {-terms[i]:.1f}" for i in cheap[:-3:-1])
    return Picture(
        fig,
        "Bars, one a letter: what it adds to the price of one language in another's book, in "
        f"hundredths of a bit. Most is added by {dearest}; most is saved by {saving}. Together the "
        f"letters that cost more add {plus:.1f}, those that cost less save {-minus:.1f}: "
        f"{plus + minus:.1f} hundredths of a bit remain.",
    )


SHORTEST = 3  # letters: with fewer a row would fill the picture
NAMED = 0.042  # a share at least this wide has room for its letter
MOST_BYTES = 3  # of a file that are written out


def coder_board(ax: Axes, color: str) -> dict:
    """What `send` moves, on an empty axes: a row for each letter, and the file under them."""
    ax.set(xlim=(-0.13, 1.36), ylim=(-1.04, 0.1))
    ax.axis("off")
    fans = PolyCollection([], facecolor=tint(color, 0.12), edgecolor="none", zorder=1)
    look = {"facecolor": tint(color, 0.45), "edgecolor": color, "linewidth": 1.4, "zorder": 3}
    return {
        "fans": ax.add_collection(fans, autolim=False),
        "cuts": ax.plot([], [], color=MUTED, linewidth=0.6, zorder=2)[0],
        "shares": [ax.add_patch(Rectangle((0, 0), 0, 0, **look)) for _ in range(LONGEST)],
        "letters": [write(ax, (-0.06, 0), "", "center middle bold") for _ in range(LONGEST)],
        "bits": [write(ax, (1.03, 0), "", "middle", size=10) for _ in range(LONGEST)],
        "names": [
            write(ax, (0, 0.015), "", "center bottom", REMARK, size=8.5)
            for _ in range(int(1 / NAMED))
        ],
        "file": write(ax, (0.5, 0), "", "center top bold", size=9.5, family="monospace"),
        "empty": write(ax, (0.5, 0), "", "center middle", ink(EXTRA)),
    }


def in_bytes(file: bytes) -> str:
    """How long a file is."""
    return f"{len(file)} byte" + "s" * (len(file) != 1)


def send(artists: dict, word: str, sent: int, alphabet: Sequence[str], q: NDArray) -> bytes | None:
    """Move a `coder_board` to where the coder stands; return the file, or None if there is none.

    Parameters
    ----------
    word : str
        At most `LONGEST` letters of the alphabet.
    sent : int
        How many of them have been sent.
    alphabet : sequence of str, length K
        In the order in which an interval is cut.
    q : ndarray, shape (K,)
        The shares: the book.
    """
    numbers = [alphabet.index(letter) for letter in word[:sent]]
    edges, bits = np.append(0, np.cumsum(q)), -np.log2(np.where(q > 0, q, 1))
    missing = next((row for row, k in enumerate(numbers) if q[k] == 0), None)
    high = 1 / (max(len(word), SHORTEST) + 0.6)  # of a row with what leads to the next
    bar = 0.52 * high
    cuts, fans = [], []
    for row in range(LONGEST):
        top, here = -row * high, row < len(numbers) and (missing is None or row <= missing)
        k = numbers[row] if here else 0
        shown = here and row != missing
        artists["shares"][row].set_bounds(edges[k], top - bar, q[k], bar)
        artists["shares"][row].set_visible(shown)
        artists["letters"][row].set(text=word[row] if here else "", y=top - bar / 2)
        told = f"+{bits[k]:.2f}" if row else f"{bits[k]:.2f} bits"
        told = told if shown else "∞" if here else ""
        artists["bits"][row].set(text=told, y=top - bar / 2)
        if here:
            lines = [[(x, top), (x, top - bar)] for x in edges]
            lines += [[(0, y), (1, y)] for y in (top, top - bar)]
            cuts += [spot for line in lines for spot in (*line, (np.nan, np.nan))]
        if shown:
            under, below = top - bar, top - high
            fans += [[(edges[k], under), (0, below), (1, below), (edges[k + 1], under)]]
    artists["cuts"].set_data(*np.reshape(cuts, (-1, 2)).T)
    artists["fans"].set_verts(fans)
    wide = [k for k in range(len(q)) if q[k] >= NAMED] if numbers else []
    for place, name in enumerate(artists["names"]):
        k = wide[place] if place < len(wide) else None
        name.set(text="" if k is None else alphabet[k], x=0 if k is None else edges[k] + q[k] / 2)
    low = -len(numbers) * high
    file = encode(numbers, q) if missing is None else None
    digits = " ".join(f"{byte:08b}" for byte in (file or b"")[:MOST_BYTES])
    digits += " …" * (len(file or b"") > MOST_BYTES)
    told = f"{digits}\nthe file: {in_bytes(file)}" if file else ""
    artists["file"].set(text=told, y=low - 0.08 * high)
    artists["empty"].set_text("" if missing is None else f"no share for {word[missing]}")
    artists["empty"].set_y(-(missing or 0) * high - 0.75 * high)
    return file


def intervals(word: str, alphabet: Sequence[str], books: Mapping[str, NDArray]) -> Picture:
    """How an arithmetic coder sends a short word with two books, letter by letter.

    Parameters
    ----------
    word : str
    alphabet : sequence of str, length K
        In the order in which an interval is cut.
    books : mapping of str to ndarray, shape (K,)
        The word's own book and another, each with its name.
    """
    fig = new_figure(7.2, 3.7)
    told = []
    numbers = [alphabet.index(letter) for letter in word]
    for ax, (name, q), color in zip(fig.subplots(1, 2), books.items(), (TRUTH, MODEL), strict=True):
        file = send(coder_board(ax, color), word, len(word), alphabet, q)
        bits = -np.log2(q[numbers])
        ax.set_title(f"{name}: {bits.sum():.2f} bits, {in_bytes(file)}", fontsize=11)
        letters = ", ".join(f"{a} {b:.2f}" for a, b in zip(word, bits, strict=True))
        told.append(
            f"With {name} the letters cost {letters}, together {bits.sum():.2f} bits, and the file "
            f"has {in_bytes(file)}: {' '.join(f'{byte:08b}' for byte in file)}."
        )
    headline(fig, "The wider the interval, the shorter its file")
    return Picture(
        fig,
        f"The word {word} is sent with two books. Each row is the interval that is left, stretched "
        "to the full width and cut into a share for each letter; the letter that is sent keeps its "
        f"share, which becomes the next row, and under the last row stands the file. {told[0]} "
        f"{told[1]}",
    )


def move_one() -> Picture:
    """Cross-entropy and KL of two coins: the model moves (left), the truth moves (right)."""
    fixed = 0.8  # the probability of heads of the coin that stands still
    fig = new_figure(7.2, 4.0)
    left, right = fig.subplots(1, 2, sharey=True)
    t = 1 - 0.5 * np.linspace(1, 0, 201) ** 2  # denser towards 1, where curves are steep
    still = np.broadcast_to([fixed, 1 - fixed], (t.size, 2))
    moving = np.column_stack([t, 1 - t])
    line = cross_entropy(moving, still)
    _two_curves(left, t, cross_entropy(still, moving), kl_divergence(still, moving))
    _two_curves(right, t, line, kl_divergence(moving, still))
    floor, end = entropy([fixed, 1 - fixed]), -np.log(fixed)
    left.plot([fixed], [floor], "o", color=LOSS)
    left.plot([fixed], [0], "o", color=EXTRA)
    write(left, (0.56, 0.74), "cross-entropy", "bold")
    write(left, (0.56, 0.26), "KL", "bold", ink(EXTRA))
    arrow(left, (0.665, 0.055), (0.665, floor + 0.055), TRUTH, arrowstyle="<->")
    write(left, (0.677, 0.34), f"H(P) = {floor:.3f}\neverywhere", "middle", TRUTH)
    left.set_title("Q moves: the same valley", fontsize=11)
    left.set_xlabel(f"Q(heads), while P(heads) = {fixed}")
    left.set_ylabel("nats")
    right.plot([fixed, 1], [floor, end], "o", color=LOSS)
    right.plot([fixed], [0], "o", color=EXTRA)
    write(right, (0.515, 0.915), "cross-entropy", "bold")
    write(right, (0.515, 0.265), "KL", "bold", ink(EXTRA))
    write(right, (0.815, 0.53), f"{floor:.3f}", "bold")
    point(right, (1.0, end + 0.01), f"both {end:.3f}\nat P = (1, 0)", (0.895, 0.66), "center head")
    point(right, (fixed, 0.0), "P = Q", (0.745, 0.10), "center head")
    right.set_title("P moves: they part", fontsize=11)
    right.set_xlabel(f"P(heads), while Q(heads) = {fixed}")
    for ax in (left, right):
        ax.set(xlim=(0.5, 1.01), ylim=(-0.03, 1.05))
    headline(fig, "The loss can fall while the truth walks away from the model")
    return Picture(
        fig,
        f"Two panels, in nats. Left, the model moves while P(heads) is {fixed}: cross-entropy and "
        f"KL are the same valley, {floor:.3f} apart everywhere, both lowest at {fixed}. Right, the "
        f"truth moves while Q(heads) is {fixed}: cross-entropy is a straight line that falls from "
        f"{line[0]:.3f} through {floor:.3f} at P = Q to {line[-1]:.3f} at certainty, while KL "
        f"touches 0 at P = Q and rises to {end:.3f}.",
    )


def _two_curves(ax: Axes, x: ArrayLike, ce: ArrayLike, kl: ArrayLike) -> None:
    ax.plot(x, ce, color=LOSS, linewidth=2.6)
    ax.plot(x, kl, color=EXTRA, linewidth=2.4, linestyle=(0, (4, 1.5, 1, 1.5)))


def densities() -> Picture:
    """Two normal densities, one width apart, and what the distance between such costs."""
    distance = 1.0
    fig = new_figure(7.2, 3.7)
    left, right = fig.subplots(1, 2)
    x = np.linspace(-3.6, 4.6, 400)
    p, q = normal(x, 0, 1), normal(x, distance, 1)
    left.fill_between(x, p, color=TRUTH, alpha=0.18, linewidth=0)
    left.plot(x, p, **TRUTH_LINE)
    left.plot(x, q, **MODEL_LINE)
    write(left, (-1.35, 0.33), "truth P", "right bold", TRUTH)
    write(left, (distance + 1.3, 0.33), "model Q", "bold", MODEL)
    arrow(left, (0, 0.415), (distance, 0.415), DARK, arrowstyle="<->")
    write(left, (distance / 2, 0.425), f"{distance:g}", "center bottom")
    left.set(xlim=(-3.8, 4.8), ylim=(0, 0.47), xlabel="x", ylabel="density")
    left.set_title("Two bells, one width apart", fontsize=11)
    d = np.linspace(0, 3, 200)
    own = 0.5 * np.log(2 * np.pi) + 0.5
    _two_curves(right, d, own + d**2 / 2, d**2 / 2)
    here = distance**2 / 2
    right.plot([distance], [own + here], "o", color=LOSS)
    right.plot([distance], [here], "o", color=EXTRA)
    write(right, (distance, own + here), f"{own + here:.3f}", "right bold", shift=(-6, 8))
    write(right, (distance, here), f"{here:.3f}", "bold", ink(EXTRA), shift=(6, -14))
    write(right, (1.62, 4.05), "cross-entropy", "right bold")
    write(right, (2.42, 2.0), "KL", "bold", ink(EXTRA))
    right.axhline(own, color=TRUTH, linestyle=":", linewidth=1.6)
    write(right, (2.98, own - 0.08), f"H(P) = {own:.3f}", "right top halo", TRUTH)
    right.set(xlim=(0, 3.05), ylim=(0, 6.2), xlabel="distance between the means", ylabel="nats")
    right.set_title("KL = distance² / 2", fontsize=11)
    headline(fig, "One width away costs half a nat, in either direction")
    return Picture(
        fig,
        f"Left, two bell curves of width 1, the truth around 0 and the model around {distance:g}. "
        f"Right, what their distance costs, in nats: KL is a parabola through 0, {here:.3f} at "
        f"distance {distance:g} and {d[-1] ** 2 / 2:.1f} at distance {d[-1]:g}; cross-entropy is "
        f"the same parabola {own:.3f} higher, {own + here:.3f} at distance {distance:g}.",
    )


def two_fits(
    x: ArrayLike, target: ArrayLike, forward: tuple[float, float], reverse: tuple[float, float]
) -> Picture:
    """A target with two bumps, and the one-bump models that either direction of KL prefers.

    Parameters
    ----------
    x, target : array_like, shape (n,)
        The grid, and the target's density on it.
    forward, reverse : (float, float)
        Mean and width of the best model by KL(P‖Q) and by KL(Q‖P).
    """
    x, target = np.asarray(x), np.asarray(target)
    fig = new_figure(7.2, 3.8)
    ax = fig.subplots()
    ax.fill_between(x, target, color=TRUTH, alpha=0.22, linewidth=0)
    ax.plot(x, target, **TRUTH_LINE)
    ax.plot(x, normal(x, *forward), **MODEL_LINE)
    ax.plot(x, normal(x, *reverse), color=GOOD, linewidth=2.6, linestyle=(0, (1, 1)))
    peak = normal(reverse[0], *reverse)
    write(ax, (2.75, 0.225), "truth P: two bumps", "bold", TRUTH)
    point(
        ax,
        (reverse[0] - 0.65, normal(reverse[0] - 0.65, *reverse)),
        "reverse KL(Q‖P):\nseeks one mode,\nignores the other",
        (-6.7, 0.33),
        "head",
        ink(GOOD),
    )
    point(
        ax,
        (forward[0] + 0.35, normal(forward[0] + 0.35, *forward) + 0.005),
        "forward KL(P‖Q):\ncovers both, and puts weight\nwhere little happens",
        (0.25, 0.43),
        "head",
        ink(MODEL),
    )
    ax.set(xlim=(-7, 7), ylim=(0, 1.1 * peak), xlabel="x", ylabel="density")
    ax.set_title("One bump for two: which mistake do you prefer?")
    left, right = (x[side][target[side].argmax()] for side in (x < 0, x > 0))
    bumps = " and ".join(f"{target[x == at][0]:.2f} at {at:g}" for at in (left, right))
    fits = (f"mean {mean:g} and width {width:g}" for mean, width in (forward, reverse))
    return Picture(
        fig,
        f"The truth has two bumps, of height {bumps}. The best model by forward KL is wide and "
        f"flat, {next(fits)}, with its top in the valley between them. The best by reverse KL is "
        f"narrow, {next(fits)}, and sits on the left bump alone.".replace("-", "−"),
    )
