"""Harbor Payments at full size, and one epoch of its network beside scikit-learn's.

Each stage runs in a process of its own, whose peak is that of NumPy, the package and the stage.
"""

from __future__ import annotations

import subprocess
import sys
import time
import timeit

from tools._command import ROOT
from tools.bench._bench import COST, table

NET = (26, 32, 16, 1)
MONTHS, ROWS, KEPT, EPOCHS, BATCH = 12, 200_000, 0.1, 12, 512


def generate() -> tuple[int, float]:
    """Draw the year; return its rows and the CPU seconds."""
    from cecourse.lessons.fraud_scorer import generator

    start = time.process_time()
    rows = len(generator.fraud_months(range(MONTHS), rows_per_month=ROWS))
    return rows, time.process_time() - start


def train(kept: float = KEPT) -> tuple[int, float]:
    """Train on eight months with a share of their negatives; return rows seen and CPU seconds."""
    import numpy as np

    import cehelpers as ce
    from cecourse.lessons.fraud_scorer import generator

    past = generator.fraud_months(range(8), rows_per_month=ROWS)
    rng = np.random.default_rng(0)
    rows = past[ce.undersample_negatives(past.label, kept, rng=rng)] if kept < 1 else past
    X, y = generator.fraud_design(rows, scale=generator.fraud_scale(past)), rows.label
    net = ce.init_mlp(NET, rng=rng, dtype=np.float32, output_bias=-4.0)
    options = {"batch_size": BATCH, "learning_rate": 2e-3, "schedule": "cosine"}
    start = time.process_time()
    ce.fit_mlp(net, X, y, epochs=EPOCHS, rng=rng, **options)
    return EPOCHS * len(rows), time.process_time() - start


def audit(rows: int = 1_000_000) -> tuple[int, float]:
    """Audit rare, weighted forecasts; return their number and the CPU seconds."""
    import numpy as np

    import cehelpers as ce

    rng = np.random.default_rng(0)
    z = rng.normal(-7.5, 1.8, rows)
    y = rng.random(rows) < ce.sigmoid(z)
    start = time.process_time()
    ce.audit(y, logits=z + 6.3)
    return rows, time.process_time() - start


STAGES = {
    f"generator, {MONTHS} × {ROWS:,} rows": "generate()",
    f"training, {KEPT:.0%} of negatives": "train()",
    "training, all rows": "train(1.0)",
    "an audit of 1,000,000 rows": "audit()",
}


def cost(call: str) -> tuple[float, float, float]:
    """Run a stage in a new process; return million rows a second, CPU seconds, peak megabytes.

    The CPU seconds of a training leave out how its rows came to be; its peak does not.
    """
    code = f"import cehelpers\nfrom tools.bench import networks\nprint(*networks.{call}){COST}"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    rows, cpu, _, peak = map(float, run.stdout.split())
    return rows / cpu / 1e6, cpu, peak


def report() -> None:
    """Print both tables."""
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    import cehelpers as ce

    rng = np.random.default_rng(2026)
    X = rng.normal(size=(ROWS, NET[0])).astype(np.float32)
    y = (rng.random(ROWS) < ce.sigmoid(X[:, 0] - 2 * X[:, 1] * X[:, 2])).astype(np.float32)
    net = ce.init_mlp(NET, rng=rng, dtype=np.float32)
    peer = MLPClassifier(
        NET[1:-1], batch_size=2048, learning_rate_init=2e-3, random_state=0, alpha=0
    )
    setting = {"batch_size": 2048, "learning_rate": 2e-3, "epochs": 1, "rng": rng}
    calls = {
        "cehelpers": lambda: ce.fit_mlp(net, X, y, **setting),
        "scikit-learn": lambda: peer.partial_fit(X, y, classes=[0, 1]),
    }
    spent = {name: min(timeit.repeat(call, number=1, repeat=3)) for name, call in calls.items()}
    table(
        f"One epoch of an MLP 26-32-16-1, {ROWS:,} rows, float32, batch 2048",
        {"": "<14", "seconds": ">8.2f", "ratio": ">6.1f"},
        [(name, seconds, seconds / spent["cehelpers"]) for name, seconds in spent.items()],
    )
    table(
        f"Fraud scorer: the same network, {EPOCHS} epochs, batch {BATCH}",
        {"stage": "<34", "million rows/s": ">14.2f", "CPU s": ">7.1f", "peak MB": ">8.0f"},
        ((name, *cost(call)) for name, call in STAGES.items()),
    )
