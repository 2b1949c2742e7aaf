"""The exercises of notebook 06: likelihoods, their gradients, and what a coefficient says."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise

from .neuron import neuron_outputs


@exercise(
    "06",
    title="Three customers",
    draws={
        "p": (
            (0.7, 0.2, 0.9),
            (0.9, 0.4, 0.5),
            (0.6, 0.1, 0.7),
            (0.5, 0.3, 0.9),
            (0.8, 0.1, 0.5),
            (0.9, 0.2, 0.6),
            (0.4, 0.1, 0.7),
            (0.7, 0.6, 0.8),
            (0.85, 0.3, 0.6),
            (0.6, 0.25, 0.9),
            (0.75, 0.2, 0.4),
            (0.3, 0.2, 0.8),
        )
    },
    hints=[
        "For each customer, take the probability that the model gave to what happened.",
        lambda p: f"The second one stayed, so the model gave 1 − {p[1]} to what happened.",
        "Independent rows: the probability of all three labels together is a product.",
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g}. Three rows, three different probabilities, and the product is "
        "still the likelihood: nothing here had to be identically distributed."
    ),
)
def three_customers(p=(0.8, 0.3, 0.6)):
    """A model gives three customers a chance of leaving of {p[0]}, {p[1]} and {p[2]}.

    The first and the third left, the second stayed. Given their columns, the rows are independent.

    What is the likelihood of these three labels?
    """
    return p[0] * (1 - p[1]) * p[2]


@three_customers.mistake(
    "This gives the second customer the probability of leaving. What is the probability of what "
    "that customer did?"
)
def _all_left(p):
    return math.prod(p)


@three_customers.mistake(
    "This is the log-likelihood: a good number to maximise, and one step further than the question "
    "goes. What was it before the logarithm?"
)
def _the_log(p):
    return math.log(three_customers.function(p))


@three_customers.mistake(
    "This is the mean negative log-likelihood, the loss of these rows. The likelihood itself is "
    "what stands inside: no logarithm, no mean. What is left?"
)
def _the_loss(p):
    return -math.log(three_customers.function(p)) / 3


@three_customers.mistake(
    "This is the mean of the three probabilities. All three labels must come out together: which "
    "operation joins the probabilities of independent events?"
)
def _mean_probability(p):
    return (p[0] + (1 - p[1]) + p[2]) / 3


@three_customers.mistake(
    lambda it: (
        f"{it:#.3g} is the negative log-likelihood, summed over the rows. The likelihood itself is "
        "what stands inside the logarithm: what is that?"
    )
)
def _the_sum(p):
    return -math.log(three_customers.function(p))


@three_customers.mistake(
    "This is the sum of the three probabilities. It can pass 1: could a likelihood of labels? "
    "Which operation joins the probabilities of independent events?"
)
def _sum_of_probabilities(p):
    return p[0] + (1 - p[1]) + p[2]


@three_customers.mistake(
    "This is the probability that each customer does the opposite. What is a chance of leaving for "
    "one who left?"
)
def _all_turned(p):
    return (1 - p[0]) * p[1] * (1 - p[2])


@three_customers.mistake(
    "Only the two who left are in this product. Staying is an outcome, too: how probable did the "
    "model find it?"
)
def _who_left(p):
    return p[0] * p[2]


# ---------------------------------------------------------------- the floor and the gap


@exercise(
    "06",
    title="What a wrong guess costs",
    draws={
        "seen": (
            (9, 10),
            (15, 20),
            (17, 20),
            (13, 20),
            (21, 30),
            (11, 15),
            (7, 8),
            (22, 25),
            (2, 12),
            (4, 25),
            (12, 50),
        )
    },
    hints=[
        "The mean NLL at any p has two parts: a floor that belongs to the flips, and a divergence.",
        "The floor is reached at the share of heads. Subtract the floor from the NLL at 0.5.",
        "`ce.kl_divergence(P, Q)` with P the shares that were counted, Q the fair coin.",
    ],
    right=lambda seen, answer: (
        f"Right: {answer:#.3g} nats a flip, KL(P̂‖Q). Over the {seen[1]} flips the best coin makes "
        f"the data e^{seen[1] * answer:.2f} = {round(math.exp(seen[1] * answer))} times as likely "
        "as the fair one does."
    ),
)
def wrong_guess(seen=(12, 15)):
    """{seen[1]} flips of a coin show {seen[0]} heads. Your model of the coin says p = 0.5.

    By how many nats per flip does the negative log-likelihood of these flips lie above its minimum
    over all p?
    """
    heads, flips = seen
    return ce.kl_divergence([heads / flips, 1 - heads / flips], [0.5, 0.5])


@wrong_guess.mistake(
    lambda it: (
        f"{it:.3f} is the whole price of p = 0.5. How much of it would even the best coin have "
        "paid?"
    )
)
def _whole_price():
    return math.log(2)


@wrong_guess.mistake(
    lambda it: (
        f"{it:#.3g} is the price at the best p, the entropy of the shares: the floor. By how much "
        "does the fair coin lie above it?"
    )
)
def _floor(seen):
    return ce.entropy([seen[0] / seen[1], 1 - seen[0] / seen[1]])


@wrong_guess.mistake(
    lambda it: (
        f"{it:#.3g} is the divergence with its arguments exchanged. Which of the two distributions "
        "deals out the flips, and so weights the mean?"
    )
)
def _exchanged(seen):
    return ce.kl_divergence([0.5, 0.5], [seen[0] / seen[1], 1 - seen[0] / seen[1]])


@wrong_guess.mistake(
    lambda seen: (
        f"This is the gap of all {seen[1]} flips together, in nats or in bits. How much is it per "
        "flip, in nats?"
    ),
    unit=(1.0, math.log(2)),
)
def _all_flips(seen, unit=1.0):
    return seen[1] * wrong_guess.function(seen) / unit


@wrong_guess.mistake(lambda it: f"{it:#.3g} is the gap in bits. Which logarithm counts in nats?")
def _gap_in_bits(seen):
    return wrong_guess.function(seen) / math.log(2)


@wrong_guess.mistake(
    "This is ln(P/Q) of heads alone. At tails the two coins part as well, in the other direction: "
    "what is the mean over all flips?"
)
def _of_a_head(seen):
    return math.log(seen[0] / seen[1] / 0.5)


# ---------------------------------------------------------------- a gradient of your own


@exercise(
    "06",
    title="Derive it, then measure it",
    hints=[
        "Chain rule: ∂L/∂w = ∂L/∂z · ∂z/∂w. Notebook 04 has the first factor, and z = w·x + b is "
        "easy to differentiate for the second.",
        "The first factor is p − y with p = σ(z). For b the second factor is 1.",
        "A row's contribution to ∂L/∂w is (p − y)·x. The loss is a mean over rows, and so is its "
        "gradient.",
    ],
    right="Right: each row pulls with its error p − y, as hard as its x is large, and the loss "
    "takes the mean. Stack the columns and this is Xᵀ(p − y)/n, the whole of logistic regression.",
    probes=[
        (0.5, -1.0, [1.0, 2.0, -1.0], [1, 0, 1]),
        (0.0, 0.0, [3.0, 1.0, -2.0, 0.5], [1, 1, 0, 0]),
        (-1.5, 0.7, [2.0, -0.4], [0, 1]),
        (2.0, 2.0, [1.0], [0]),
        (1, -2, [3, -1, 2, 1, 0], [1, 0, 0, 1, 1]),
    ],
    digits=4,
)
def gradients(w, b, x, y):
    """Derive the two slopes of logistic regression with one column.

    z = w·x + b and p = σ(z), and L is the mean binary cross-entropy over the rows.

    Derive ∂L/∂w and ∂L/∂b on paper, then write gradients(w, b, x, y), which returns both as
    [dw, db] (a tuple or an array will do). w and b are numbers, x and y lists of equal length, and
    all may hold whole numbers: begin with x, y = np.asarray(x, float), np.asarray(y, float).
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    error = ce.sigmoid(w * x + b) - y
    return [np.mean(error * x), np.mean(error)]


