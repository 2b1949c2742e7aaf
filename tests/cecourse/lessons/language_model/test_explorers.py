"""Notebook 13's explorers: set a value, look at the artists and the caption."""

import re

import numpy as np
import pytest
from drawn import line, told
from scipy.special import log_expit

import cehelpers as ce
from cecourse.english import guessing
from cecourse.lessons.language_model import explorers, sampling, tokens
from cecourse.lessons.language_model.ngrams import NGrams, codes
from cecourse.palette import GOOD, LOSS, MODEL, ink

# ---------------------------------------------------------------- perplexity and tokens


@pytest.fixture(scope="module")
def merges():
    return explorers.merges()


@pytest.mark.parametrize("count", [0, 1, 57, tokens.MOST])
def test_dots_and_words_are_those_of_the_step(merges, count):
    merges.set(count=count)
    step, start = tokens.steps()[count], tokens.steps()[0]
    for name, value, first in (
        ("nats", step.nats, start.nats),
        ("bits", step.bits, start.bits),
    ):
        (place,) = merges.artists[name].get_xydata()
        assert place == pytest.approx([count, value / first])
        assert merges.artists[f"{name}_words"].get_text().startswith(f"{value:.2f} {name} per")
        curves = [one for one in merges.figure.axes[1].lines if len(one.get_xdata()) > 2]
        assert any(one.get_ydata()[count] == place[1] for one in curves)
    assert f"perplexity {step.perplexity:.1f}" in merges.artists["nats_words"].get_text()
    caption = re.search(
        r"Alice is ([\d,]+) tokens of ([\d.]+) nats, .*: ([\d.]+) bits", merges.caption
    )
    assert caption.groups() == (f"{step.count:,}", f"{step.nats:.2f}", f"{step.bits:.2f}")
    assert merges.caption.startswith(f"{count} merged pair")


