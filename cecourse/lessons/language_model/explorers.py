"""Explorers of notebook 13: merges and perplexity, sampling, and what a preference moves."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.patches import Rectangle

from cecourse import widgets
from cecourse.english.guessing import ALPHABET
from cecourse.explorer import Explorer
from cecourse.palette import FAINT, GOOD, LOSS, MODEL, MUTED, ink, tint
from cecourse.picture import LOSS_LINE, MODEL_FILL, MODEL_LINE, write
from cehelpers import entropy, softmax, softplus

from . import tokens
from .ngrams import K, carroll, codes
from .sampling import carry_on, top_p

# ---------------------------------------------------------------- perplexity and tokens

SENTENCE = "ALICE WAS BEGINNING TO GET VERY TIRED OF"
LINE = 20  # letters in a line


def merges() -> Explorer:
    """Merge the pair that comes most often, again and again: what becomes of the loss?"""
    controls = {
        "count": widgets.IntSlider(0, min=0, max=tokens.MOST, description="Merged pairs"),
    }
    return Explorer(
        controls,
        _draw_merges,
        _update_merges,
        presets={str(count): {"count": count} for count in (1, 20, 100, tokens.MOST)},
        alt=f"On top the words “{SENTENCE.capitalize()}”, with a bar wherever a token ends. Below, "
        "two curves against the number of merged pairs, both as multiples of what they are without "
        "a merge, each with a dot that moves: the loss per token, dashed, rises; the loss per "
        "letter, solid, falls.",
        size=(7.2, 4.2),
    )


def _draw_merges(fig) -> dict:
    top, ax = fig.subplots(2, 1, height_ratios=[1, 3.4])
    top.set(xlim=(-0.1, LINE + 0.1), ylim=(-2.02, 0.02))
    top.set_axis_off()
    cuts = []
    for i, letter in enumerate(SENTENCE):
        x, y = i % LINE, -(i // LINE) - 0.5
        top.add_patch(Rectangle((x, y - 0.4), 1, 0.8, facecolor=tint(MODEL), edgecolor="none"))
        write(top, (x + 0.5, y), letter, "center middle bold", family="monospace", size=11)
        cuts += top.plot([x + 1, x + 1], [y - 0.4, y + 0.4], color=ink(MODEL), linewidth=1.8)
    start, steps = tokens.steps()[0], tokens.steps()
    ax.plot([step.nats / start.nats for step in steps], **MODEL_LINE)
    ax.plot([step.bits / start.bits for step in steps], **LOSS_LINE)
    ax.set(xlim=(-8, tokens.MOST + 8), ylim=(0.4, 2.3), xlabel="merged pairs")
    ax.set_ylabel("loss; unmerged it is 1")
    ax.set_title("A token costs more, a letter less", fontsize=11.5)
    moving = {"cuts": cuts}
    for name, color, place, how in (
        ("nats", MODEL, (0.03, 0.97), "left top bold"),
        ("bits", LOSS, (0.03, 0.05), "left bottom bold"),
    ):
        mark = {"color": color, "markersize": 11, "markeredgecolor": "white", "zorder": 7}
        (moving[name],) = ax.plot([], [], "o", **mark)
        words = write(ax, place, "", how, ink(color), transform=ax.transAxes, linespacing=1.4)
        moving[f"{name}_words"] = words
    return moving


def _update_merges(artists, *, count: int) -> str:
    start, step, pairs = tokens.steps()[0], tokens.steps()[count], tokens.learnt()[:count]
    sizes = [len(tokens.spelt(token, pairs)) for token in tokens.tokenise(SENTENCE, pairs)]
    ends = set(np.cumsum(sizes).tolist())
    for i, cut in enumerate(artists["cuts"], 1):
        cut.set_visible(i in ends)
    artists["nats"].set_data([count], [step.nats / start.nats])
    artists["bits"].set_data([count], [step.bits / start.bits])
    artists["nats_words"].set_text(
        f"{step.nats:.2f} nats per token,\nperplexity {step.perplexity:.1f}"
    )
    artists["bits_words"].set_text(f"{step.bits:.2f} bits per letter")
    made = tokens.spelt(26 + count, pairs).replace(" ", "␣") if count else ""
    last = f"; the last one made “{made}”" if made else ""
    return (
        f"{count} merged {'pair' if count == 1 else 'pairs'}{last}. Alice is {step.count:,} tokens "
        f"of {step.nats:.2f} nats, perplexity {step.perplexity:.1f}: {step.bits:.2f} bits per "
        "letter."
    )


# ---------------------------------------------------------------- a network that reads


PREFIXES = ("THE WHITE ", "THE QU", "SHE THOUG", "WHAT DO YOU ", "ALICE S")
CARRIED_ON = 28  # letters of the sample; more would not fit in its line


def next_letter() -> Explorer:
    """Choose what was read so far, a temperature and a top-p: which letters may come next?"""
    controls = {
        "prefix": widgets.Dropdown(options=PREFIXES, value=PREFIXES[0], description="So far"),
        "temperature": widgets.FloatSlider(
            1.0, min=0.2, max=2, step=0.1, description="Temperature T", readout_format=".1f"
        ),
        "share": widgets.FloatSlider(
            1.0, min=0.1, max=1, step=0.05, description="Top-p", readout_format=".2f"
        ),
    }
    return Explorer(
        controls,
        _draw_next,
        _update_next,
        presets={
            "Cold": {"temperature": 0.5},
            "Hot": {"temperature": 1.5},
            "Nucleus": {"share": 0.9},
            "Hot, then cut": {"temperature": 1.5, "share": 0.7},
            "Always the favourite": {"share": 0.1},
        },
        alt="Bars for the 27 symbols: the chance of each to come next. Bars of letters that may be "
        "drawn are filled; of those that were cut only the outline is left.",
        size=(7.2, 3.9),
    )


def _draw_next(fig) -> dict:
    ax = fig.subplots()
    places = np.arange(K)
    kept = ax.bar(places, np.zeros(K), 0.8, **MODEL_FILL)
    cut = ax.bar(places, np.zeros(K), 0.8, facecolor="none", edgecolor=MUTED, linestyle=":")
    ax.set(ylim=(0, 1), xlim=(-0.7, K - 0.3), ylabel="chance to come next")
    ax.set_xticks(places, labels=list(ALPHABET.replace(" ", "␣")))
    ax.grid(axis="x", visible=False)
    ax.set_title("What may come next?")
    words = write(ax, (0.98, 0.95), "", "right top plate", size=11, transform=ax.transAxes)
    return {"kept": list(kept), "cut": list(cut), "words": words}


def _update_next(artists, *, prefix: str, temperature: float, share: float) -> str:
    row = softmax(np.log(carroll(4)(codes(prefix))), temperature=temperature)
    left = top_p(row, share)
    for k in range(K):
        artists["kept"][k].set_height(left[k])
        artists["cut"][k].set_height(0 if left[k] else row[k])
    rng = np.random.default_rng(13)
    how = {"rng": rng, "temperature": temperature, "share": share}
    text = carry_on(carroll(4), prefix, CARRIED_ON, **how).replace(" ", "␣")
    bits, many = entropy(left, base=2), np.count_nonzero(left)
    artists["words"].set_text(
        f"after {prefix.rstrip()}\n{many} of {K} letters\nentropy {bits:.2f} bits"
    )
    order = np.argsort(-left, kind="stable")[:3]
    best = ", ".join(f"{ALPHABET[k].replace(' ', '␣')} {left[k]:.3f}" for k in order if left[k])
    return (
        f"T = {temperature:.1f}, top-p {share:.2f}: {many} of {K} letters may come, {K - many} are "
        f"cut; entropy {bits:.2f} bits. {best}. Carried on: {text}"
    )


# ---------------------------------------------------------------- means that lie

MEANS = ("per letter", "of two means", "per sentence", "all places")


def means_of_a_batch(
    letters: int, cost: float, sentences: int, long: int, long_cost: float, padding_cost: float
) -> tuple[list[float], float]:
    """Four means of one batch in nats, in the order of `MEANS`, and its share of padding.

    Parameters
    ----------
    letters, cost : int, float
        The one sentence of the first micro-batch, and its mean loss a letter.
    sentences, long, long_cost : int, int, float
        The second micro-batch: so many sentences of so many letters, and their mean loss.
    padding_cost : float
        The mean loss at a place of padding.
    """
    total = letters + sentences * long
    places = (1 + sentences) * max(letters, long)
    paid = letters * cost + sentences * long * long_cost
    means = [
        paid / total,
        (cost + long_cost) / 2,
        (cost + sentences * long_cost) / (1 + sentences),
        (paid + (places - total) * padding_cost) / places,
    ]
    return means, 1 - total / places


def batch_means() -> Explorer:
    """A short sentence against long ones: four means of the same losses."""
    style = {"readout_format": ".1f", "step": 0.1, "min": 0.0}
    controls = {
        "letters": widgets.IntSlider(5, min=1, max=100, description="Short: letters"),
        "cost": widgets.FloatSlider(3.0, max=6.0, description="Short: loss", **style),
        "sentences": widgets.IntSlider(10, min=1, max=20, description="Long: sentences"),
        "long": widgets.IntSlider(50, min=1, max=100, description="Long: letters"),
        "long_cost": widgets.FloatSlider(1.4, max=6.0, description="Long: loss", **style),
        "padding_cost": widgets.FloatSlider(0.0, max=6.0, description="Padding: loss", **style),
    }
    return Explorer(
        controls,
        _draw_means,
        _update_means,
        presets={
            "All alike": {"letters": 50, "sentences": 1},
            "Padding not yet learned": {"padding_cost": 4.6},
            "A long one among short ones": {"letters": 100, "cost": 1.4, "long": 5, "long_cost": 3},
        },
        alt="Four bars: the mean loss per letter, the mean of the two micro-batches' means, the "
        "mean of the sentences' means, and the mean over all places with padding. A line marks "
        "the first.",
        size=(7.2, 3.6),
    )


def _draw_means(fig) -> dict:
    ax = fig.subplots()
    ax.set(xlim=(0, 7.6), xlabel="nats", ylim=(3.6, -0.6))
    ax.set_yticks(range(4), MEANS)
    ax.grid(axis="y", visible=False)
    ax.set_title("One batch, four means")
    bars = ax.barh(range(4), [0] * 4, height=0.62, **MODEL_FILL)
    bars[0].set(hatch=None, facecolor=tint(GOOD, 0.5), edgecolor=GOOD)
    values = [write(ax, (7.5, k), "", "right middle bold") for k in range(4)]
    return {
        "bars": list(bars),
        "right": ax.axvline(0, color=ink(GOOD), linewidth=1.6),
        "values": values,
    }


def _update_means(artists, **given) -> str:
    means, padding = means_of_a_batch(**given)
    for bar, words, mean in zip(artists["bars"], artists["values"], means, strict=True):
        bar.set_width(mean)
        words.set_text(f"{mean:.2f}")
    artists["right"].set_xdata([means[0]] * 2)
    times = given["sentences"] * given["long"] / given["letters"]
    return (
        f"Per letter {means[0]:.2f} nats; mean of the micro-batches' means {means[1]:.2f}, in "
        f"which a letter of the short sentence weighs {times:.3g} times as much as one of the long "
        f"ones; mean of the sentences' means {means[2]:.2f}; over all places {means[3]:.2f}, with "
        f"{padding:.0%} padding."
    )


# ---------------------------------------------------------------- after pretraining


REFERENCE = {"chosen": -12.0, "rejected": -11.0}  # log-probabilities before training, in nats
MARGINS = np.linspace(-6, 6, 241)


def preference() -> Explorer:
    """Move two log-probabilities: what does the loss of a preference see of them?"""
    names = {"chosen": "ln θ of the chosen answer", "rejected": "ln θ of the rejected answer"}
    controls = {
        key: widgets.FloatSlider(
            REFERENCE[key], min=-20, max=-4, step=0.5, description=name, readout_format=".1f"
        )
        for key, name in names.items()
    }
    controls["beta"] = widgets.FloatSlider(
        0.3, min=0.1, max=1, step=0.1, description="β", readout_format=".1f"
    )
    return Explorer(
        controls,
        _draw_preference,
        _update_preference,
        presets={
            "As it is meant": {"chosen": -9.0, "rejected": -14.0},
            "Both fall, loss falls": {"chosen": -14.0, "rejected": -18.0},
            "Both rise, loss rises": {"chosen": -10.0, "rejected": -6.0},
            "Both fall, β = 1": {"chosen": -14.0, "rejected": -18.0, "beta": 1.0},
        },
        alt="Left, an arrow for the chosen and one for the rejected answer, from the "
        "log-probability before training to that now. Right, the loss against β times the "
        "difference of the two arrows, falling, with a dot where we are.",
        size=(7.2, 3.8),
    )


def _draw_preference(fig) -> dict:
    left, right = fig.subplots(1, 2, width_ratios=(1, 1.5))
    left.set(xlim=(-0.6, 1.6), ylim=(-21, -3), xticks=[0, 1], ylabel="log-probability in nats")
    left.set_xticklabels(["chosen", "rejected"])
    left.set_title("Two arrows …", fontsize=11)
    found = {}
    for place, (key, color, line) in enumerate(
        (("chosen", ink(GOOD), "-"), ("rejected", ink(MODEL), (0, (3, 1))))
    ):
        start = REFERENCE[key]
        left.plot([place - 0.28, place + 0.28], [start, start], color=MUTED, linewidth=1.6)
        (found[key],) = left.plot([place] * 2, [start] * 2, color=color, linestyle=line, lw=4)
        (found[f"{key} head"],) = left.plot([], [], "o", color=color, markersize=12)
    right.plot(MARGINS, softplus(-MARGINS), **LOSS_LINE)
    right.axvline(0, color=FAINT, linewidth=1)
    right.set(xlim=(-6, 6), ylim=(-0.25, 6.3), ylabel="loss in nats")
    right.set_xlabel("β × (chosen arrow − rejected arrow)")
    right.set_title("… and the loss sees their difference", fontsize=11)
    (found["dot"],) = right.plot([], [], "o", color=LOSS, markersize=12, markeredgecolor="white")
    found["words"] = write(
        right, (0.96, 0.95), "", "right top bold plate", size=11.5, transform=right.transAxes
    )
    return found


def _update_preference(artists, *, chosen: float, rejected: float, beta: float) -> str:
    told, gained = [], {}
    for place, (key, now) in enumerate((("chosen", chosen), ("rejected", rejected))):
        start = REFERENCE[key]
        gained[key] = now - start
        artists[key].set_data([place, place], [start, now])
        head = artists[f"{key} head"]
        head.set_data([place], [now])
        head.set_marker("o" if now == start else "^" if now > start else "v")
        word = "stays" if now == start else f"{'rises' if now > start else 'falls'} by "
        word += "" if now == start else f"{abs(now - start):.1f}"
        told.append(f"{key} {start:.1f} to {now:.1f}, {word}")
    difference = gained["chosen"] - gained["rejected"]
    margin = beta * difference
    loss = softplus(-margin)
    artists["dot"].set_data([min(max(margin, -6), 6)], [min(loss, 6)])
    artists["words"].set_text(
        f"loss {loss:.2f}" if abs(margin) <= 6 else f"loss {loss:.2f}, beyond"
    )
    start = math.log(2)
    went = "as before training" if margin == 0 else "less" if loss < start else "more"
    went += "" if margin == 0 else f" than the {start:.2f} before training"
    words = f"{told[0]}; {told[1]}. β × difference: {beta:.1f} × {difference:.1f} = {margin:.2f}. "
    return (words + f"Loss {loss:.2f} nats, {went}.").replace("-", "−")
