"""Twenty statements, and what somebody bet on each: the data of the self-experiment of notebook 03.

The learner's own bets are kept in the section `"bets"` of their file (see `store.py`): the id of a
statement and the probability given to its being true.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from cecourse import store
from cehelpers import binary_cross_entropy

SECTION = "bets"  # of the learner's file


class Statement(NamedTuple):
    """A sentence, whether it is true, and why; `check` computes an arithmetic one, in Python."""

    id: str
    text: str
    truth: bool
    kind: str
    check: str | None
    reason: str


class Score(NamedTuple):
    """What a list of bets is worth; the numbers are losses in nats, but for the two counts."""

    mean: float
    always_half: float
    right: int  # bets on the right side of 50%
    sided: int  # bets on either side of 50%
    costliest: int  # its index
    highest: float
    share: float  # of the whole loss that the costliest bet makes up


@cache
def statements() -> tuple[Statement, ...]:
    """The twenty statements, in the order of the game."""
    text = files(__package__).joinpath("statements.json").read_text(encoding="utf-8")
    return tuple(Statement(**entry) for entry in json.loads(text))


def truths() -> np.ndarray:
    """y: 1.0 for each true statement and 0.0 for each false one; shape (20,)."""
    return np.array([float(statement.truth) for statement in statements()])


def kept_bets() -> dict[str, float]:
    """What the learner has bet so far: statement id → probability."""
    kept = store.read(SECTION)
    return {s.id: float(kept[s.id]) for s in statements() if _is_bet(kept.get(s.id))}


def keep_bet(statement_id: str, probability: float) -> None:
    """Keep one bet in the learner's file."""
    store.write(SECTION, statement_id, probability)


def forget_bets() -> None:
    """Take every bet back, so that a new round can begin."""
    for statement_id in kept_bets():
        store.write(SECTION, statement_id, None)


def read_bets() -> tuple[np.ndarray, np.ndarray] | None:
    """The learner's bets as (y, p), each of shape (20,); None until all twenty are locked in."""
    return as_arrays(kept_bets())


def as_arrays(bets: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray] | None:
    """Truths and probabilities of a complete round, in the order of the statements, or None."""
    if any(statement.id not in bets for statement in statements()):
        return None
    return truths(), np.array([bets[statement.id] for statement in statements()])


def example_player() -> tuple[np.ndarray, np.ndarray]:
    """Bets (y, p) of an invented player who knows a fair amount and believes to know more."""
    return as_arrays(_EXAMPLE)


def score(y: np.ndarray, p: np.ndarray) -> Score:
    """Mean log loss of a round, what "always .5" pays, hits, and the costliest bet.

    Parameters
    ----------
    y, p : ndarray of shape (n,)
        Truths (0 or 1) and the probabilities given to 1.

    Examples
    --------
    >>> result = score(np.array([1.0, 0.0]), np.array([0.5, 0.8]))
    >>> result.right, result.sided, result.costliest, round(result.share, 3)
    (0, 1, 1, 0.699)
    """
    losses = binary_cross_entropy(y, p, reduction="none")
    worst = int(np.argmax(losses))
    return Score(
        mean=float(losses.mean()),
        always_half=math.log(2),
        right=int(np.sum((p - 0.5) * (y - 0.5) > 0)),
        sided=int(np.sum(p != 0.5)),
        costliest=worst,
        highest=float(losses[worst]),
        share=float(losses[worst] / losses.sum()),
    )


def _is_bet(value: object) -> bool:
    """Whether what the file holds is a probability; anybody may have edited it."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value < 1


_EXAMPLE = {
    "power_of_two": 0.99,
    "up_and_down": 0.04,
    "great_wall": 0.85,
    "birthday": 0.90,
    "rome": 0.20,
    "ninety_one": 0.70,
    "billion_seconds": 0.80,
    "everest": 0.93,
    "rare_illness": 0.96,
    "octopus": 0.75,
    "sound": 0.05,
    "six_weeks": 0.25,
    "cleopatra": 0.88,
    "five_heads": 0.15,
    "paper": 0.90,
    "rope": 0.97,
    "strawberry": 0.03,
    "venus": 0.80,
    "mean_speed": 0.10,
    "four_throws": 0.85,
}
