"""Write logits_reference.json of notebook 04: losses of logits and their slopes to 50 digits.

Run as ``python -m tools.make_logits_table``. Each value follows the textbook definition, with p =
1/(1 + e^−z) and every step carried out in 400 digits by mpmath, so that cancellation cannot matter;
the rearranged formulas that notebook 04 examines are not used. y and z mean the floats themselves:
0.9 stands for the number that a float64 holds in its place.
"""

import json
from pathlib import Path

from mpmath import mp, mpf

FILE = Path(__file__).parents[1] / "cecourse" / "lessons" / "logits" / "logits_reference.json"
DIGITS = 50
WORKING_DIGITS = 400  # 1 − σ(−800) needs 348 digits to differ from 1
NEARLY_ONE = 1 - 1e-9
# rows that the notebook prints, then two sweeps that it draws: odd z, since a product with a power
# of two is exact and would flatter a formula
PRINTED = [
    (1.0, -30.0),
    (0.0, 20.0),
    (1.0, 20.0),
    (1.0, 40.0),
    (0.0, -40.0),
    (0.0, 40.0),
    (1.0, -800.0),
    (NEARLY_ONE, 40.0),
]
SWEPT = [(y, float(z)) for y in (1.0, NEARLY_ONE) for z in range(-59, 60, 2)]


def loss_and_slope(y: float, z: float) -> tuple[str, str]:
    """−[y ln p + (1 − y) ln(1 − p)] and p − y, as texts of 50 digits."""
    with mp.workdps(WORKING_DIGITS):
        y, p = mpf(y), 1 / (1 + mp.exp(-mpf(z)))
        loss = -(y * mp.log(p) + (1 - y) * mp.log(1 - p))
        return mp.nstr(loss, DIGITS), mp.nstr(p - y, DIGITS)


def table() -> list[dict]:
    """Every row: y, z, loss, gradient; a row that is both printed and swept stands once."""
    rows = []
    for y, z in dict.fromkeys(PRINTED + SWEPT):
        loss, gradient = loss_and_slope(y, z)
        rows.append({"y": y, "z": z, "loss": loss, "gradient": gradient})
    return rows


def as_text() -> str:
    """The file: one row a line."""
    rows = ",\n".join(json.dumps(row) for row in table())
    return f'{{"digits": {DIGITS}, "rows": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8", newline="\n")
