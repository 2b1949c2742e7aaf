"""The nine cases: each run has what its diagnosis says, by theory, and each cure cures it."""

import ast
import inspect
import math

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

import cehelpers as ce
from cecourse.lessons.loss_clinic import cases

CAP = -math.log(1e-7)  # of a clip
FLOOR = math.log(math.e + 9) - 1  # of a softmax too many
NOISE = ce.entropy([0.8, *9 * [0.2 / 9]])


def test_the_levels(levels):
    for case, (name, *_) in cases.CASES.items():
        illness = cases.DIAGNOSES[name]
        assert illness.name == name
        words, height = levels.get(case, ("", None))
        assert illness.label == words
        assert illness.level == (height if height is None else pytest.approx(height, rel=1e-14))


def found_in(run):
    """A diagnosis from the numbers of a run alone."""
    first, last, low = run.steps[0], run.last, run.new_loss.min()
    share = 1 - run.accuracy
    rules = {
        "log of zero": np.isnan(run.steps[run.steps.argmax() :]).all() and np.isfinite(first),
        "log missing": (run.steps < 0).all() and (run.steps > -1).all() and first < -0.09,
        "sum for mean": abs(first / (256 * math.log(10)) - 1) < 0.01,
        "eps clipping": first > 10 and np.allclose(run.new_loss, CAP * share, rtol=0.06),
        "arguments swapped": abs(first - 0.9 * CAP) < 0.05 and last < 4,
        "dead inputs": np.allclose(run.steps, math.log(10), atol=0.02) and share[-1] > 0.87,
        "softmax twice": run.steps.min() >= FLOOR > last - 0.06,
        "overconfidence": 0 < last < 0.1 and run.new_loss[-1] > 1.3 * low > 0,
        "wrong labels": 0 < last - NOISE < 0.12 and 0 < share[-1] - 0.18 < 0.08,
    }
    (name,) = (name for name, holds in rules.items() if holds)
    return name


def test_each_run_has_what_its_case_is_said_to_have(runs):
    assert {case: found_in(run) for case, run in runs.items()} == {
        case: name for case, (name, *_) in cases.CASES.items()
    }
    assert sorted(name for name, *_ in cases.CASES.values()) == sorted(cases.DIAGNOSES)


@pytest.mark.parametrize("case", [case for case in cases.CASES if cases.CASES[case][2]])
def test_the_bug_that_is_shown_is_the_one_that_runs(case, data, monkeypatch):
    _, run, program = cases.CASES[case]
    if case == 3:
        assert inspect.signature(run).parameters["program"].default is program
        return

    def spy(t, z):
        raise InterruptedError

    monkeypatch.setattr(cases, program.__name__, spy)
    with pytest.raises(InterruptedError):
        run(data)


SHOWN = {  # the faulty piece of each case
    1: "-(p * log_t)",
    2: "astype(np.uint8) // 255",
    3: "np.log(p)",
    4: "categorical_cross_entropy_with_logits(t, p)",
    5: "digits.pixels[:600]",
    6: "-(t * p)",
    7: "rng.random(len(labels)) < 0.2",
    8: 'reduction="sum"',
    9: "np.clip(p, 1e-7, 1 - 1e-7)",
}


@pytest.mark.parametrize("case", cases.CASES)
def test_the_sources_that_are_shown_fit_the_page(case):
    source = cases.bug(case)
    ast.parse(source)
    assert max(map(len, source.splitlines())) <= 90
    assert SHOWN[case] in source


def some(n=50):
    rng = np.random.default_rng(0)
    return np.eye(10)[np.arange(n) % 10], rng.normal(size=(n, 10))


# What a sign and a cure say (words of theirs), and why it is true of the runs.


