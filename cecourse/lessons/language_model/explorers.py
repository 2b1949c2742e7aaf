"""Explorers of notebook 13: merges and perplexity, sampling, and what a preference moves."""

from __future__ import annotations

import functools

import ipywidgets as widgets
import numpy as np

from cecourse.english.guessing import ALPHABET, looking_glass
from cecourse.explorer import Explorer
from cecourse.palette import MUTED
from cecourse.picture import MODEL_FILL, write
from cehelpers import entropy

from .ngrams import K, NGrams, codes
from .sampling import carry_on, next_row, top_p, warmed

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


PREFIXES = ("THE WHITE ", "THE QU", "SHE THOUG", "WHAT DO YOU ", "ALICE S")
CARRIED_ON = 28  # letters of the sample; more would not fit in its line


@functools.cache
def _reader() -> NGrams:
    """Four letters of memory: it answers at once, and the same on every processor."""
    return NGrams(codes(looking_glass()), 4)


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
    row = warmed(next_row(_reader(), prefix), temperature)
    left = top_p(row, share)
    for k in range(K):
        artists["kept"][k].set_height(left[k])
        artists["cut"][k].set_height(0 if left[k] else row[k])
    rng = np.random.default_rng(13)
    how = {"rng": rng, "temperature": temperature, "share": share}
    text = carry_on(_reader(), prefix, CARRIED_ON, **how).replace(" ", "␣")
    bits, many = entropy(left, base=2), np.count_nonzero(left)
    artists["words"].set_text(f"{many} of {K} letters\n{bits:.2f} bits")
    order = np.argsort(-left, kind="stable")[:3]
    best = ", ".join(f"{ALPHABET[k].replace(' ', '␣')} {left[k]:.3f}" for k in order if left[k])
    return (
        f"T = {temperature:.1f}, top-p {share:.2f}: {many} of {K} letters may come, {K - many} are "
        f"cut; entropy {bits:.2f} bits. {best}. Carried on: {text}"
    )


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
