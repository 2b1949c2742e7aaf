"""Every function against values of 50 digits at the extremes: a few units in the last place."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from make_references import FILE, references

import cehelpers as ce

REFERENCES = json.loads(FILE.read_text(encoding="utf-8"))
FUNCTIONS = sorted({reference["function"] for reference in REFERENCES})

# x^γ multiplies the relative rounding of x by γ, and e^H that of H by H
ULPS = {
    "focal_loss": 8,
    "focal_loss_with_logits": 8,
    "sparse_categorical_focal_loss_with_logits": 8,
    "perplexity": 32,
}


def ulps(got, digits):
    """Distance of `got` from the number that `digits` spell, in units in the last place."""
    nearest = float(digits)
    if math.isinf(nearest):
        return 0 if got == nearest else math.inf
    if not math.isfinite(got):
        return math.inf
    return abs(Fraction(float(got)) - Fraction(digits)) / Fraction(math.ulp(nearest))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_within_a_few_ulps_of_50_digits(name):
    for reference in (r for r in REFERENCES if r["function"] == name):
        got = getattr(ce, name)(*reference["arguments"], **reference["options"])
        got, want = np.ravel(got), np.ravel(np.array(reference["value"], dtype=object))
        assert got.shape == want.shape
        errors = [ulps(a, b) for a, b in zip(got, want, strict=True)]
        worst = int(np.argmax(errors))
        assert errors[worst] <= ULPS.get(name, 4), (reference, got[worst], want[worst])


def test_every_function_that_rounds_has_references():
    upper = next(k for k, layer in enumerate(ce.LAYERS) if "binary_losses" in layer)
    modules = {f"cehelpers.{name}" for layer in ce.LAYERS[: upper + 1] for name in layer}
    public = {name for name in ce.__all__ if getattr(ce, name).__module__ in modules}
    assert public - {"one_hot"} == set(FUNCTIONS)


def test_committed_references_are_what_the_generator_writes():
    fresh = references()
    assert len(fresh) == len(REFERENCES)
    for new, old in zip(fresh, REFERENCES, strict=True):
        assert json.loads(json.dumps(new)) == old
