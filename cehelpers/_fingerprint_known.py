"""Layer 4: the losses that are known by their facts, and which of them a fingerprint is nearest to.

`known_losses.json` holds what `fingerprint` found out about losses of several libraries, recorded
by ``tools/record_losses.py`` and asked again by the tests.
"""

import functools
import json
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

Facts = Mapping[str, Any]
# what a wrapper changes does not tell a loss from another
PASSING = ("also", "answers", "habits", "keywords", "lists", "questions", "refusals")
TRAITS = ("formula", "forecast", "truth")  # without which a loss is another one
FEW = 4  # differences that still leave a name


@functools.cache
def known_losses() -> dict[str, dict[str, Any]]:
    """Facts by the name of a loss; lists where a fingerprint has tuples."""
    text = files(__package__).joinpath("known_losses.json").read_text(encoding="utf-8")
    return json.loads(text)["losses"]


# a difference, and those that follow from it
FOLLOWS = {
    "reduction": ("a table of tags", "weights", "no rows"),
    "eps": ("certain and wrong", "certain and right", "eps is", "a loss of 1e-17"),
    "smoothing": ("certain and wrong", "certain and right", "truths that sum to 2"),
    "class weights": ("class weights over", "soft truths"),
    "alpha": ("class weights", "factor"),
    "computes in": ("digits of a right forecast", "a loss of 1e-17", "float32"),
}
OPTIONAL = ("alpha", "class weights", "eps", "factor", "rounds to", "sign", "smoothing")


def differences(facts: Facts, known: Facts) -> list[str]:
    """The names of facts that are not the same, without those that follow from others.

    A question that only one of them was asked is no difference, unless a fact is there only where
    there is something to tell.
    """
    found = [name for name in OPTIONAL if (name in facts) != (name in known)]
    found += [k for k in known if k in facts and k not in PASSING and not _same(facts[k], known[k])]
    follow = {effect for name in found for effect in FOLLOWS.get(name, ())}
    return [name for name in found if name not in follow]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=2e-2)
    return (list(a) if isinstance(a, tuple) else a) == (list(b) if isinstance(b, tuple) else b)


def nearest(facts: Facts) -> tuple[str, list[str]] | None:
    """The known loss of the same formula that agrees in most and differs in least."""
    if facts.get("formula") is None:
        return None
    found = []
    for name, known in known_losses().items():
        if all(known.get(trait) == facts.get(trait) for trait in TRAITS):
            others = differences(facts, known)
            found.append((len(known.keys() & facts.keys()) - 2 * len(others), name, others))
    best = max(found, key=lambda item: item[0], default=None)
    return best and best[1:]


def verdict(facts: Facts, same_bits: bool = False) -> str:
    """Who it is, or who it is like."""
    if facts.get("formula") is None:
        return "Verdict: none of the losses known here."
    found = nearest(facts)
    if found is None:
        return "Verdict: no loss known here has this formula for such truths and forecasts."
    name, others = found
    known = known_losses()[name]
    if same_bits:
        return f"Verdict: this is {name}, to the last digit."
    if not others:
        return f"Verdict: this is {name}, as far as {facts['questions']} questions can tell."
    if len(others) > FEW:
        return f"Verdict: no loss known here; {len(others)} things part it from {name}."
    told = ", ".join(f"{k} ({_shown(facts, k)}; there {_shown(known, k)})" for k in others)
    things = "one thing" if len(others) == 1 else f"{len(others)} things"
    return f"Verdict: this is {name} up to {things}: {told}."


def _shown(facts: Facts, name: str) -> str:
    value = facts.get(name, "none")
    if isinstance(value, tuple | list):
        return " to ".join(f"{x:.3g}" for x in value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)
