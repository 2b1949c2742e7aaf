"""The exercises of notebook 04: the loss of a logit, what a clip hides, and formulas that last."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS
from cehelpers import sigmoid

SIGMA_18 = f"{sigmoid(-18.0):.1e}".replace("e-0", "e-")


@exercise(
    "04",
    title="A confident mistake",
    hints=[
        "With y = 0 the second part of softplus(z) − z·y drops out.",
        "softplus(z) = ln(1 + e^z): which function of `math` is the natural logarithm?",
        "Far out, the loss of a wrong row is close to its distance from 0. Here it must come out "
        "a little above that distance.",
    ],
    right="Right: 3.049. Three of these nats are the distance itself; only the 0.049 comes from "
    f"the bend of the curve, and it halves with every {round(math.log(2), 1)} further out.",
)
def confident_mistake():
    """A model gives a row the logit z = 3, and its label is y = 0.

    What is the binary cross-entropy of this row, in nats?
    """
    y, z = 0, 3.0
    return math.log(1 + math.exp(z)) - z * y


@confident_mistake.mistake(
    "0.0486 is the loss of this logit when the label is 1, a row that is right and sure of it. "
    "Which way does the model lean here, and which way went the label?"
)
def _other_label():
    return math.log(1 + math.exp(-3.0))


@confident_mistake.mistake(
    "3 is the straight line that the loss approaches far out. At z = 3 the curve has not quite "
    "reached it: what does the 1 in ln(1 + e^z) add?"
)
def _the_line():
    return 3.0


@confident_mistake.mistake("4.398 is this loss in bits, and nats were asked for.")
def _in_bits():
    return math.log2(1 + math.exp(3.0))


@confident_mistake.mistake(
    "0.953 is the probability that belongs to this logit, and also the slope of the loss there. "
    "The loss is the surprise of the outcome that this probability did not favour."
)
def _probability():
    return 1 / (1 + math.exp(-3.0))


@confident_mistake.mistake(
    "1.279 comes out when the probability 0.953 is treated as if it were the logit. The number "
    "handed to you is a logit already: how often is a sigmoid wanted?"
)
def _sigmoid_twice():
    return math.log(1 + math.exp(1 / (1 + math.exp(-3.0))))


@exercise(
    "04",
    title="One sigmoid too many",
    hints=[
        "The function takes whatever it is given for z, so here its z is "
        f"{round(sigmoid(2.0), 4)}.",
        "For y = 1 the loss of a logit is softplus(−z) = ln(1 + e^−z).",
        "Two sigmoids are at work: your colleague's, and the one inside the loss. The answer is "
        "minus the logarithm of what comes out of the second.",
    ],
    right="Right: 0.347 instead of 0.127. No error, no warning, and training even works, badly: "
    "a number between 0 and 1, taken for a logit, can say no more than "
    f"p = {round(sigmoid(1.0), 3)} and no less than one half.",
)
def one_too_many():
    """A row has the logit z = 2 and the label y = 1. A colleague applies the sigmoid first.

    So p = σ(2) goes into `binary_cross_entropy_with_logits`, which expects a logit. What does it
    report, in nats?
    """
    p = 1 / (1 + math.exp(-2.0))
    return math.log(1 + math.exp(-p))


@one_too_many.mistake(
    "0.127 is what the function would have reported for the logit itself, the right loss of this "
    "row. What changes when it is handed the probability?"
)
def _the_right_loss():
    return math.log(1 + math.exp(-2.0))


@one_too_many.mistake(
    "0.707 is the probability after the second sigmoid. The loss is the surprise that belongs to "
    "it: one step is missing."
)
def _no_logarithm():
    p = 1 / (1 + math.exp(-2.0))
    return 1 / (1 + math.exp(-p))


@one_too_many.mistake(
    "1.228 is the report for the label 0. For the label 1, which sign does z get inside the "
    "softplus?"
)
def _label_zero():
    p = 1 / (1 + math.exp(-2.0))
    return math.log(1 + math.exp(p))


@one_too_many.mistake("0.500 is this report in bits. The course counts in nats.")
def _report_in_bits():
    p = 1 / (1 + math.exp(-2.0))
    return math.log2(1 + math.exp(-p))


@exercise(
    "04",
    title="What the clip lets through",
    hints=[
        f"Forwards: σ(−18) is {SIGMA_18}. What does the clip make of it, and what is −ln of that?",
        "Backwards: the clip is a function with a slope of its own. Where it returns the constant "
        "eps, how much does its output change when its input does?",
        "The chain rule multiplies the slopes of all steps. One factor decides.",
    ],
    right="Right: it reports 13.8 nats where 18 are due, and the slope is exactly 0. The chain "
    f"rule multiplied 10⁶ by {SIGMA_18} by the clip's own slope, and that is 0.",
)
def through_the_clip():
    """A row has z = −18 and y = 1. The loss clips p = σ(z) to [1e-6, 1 − 1e-6], then takes −ln.

    Which loss does it report, and which slope in z does automatic differentiation find? Answer
    with a list of the two numbers, [loss, slope].
    """
    z, eps = -18.0, 1e-6
    p = 1 / (1 + math.exp(-z))
    clipped = p < eps
    return [-math.log(eps if clipped else p), 0.0 if clipped else p - 1]


@through_the_clip.mistake(
    "These are the true loss and the true slope, what the fused loss gives. Here a clip stands "
    "between the sigmoid and the logarithm, and σ(−18) is below its lower bound."
)
def _no_clip():
    return [18.0, -1.0]


@through_the_clip.mistake(
    "The slope is right. 18 is the loss without a clip; here the logarithm sees what the clip lets "
    f"through. What does it make of {SIGMA_18}?"
)
def _loss_of_the_fused():
    return [18.0, 0.0]


@through_the_clip.mistake(
    "The loss is right. A slope of −1 would need the change of z to get through every step: what "
    "does the clip do with a change of something that lies below its bound?"
)
def _slope_of_the_fused():
    return [-math.log(1e-6), -1.0]


@through_the_clip.mistake(
    "The loss is right, and −10⁶ is the slope of −ln at 1e-6. That is the last step alone: which "
    "slopes do the clip and the sigmoid have?"
)
def _logarithm_alone():
    return [-math.log(1e-6), -1e6]


@through_the_clip.mistake(
    "The loss is right, and you have multiplied the slope of the logarithm by the slope of the "
    f"sigmoid. Between the two stands the clip: what is its slope at {SIGMA_18}?"
)
def _clip_forgotten():
    p = 1 / (1 + math.exp(18.0))
    return [-math.log(1e-6), -1e6 * p * (1 - p)]


@exercise(
    "04",
    title="Find the bug",
    hints=[
        "Follow one number through the lines: z = 20 gives p = 1 in float32. What does the clip "
        "do with it?",
        "`np.float32(1) - np.float32(1e-9)`: try it in a cell.",
        "The largest float32 below 1 is 1 − 6e-8.",
    ],
    right="Right: 1 − 1e-9 rounds to 1 in float32, so the upper bound guards nothing. Raising "
    "eps to 1e-7 would end the inf and begin the silence; the repair is to start from z.",
    choices={
        "A": "The clip comes too early; it should stand behind the logarithm.",
        "B": "The upper bound of the clip is 1 in this arithmetic.",
        "C": "expit overflows for z = 20 in float32.",
        "D": "y and p have changed places.",
    },
    mistakes={
        "A": "Behind the logarithm there would already be an infinity to clip. In front of it is "
        "the usual place; does the clip do there what it says?",
        "C": "SciPy's expit is careful at both ends; for z = 20 it returns a number. Which one, in "
        "float32?",
        "D": "Inside the logarithms stands p, and in front of them y, as it should be. Look at the "
        "numbers, not at the names: what is p for z = 20?",
    },
)
def find_the_bug():
    """All arrays here are float32. For y = 0 and z = 20 this loss returns inf:

      `p = expit(z)`
      `p = np.clip(p, 1e-9, 1 - 1e-9)`
      `loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))`

    Why?
    """
    return "B"


LOSS_PROBES = [(0, 3.0), (1, 2.0), (0.7, 50.0), (0, 800.0), (1, -800.0), (1, 40.0), (0, -40.0)]


@exercise(
    "04",
    title="A loss that holds",
    hints=[
        "`math.exp(800)` stops with an OverflowError; `math.exp(-800)` is a harmless 0. Which one "
        "do you need?",
        "softplus(z) = max(z, 0) + ln(1 + e^−|z|): the exponential is never above 1.",
        "When e^−|z| is 4e-18, 1 + e^−|z| rounds to 1. `math.log1p(x)` gives ln(1 + x) without "
        "adding the 1 first.",
    ],
    right="Right: from −800 to 800, and 4.25e-18 at the confident end. One exponential and one "
    "log1p are enough, and no eps is needed.",
    probes=LOSS_PROBES,
    digits=6,
)
def stable_loss(y, z):
    """Write stable_loss(y, z) with plain `math`.

    It returns the binary cross-entropy of one logit, in nats; y may be soft. It will be called
    with logits from −800 to 800, and where the true loss is 4e-18, it shall say so.
    """
    return max(z, 0.0) - z * y + math.log1p(math.exp(-abs(z)))


@stable_loss.mistake(
    "This is the formula with a clip, or an eps: it caps the losses, and the small ones are lost. "
    "It should need neither p nor eps; can you start from z?",
    eps=EPS,
    pair=PAIRS,
    log=(math.log, np.log),
)
def _with_a_clip(y, z, eps, pair, log):
    e = math.exp(-abs(z))
    p, q = pair((1 if z >= 0 else e) / (1 + e), eps)
    return -(y * log(p) + (1 - y) * log(q))


@stable_loss.mistake(
    "softplus(z) − z·y is the right formula and the softplus is careful, yet for y = 1 and z = 40 "
    "the difference is 40 − 40 = 0: the small part was rounded away when it was added to 40. Can "
    "the two large numbers meet before the small one comes in?"
)
def _difference_too_late(y, z):
    softplus = max(z, 0.0) + math.log1p(math.exp(-abs(z)))
    return softplus - z * y


@stable_loss.mistake(
    "It holds for large |z|. For y = 1 and z = 40 it returns 0, and the true loss is 4e-18: "
    "1 + e^−40 has been rounded to 1. Which function takes ln(1 + x) without that sum?"
)
def _log_of_one_plus(y, z):
    return max(z, 0.0) - z * y + math.log(1 + math.exp(-abs(z)))


@stable_loss.mistake(
    "The softplus is right at both ends, and the label plays no part in it: every row is charged "
    "as if y were 0. Which term brings y in?"
)
def _softplus_alone(y, z):
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


@stable_loss.mistake(
    "The labels are the wrong way round: a logit of 800 should cost 800 when y = 0 and nothing "
    "when y = 1."
)
def _labels_exchanged(y, z):
    return max(z, 0.0) - z * (1 - y) + math.log1p(math.exp(-abs(z)))


SLOPE_PROBES = [(1, 2.0), (0, -1.0), (0.7, 3.0), (1, 40.0), (0, -40.0), (0, 800.0), (1, -800.0)]


@exercise(
    "04",
    title="A slope that keeps its digits",
    hints=[
        "For y = 1 the slope is σ(z) − 1. Is there another way to write 1 − σ(z), without a "
        "difference?",
        "1 − σ(z) = σ(−z), which for z = 40 is about e^−40 and has all of its digits.",
        "y = y·(σ(z) + σ(−z)), because the two add up to 1. Put that into σ(z) − y, and collect. "
        "And let the exponential in your sigmoid never be above 1.",
    ],
    right="Right: −4.25e-18 at z = 40, where σ(z) − y says 0. Training does not "
    "care; the logarithm of such a slope, or the ratio of two of them, does.",
    probes=SLOPE_PROBES,
    digits=6,
)
def slope(y, z):
    """Write slope(y, z) with plain `math`.

    It returns the slope of the loss in z, for one row. σ(z) − y is right, and for y = 1, z = 40
    floating point makes 0 of it. Yours shall return −4.24835e-18 there, and hold for logits from
    −800 to 800.
    """
    e = math.exp(-abs(z))
    rising = (1.0 if z >= 0 else e) / (1 + e)
    falling = (e if z >= 0 else 1.0) / (1 + e)
    return (1 - y) * rising - y * falling


@slope.mistake(
    "σ(z) − y, with a careful sigmoid. At y = 1 and z = 40 it subtracts 1 from 1. Write 1 − σ(z) "
    "as a sigmoid of something else, so that no difference is left."
)
def _plain_difference(y, z):
    e = math.exp(-abs(z))
    return (1.0 if z >= 0 else e) / (1 + e) - y


@slope.mistake(
    "The size is right and all digits are there; the sign is turned. If y = 1 and the model is "
    "unsure, should z rise or fall to lower the loss, and which sign has the slope then?"
)
def _slope_sign(y, z):
    return -slope.function(y, z)


@slope.mistake(
    "This is right for hard labels; a label of 0.7 needs both halves, each with its weight."
)
def _hard_labels(y, z):
    return slope.function(1 if y == 1 else 0, z)


@slope.mistake(
    "σ(z) − y as it is written. Two things go wrong: at y = 1 and z = 40 it subtracts 1 from 1; at "
    "z = −800 `math.exp(800)` overflows. For the first, write 1 − σ(z) as a sigmoid of something "
    "else; for the second, which exponent is never positive?"
)
def _as_written(y, z):
    return 1 / (1 + math.exp(-z)) - y


@slope.mistake(
    "Your function is right until the exponential overflows: `math.exp(800)` stops with an "
    "error. Which exponent is never positive?"
)
def _overflow(y, z):
    return (1 - y) / (1 + math.exp(-z)) - y / (1 + math.exp(z))
