"""Write known_losses.json: what `ce.fingerprint` finds out about the losses of some libraries.

``python -m tools.record_losses`` asks the libraries that are installed and keeps what is recorded
of the others; names after it ask those libraries alone. With ``--check`` nothing is written, and
the exit code is 1 where a fact has changed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np

import cehelpers as ce
from cecourse.lessons.framework_rosetta.calls import library
from cehelpers._fingerprint_known import PASSING, differences
from tools._command import ROOT

FILE = ROOT / "cehelpers" / "known_losses.json"
X64 = " with jax_enable_x64"
# of each library how its losses are named, and the texts that are asked: the first of equals names
LOSSES = {
    "cehelpers": [
        "ce.binary_cross_entropy",
        "ce.binary_cross_entropy_with_logits",
        "ce.categorical_cross_entropy",
        "ce.categorical_cross_entropy_with_logits",
        "ce.sparse_categorical_cross_entropy",
        "ce.sparse_categorical_cross_entropy_with_logits",
        "ce.focal_loss",
        "ce.focal_loss_with_logits",
        "ce.sparse_categorical_focal_loss_with_logits",
        "ce.brier_score",
        "ce.brier_score_multiclass",
        "ce.hinge_loss",
        "ce.squared_hinge_loss",
        "ce.ranked_probability_score",
        "ce.cross_entropy",
        "ce.kl_divergence",
        "ce.js_divergence",
        "ce.perplexity",
        "ce.bernoulli_nll",
        "ce.categorical_nll",
    ],
    "PyTorch": [
        "F.binary_cross_entropy",
        "F.binary_cross_entropy_with_logits",
        "F.cross_entropy",
        "F.nll_loss",
        "F.kl_div",
        "F.mse_loss",
        "F.soft_margin_loss",
    ],
    "Keras": [
        "keras.losses.BinaryCrossentropy()",
        "keras.losses.BinaryCrossentropy(from_logits=True)",
        "keras.losses.CategoricalCrossentropy()",
        "keras.losses.CategoricalCrossentropy(from_logits=True)",
        "keras.losses.SparseCategoricalCrossentropy()",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        "keras.losses.BinaryFocalCrossentropy()",
        "keras.losses.CategoricalFocalCrossentropy()",
        "keras.losses.KLDivergence()",
        "keras.losses.MeanSquaredError()",
        "keras.losses.Hinge()",
        "keras.losses.SquaredHinge()",
    ],
    "Optax": [
        "optax.sigmoid_binary_cross_entropy",
        "optax.softmax_cross_entropy",
        "optax.safe_softmax_cross_entropy",
        "optax.softmax_cross_entropy_with_integer_labels",
        "optax.sigmoid_focal_loss",
        "optax.kl_divergence",
        "optax.hinge_loss",
        "optax.squared_error",
    ],
    "scikit-learn": [
        "sklearn.metrics.log_loss",
        "sklearn.metrics.brier_score_loss",
        "sklearn.metrics.hinge_loss",
    ],
    "SciPy": [
        "lambda y, p: -np.mean(xlogy(y, p) + xlog1py(1 - y, -p))",
        "lambda y, z: -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))",
        "lambda labels, Z: -np.mean(log_softmax(Z, axis=1)[np.arange(len(Z)), labels])",
        "lambda T, Z: -np.mean(np.sum(T * log_softmax(Z, axis=1), axis=1))",
        "lambda T, Q: np.mean(rel_entr(T, Q).sum(axis=1))",
    ],
    "NumPy": [
        "lambda y, p: -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))",
        "lambda y, z: np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z)",
        "lambda T, Q: -np.mean(np.sum(T * np.log(Q), axis=1))",
        "lambda labels, Q: -np.mean(np.log(Q[np.arange(len(Q)), labels]))",
        "lambda y, p: np.mean((y - p) ** 2)",
    ],
}
MODULES = {"Keras": "keras", "Optax": "optax", "PyTorch": "torch"}


def losses(name: str) -> dict[str, tuple[Callable, Callable | None]]:
    """By text, the losses of a library and what converts arrays for them; none where it misses."""
    from scipy import special

    module = library(MODULES.get(name, "numpy"))
    if module is None:
        return {}
    scope = {"np": np, "ce": ce, **vars(special), MODULES.get(name, "np"): module}
    if name == "scikit-learn":
        scope["sklearn"] = library("sklearn")
        library("sklearn.metrics")
    convert = None
    if name == "PyTorch":
        scope["F"], convert = module.nn.functional, module.tensor
    return {text: (eval(text, scope), convert) for text in LOSSES[name]}


@contextlib.contextmanager
def x64(on: bool) -> Iterator[None]:
    """JAX with or without 64 bits, and as it was afterwards."""
    jax = library("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", on)
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", before)


def asked(name: str) -> dict[str, dict[str, Any]]:
    """By the name of a loss, the facts that tell it from others."""
    if name not in ("Keras", "Optax") or library("jax") is None:
        return {named(name, text): facts(*pair) for text, pair in losses(name).items()}
    found = {}
    for wide in (False, True)[: 2 if name == "Optax" else 1]:
        with x64(wide):
            new = {named(name, text): facts(*pair) for text, pair in losses(name).items()}
        found |= {key + X64 * wide: value for key, value in new.items()}
    return found


def named(name: str, text: str) -> str:
    """Such as PyTorch's F.cross_entropy."""
    if text.startswith("lambda"):
        return f"{name}'{'' if name.endswith('s') else 's'} {text.partition(': ')[2]}"
    parts = text.removeprefix("ce.").removeprefix("keras.losses.").removeprefix("optax.")
    return f"{name}'{'' if name[-1] in 'sx' else 's'} {parts.removeprefix('sklearn.metrics.')}"


def facts(loss: Callable, convert: Callable | None) -> dict[str, Any]:
    """What `fingerprint` finds out, but for what may pass."""
    found = ce.fingerprint(loss, convert=convert).facts
    kept = {name: value for name, value in found.items() if name not in PASSING}
    return json.loads(json.dumps(kept))


def main() -> int:
    """Record, or check and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help=", ".join(LOSSES))
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    for name in arguments.libraries:
        if name not in LOSSES:
            parser.error(f"LIBRARY must be one of {', '.join(LOSSES)}; got {name!r}")
    found: dict[str, dict[str, Any]] = {}
    for name in arguments.libraries or LOSSES:
        found |= asked(name)
    recorded = json.loads(FILE.read_text(encoding="utf-8"))
    kept, versions = recorded["losses"], recorded["versions"]
    if arguments.check:
        lines = [
            f"{name}: {', '.join(differences(now, kept.get(name, {})) or ['not recorded'])}"
            for name, now in found.items()
            if name not in kept or differences(now, kept[name])
        ]
        print("\n".join(lines) or f"{len(found)} losses are what they were.")
        return int(bool(lines))
    order = [named(name, text) for name, texts in LOSSES.items() for text in texts]
    order = [key for name in order for key in (name, name + X64)]
    asked_now = {name.partition("'")[0] for name in found}
    versions |= {name: version(MODULES.get(name, name.lower())) for name in sorted(asked_now)}
    lines = [
        f"  {json.dumps(name)}: {json.dumps((kept | found)[name])}"
        for name in order
        if name in kept | found
    ]
    head = f'{{\n "versions": {json.dumps(versions)},\n "losses": {{\n'
    text = head + ",\n".join(lines) + "\n }\n}\n"
    FILE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
