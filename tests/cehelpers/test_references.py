"""Every function against its definition at the extremes: a few units in the last place."""

import math

import numpy as np
import pytest
from mpmath import mp
from references import cases, truth

import cehelpers as ce

CASES = list(cases())
FUNCTIONS = sorted({name for name, _, _ in CASES})

# x^γ multiplies the relative rounding of x by γ, and e^H that of H by H
ULPS = {
    "focal_loss": 8,
    "focal_loss_with_logits": 8,
    "sparse_categorical_focal_loss_with_logits": 8,
    "perplexity": 32,
}


def ulps(got, value):
    """Distance of `got` from an mpmath number, in units in the last place."""
    nearest = float(value)
    if math.isinf(nearest):
        return 0 if got == nearest else math.inf
    if not math.isfinite(got):
        return math.inf
    with mp.workdps(50):
        return float(abs(mp.mpf(float(got)) - value) / mp.mpf(math.ulp(nearest)))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_is_within_a_few_ulps_of_its_definition(function):
    for name, arguments, options in CASES:
        if name != function:
            continue
        got, want = (
            np.ravel(getattr(ce, name)(*arguments, **options)),
            truth(name, arguments, options),
        )
        assert len(got) == len(want)
        errors = [ulps(a, b) for a, b in zip(got, want, strict=True)]
        worst = int(np.argmax(errors))
        shown = arguments, options, got[worst], want[worst]
        assert errors[worst] <= ULPS.get(name, 4), shown


def test_every_function_that_rounds_has_references():
    upper = next(k for k, layer in enumerate(ce.LAYERS) if "binary_losses" in layer)
    modules = {f"cehelpers.{name}" for layer in ce.LAYERS[: upper + 1] for name in layer}
    public = {name for name in ce.__all__ if getattr(ce, name).__module__ in modules}
    assert public - {"one_hot", "encode", "decode"} == set(FUNCTIONS)
