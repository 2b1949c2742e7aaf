"""What notebook 13 asks before it shows: each answer is computed, as in the cells that follow."""

import numpy as np
from numpy.typing import NDArray

from cecourse.prediction import prediction
from cehelpers import kl_divergence, softmax

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


def slope_shrinks(softer: float, pairs: int = 200, seed: int = 0) -> float:
    """How many times shorter the gradient becomes where teacher and student are softened."""
    teachers, students = 3 * np.random.default_rng(seed).normal(size=(2, pairs, 10))
    length = {
        T: np.linalg.norm((softmax(students / T) - softmax(teachers / T)) / T, axis=1).mean()
        for T in (1, softer)
    }
    return float(length[1] / length[softer])


@prediction(
    "A student learns a teacher's probabilities of ten classes. The logits of both are divided by "
    "a temperature of 16 instead of 1, so both rows are much softer. What happens to the gradient "
    "in the student's logits?",
    (
        "it stays as long as it was: both were softened alike",
        lambda times: times < 2,
        "The same was done to both, so nothing should change between them. But what lies between "
        "two rows that are both nearly uniform?",
    ),
    (
        "it shrinks to about 1/16",
        lambda times: 8 < times < 32,
        "One factor of 16 is there: each logit counts for a sixteenth. But the difference of the "
        "two softened rows has become small as well.",
    ),
    (
        "it shrinks to about 1/200",
        lambda times: 100 < times < 400,
        "Two factors: the slope of the softened logit is a sixteenth, and the difference of the "
        "two rows is about a twelfth of what it was.",
    ),
)
def softer_twice():
    return slope_shrinks(16)


@prediction(
    "Two rows of probabilities over the 27 symbols of our alphabet. Their KL divergence is "
    "computed with PyTorch's `F.kl_div` as it comes, with reduction 'mean'. What does it say?",
    (
        "the KL divergence of the two rows",
        lambda times: 0.9 < times < 1.1,
        "So it should be by its name. But a mean must be a mean over something: what does this "
        "function average over?",
    ),
    (
        "about 1/27 of it",
        lambda times: 0.03 < times < 0.05,
        "It divides the sum by the number of entries, rows times symbols, and not by the number "
        "of rows. With a vocabulary of 50,000 hardly anything is left.",
    ),
    (
        "27 times as much",
        lambda times: times > 20,
        "The symbols do come in as a factor. But is a sum of all entries compared with their "
        "mean larger or smaller?",
    ),
)
def mean_of_a_kl():
    p, q = softmax([np.arange(27) / 5, np.arange(27)[::-1] / 9])
    terms = p * np.log(p / q)
    return float(terms.mean() / kl_divergence(p, q))


# ---------------------------------------------------------------- after pretraining


def refusals(strength: float) -> NDArray:
    """Probabilities of No, Never and Yes in the notebook's model of a single weight."""
    return softmax(np.log([0.5, 0.2, 0.3]) + strength * np.array([1.0, 2.0, -1.0]))


@prediction(
    "A model is trained on a pair of answers, one chosen and one rejected. The preference loss "
    "(DPO) falls, step after step. What do you know of the chosen answer?",
    (
        "it has become more probable",
        lambda ratios: ratios[0] > 1.05,
        "That is what the data ask for, and where each answer has a logit of its own it is so. "
        "But what exactly stands in the loss?",
    ),
    (
        "it has become more probable, or at least not less",
        lambda ratios: 0.98 < ratios[0] < 1.05,
        "Raising what is chosen is one way to lower this loss. Look at the difference in it: is "
        "it the only way?",
    ),
    (
        "nothing: it may have become less probable",
        lambda ratios: ratios[0] < 0.95 and ratios[1] < ratios[0],
        "The loss sees the difference of two log-probabilities. Both may fall, if only the "
        "rejected one falls further.",
    ),
)
def only_the_difference():
    return (refusals(-0.5) / refusals(0))[:2].tolist()


def expected_slopes(theta: NDArray, reference: NDArray) -> dict[str, NDArray]:
    """Gradients in the logits of three estimates of KL(θ‖ref), averaged over what θ draws."""
    log_r = np.log(reference / theta)
    slopes = {"k1": -np.ones_like(log_r), "k2": log_r, "k3": np.expm1(log_r)}
    down = theta - np.eye(len(theta))  # of ln r in the logits, a row for each outcome
    return {name: (theta * slope) @ down for name, slope in slopes.items()}


@prediction(
    "A KL divergence is estimated from samples in three ways. k1 and k3 have exactly the KL as "
    "their mean, k2 nearly. Each is taken as a loss: the samples are fixed, the estimate is "
    "differentiated. Whose mean gradient is that of this KL?",
    (
        "that of all three, k2's nearly",
        lambda right: sum(right) == 3,
        "What has the same value should have the same slope. But the samples were drawn from the "
        "model: does their share in the slope reach a loss that takes them as fixed?",
    ),
    (
        "that of k1 and k3: their values are exact",
        lambda right: right == (True, False, True),
        "An exact mean is what a value needs. The gradient of a mean has a part that the mean of "
        "the gradients lacks: the samples move as well.",
    ),
    (
        "that of k2 alone",
        lambda right: right == (False, True, False),
        "k1's mean gradient is zero, and k3's belongs to the KL in the other direction. Only k2, "
        "whose value is off, has the right slope.",
    ),
    (
        "that of k3 alone, which is never negative",
        lambda right: right == (False, False, True),
        "It is the best of the three as a number, and much used as a loss. But good numbers and "
        "good slopes are two things.",
    ),
)
def three_gradients():
    theta, reference = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    log_ratio = np.log(theta / reference)
    wanted = theta * (log_ratio - theta @ log_ratio)
    return tuple(
        bool(np.allclose(found, wanted)) for found in expected_slopes(theta, reference).values()
    )


@prediction(
    "An exam pays 1 point for a right answer and nothing for a wrong one or a blank. A student "
    "thinks an answer right with probability 0.2. What earns more points on average?",
    (
        "to answer, however unsure",
        lambda gains: gains > 0.05,
        "A wrong answer costs nothing here, so every guess has a chance to earn. Whoever is "
        "graded like this learns to guess.",
    ),
    (
        "to leave it blank",
        lambda gains: gains < -0.05,
        "It is likely to be wrong, that is so, and honest to say nothing. But look at what this "
        "exam charges for being wrong.",
    ),
    (
        "both the same",
        lambda gains: abs(gains) < 0.05,
        "A blank earns nothing. A guess is mostly wrong, and earns nothing then: but not each "
        "time.",
    ),
)
def free_guesses():
    return 0.2 * 1 + (1 - 0.2) * 0 - 0


# ---------------------------------------------------------------- how low can it go?
