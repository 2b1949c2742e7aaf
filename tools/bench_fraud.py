"""Harbor Payments at full size: rows a second, CPU and peak memory of generator and training.

Each stage runs in a process of its own, whose peak is that of NumPy, the package and the stage.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

MONTHS, ROWS, KEPT, EPOCHS, BATCH = 12, 200_000, 0.1, 12, 512


def generate() -> int:
    """Draw the year; return its rows."""
    from cecourse.lessons.fraud_scorer import generator

    return len(generator.fraud_months(range(MONTHS), rows_per_month=ROWS))


def train(kept: float = KEPT) -> int:
    """Train on eight months with a share of their negatives; print seconds, return rows seen."""
    import numpy as np

    import cehelpers as ce
    from cecourse.lessons.fraud_scorer import generator

    past = generator.fraud_months(range(8), rows_per_month=ROWS)
    rng = np.random.default_rng(0)
    rows = past[ce.undersample_negatives(past.label, kept, rng=rng)] if kept < 1 else past
    X, y = generator.fraud_design(rows, scale=generator.fraud_scale(past)), rows.label
    net = ce.init_mlp((26, 32, 16, 1), rng=rng, dtype=np.float32, output_bias=-4.0)
    options = {"batch_size": BATCH, "learning_rate": 2e-3, "schedule": "cosine"}
    start = time.process_time()
    ce.fit_mlp(net, X, y, epochs=EPOCHS, rng=rng, **options)
    print(time.process_time() - start)
    return EPOCHS * len(rows)


STAGES = {
    f"generator, {MONTHS} × {ROWS:,} rows": "generate()",
    f"training, {KEPT:.0%} of negatives": "train()",
    "training, all rows": "train(1.0)",
}
MEASURE = """
import resource, time, cehelpers, bench_fraud
start = time.process_time()
rows = bench_fraud.{call}
print(time.process_time() - start)
print(rows)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def cost(call: str) -> tuple[int, float, float]:
    """Run a stage in a new process; return rows, CPU seconds and peak megabytes.

    The CPU seconds of a training leave out how its rows came to be; its peak does not.
    """
    command = [sys.executable, "-c", MEASURE.format(call=call)]
    here = Path(__file__).parent
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here)
    printed = run.stdout.split()
    rows, peak = int(printed[-2]), float(printed[-1])
    return rows, float(printed[0]), peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def report() -> None:
    """Print the table."""
    print(f"\nFraud scorer: MLP 26-32-16-1, {EPOCHS} epochs, float32, batch {BATCH}")
    print(f"{'stage':34s} {'million rows/s':>14s} {'CPU s':>7s} {'peak MB':>8s}")
    for name, call in STAGES.items():
        rows, cpu, peak = cost(call)
        print(f"{name:34s} {rows / cpu / 1e6:14.2f} {cpu:7.1f} {peak:8.0f}")


if __name__ == "__main__":
    report()
