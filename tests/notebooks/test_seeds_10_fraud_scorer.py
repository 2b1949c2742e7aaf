"""Audit and recipe of notebook 10 in two other years, with other nets: the notebook's own cells."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import cehelpers as ce
from cecourse.lessons.fraud_scorer import generator

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "10_fraud_scorer.md"
CELL = re.compile(
    r"^```\{code-cell\} ipython3\n(?:(?::[^\n]*\n)+\n)?(.*?)^```", re.DOTALL | re.MULTILINE
)
ASKED = re.compile(r"predictions\.|answer = |exercises\.|(show\()?explorers\.")
ELSEWHERE = re.compile(  # no year in it, or no test here
    r"rank = |def random_honest|aucs = |from cecourse.lessons.fraud_scorer import published"
    r"|order = |from sklearn.compose|print\(ce.audit"
)
YEAR, START = "rows_per_month=ROWS_PER_MONTH", "rng = np.random.default_rng(2)"


def undrawn(module):
    """The module, its pictures aside: those draw nothing."""
    return SimpleNamespace(
        **{
            name: (lambda *_, **__: None)
            if "Picture" in str(getattr(it, "__annotations__", {}).get("return"))
            else it
            for name, it in vars(module).items()
        }
    )


@pytest.fixture(scope="module", params=[7, 11])
def world(request):
    """Names of the notebook after its recipe, of another year and another start of each net."""
    text = SOURCE.read_text(encoding="utf-8")
    recipe = text.partition("\n## The recipe")[2].partition("\n## In your framework")[0]
    text = text.partition("\n## The scorer that holds")[0] + recipe
    assert text.count(YEAR) == 3 and text.count(START) == 1
    text = text.replace(YEAR, f"{YEAR}, seed={request.param}")
    text = text.replace(START, START.replace("2", str(request.param)))
    names = {}
    cells = CELL.findall(text)
    assert sum(bool(ELSEWHERE.match(code)) for code in cells) == 7
    for code in cells:
        if ASKED.match(code) or ELSEWHERE.match(code):
            continue
        exec(code.replace("%precision", "# %precision"), names)
        if "%precision" in code:
            names |= {name: undrawn(names[name]) for name in ("pictures", "panels")}
            names["show"] = lambda picture: None
    return names


def test_the_same_verdicts(world):
    assert [number for number, (_, holds, _) in enumerate(world["audit"], 1) if holds] == [6, 10]


def test_boosting_is_ahead_and_the_weight_behind(world):
    gaps = {name: world["gap"](z) for name, z in world["z"].items()}
    assert gaps["gradient boosting"] < 0.9 * gaps["net"] < 0.5 * gaps["w550 − ln 550"]
    assert world["mark"]["gradient boosting"][2] > world["mark"]["net"][2] > 0.25


def test_at_the_top_the_net_says_too_much_and_boosting_too_little(world):
    truth = ce.sigmoid(world["z_true"])
    for name, sign in (("net", 1), ("gradient boosting", -1)):
        p = ce.sigmoid(world["z"][name])
        assert sign * (p[p > 0.3].mean() - truth[p > 0.3].mean()) > 0
        assert p.mean() == pytest.approx(truth.mean(), rel=0.15)


def test_the_signatures_of_four_disturbances(world):
    before = world["usual"][:3].mean(axis=0)
    bells = np.array([1.2, 1.2, 1.2, 1.5])
    for row, signs in zip(
        world["cases"].values(),
        ((1, 1, 1, 0), (1, 0, -1, 0), (-1, 1, 1, 0), (1, 1, 0, 1)),
        strict=True,
    ):
        change = np.delete(np.array(row) / before, 3)
        assert tuple((change > bells).astype(int) - (change < 1 / bells)) == signs
    inputs = [row[3] for row in world["cases"].values()]
    assert inputs[0] > 1 and max(inputs[1:]) < 0.005 > max(world["usual"][:, 3])


def test_the_cut_lowers_the_bill_and_no_remedy_the_loss(world):
    bills = world["bills"]
    assert bills["cut"] < 0.87 * min(bills["raw, cut at ½"], bills["Platt"], bills["weight"])
    assert world["ahead"][0] > 0.98 * world["plain"]


def test_trees_first_and_not_as_they_come(world):
    rows = world["compared"]
    assert all(row.low > 0 for name, row in rows.items() if name != "penalised trees")
    assert rows["penalised trees"].normalised_entropy < 0.65
    assert rows["net"].normalised_entropy < 0.75
    assert rows["default trees"].normalised_entropy > 1


def test_an_unripe_month_takes_the_probabilities_down(world):
    rate = world["test"].label.mean()
    ripe = ce.sigmoid(world["scores"]["net"]).mean() / rate
    assert 0.8 < ripe < 1.2
    assert 0.3 < world["unripe"].mean() / rate / ripe < 0.5


def test_the_audit_finds_the_weight(world):
    weight = world["ce"].audit(world["cal"].label, logits=world["cal"].fraud_logit + 6.31).weight
    assert weight.low / 1.1 < 550 < weight.high * 1.1


def test_the_gap_is_mostly_luck_with_few_frauds():
    """Eight times the frauds more than halve it; four times the units widen it."""
    test = generator.fraud_months((10, 11))
    truth, z = ce.sigmoid(test.fraud_logit.astype(float)), test.fraud_logit.astype(float)
    years, scale = [], None
    for seed in range(2026, 2034):
        rows = generator.fraud_months(range(8), seed=seed)
        scale = scale or generator.fraud_scale(rows)
        rows = rows[ce.undersample_negatives(rows.label, 0.1, rng=np.random.default_rng(0))]
        years.append((generator.fraud_design(rows, scale=scale), rows.label))
    X_test = generator.fraud_design(test, scale=scale)

    def fitted(X, y, hidden, epochs):
        rng = np.random.default_rng(3)
        net = ce.init_mlp(
            (26, *hidden, 1),
            rng=rng,
            dtype=np.float32,
            output_bias=ce.logit(float(y.mean())),
            output_scale=0.5,
        )
        options = {"batch_size": 512, "learning_rate": 0.004, "schedule": "cosine", "rng": rng}
        net = ce.fit_mlp(net, X, y, epochs=epochs, **options)
        s = ce.correct_prior(ce.mlp_logits(net, X_test).astype(float), sampling_rate=0.1)
        top = ce.sigmoid(s) > 0.3
        gap = np.mean(ce.softplus(s) - truth * s - ce.softplus(z) + truth * z)
        return gap, ce.sigmoid(s)[top].mean() - truth[top].mean()

    (gap, excess), (wide, _) = (fitted(*years[0], h, 12) for h in ((32, 16), (128, 64)))
    many = tuple(np.concatenate(part) for part in zip(*years, strict=True))
    less, there = fitted(*many, (32, 16), 6)
    assert less < 0.5 * gap < 0.4 * wide
    assert excess > 0.02 > there > -0.05
