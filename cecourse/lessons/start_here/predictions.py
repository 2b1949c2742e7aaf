"""What notebook 00 asks before it shows: each answer is computed, as in the cells that follow."""

import math

from cecourse.prediction import prediction
from cehelpers import entropy, surprisal

TIMES = surprisal(1 - 0.99) / surprisal(0.8)
FAIR, LOPSIDED = entropy([0.5, 0.5]), entropy([0.9, 0.1])


@prediction(
    "A weather service says 0.8 for rain, and it rains. The next day it says 0.99, and the day "
    "stays dry. How many times as large is its surprise on the dry day?",
    (
        f"about {0.99 / 0.2:.0f} times, as 0.99 / 0.2",
        lambda times: 4 < times < 7,
        "It missed the dry day by 0.99 and the rainy one by 0.2. Surprise does not measure that "
        "distance: it is a logarithm of what was given to what happened.",
    ),
    (
        f"about {TIMES:.0f} times",
        lambda times: 15 < times < 30,
        f"−ln 0.01 = {surprisal(0.01):.3f} nats against −ln 0.8 = {surprisal(0.8):.3f}. The dry "
        "day had been given no more than 0.01.",
    ),
    (
        f"{0.8 / 0.01:.0f} times, as 0.8 / 0.01",
        lambda times: 60 < times < 100,
        "What happened had been given 0.8 on one day and 0.01 on the other, and you divided the "
        "two. Their logarithms stand in another ratio.",
    ),
)
def sure_and_wrong():
    return TIMES


@prediction(
    "One coin lands heads half of the time, another 9 times in 10. You know both, and your "
    "forecasts are honest: 0.5 and 0.9. Each flip costs its surprise. What do you pay on average?",
    (
        "nothing: both forecasts are the truth",
        lambda costs: max(costs) == 0,
        "They are, and nobody could do better. But nothing is paid only by those who know how each "
        "*flip* will end, and you know how often heads come.",
    ),
    (
        "more for the coin at 0.9: its tails are a shock",
        lambda costs: costs[1] > costs[0] + 0.1,
        f"A shock indeed: tails cost {surprisal(0.1):.3f} nats there. But you pay it once in ten "
        f"flips, and {surprisal(0.9):.3f} nats in the other nine.",
    ),
    (
        "more for the fair coin",
        lambda costs: costs[0] > costs[1] + 0.1,
        f"{FAIR:.3f} nats a flip against {LOPSIDED:.3f}: even the honest forecast pays, and most "
        "where nobody can know.",
    ),
)
def honest_forecasts():
    return tuple(-sum(p * math.log(p) for p in (heads, 1 - heads)) for heads in (0.5, 0.9))