def dead_inputs(data, runs):
    yield "never leaves ln K = 2.303 for K = 10, and accuracy stays at one in ten"
    assert np.allclose(runs[2].steps, math.log(10), atol=0.02)
    assert runs[2].accuracy[-1] == pytest.approx(0.1, abs=0.03)
    yield "its smallest, mean and largest input"
    assert not (data.pixels.astype(np.uint8) // 255).any()


def softmax_twice(data, runs):
    yield "sinks towards ln(e + 9) − 1 = 1.461 and never below it, while accuracy is fine"
    assert runs[4].new_loss.min() > FLOOR
    assert runs[4].accuracy[-1] == max(run.accuracy[-1] for run in runs.values()) > 0.87
    yield "Hand the loss the logits, or take the log of the probabilities."
    t, z = some()
    assert cases.softmax_twice(t, z)[0] == pytest.approx(cases.healthy(t, softmax(z, axis=1))[0])
    assert cases.healthy(t, log_softmax(z, axis=1))[0] == pytest.approx(cases.healthy(t, z)[0])


def log_missing(data, runs):
    yield "is negative: it starts at −1/K = −0.1 and cannot pass −1"
    assert runs[6].steps[0] == pytest.approx(-0.1, abs=0.005)
    assert (runs[6].steps > -1).all() and (runs[6].steps < 0).all()
    yield "wants logarithms: log_softmax in front of it"
    t, z = some()
    assert cases.log_missing(t, z)[0] == pytest.approx(-(t * softmax(z, axis=1)).sum() / 50)
    assert cases.healthy(t, z)[0] == pytest.approx(-(t * log_softmax(z, axis=1)).sum() / 50)


def log_of_zero(data, runs):
    yield "spikes, and from one step on is nan for ever"
    run = runs[3]
    first = int(np.isnan(run.steps).argmax())
    assert run.steps[:first].max() > 10 > run.steps[0]
    assert np.isnan(run.steps[first:]).all() and np.isnan(run.new_loss[first // 6 :]).all()
    yield "Fused loss from logits. Then lower the learning rate as well."
    cured = cases.log_of_zero(data, program=cases.healthy)
    assert np.isfinite(cured.steps).all() and np.isfinite(cured.new_loss).all()
    np.testing.assert_allclose(cured.steps[:12], run.steps[:12], rtol=1e-4)
    assert cured.steps[-6:].mean() > 10  # finite and no use


def overconfidence(data, runs):
    yield "falls to 0 on the rows it learns from; on new rows it turns and climbs while accuracy"
    run, best = runs[5], int(runs[5].new_loss.argmin())
    assert run.last < 0.1 and 1.3 < run.new_loss[-1] / run.new_loss[best] < 1.6
    assert abs(run.accuracy[-1] - run.accuracy[best]) < 0.03
    yield "Stop where the dashed line is lowest"
    assert 10 < best < 30 < len(run.new_loss)


def sum_for_mean(data, runs):
    yield "starts at batch size times ln K, and drops at each short last batch"
    steps = runs[8].steps
    assert steps[5] == pytest.approx(17 * math.log(10), rel=0.05)
    assert (steps[5::6] < 0.2 * steps[4::6]).all()
    yield "reduction='mean', and say so"
    t, z = some(64)
    assert cases.summed(t, z)[0] == pytest.approx(64 * cases.healthy(t, z)[0])


def arguments_swapped(data, runs):
    yield "starts at (1 − 1/K)·16.118 = 14.506, far above ln K, and glides down from there"
    t, z = some()
    p = (t * softmax(z, axis=1)).sum(axis=1)
    assert cases.arguments_swapped(t, z)[0] == pytest.approx(CAP * (1 - p).mean(), rel=1e-6)
    new = runs[1].new_loss
    assert runs[1].last < 4 and (np.diff(new) < 0.01 * new[:-1]).all()
    yield "Truth first or prediction first"
    clipped = np.clip(t, 1e-7, 1)
    swapped = -(softmax(z, axis=1) * np.log(clipped)).sum(axis=1).mean()
    assert cases.arguments_swapped(t, z)[0] == pytest.approx(swapped)
    # case 6 is the same line in other units
    np.testing.assert_allclose(CAP * (1 + runs[6].steps), runs[1].steps, rtol=1e-3)


def eps_clipping(data, runs):
    yield "hangs at about 16.118 times the share of wrong rows: their slope is 0"
    assert runs[9].steps.max() <= CAP + 1e-9
    z = np.zeros((1, 10))
    z[0, 3] = 60
    loss, slope = cases.clipped(np.eye(10)[[5]], z)
    assert loss == pytest.approx(CAP) and not slope.any()
    yield "Fused loss from logits, which needs no clip. Then scale the inputs."
    loss, slope = cases.healthy(np.eye(10)[[5]], z)
    assert loss == pytest.approx(60) and slope.any()


def wrong_labels(data, runs):
    yield "learns quickly and then levels off far above 0, on old and new rows alike"
    run = runs[7]
    assert run.last > 0.9 and abs(run.new_loss[-1] - run.last) < 0.15
    half = len(run.new_loss) // 2
    assert run.new_loss[half] - run.new_loss[-1] < 0.1 < run.steps[0] - run.new_loss[half]
    yield "Read fifty rows of your own data, the costliest first."
    rng, X, y = np.random.default_rng(0), data.pixels / 16, data.labels.copy()
    wrong = rng.random(len(y)) < 0.2
    y[wrong] = (y[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    net = ce.fit_mlp(ce.init_mlp((64, 10), rng=rng), X, np.eye(10)[y], epochs=20, rng=rng)
    costs = ce.sparse_categorical_cross_entropy_with_logits(
        y, ce.mlp_logits(net, X), reduction="none"
    )
    assert wrong[np.argsort(-costs)[:50]].mean() > 0.9


@pytest.mark.parametrize("name", cases.DIAGNOSES)
def test_a_sign_and_a_cure_are_those_of_the_diagnosis(name, data, runs):
    illness = cases.DIAGNOSES[name]
    sign, cure = globals()[name.replace(" ", "_")](data, runs)
    assert sign in illness.sign and cure in illness.cure


def test_a_healthy_run(data):
    well = cases.well(data)
    assert well.steps[0] == pytest.approx(math.log(10), abs=0.05)
    assert well.last < 0.3 and well.accuracy[-1] > 0.85


@pytest.mark.parametrize("case", [1, 4, 6, 8, 9, 0])
def test_slopes_are_those_of_the_loss_that_is_reported(case):
    """A program reports one loss and learns from another only by mistake: finite differences."""
    program = cases.CASES[case][2] if case else cases.healthy
    t, z = some(4)
    slope = program(t, z)[1] / len(t)  # slopes are per row, and the loss is their mean
    for place in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[place] = 1e-6
        wanted = (program(t, z + step)[0] - program(t, z - step)[0]) / 2e-6
        assert slope[place] == pytest.approx(wanted, rel=1e-5, abs=1e-8)


def test_vital_signs_round_what_is_trained():
    run = cases.Run(np.array([589.456, 177.3]), np.array([451.2]), np.array([0.834]))
    words = cases.vital_signs(run)
    assert words == "first loss 589, last 380, on new rows 450, accuracy there 0.83"
    run = cases.Run(np.array([-0.1003, math.nan]), np.array([math.nan]), np.array([0.1]))
    assert "first loss −0.1, last nan, on new rows nan" in cases.vital_signs(run)
    run = cases.Run(np.array([0.0, math.inf]), np.array([-math.inf]), np.array([0.1]))
    assert "first loss 0, last inf, on new rows −inf" in cases.vital_signs(run)
