"""Money per row in notebook 10: lists, bills, picture and explorer against the rows themselves."""

import re

import numpy as np
import pytest
from drawn import texts

import cehelpers as ce
from cecourse.lessons.fraud_scorer import generator, money
from cecourse.palette import ink

COST = 10.0


@pytest.fixture(scope="module")
def rows():
    """(label, a score, the posterior, amount): the score is the posterior with errors."""
    part = generator.fraud_months(11, rows_per_month=60_000)
    z = part.fraud_logit.astype(float)
    score = ce.sigmoid(z + 0.5 * np.random.default_rng(3).normal(size=len(z)))
    return part.label, score, ce.sigmoid(z), part.raw["amount"].astype(float)


def paid(y, flags, amount):
    """The bill of 1,000 payments, one payment after the other."""
    each = [
        (0 if fraud else COST) if flag else (a if fraud else 0)
        for fraud, flag, a in zip(y.tolist(), flags.tolist(), amount.tolist(), strict=True)
    ]
    return 1000 * sum(each) / len(each)


def test_bills_and_the_best_single_cut(rows):
    y, p, _, amount = rows
    for cut in (0.05, COST / (COST + amount)):
        assert money.bill(y, p, amount, cut, COST) == pytest.approx(paid(y, p >= cut, amount))
    bills = [paid(y, p >= cut, amount) for cut in money.GRID]
    best = money.best_single(y, p, amount, COST)
    assert paid(y, p >= best, amount) == pytest.approx(min(bills))


def test_lists_hold_the_highest(rows):
    y, p, _, amount = rows
    value = money.saving(p, amount, COST)
    assert value[7] == pytest.approx(p[7] * amount[7] - (1 - p[7]) * COST)
    by_hand = sorted(range(len(y)), key=lambda i: -value[i])[:100]
    want = sum(y[i] for i in by_hand), sum(y[i] * amount[i] for i in by_hand)
    assert money.found(y, amount, value, 100) == (want[0], pytest.approx(want[1]))


def test_a_saving_of_0_is_at_the_cut():
    amount = np.array([1.0, 10.0, 90.0, 2000.0])
    assert money.saving(ce.cost_threshold(COST, amount), amount, COST) == pytest.approx(0)


def test_the_scoreboard_holds_what_was_paid(rows):
    y, p, true, amount = rows
    flags = p * amount > 50
    board = money.scoreboard(lambda p, amount: p * amount > 50, y, p, true, amount)
    lines = {line[:28].strip(): int(line[28:]) for line in board.splitlines()}
    want = {
        "nobody flagged": paid(y, p > 2, amount),
        "p* of 100 €, 0.091": paid(y, p >= 1 / 11, amount),
        "each payment its own cut": paid(y, p >= COST / (COST + amount), amount),
        "the oracle, its own cuts": paid(y, true >= COST / (COST + amount), amount),
        "YOURS": paid(y, flags, amount),
    }
    for name, bill in want.items():
        assert lines[name] == 25 * round(bill / 25), name
    for policy, said in (
        (lambda p, amount: None, "fill in the cell above"),
        (lambda p, amount: True, "one True or False a payment"),
        (lambda p, amount: p, "one True or False a payment"),  # cuts are no decisions
    ):
        assert said in money.scoreboard(policy, y, p, true, amount)


def test_the_picture_shows_each_flag_once(rows):
    _, p, _, amount = rows
    picture = money.two_policies(p, amount, 0.05, COST)
    (ax,) = picture.figure.axes
    own = COST / (COST + amount)
    drawn = {line.get_marker(): line for line in ax.lines if len(line.get_xdata()) > 2}
    for mark, kept in {
        ".": (p >= 0.05) & (p >= own),
        "v": (p >= 0.05) & (p < own),
        "^": (p < 0.05) & (p >= own),
    }.items():
        assert np.array_equal(drawn[mark].get_xdata(), amount[kept])
        assert np.array_equal(drawn[mark].get_ydata(), p[kept])
    x, y = drawn["None"].get_data()
    assert y == pytest.approx(COST / (COST + x))
    assert {"amount, €", "one for all: 0.05"} <= set(texts(ax))

    # each label has the sign and the colour of its points, and says how large they are
    assert drawn["v"].get_xdata().max() < drawn["^"].get_xdata().min()
    for mark, words in {
        "v": "▼ small: flagged by\nthe single",
        "^": "▲ large: flagged by\ntheir own",
    }.items():
        (label,) = (text for text in ax.texts if text.get_text().startswith(words))
        assert label.get_color() == ink(drawn[mark].get_color())


@pytest.mark.parametrize(("alarms", "cost_fp"), [(50, 1), (400, 10), (3200, 100)])
def test_the_explorer_adds_up(rows, alarms, cost_fp):
    _, p, true, amount = rows
    explorer = money.alarm_list(p, true, amount)
    explorer.set(alarms=alarms, cost_fp=cost_fp)
    orders = {
        "p": p,
        "saving": p * amount - (1 - p) * cost_fp,
        "oracle": true * amount - (1 - true) * cost_fp,
    }
    numbers = re.findall(r"([\d,]+) €(?=, by|, and|\.)", explorer.caption)
    for (name, order), said in zip(orders.items(), numbers, strict=True):
        top = np.argsort(-order, kind="stable")
        worth = (true * amount)[top[:alarms]].sum()
        assert float(said.replace(",", "")) == float(f"{worth:.{2 if name == 'oracle' else 1}g}")
        gain = np.cumsum((true * amount - (1 - true) * cost_fp)[top])[money.RANKS - 1]
        drawn = explorer.artists[name].get_ydata()
        assert drawn == pytest.approx(np.clip(gain / 1000, -30, 200), rel=1e-9)
    assert list(explorer.artists["budget"].get_xdata()) == [alarms, alarms]
