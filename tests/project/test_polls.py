"""Every option of a poll is put to the test: exactly one holds, and the answer's letter is its."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from derivations import only
from pages import page, says, sections

import cehelpers as ce

POLLS = sections(page("polls"))
FRAUD = [0.0018, 0.9982]
ANSWERS = {}


def poll(title):
    """What follows says of each option of this poll whether it holds."""

    def keep(function):
        ANSWERS[title] = function
        return function

    return keep


def is_about(value, *options):
    """Of each option, whether its last number is the value, but for a tenth."""
    last = {one: re.findall(r"[\d.]+(?:e-?\d+)?", one)[-1:] for one in options}
    return {one: bool(x) and abs(float(x[0]) - value) <= 0.1 * value for one, x in last.items()}


@poll("01 · A coin lands heads 99 times in 100. Its entropy is about")
def _():
    return is_about(ce.entropy([0.99, 0.01], base=2), "0.99 bits", "0.5 bits", "0.08 bits")


@poll("01 · Two independent events have surprises of 2 and 3 bits. Both together?")
def _():
    both = ce.surprisal(2**-2 * 2**-3, base=2)
    said = "5 bits", "6 bits", "2.5 bits, the mean", "it depends on which comes first"
    return is_about(both, *said)


@poll("02 · Test set A costs your finished model 0.50 nats, test set B 0.45. What do you know?")
def _():
    # two worlds with these costs: the entropy of A and of B, and what the model adds to each
    worlds = [((0.30, 0.35), (0.20, 0.10)), ((0.40, 0.30), (0.10, 0.15))]
    for entropies, added in worlds:
        assert np.allclose(np.add(entropies, added), [0.50, 0.45])
    easier, fits = ({a > b for a, b in column} == {True} for column in zip(*worlds, strict=True))
    return {
        "The model fits B better": fits,
        "B is easier": easier,
        "Either, or both: the two numbers cannot tell": not fits and not easier,
    }


@poll("02 · The model never considered an outcome that does occur, once in a million rows. KL is")
def _():
    kl = ce.kl_divergence([1 - 1e-6, 1e-6], [1, 0])
    return {
        "about a millionth": kl < 1e-5,
        "about 14 nats, the surprise of one in a million": 13 < kl < 15,
        "infinite": kl == math.inf,
    }


@poll("03 · Label 1. Which change of the forecast costs more?")
def _():
    one = ce.surprisal(0.5) - ce.surprisal(0.9)
    other = ce.surprisal(0.01) - ce.surprisal(0.02)
    return {
        "from 0.9 to 0.5": one > other,
        "from 0.02 to 0.01": other > one,
        "the same": one == other,
    }


@poll("03 · A classifier has a log loss of 0.10. Is that good?")
def _():
    good = [ce.entropy(base) > 0.10 for base in ([0.5, 0.5], FRAUD)]
    return {
        "yes, it is close to 0": all(good),
        "no, it should be below 0.05": not any(good),
        "tell me the base rate first": any(good) and not all(good),
    }


@poll("03 · Seven of ten experts say yes; the label is 0.7. The lowest possible loss is")
def _():
    losses = {p / 10: ce.binary_cross_entropy(0.7, p / 10) for p in range(11)}
    p, loss = min(losses.items(), key=lambda item: item[1])
    return {
        "0": loss == 0,
        "0.611 nats, at p = 0.7": (round(loss, 3), p) == (0.611, 0.7),
        "0.357 nats, at p = 1": (round(loss, 3), p) == (0.357, 1),
    }


@poll("04 · float32, label 0, logit 17, naive loss. What is printed?")
def _():
    one = np.float32(1)
    with np.errstate(divide="ignore"):
        loss = -np.log(one - one / (one + np.exp(np.float32(-17))))
    return {"17.0": loss == 17, "nan": np.isnan(loss), "inf": np.isposinf(loss)}


@poll(
    "04 · You clip p to [1e-7, 1 − 1e-7]. What happens to the gradient of a row at z = −30, y = 1?"
)
def _():
    def loss(z):
        return ce.surprisal(np.clip(ce.sigmoid(z), 1e-7, 1 - 1e-7))

    slope = (loss(-29.5) - loss(-30.5)) / 1
    return {"it stays −1": slope == -1, "it becomes 0": slope == 0, "it becomes 1e7": slope == 1e7}


@poll("05 · Add 100 to all three logits. The softmax")
def _():
    before, after = (ce.softmax(np.add([2.0, 1.0, -0.5], shift)) for shift in (0, 100))
    return {
        "gets closer to certain": after.max() > before.max() + 1e-9,
        "gets closer to uniform": after.max() < before.max() - 1e-9,
        "does not change": np.allclose(before, after),
    }


@poll("05 · A ten-class loss falls to 1.47 and stays there; accuracy is 90%. First suspicion?")
def _():
    floors = {
        "a softmax is applied twice": math.log(math.e + 9) - 1,
        "the labels are noisy": ce.entropy([0.9] + 9 * [0.1 / 9]),  # with one in ten wrong
    }
    found = {suspect: 0 < 1.47 - floor < 0.02 for suspect, floor in floors.items()}
    return found | {"the learning rate is too high": False}  # which knows no level


@poll("05 · A photo may be tagged fox, night and rain, any of them. You need")
def _():
    shares = np.random.default_rng(0).dirichlet([1, 1, 1], 9999)
    return {
        "one softmax over three": np.any(np.sum(shares > 0.5, axis=1) > 1),
        "three sigmoids": all(ce.sigmoid(np.array([3.0, 3.0, 3.0])) > 0.5),
        "a softmax over eight combinations, always": 2**3 != 8 or 2**30 < 1000,
    }


@poll(
    "06 · Squared error and cross-entropy on the digits, Adam, a sane start. "
    "Cross-entropy is ahead by"
)
def _():
    both = [
        says("06", f"{loss}: held-out accuracy 0.97") for loss in ("cross_entropy", "squared_error")
    ]
    return {
        "about ten points of accuracy": not any(both),
        "about two points": not all(both),
        "nothing that five seeds could show": all(both) and says("06", "farthest seed 1% away"),
    }


@poll("06 · Every row is written down ten times. What changes?")
def _():
    flips = np.array([1] * 7 + [0] * 3)
    once, tenfold = (
        (
            y.mean(),
            ce.binary_cross_entropy(y, 0.7),
            np.sum(np.log(np.where(y == 1, 0.7, 0.3) / 0.5)),  # ln of: so much likelier than a coin
        )
        for y in (flips, np.tile(flips, 10))
    )
    same = np.isclose(once, tenfold)
    said = "the estimate", "the mean loss", "how certain you seem"
    return dict(zip(said, ~same, strict=True)) | {"nothing": all(same)}


@poll("07 · Label smoothing makes a network's probabilities")
def _():
    harmed, helped = says("07", "ECE 0.01 to 0.13"), says("07", "ECE falls from 0.2 to nearly 0")
    return {
        "better calibrated": not harmed,
        "worse calibrated": not helped,
        "less confident, which may be either": harmed and helped,
    }


@poll("07 · Ten classes, α = 0.1, training loss 0.52. The network is")
def _():
    above = 0.52 - ce.entropy(ce.smooth_labels(np.eye(10)[0], 0.1))
    return {
        "nearly perfect on its training rows": 0 < above < 0.05,
        "mediocre": above > 0.2,
        "broken: the loss should reach 0": above == 0.52,
    }


@poll("08 · A perfectly calibrated forecaster, 100 forecasts, ten bins. The ECE is")
def _():
    rng = np.random.default_rng(0)
    forecasts = [rng.uniform(size=100) for _ in range(99)]
    luck = np.mean(
        [ce.expected_calibration_error(rng.uniform(size=100) < p, p, n_bins=10) for p in forecasts]
    )
    return {"0": luck == 0, "about 0.1": 0.08 < luck < 0.12, "below 0.01": luck < 0.01}


@poll("08 · You fit a temperature on held-out rows. How many answers change?")
def _():
    z = np.random.default_rng(0).normal(size=(500, 10))
    changed = max(np.sum((z / T).argmax(axis=1) != z.argmax(axis=1)) for T in (0.4, 2.5, 9))
    return {
        "none": changed == 0,
        "some of the unsure ones": 0 < changed < 50,
        "about as many as ECE says": changed >= 50,
    }


@poll("09 · You train with positive weight 550. A raw output of 0.35 means a probability of about")
def _():
    undone = ce.sigmoid(ce.logit(0.35) - math.log(550))
    return is_about(undone, "0.35", "0.35 / 550 = 0.0006", "0.001")


@poll("09 · A missed fraud costs 550 €, a false alarm 1 €. You flag from")
def _():
    indifferent = {p: p * 550 == (1 - p) * 1 for p in (Fraction(1, 2), Fraction(1, 551))}
    said = "0.5", "1/551"
    # what has the best F1 is the same at all prices
    return dict(zip(said, indifferent.values(), strict=True)) | {"the cut with the best F1": False}


@poll("10 · A scorer reports AUC .96 and log loss .011 at 0.18% fraud. What do you say?")
def _():
    ceiling = ce.log_loss_ceiling(0.96, 0.0018)
    return {
        "an excellent model": ceiling / 2 > 0.011,
        "plausible, ask for the confusion matrix": ceiling / 2 <= 0.011 <= ceiling,
        "its probabilities are not calibrated": ceiling < 0.011,
    }


@poll("11 · The training loss is 2.3026 for ten classes, in every epoch. Most likely")
def _():
    return {
        "the learning rate is too low": False,  # the loss would creep
        "the model does not see its inputs": round(ce.entropy([0.1] * 10), 4) == 2.3026,
        "the labels are wrong": ce.entropy([0.9] + 9 * [0.1 / 9]) > 2.3,  # one in ten
    }


@poll(
    "12 · One model, one batch, class weights: PyTorch says 0.31, a colleague's NumPy 0.37. "
    "Who is wrong?"
)
def _():
    losses, weights = np.array([0.2, 0.7]), np.array([1.0, 3.0])
    both = math.isclose(np.average(losses, weights=weights), np.mean(weights * losses))
    return {
        "PyTorch": both,
        "the colleague": both,
        "neither, perhaps: the divisors differ": not both,
    }


@pytest.mark.parametrize("title", ANSWERS)
def test_one_option_holds_and_its_letter_is_the_answer(title):
    body = POLLS[title]
    options = dict(re.findall(r"^- ([A-D])\. (.+)$", body, re.MULTILINE))
    holds = ANSWERS[title]()
    assert sorted(options.values()) == sorted(holds)
    (letter,) = re.findall(r"^\*\*([A-D])\.\*\*", body, re.MULTILINE)
    assert options[letter] == only(holds)


def test_every_poll_is_answered():
    assert list(POLLS) == list(ANSWERS)
