"""The table of notebook 04: what its tool writes, another reckoning, and who keeps its digits."""

import importlib.util
import json
from pathlib import Path

import pytest
from mpmath import mp, mpf

import cehelpers as ce

TOOL = Path(__file__).parents[2] / "tools" / "make_logits_table.py"
spec = importlib.util.spec_from_file_location("tool", TOOL)
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
ROWS = json.loads(tool.FILE.read_text(encoding="utf-8"))["rows"]


def test_the_table_is_what_its_tool_writes():
    assert tool.FILE.read_text(encoding="utf-8") == tool.as_text()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['y']:.10g},{row['z']:g}")
def test_a_row_is_right_in_another_way_and_our_functions_keep_its_digits(row):
    with mp.workdps(400):
        y, z, loss, slope = (mpf(row[name]) for name in ("y", "z", "loss", "gradient"))
        up, down = 1 / (1 + mp.exp(-z)), 1 / (1 + mp.exp(z))
        assert abs(-y * mp.log(up) / loss - (1 - y) * mp.log(down) / loss - 1) < mpf(10) ** -48
        assert abs(((1 - y) * up - y * down) / slope - 1) < mpf(10) ** -30
        ours = ce.binary_cross_entropy_with_logits(row["y"], row["z"])
        assert abs(mpf(float(ours)) / loss - 1) < 1e-15
        # for a soft label the slope changes its sign near z = 20.7, where it has no digits to keep
        if not (0 < y < 1 and 15 < z < 27):
            ours = ce.binary_cross_entropy_with_logits_grad(row["y"], row["z"])
            assert abs(mpf(float(ours)) / slope - 1) < 2e-15