@pytest.mark.parametrize("count", [0, 1, 57, tokens.MOST])
def test_a_bar_stands_wherever_a_token_ends(merges, count):
    merges.set(count=count)
    pairs, sentence = tokens.learnt()[:count], explorers.SENTENCE
    pieces, start = [], 0
    for i, cut in enumerate(merges.artists["cuts"], 1):
        if cut.get_visible():
            pieces.append(sentence[start:i])
            start = i
        x, y = cut.get_xydata()[0]
        assert ((i - 1) % explorers.LINE + 1, -((i - 1) // explorers.LINE)) == (x, round(y + 0.9))
    assert pieces == [tokens.spelt(one, pairs) for one in tokens.tokenise(sentence, pairs)]


def test_what_merges_says_of_itself(merges):
    ax = merges.figure.axes[1]
    assert told(ax) == (
        "A token costs more, a letter less",
        "merged pairs",
        "loss; unmerged it is 1",
    )
    up, down = (one for one in ax.lines if len(one.get_xdata()) > 2)
    assert (up.get_color(), up.is_dashed(), down.get_color(), down.is_dashed()) == (
        MODEL,
        True,
        LOSS,
        False,
    )
    assert up.get_ydata()[-1] > 1 > down.get_ydata()[-1]
    words = merges.strip({"one": {}}).description
    assert "the loss per token, dashed, rises; the loss per letter, solid, falls" in words
    buttons = {button.description: button for button in merges.children[1].children}
    buttons["1"].click()
    assert merges.caption.startswith("1 merged pair; the last one made “E␣”. Alice is 6,541 tokens")
    buttons["Reset"].click()
    assert merges.caption.startswith("0 merged pairs. Alice is 6,804 tokens")


# ---------------------------------------------------------------- a network that reads


@pytest.fixture(scope="module")
def letters():
    return explorers.next_letter()


MODEL_4 = NGrams(codes(guessing.looking_glass()), 4)


@pytest.mark.parametrize("prefix", explorers.PREFIXES)
@pytest.mark.parametrize(("t", "share"), [(1.0, 1.0), (0.2, 0.9), (1.5, 0.7), (2.0, 0.1)])
def test_the_bars_are_the_chances_after_both_dials(letters, prefix, t, share):
    letters.set(prefix=prefix, temperature=t, share=share)
    p = MODEL_4.probabilities(codes(prefix + "A"))[-1]
    warm = ce.softmax(np.log(p), temperature=t)
    order = np.argsort(-warm)
    many = 27 if share == 1 else int(np.searchsorted(np.cumsum(warm[order]), share)) + 1
    left = np.zeros(27)
    left[order[:many]] = warm[order[:many]] / warm[order[:many]].sum()
    kept = [bar.get_height() for bar in letters.artists["kept"]]
    np.testing.assert_allclose(kept, left, atol=1e-12)
    cut = [bar.get_height() for bar in letters.artists["cut"]]
    np.testing.assert_allclose(cut, np.where(left == 0, warm, 0), atol=1e-12)
    bits = ce.entropy(left, base=2)
    assert letters.caption.startswith(
        f"T = {t:.1f}, top-p {share:.2f}: {many} of 27 letters may come, {27 - many} are cut; "
        f"entropy {bits:.2f} bits."
    )
    assert letters.artists["words"].get_text() == (
        f"after {prefix.strip()}\n{many} of 27 letters\nentropy {bits:.2f} bits"
    )
    sample = letters.caption.rpartition(": ")[2].replace("␣", " ")
    assert sample.startswith(prefix)
    assert len(sample) == len(prefix) + explorers.CARRIED_ON


def test_one_letter_is_left_of_a_small_share(letters):
    letters.set(prefix="THE QU", temperature=1.0, share=0.1)
    assert "1 of 27 letters may come, 26 are cut; entropy 0.00 bits" in letters.caption
    assert "failed" not in letters.caption


def test_buttons_of_the_next_letter(letters):
    buttons = {button.description: button for button in letters.children[1].children}
    buttons["Hot, then cut"].click()
    assert letters.values == {"prefix": "THE WHITE ", "temperature": 1.5, "share": 0.7}
    buttons["Reset"].click()
    assert "27 of 27 letters may come, 0 are cut" in letters.caption
    assert len(buttons) == 6


# ---------------------------------------------------------------- means that lie


@pytest.mark.parametrize(
    "given",
    [
        {"letters": 5, "cost": 3.0, "sentences": 10, "long": 50, "long_cost": 1.4},
        {"letters": 100, "cost": 1.4, "sentences": 10, "long": 5, "long_cost": 3.0},
        {"letters": 7, "cost": 0.5, "sentences": 1, "long": 7, "long_cost": 2.5},
        {"letters": 9, "cost": 6.0, "sentences": 3, "long": 20, "long_cost": 0.0},
    ],
)
@pytest.mark.parametrize("padding_cost", [0.0, 4.6])
def test_four_means_of_one_batch(given, padding_cost):
    """Place by place, from the padded rectangle."""
    explorer = explorers.batch_means()
    explorer.set(**given, padding_cost=padding_cost)
    short, long = [given["cost"]] * given["letters"], [given["long_cost"]] * given["long"]
    rows = [short, *[long] * given["sentences"]]
    letters = [x for row in rows for x in row]
    width = max(map(len, rows))
    places = [x for row in rows for x in row + [padding_cost] * (width - len(row))]
    means = [
        np.mean(letters),
        np.mean([np.mean(short), np.mean(letters[len(short) :])]),
        np.mean([np.mean(row) for row in rows]),
        np.mean(places),
    ]
    assert [bar.get_width() for bar in explorer.artists["bars"]] == pytest.approx(means)
    assert [one.get_text() for one in explorer.artists["values"]] == [f"{m:.2f}" for m in means]
    for bar, value in zip(explorer.artists["bars"], explorer.artists["values"], strict=True):
        assert value.get_position()[1] == pytest.approx(bar.get_y() + bar.get_height() / 2)
    assert explorer.artists["right"].get_xdata() == pytest.approx([means[0]] * 2)
    said = [float(x) for x in re.findall(r"\d+\.\d\d(?=[,;])", explorer.caption)]
    said.insert(0, float(re.match(r"Per letter (\S+) nats", explorer.caption)[1]))
    assert said == pytest.approx(means, abs=0.0051)
    padding = 1 - len(letters) / len(places)
    assert explorer.caption.endswith(f"with {padding:.0%} padding.")
    weight = (1 / len(short)) / (1 / (len(letters) - len(short)))
    assert f"weighs {weight:.3g} times as much" in explorer.caption


def test_the_names_of_the_means_stand_at_their_bars():
    (ax,) = explorers.batch_means().figure.axes
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["per letter", "of two means", "per sentence", "all places"]


# ---------------------------------------------------------------- after pretraining


@pytest.fixture(scope="module")
def preferred():
    return explorers.preference()


@pytest.mark.parametrize("beta", [0.1, 0.3, 1.0])
@pytest.mark.parametrize(("chosen", "rejected"), [(-9, -14), (-14, -18), (-10, -6), (-20, -4)])
def test_the_loss_of_a_preference(preferred, chosen, rejected, beta):
    preferred.set(chosen=chosen, rejected=rejected, beta=beta)
    margin = beta * ((chosen + 12) - (rejected + 11))
    loss = -log_expit(margin)
    ((x, y),) = preferred.artists["dot"].get_xydata()
    assert (x, y) == pytest.approx((np.clip(margin, -6, 6), min(loss, 6)))
    said = preferred.caption.replace("−", "-")
    assert float(re.search(r" = (-?[\d.]+)\. Loss", said)[1]) == pytest.approx(margin, abs=6e-3)
    assert float(re.search(r"Loss ([\d.]+) nats", said)[1]) == pytest.approx(loss, abs=6e-3)
    assert ("less than the 0.69" in said) == (margin > 0)
    assert preferred.artists["words"].get_text().startswith(f"loss {loss:.2f}")
    assert ("beyond" in preferred.artists["words"].get_text()) == (abs(margin) > 6)
    for key, now, start in (("chosen", chosen, -12), ("rejected", rejected, -11)):
        assert list(preferred.artists[key].get_ydata()) == [start, now]
        head = preferred.artists[f"{key} head"]
        assert head.get_ydata()[0] == now
        assert head.get_marker() == ("^" if now > start else "v")
        word = "rises" if now > start else "falls"
        assert f"{key} {start:.1f} to {now:.1f}, {word} by {abs(now - start):.1f}" in said


def test_the_curve_of_a_preference(preferred):
    left, right = preferred.figure.axes
    curve = line(right, LOSS)
    np.testing.assert_allclose(curve.get_ydata(), -log_expit(curve.get_xdata()), atol=1e-12)
    assert told(left) == ("Two arrows …", "", "log-probability in nats")
    assert told(right) == (
        "… and the loss sees their difference",
        "β × (chosen arrow − rejected arrow)",
        "loss in nats",
    )
    assert not preferred.artists["chosen"].is_dashed() and preferred.artists["rejected"].is_dashed()


def test_presets_of_a_preference(preferred):
    buttons = {button.description: button for button in preferred.children[1].children}
    told_of = {}
    for name, button in buttons.items():
        button.click()
        told_of[name] = preferred.caption
    assert "stays; rejected" in told_of["Reset"] and told_of["Reset"].endswith("before training.")
    for name, words in (
        ("As it is meant", ("rises", "falls", "less")),
        ("Both fall, loss falls", ("falls", "falls", "less")),
        ("Both rise, loss rises", ("rises", "rises", "more")),
        ("Both fall, β = 1", ("falls", "falls", "less")),
    ):
        assert re.findall(r"rises|falls|less|more", told_of[name]) == list(words)
    assert len(buttons) == 5


def names(explorer):
    return [control.description for control in explorer.controls.values()]


def pressed(explorer, label):
    buttons = {button.description: button for button in explorer.children[1].children}
    buttons["Reset"].click()
    buttons[label].click()
    return explorer.values


def test_what_the_next_letter_says_of_itself():
    letters = explorers.next_letter()
    (ax,) = letters.figure.axes
    assert told(ax) == ("What may come next?", "", "chance to come next")
    ticks = [tick.get_text() for tick in ax.get_xticklabels()]
    assert "".join(ticks) == guessing.ALPHABET.replace(" ", "␣")
    alt = letters.strip({"one": {}}).description
    assert "may be drawn are filled; of those that were cut only the outline is left" in alt
    for label, share, t in (
        ("Cold", 1, 0.5),
        ("Hot", 1, 1.5),
        ("Nucleus", 0.9, 1),
        ("Always the favourite", 0.1, 1),
    ):
        values = pressed(letters, label)
        assert (values["share"], values["temperature"]) == (share, t)


def test_the_caption_of_the_next_letter():
    letters = explorers.next_letter()
    prefix, t, share = "THE WHITE ", 1.5, 0.7
    letters.set(prefix=prefix, temperature=t, share=share)
    left = np.array([bar.get_height() for bar in letters.artists["kept"]])
    best = ", ".join(
        f"{guessing.ALPHABET[k].replace(' ', '␣')} {left[k]:.3f}"
        for k in np.argsort(-left)[:3]
        if left[k]
    )
    assert f"bits. {best}. Carried on: " in letters.caption
    sample = letters.caption.rpartition(": ")[2].replace("␣", " ")
    how = {"rng": np.random.default_rng(13), "temperature": t, "share": share}
    assert sample == sampling.carry_on(MODEL_4, prefix, explorers.CARRIED_ON, **how)


def test_what_the_means_say_of_themselves():
    means = explorers.batch_means()
    (ax,) = means.figure.axes
    assert told(ax)[:2] == ("One batch, four means", "nats")
    assert names(means) == [
        "Short: letters",
        "Short: loss",
        "Long: sentences",
        "Long: letters",
        "Long: loss",
        "Padding: loss",
    ]
    assert [bar.get_hatch() is None for bar in means.artists["bars"]] == [True, False, False, False]
    assert means.strip({"one": {}}).description.count("A line marks the first.") == 1

    def width():
        return [bar.get_width() for bar in means.artists["bars"]]

    pressed(means, "All alike")
    assert width() == pytest.approx([width()[0]] * 4)
    pressed(means, "Padding not yet learned")
    assert width()[3] > width()[0]
    pressed(means, "A long one among short ones")
    assert width()[2] > width()[1] > width()[0]


def test_what_the_preference_says_of_itself():
    preferred = explorers.preference()
    assert {key: one.description for key, one in preferred.controls.items()} == {
        "chosen": "ln θ of the chosen answer",
        "rejected": "ln θ of the rejected answer",
        "beta": "β",
    }
    left, _ = preferred.figure.axes
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["chosen", "rejected"]
    assert preferred.artists["chosen"].get_color() == ink(GOOD)
    assert preferred.artists["rejected"].get_color() == ink(MODEL)
    assert "difference of the two arrows, falling," in preferred.strip({"one": {}}).description
    preferred.set(chosen=-9, rejected=-14, beta=0.3)
    assert "β × difference: 0.3 × 6.0 = 1.80. " in preferred.caption
