"""Build the notebooks as other processors would, and name each number that moves.

`python -m tools.worlds [NN …]`. A world has its own kernels for matrix products and exp, and its
own last bits of what a model starts from. Where a word of a notebook moves with them, it is no
result: print fewer digits, or the comparison itself.
"""

from __future__ import annotations

import difflib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools import _command
from tools.compare_notebooks import differences, words

NEHALEM = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
# A nudge beside a kernel: one build tries both. Whoever runs the tests runs the notebooks with the
# kernels of their own processor; the stored ones are Haswell's.
WORLDS = {"Nehalem, nudge 3": NEHALEM | {"CEHELPERS_NUDGE": "3"}}


def nudge_fits(seed: int) -> None:
    """Let every model of scikit-learn see its columns moved by their last bits when it is fitted.

    A column is moved as a whole, so that equal values stay equal. What a kernel of another
    processor does to scikit-learn's sums, this does on any. Truths, as of a LabelBinarizer, stay.
    """
    import functools
    import inspect

    import numpy as np
    from sklearn.utils import all_estimators

    def fit(self, X, *args, _fit, **kwargs):
        if isinstance(X, np.ndarray) and X.dtype.kind == "f" and X.ndim == 2:
            signs = np.random.default_rng(seed).choice((-1, 1), X.shape[1])
            X = X * (1 + 2 * np.finfo(X.dtype).eps * signs).astype(X.dtype)
        return _fit(self, X, *args, **kwargs)

    for _, estimator in all_estimators():
        if "fit" in vars(estimator) and "X" in inspect.signature(estimator.fit).parameters:
            estimator.fit = functools.partialmethod(fit, _fit=estimator.fit)


def moved(one: Path, other: Path) -> list[str]:
    """The numbers that differ between two notebooks, each with its cell."""
    found = []
    cells = [nbformat.read(path, as_version=4).cells for path in (one, other)]
    if len(cells[0]) != len(cells[1]):
        return [f"{one.stem}: {len(cells[0])} cells, and {len(cells[1])}"]
    for place, pair in enumerate(zip(*cells, strict=True)):
        texts = [re.findall(r"[-−]?\d[\d,.]*(?:e[-+]\d+)?|\S+", "\n".join(words(c))) for c in pair]
        for tag, a, b, c, d in difflib.SequenceMatcher(None, *texts, False).get_opcodes():
            if tag != "equal":
                was, now = " ".join(texts[0][a:b]), " ".join(texts[1][c:d])
                found.append(f"{one.stem}, cell {place}: {was} → {now}")
    return found


def compared(names: list[str], folder: Path) -> dict[str, list[str]]:
    """Build in each world and return what moved there."""
    found = {}
    for world, variables in WORLDS.items():
        if platform.machine() not in ("x86_64", "AMD64"):  # the names of kernels are theirs
            world = world.split(", ")[-1]
            variables = {k: v for k, v in variables.items() if k == "CEHELPERS_NUDGE"}
        there, stored = folder / "there", folder / "stored"
        for place in (there, stored):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
        for path in _command.notebooks(names):
            shutil.copy(path, stored)
        build = [sys.executable, "-m", "tools.build_notebooks", *names, "--to", str(there)]
        subprocess.run(build, env=os.environ | variables, check=True)
        pairs = [(path, there / path.name) for path in sorted(stored.glob("*.ipynb"))]
        found[world] = [line for pair in pairs for line in moved(*pair)]
        # pictures, and what the list above may not see
        found[world] = found[world] or differences(stored, there)
    return found


def main() -> int:
    """Parse the command line, build, and print what moved."""
    given = _command.parse(__doc__, "build/worlds")
    found = compared(given.names, given.to)
    for world, lines in found.items():
        print(f"{world}: " + ("the same words and pictures" if not lines else ""))
        print("".join(f"  {line}\n" for line in lines), end="")
    return any(found.values())


if __name__ == "__main__":
    sys.exit(main())
