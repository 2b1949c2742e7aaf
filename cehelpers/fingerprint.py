"""Layer 5: who is this loss? Any callable is asked a hundred questions, and sentences come back."""

import html
import sys
import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from cehelpers._fingerprint_ask import Asker
from cehelpers._fingerprint_known import nearest, verdict
from cehelpers._fingerprint_manners import arithmetic, odd_inputs, same_again, shapes, weights
from cehelpers._fingerprint_probes import (
    Subject,
    digits,
    divisor,
    ends_of_logits,
    ends_of_probabilities,
    odd_labels,
    soft_truths,
)
from cehelpers._fingerprint_search import Found, batches_of, search
from cehelpers._fingerprint_words import sentences


class Fingerprint(NamedTuple):
    """What `fingerprint` found out; `str` of it are its sentences."""

    name: str | None  # of the known loss that it is, or is nearest to
    differences: list[str]  # the facts that part the two
    facts: dict[str, Any]
    sentences: list[str]  # the last is the verdict

    def __str__(self) -> str:
        fill = partial(textwrap.fill, width=79, subsequent_indent="  ", break_on_hyphens=False)
        return "\n".join(map(fill, self.sentences))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        return f"<ul>{items}</ul>"


def fingerprint(loss: Callable, *, convert: Callable | None = None) -> Fingerprint:
    """Find out what a loss does by asking it: order, units, divisor, ends, manners, and its name.

    Parameters
    ----------
    loss : callable
        A function of a truth and a forecast, in any order, of any library. It is called about a
        hundred times, with arrays of shape (n,) and (n, K), n at most 36; a call that never
        returns is not interrupted.
    convert : callable, optional
        Makes of a NumPy array what the loss wants, such as ``torch.tensor``.

    Returns
    -------
    Fingerprint
        Named tuple of `name` and `differences`, what is known and nearest, `facts` by name, and
        `sentences`; ``print`` shows these. A loss that raises, prints, returns no number or
        answers at random is told so.

    Raises
    ------
    TypeError
        If `loss` or `convert` cannot be called.

    Notes
    -----
    Names come from what the same questions found out about PyTorch, Keras, Optax, scikit-learn,
    SciPy and this package, in the versions of `known_losses.json` (``tools/record_losses.py``).

    Examples
    --------
    >>> found = fingerprint(lambda p, y: -np.sum(y * np.log2(p + 1e-9)))
    >>> print(found.sentences[0], found.sentences[2])
    The forecast comes first, then the truth. It is the cross-entropy in bits, summed over rows.
    >>> found.facts["eps"], found.facts["eps is"]
    (1e-09, 'added')
    >>> fingerprint(lambda: 0).sentences[0]
    'It takes no arguments: a loss has a truth and a forecast.'
    """
    for name, value in (("loss", loss), ("convert", convert)):
        if not callable(value) and (name == "loss" or value is not None):
            raise TypeError(f"{name} must be callable; got {value!r}")
    ask = Asker(loss, convert)
    with np.errstate(all="ignore"):
        found = None if ask.needs is not None else search(ask)
        facts = _facts(ask, found)
        facts["questions"] = ask.questions
        name, differences = nearest(facts) or (None, [])
        own = name and not differences and name.startswith("cehelpers")
        said = verdict(facts, bool(own) and _to_the_last_digit(ask, found, name.split()[-1]))
    return Fingerprint(name, differences, facts, [*sentences(facts), said])


def _facts(ask: Asker, found: Found | None) -> dict[str, Any]:
    """Everything that is found out, by name."""
    if ask.needs is not None:
        return {"needs": ask.needs}
    if found is None:
        return {"refusals": list(ask.refusals), "answers": list(ask.answers)}
    s, way, fit = Subject(ask, found), found.way, found.fit
    if fit is None and len(ask.numbers) == 1:
        return {"constant": ask.numbers.pop()}
    if not same_again(s) and fit is None:
        return {"random": True}
    facts = {"formula": fit and fit.formula, **way._asdict()}
    facts |= {"order": "either"} if found.either else {}
    facts |= {"also": found.also, "keywords": tuple(ask.names)}
    if not way.binary and found.K != 3:
        facts["classes"] = found.K
    if fit and fit.gamma:
        facts["gamma"] = digits(fit.gamma)
    for question in (divisor, *_of_formula(found), arithmetic, odd_inputs, shapes, weights):
        facts |= question(s)
    return facts | {"habits": tuple(ask.habits)}


def _of_formula(found: Found) -> list[Callable[[Subject], dict[str, Any]]]:
    """The questions that make sense for such a formula, truth and forecast."""
    way = found.way
    if way.takes == "one forecast for all rows":
        return []
    questions = []
    if found.fit:
        prob = way.forecast == "probabilities"
        questions.append(ends_of_probabilities if prob else ends_of_logits)
        questions += [soft_truths] * (way.truth in ("rows", "0 and 1"))
    return questions + [odd_labels] * (way.truth in ("labels", "0 and 1"))


def _to_the_last_digit(ask: Asker, found: Found, name: str) -> bool:
    """Whether a loss of this package gives the same bits."""
    own = Subject(Asker(getattr(sys.modules[__package__], name), None), found)
    asked = Subject(ask, found)
    pairs = batches_of(found.K, found.way.takes)
    return all(np.array_equal(own.answer(*pair), asked.answer(*pair)) for pair in pairs)