@gradients.mistake(
    "Each size is right and each sign is not: following minus this gradient would climb. Is the "
    "error forecast minus truth, or truth minus forecast?"
)
def _climbing(w, b, x, y):
    dw, db = gradients.function(w, b, x, y)
    return [-dw, -db]


@gradients.mistake(
    "This is the gradient of the sum. The loss is a mean, so that twice as many rows do not double "
    "the step."
)
def _summed(w, b, x, y):
    dw, db = gradients.function(w, b, x, y)
    return [len(x) * dw, len(x) * db]


@gradients.mistake(
    "The factor x is missing, or it stands in both slopes, or in the wrong one. When w moves by a "
    "little, by how much does z = w·x + b move, and by how much when b does?",
    order=((1, 1), (0, 0), (1, 0)),
)
def _misplaced_x(w, b, x, y, order):
    slopes = gradients.function(w, b, x, y)
    return [slopes[i] for i in order]


@gradients.mistake(
    "There is a factor p(1 − p) too much: with it, this is the gradient of half the squared error. "
    "What does the cross-entropy's own derivative −1/p do to that slope of the sigmoid?"
)
def _with_slope(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    p = ce.sigmoid(w * x + b)
    error = (p - y) * p * (1 - p)
    return [np.mean(error * x), np.mean(error)]


@gradients.mistake(
    "Your slope in w is the mean error times the mean x. Each row's error belongs to that row's x: "
    "multiply first, average after."
)
def _means_first(w, b, x, y):
    _, db = gradients.function(w, b, x, y)
    return [db * np.mean(x), db]


@gradients.mistake(
    "The error is taken between z and y, as in a straight line's least squares. Which number "
    "between 0 and 1 does this model compare with y?"
)
def _without_sigmoid(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    error = w * x + b - y
    return [np.mean(error * x), np.mean(error)]


def _the_first(y):
    return np.arange(len(y)) == 0


def _with_label_1(y):
    return y == 1


@gradients.mistake(
    "Not every row has come in: only the first, or only those with the label 1. Does a `return` "
    "stand inside the loop? And does a row with y = 0 not pull?",
    of=(_the_first, _with_label_1),
    mean=(True, False),
)
def _some_rows(w, b, x, y, of, mean):
    x, y = np.asarray(x), np.asarray(y)
    error = (ce.sigmoid(w * x + b) - y) * of(y)
    n = len(x) if mean else 1
    return [np.sum(error * x) / n, np.sum(error) / n]


@gradients.mistake(
    "These are w and b after a step downhill. The question stops before it: along which two "
    "slopes does the step go?"
)
def _after_a_step(w, b, x, y):
    dw, db = gradients.function(w, b, x, y)
    return [w - dw, b - db]


# ---------------------------------------------------------------- Newton

FIRST = 0 - (0.5 - 0.7) / (0.5 * 0.5)
SECOND = FIRST - (ce.sigmoid(FIRST) - 0.7) / (ce.sigmoid(FIRST) * ce.sigmoid(-FIRST))


@exercise(
    "06",
    title="One step of Newton",
    hints=[
        "Newton's step is slope divided by curvature, taken downhill.",
        "The slope in z is σ(z) − rate. Differentiate it once more for the curvature: what is the "
        "derivative of σ(z)?",
        "z − (p − rate) / (p(1 − p)), with p = σ(z).",
    ],
    right=f"Right: from z = 0 and a rate of 0.7 the first step lands on {FIRST:.1f}, the second on "
    f"{SECOND:.3f}, and the target is the logit ln(7/3) = {math.log(7 / 3):.4f}. Near the minimum "
    "each step doubles the digits.",
    probes=[(0.0, 0.7), (1.0, 0.7), (-2.0, 0.3), (0.5, 0.1), (1.5, 0.9), (3, 0.99), (-1, 0.25)],
    digits=4,
)
def newton_step(z, rate):
    """In a model without columns all rows share one logit z, and a share `rate` of them is 1.

    Their mean binary cross-entropy has the slope σ(z) − rate in z.

    Write newton_step(z, rate), which returns the logit after one whole Newton step from z.
    """
    p = ce.sigmoid(z)
    return z - (p - rate) / (p * (1 - p))


@newton_step.mistake(
    "Your step goes uphill: away from the minimum, by the right amount. Which sign leads down?"
)
def _uphill(z, rate):
    p = ce.sigmoid(z)
    return z + (p - rate) / (p * (1 - p))


@newton_step.mistake(
    "The slope alone moves z, as in gradient descent with η = 1 (its sign is another matter). By "
    "what does Newton divide it?",
    sign=(1, -1),
)
def _only_gradient(z, rate, sign):
    return z - sign * (ce.sigmoid(z) - rate)


@newton_step.mistake(
    "You divide by the curvature at the goal, rate·(1 − rate). Newton does not know the goal: it "
    "measures the curvature where it stands."
)
def _curvature_at_the_goal(z, rate):
    return z - (ce.sigmoid(z) - rate) / (rate * (1 - rate))


@newton_step.mistake(
    "You multiply by the curvature. Where the valley is flat, slopes are small and the way is "
    "long: should the step shrink or grow there?"
)
def _multiplied(z, rate):
    p = ce.sigmoid(z)
    return z - (p - rate) * p * (1 - p)


def _probability(z, step):
    return ce.sigmoid(z + step)


@newton_step.mistake(
    "You return the step alone, or a probability, σ of the logit that it leads to. The question "
    "asks for that logit: what is missing, or which step is one too many?",
    result=(lambda z, step: step, _probability),
)
def _step_alone(z, rate, result):
    return result(z, newton_step.function(z, rate) - z)


@newton_step.mistake(
    "You go further than one step: several of them, or straight to the goal, ln(rate/(1 − rate)). "
    "Where is z after the first?",
    steps=(2, 3, 4, 100),
)
def _too_far(z, rate, steps):
    for _ in range(steps):
        z = newton_step.function(z, rate)
    return z


@newton_step.mistake(
    "You divide the loss by its slope, as Newton does to find where a function is 0. Here it is "
    "the slope that shall become 0: by what is it divided?"
)
def _loss_over_slope(z, rate):
    p = ce.sigmoid(z)
    return z - ce.cross_entropy([rate, 1 - rate], [p, 1 - p]) / (p - rate)


@newton_step.mistake(
    "Your sigmoid is that of −z: at a large z it should be near 1. Which sign stands in its "
    "exponential?"
)
def _sigmoid_of_minus_z(z, rate):
    p = ce.sigmoid(-z)
    return z - (p - rate) / (p * (1 - p))


# ---------------------------------------------------------------- find the bug


@exercise(
    "06",
    title="Find the bug",
    hints=[
        f"{round(ce.entropy([212 / 569, 357 / 569]), 4)} is a number you have met: notebook 03 "
        "computed it from the share of malignant tumours, without any column.",
        "Print `p.shape`, `y.shape` and `(y * np.log(p)).shape` inside `suspicious_loss`.",
        "A table with a row for each p and a column for each y holds every forecast graded "
        "against every label.",
    ],
    right="Right: (569, 1) against (569,) becomes a table of 569 × 569, every forecast graded "
    "against everybody's label. The best answer to everybody is the base rate. "
    "`ce.binary_cross_entropy` refuses such shapes.",
    choices={
        "A": "Raise the number of iterations: the search stopped before the minimum.",
        "B": "Give `p` and `y` the same shape, for example with `y[:, None]`.",
        "C": "Start at random weights: at zero all slopes vanish by symmetry.",
        "D": "Minimise the squared error: no logarithm, so no loss that runs off to infinity.",
    },
    mistakes={
        "A": "The search says that it converged, and it has: at a true minimum of the function "
        "it was given. What does that function compute?",
        "C": "That worry belongs to hidden layers. Logistic regression has one valley: from any "
        "start the honest loss leads to the same place. What is the loss here?",
        "D": "The loss is finite here, and near the base rate's. With the same `p` and `y` the "
        "squared error comes to rest at the base rate too. What does it compare with what?",
    },
)
def find_the_bug():
    """Which change repairs `suspicious_loss`?"""
    return "B"


# ---------------------------------------------------------------- saturation

START, ETA = (2.0, 2.0), 0.3  # w and b
AFTER_ONE = neuron_outputs(*START, ETA, "cross_entropy", steps=1)[1][0]
BEHIND = sum(told > AFTER_ONE for told, _ in neuron_outputs(*START, ETA, "squared_error"))


@exercise(
    "06",
    title="The neuron at its start",
    draws={"z": (1, 1.2, 1.5, 1.8, 2, 2.5, 2.8, 3.2, 3.5, 3.8, 4.5)},
    hints=[
        "Write both slopes in z down: p − y, and (p − y) times the slope of the sigmoid.",
        "In the ratio p − y cancels. What stays is one over σ′(z).",
        lambda z: f"`p = ce.sigmoid({z})`, then 1 / (p · (1 − p)).",
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g} times. In notebook 06 a neuron starts at z = {sum(START):g} "
        f"for one of its rows: squared error needs {BEHIND} steps to come as far there as "
        "cross-entropy comes in its first, and you will watch both."
    ),
)
def at_its_start(z=4):
    """A neuron has z = {z} and should answer y = 0.

    Its output p = σ(z) is graded by cross-entropy, and then by *half* the squared error,
    ½(p − y)².

    Both have a slope in z. Divide that of the cross-entropy by that of half the squared error: how
    many times as large is it?
    """
    p = ce.sigmoid(z)
    return (p - 0) / ((p - 0) * p * (1 - p))


@at_its_start.mistake(
    lambda it: (
        f"{it:#.3g} compares with the whole squared error (p − y)², whose slope has a factor 2. "
        "What becomes of it for half of the error?"
    )
)
def _whole_squared_error(z):
    p = ce.sigmoid(z)
    return 1 / (2 * p * (1 - p))


@at_its_start.mistake(
    lambda it: f"{it:.3g} is the ratio the other way up. Which of the two slopes is the larger?"
)
def _upside_down(z):
    p = ce.sigmoid(z)
    return p * (1 - p)


@at_its_start.mistake(
    lambda it: (
        f"{it:#.3g} is the ratio of the two losses. The question asks for their slopes in z: how "
        "fast does each fall?"
    )
)
def _losses(z):
    p = ce.sigmoid(z)
    return -math.log(1 - p) / (p**2 / 2)


@at_its_start.mistake(
    lambda z, it: (
        f"{it:#.3g} is e^{z}, the odds p/(1 − p). The slope of the sigmoid is a product, p times "
        "(1 − p): what is one over that?"
    )
)
def _odds(z):
    return math.exp(z)


@at_its_start.mistake(
    lambda it: (
        f"{it:#.3g} is 1/(1 − p): one factor of the sigmoid's slope is missing, the larger of the "
        "two. Which is that?"
    )
)
def _half_a_slope(z):
    return 1 + math.exp(z)


@at_its_start.mistake(
    "p has been rounded first. In 1 − p, the smaller of the two, that costs digits: what comes out "
    "with every digit of p?",
    places=(2, 3),
)
def _rounded_p(z, places=2):
    p = np.round(ce.sigmoid(z), places)
    return 1 / (p * (1 - p))


@at_its_start.mistake(
    lambda it: (
        f"{it:.0f} is the factor of notebook 06's example, whose z was −6. What is it for this "
        "neuron?"
    )
)
def _of_the_text():
    return 1 / (ce.sigmoid(-6) * ce.sigmoid(6))


# ---------------------------------------------------------------- odds


HIGH = 0.9  # a chance that no odds ratio may multiply


@exercise(
    "06",
    title="One step to the right",
    draws={"p": (0.1, 0.15, 0.2, 0.3, 0.35, 0.6), "b": (0.5, 0.6, 0.7, 0.8, 1.1, 1.2)},
    hints=[
        lambda p: f"A coefficient adds to the log-odds. So turn {p} into odds or log-odds first.",
        lambda p, b: (
            f"The odds of {p} are {p}/{1 - p:.4g} = {p / (1 - p):.3f}. By which factor does a "
            f"coefficient of {b} multiply them?"
        ),
        "New odds o, then p = o / (1 + o).",
    ],
    right=lambda p, b, answer: (
        f"Right: {answer:#.3g}. The odds ratio is e^{b} = {math.exp(b):.2f} for everybody; the "
        f"probability grew by a factor of {answer / p:.2f} here, and near 1 it would hardly grow "
        "at all."
    ),
)
def one_step_right(p=0.3, b=0.8):
    """Another hospital's model gives a tumour a {p} chance of being malignant.

    A second tumour has a texture one standard deviation larger and is the same otherwise. In
    that model the coefficient of the standardised texture is {b}.

    Which probability does the model give to the second tumour?
    """
    odds = p / (1 - p) * math.exp(b)
    return odds / (1 + odds)


@one_step_right.mistake(
    lambda b: (
        f"You multiplied the probability by the odds ratio. A chance of {HIGH} would become "
        f"{HIGH * math.exp(b):.2f}: what is it that the ratio multiplies?"
    )
)
def _times_probability(p, b):
    return p * math.exp(b)


@one_step_right.mistake(lambda it: f"{it:#.3g} are the new odds. Which probability has these odds?")
def _new_odds(p, b):
    return p / (1 - p) * math.exp(b)


@one_step_right.mistake(
    lambda p, b: (
        f"This is σ({b}), the step taken from even odds. This tumour started at {p}: which logit "
        "is that?"
    )
)
def _from_even_odds(b):
    return ce.sigmoid(b)


@one_step_right.mistake(
    lambda b: (
        f"You added the coefficient to the probability. A chance of {HIGH} would become "
        f"{HIGH + b:.2g}: on which scale do coefficients add?"
    )
)
def _added(p, b):
    return p + b


@one_step_right.mistake(
    lambda p, b: (
        f"This follows the tangent: {b} times the slope p(1 − p) at {p}. A fair first guess for a "
        "small step; on the way the slope of the sigmoid changes. What comes out by the odds?"
    )
)
def _tangent(p, b):
    return p + b * p * (1 - p)


@one_step_right.mistake(
    lambda p, b: (
        f"This is σ({p} + {b}): the coefficient is added to a probability, as if that were a "
        f"logit. Which logit belongs to {p}?"
    )
)
def _probability_as_logit(p, b):
    return ce.sigmoid(p + b)


@one_step_right.mistake(
    lambda p: (
        "This multiplies the probability by the odds ratio, as if it were the odds, and turns the "
        f"product back into a probability. Which odds belong to a probability of {p}?"
    )
)
def _taken_for_odds(p, b):
    odds = p * math.exp(b)
    return odds / (1 + odds)


@one_step_right.mistake(
    "The odds ratio of notebook 06's own texture, 2.55, stands in your result. This is another "
    "hospital's model: which odds ratio has its coefficient?"
)
def _ratio_of_the_text(p):
    odds = p / (1 - p) * 2.55
    return odds / (1 + odds)
