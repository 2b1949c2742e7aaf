"""What notebook 11 claims, computed here by other means than its own; each bug's sign by theory."""

import ast
import math
from functools import cache

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.datasets import load_digits
from sklearn.metrics import f1_score, hinge_loss, log_loss, roc_auc_score

import cehelpers as ce
from cecourse.lessons.framework_rosetta.calls import inputs, recorded
from cecourse.lessons.loss_clinic import cases, choice, exercises

CAP = -math.log(1e-7)


@cache
def data():
    digits = load_digits()
    return cases.split(digits.data, digits.target)


@cache
def runs():
    return cases.train_all(data())


# ---------------------------------------------------------------- every path, every line


def test_every_path_leads_to_a_loss_and_every_loss_is_reached():
    assert set(choice.PATHS) == {(a, s) for a in choice.ANSWERS for s in choice.SPECIALS}
    assert set(choice.PATHS.values()) == set(choice.ADVICE)


@pytest.mark.parametrize("key", choice.ADVICE)
def test_our_line_is_the_loss_it_says(key):
    """Against the definition, written out with SciPy."""
    loss = choice.ADVICE[key]
    e = choice.example(loss.example)
    y, z = e["y"], e.get("z")
    if loss.family == "margin":
        gap = np.maximum(0, 1 - (2 * y - 1) * z)
        wanted = np.mean(gap if key == "hinge" else gap**2)
    elif loss.family == "order":
        upper, lower = (expit(e["edges"][y + k] - e["s"]) for k in (1, 0))
        wanted = -np.log(upper - lower).mean()
    elif loss.family == "softmax":
        rows = y if y.ndim == 2 else np.eye(3)[y]
        each = -(rows * log_softmax(z, axis=1)).sum(axis=1)
        if "focal" in key:
            each = (1 - (rows * softmax(z, axis=1)).sum(axis=1)) ** 2 * each
        wanted = each.mean()
    else:
        p = expit(z)
        up, down = (1 - p, p) if "focal" in key else (1, 1)
        wanted = np.mean(-(y * up**2 * np.log(p) + (1 - y) * down**2 * np.log(1 - p)))
    assert choice.value(key) == pytest.approx(wanted, rel=1e-12)
    assert choice.value(key) > 0


def libraries(library):
    """What the lines of a library refer to; a framework may be missing outside of `make test`."""
    if library == "scikit-learn":
        return {
            "np": np,
            "log_loss": log_loss,
            "hinge_loss": hinge_loss,
            "expit": expit,
            "log_expit": log_expit,
            "softmax": softmax,
        }
    pytest.importorskip(library.lower(), reason="group frameworks: make test installs it")
    import jax
    import keras
    import optax

    return {"keras": keras, "optax": optax, "jax": jax, "jnp": jax.numpy}


def single(example):
    """An example in float32, the frameworks' own precision."""
    return {
        name: value.astype(np.float32) if value.dtype.kind == "f" else value
        for name, value in example.items()
    }


def lines(*names):
    """(key, library) of every line there is."""
    return [(key, name) for name in names for key in choice.ADVICE if choice.ADVICE[key].code[name]]


@pytest.fixture(autouse=True)
def keras_computes_with_jax(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")


@pytest.mark.parametrize(("key", "library"), lines("scikit-learn", "Keras", "Optax"))
def test_every_line_agrees_with_ours(key, library):
    loss = choice.ADVICE[key]
    example = choice.example(loss.example)
    exact = library == "scikit-learn"
    names = libraries(library) | (example if exact else single(example))
    found = float(choice.run(loss.code[library], names))
    assert found == pytest.approx(choice.value(key), rel=1e-9 if exact else 5e-6)


def ours(key, example):
    """Our loss of one row, in float64."""
    return choice.run(choice.ADVICE[key].code["cehelpers"], {"ce": ce} | example)


@pytest.mark.parametrize(("key", "library"), lines("cehelpers", "scikit-learn", "Keras", "Optax"))
def test_no_line_loses_a_loss_far_out_in_float32(key, library):
    """Logits of ±50 and every class at scores of ±17 and ±50, a row at a time."""
    loss = choice.ADVICE[key]
    capped = loss.code[library].startswith("log_loss")
    assert capped == ("36 nats" in choice.line(key, library))
    if capped:
        return
    names = {"ce": ce} if library == "cehelpers" else libraries(library)
    rows = choice.far(loss.example)
    if "hinge_loss" in loss.code[library]:  # of one row it cannot know which label is the positive
        rows = [{name: np.concatenate([row[name] for row in rows]) for name in rows[0]}]
    for row in rows:
        with np.errstate(under="ignore"):
            found = float(choice.run(loss.code[library], names | single(row)))
        assert found == pytest.approx(ours(key, row), rel=1e-5, abs=1e-6), row


def test_what_is_said_of_scikit_learn_s_log_loss():
    p = expit(np.array([50.0, -800.0]))
    for label, forecast in ((0, p[0]), (1, p[1])):
        assert 36 < log_loss([label], [forecast], labels=[0, 1]) < 36.1


@pytest.mark.parametrize("score", [-50.0, -17.0, 17.0, 50.0])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_line_for_an_order_has_slopes_far_out(label, score):
    names = libraries("Optax")
    import jax

    code, row = choice.ADVICE["ordered"].code["Optax"], single(choice.example("ordered"))

    def loss(s, edges):
        return choice.run(code, names | {"y": np.array([label]), "s": s, "edges": edges})

    s = np.float32([score])
    of_score, of_edges = jax.grad(loss, (0, 1))(s, row["edges"])
    assert np.isfinite(of_score).all() and np.isfinite(of_edges[1:-1]).all()
    step = 1e-3
    high, low = (
        ce.cumulative_link_nll([label], [score + d], row["edges"][1:-1]) for d in (step, -step)
    )
    assert float(of_score[0]) == pytest.approx((high - low) / (2 * step), rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("key", choice.ADVICE)
def test_what_pytorch_answered_is_our_loss(key):
    """`tools/record_torch.py` has run each line: on the example, and far out in float32."""
    loss = choice.ADVICE[key]
    kept = recorded()["chooser"][key]
    assert kept["call"] == loss.code["PyTorch"]
    near, *far = kept["value"]
    assert near == pytest.approx(choice.value(key), rel=1e-12)
    wanted = [ours(key, row) for row in choice.far(loss.example)]
    assert far == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_the_chooser_hands_out_no_weight():
    """A weight shifts every probability: where money decides, the loss stays as it is."""
    for answer in ("yes or no", "one of K classes", "any of K tags"):
        plain = choice.ADVICE[choice.PATHS[answer, "nothing special"]]
        rare = choice.ADVICE[choice.PATHS[answer, "a rare class"]]
        assert rare.code == plain.code
        assert "ln w" in rare.why and "subtract" in rare.why
    rng = np.random.default_rng(0)
    true = rng.uniform(0.01, 0.6, 4000)
    y = (rng.random(4000) < true).astype(int)
    prices = {"cost_fp": 1, "cost_fn": 9}
    bills = {
        cut: ce.expected_cost(y, true, threshold=cut, **prices)
        for cut in (0.02, ce.cost_threshold(1, 9), 0.5)
    }
    assert min(bills, key=bills.get) == ce.cost_threshold(1, 9)


def test_where_a_library_has_no_such_loss_it_is_said():
    missing = {key for key, loss in choice.ADVICE.items() if not loss.code["scikit-learn"]}
    assert {"focal", "focal ce", "focal tags", "soft ce"} <= missing
    for key in missing:
        assert choice.line(key, "scikit-learn") == "scikit-learn has no such loss"
    for library in ("cehelpers", "PyTorch", "Keras", "Optax"):
        assert all(loss.code[library] for loss in choice.ADVICE.values())


# ---------------------------------------------------------------- the rows of the table


def test_the_forecasts_near_and_far():
    for q, rps in (([0.2, 0.7, 0.1], 0.65), ([0.2, 0.1, 0.7], 1.13)):
        assert round(-math.log(q[0]), 3) == 1.609
        by_hand = sum((sum(q[: k + 1]) - 1) ** 2 for k in range(2))
        assert by_hand == pytest.approx(rps, abs=1e-12)
        assert ce.ranked_probability_score([0], [q]) == pytest.approx(by_hand)


def test_two_tags_cannot_both_pass_a_half_under_softmax():
    p = softmax(np.random.default_rng(0).normal(scale=5, size=(10_000, 3)), axis=1)
    assert ((p > 0.5).sum(axis=1) <= 1).all()
    sums = -np.log(p[:, 0]) - np.log(p[:, 1])
    assert sums.min() >= 2 * math.log(2)


def test_focal_slopes_of_the_notebook_are_the_derivative():
    """The cell's formula against finite differences of the package's loss."""
    gamma, z, t = 2, np.array([[0.3, -0.4, 1.1]]), np.array([[0.0, 1.0, 0.0]])
    p = softmax(z, axis=1)
    q = (t * p).sum(axis=1, keepdims=True)
    down = gamma * (1 - q) ** (gamma - 1) * q * np.log(q)
    slope = ((down - (1 - q) ** gamma) * (t - p))[0]
    for k, step in enumerate(1e-5 * np.eye(3)):
        high, low = (
            ce.sparse_categorical_focal_loss_with_logits([1], z + s) for s in (step, -step)
        )
        assert slope[k] == pytest.approx((high - low) / 2e-5, rel=1e-6)


def fitted(t, loss="cross_entropy", X=None, outputs=10, **options):
    rng = np.random.default_rng(0)
    net = ce.init_mlp((64, outputs), rng=rng, output_scale=0.1)
    X = data().pixels / 16 if X is None else X
    return ce.fit_mlp(net, X, t, epochs=60, rng=rng, learning_rate=0.01, loss=loss, **options)


def test_eight_eights():
    y, y_new = data().labels, data().new_labels
    assert np.sum(y_new == 8) == 46
    keep = np.sort(np.append(np.flatnonzero(y != 8), np.flatnonzero(y == 8)[:8]))
    X, few = data().pixels[keep] / 16, y[keep]
    found = {}
    for name, options in (
        ("plain", {}),
        ("weights", {"sample_weight": ce.class_weights(few)[few]}),
    ):
        z = ce.mlp_logits(fitted(np.eye(10)[few], X=X, **options), data().new_pixels / 16)
        found[name] = np.mean(z[y_new == 8].argmax(axis=1) == 8)
        adjusted = z - np.log(np.bincount(few) / len(few))
        found[name + " adjusted"] = np.mean(adjusted[y_new == 8].argmax(axis=1) == 8)
    assert found["plain"] == pytest.approx(0.2, abs=0.07)
    assert found["weights"] > 0.5 and found["plain adjusted"] > 0.5


def test_most_rows_of_a_hinge_have_no_slope():
    t = (data().labels == 8).astype(int)

    def slopes(t, z):
        return -(2 * t - 1) * ((2 * t - 1) * z < 1)

    net = fitted(t, slopes, outputs=1)
    z, z_new = (ce.mlp_logits(net, X / 16) for X in (data().pixels, data().new_pixels))
    assert np.mean((2 * t - 1) * z < 1) == pytest.approx(0.24, abs=0.03)
    truth = data().new_labels == 8
    assert ce.binary_cross_entropy_with_logits(truth, z_new) == pytest.approx(0.27, abs=0.03)
    assert np.mean((z_new > 0) == truth) > 0.93


# ---------------------------------------------------------------- the cases, against theory


def test_the_levels():
    mp.dps = 30
    for diagnosis, level in (
        ("dead inputs", mp.log(10)),
        ("softmax twice", mp.log(mp.e + 9) - 1),
        ("arguments swapped", mpf(9) / 10 * 7 * mp.log(10)),
        ("eps clipping", 7 * mp.log(10)),
        ("sum for mean", 256 * mp.log(10)),
        (
            "wrong labels",
            mp.log(10)
            - (mp.log(10) + mpf(8) / 10 * mp.log(mpf(8) / 10) + mpf(2) / 10 * mp.log(mpf(2) / 90)),
        ),
    ):
        assert cases.DIAGNOSES[diagnosis].level == pytest.approx(float(level), rel=1e-14)
    assert round(math.log(math.e + 9) - 1, 4) == 1.4612
    assert [round(math.log(math.e + K - 1) - 1, 4) for K in (2, 5)] == [0.3133, 0.9048]


def test_nine_cases_nine_illnesses_and_a_healthy_run():
    assert sorted(name for name, *_ in cases.CASES.values()) == sorted(cases.DIAGNOSES)
    well = cases.well(data())
    assert well.steps[0] == pytest.approx(math.log(10), abs=0.05)
    assert well.last < 0.3 and well.accuracy[-1] > 0.85


@pytest.mark.parametrize("case", [1, 4, 6, 8, 9, 0])
def test_slopes_are_those_of_the_loss_that_is_reported(case):
    """A program reports one loss and learns from another only by mistake: finite differences."""
    program = cases.CASES[case][2] if case else cases.healthy
    rng = np.random.default_rng(1)
    z, t = rng.normal(size=(4, 10)), np.eye(10)[rng.integers(0, 10, 4)]
    slope = program(t, z)[1] / len(t)  # slopes are per row, and the loss is their mean
    for place in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[place] = 1e-6
        wanted = (program(t, z + step)[0] - program(t, z - step)[0]) / 2e-6
        assert slope[place] == pytest.approx(wanted, rel=1e-5, abs=1e-8)


def test_case_1_swapped_arguments_are_a_straight_line_in_p():
    z = np.random.default_rng(0).normal(size=(50, 10))
    t = np.eye(10)[np.arange(50) % 10]
    p = (t * softmax(z, axis=1)).sum(axis=1)
    assert cases.arguments_swapped(t, z)[0] == pytest.approx(CAP * (1 - p).mean(), rel=1e-6)
    assert runs()[1].steps[0] == pytest.approx(0.9 * CAP, abs=0.05)
    assert runs()[1].last < 4


def test_case_2_sees_nothing():
    run = runs()[2]
    assert not (data().pixels.astype(np.uint8) // 255).any()
    np.testing.assert_allclose(run.steps, math.log(10), atol=0.02)
    assert run.accuracy[-1] == pytest.approx(0.1, abs=0.03)


def test_case_3_is_nan_for_ever_and_the_fused_loss_never():
    run = runs()[3]
    first = int(np.isnan(run.steps).argmax())
    assert first // 6 + 1 == 6
    assert np.isnan(run.steps[first:]).all() and np.isnan(run.new_loss[6:]).all()
    assert run.steps[:first].max() > 10 > run.steps[0]
    cured = cases.log_of_zero(data(), program=cases.healthy)
    assert np.isfinite(cured.steps).all() and np.isfinite(cured.new_loss).all()
    np.testing.assert_allclose(cured.steps[:12], run.steps[:12], rtol=1e-4)


def test_case_4_stays_above_the_floor_and_is_right():
    run = runs()[4]
    floor = math.log(math.e + 9) - 1
    assert run.steps.min() >= floor and run.new_loss.min() >= floor
    assert run.last < floor + 0.06
    assert run.accuracy[-1] == max(r.accuracy[-1] for r in runs().values()) > 0.87


def test_case_5_loss_rises_while_accuracy_stands():
    run = runs()[5]
    best = int(run.new_loss.argmin())
    assert 10 < best < 30
    assert 1.3 < run.new_loss[-1] / run.new_loss[best] < 1.6
    assert abs(run.accuracy[-1] - run.accuracy[best]) < 0.03
    assert run.last < 0.1


def test_case_6_is_negative_and_the_same_run_as_case_1():
    run = runs()[6]
    assert run.steps[0] == pytest.approx(-0.1, abs=0.005)
    assert (run.steps > -1).all() and (run.steps < 0).all()
    np.testing.assert_allclose(CAP * (1 + run.steps), runs()[1].steps, rtol=1e-3)


def test_case_7_ends_at_the_entropy_of_its_labels_and_memory_would_go_below():
    run = runs()[7]
    floor = -0.8 * math.log(0.8) - 0.2 * math.log(0.2 / 9)
    assert round(floor, 3) == 0.940
    assert floor < run.last < floor + 0.12
    assert run.accuracy[-1] < 0.82
    rng = np.random.default_rng(0)
    y = data().labels.copy()
    wrong = rng.random(len(y)) < 0.2
    y[wrong] = (y[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    big = ce.init_mlp((64, 128, 10), rng=rng)
    by_heart = cases.train(
        cases.healthy,
        data().pixels / 16,
        y,
        data().new_pixels / 16,
        data().new_labels,
        net=big,
        epochs=60,
        rate=5e-3,
    )
    assert by_heart.last < 0.9 * floor


def test_case_8_grows_with_the_batch():
    steps = runs()[8].steps
    assert steps[0] == pytest.approx(256 * math.log(10), rel=0.01)
    assert steps[5] == pytest.approx(17 * math.log(10), rel=0.05)
    assert (steps[5::6] < 0.2 * steps[4::6]).all()
    z, t = np.zeros((64, 10)), np.eye(10)[np.arange(64) % 10]
    assert cases.summed(t, z)[0] == pytest.approx(64 * math.log(10))


def test_case_9_is_16_times_its_errors_and_has_no_slope_there():
    run = runs()[9]
    share = 1 - run.accuracy
    np.testing.assert_allclose(run.new_loss, CAP * share, rtol=0.06)
    assert run.steps.max() <= CAP + 1e-9
    z = np.zeros((1, 10))
    z[0, 3] = 60
    loss, slope = cases.clipped(np.eye(10)[[5]], z)
    assert loss == pytest.approx(CAP) and not slope.any()
    assert cases.healthy(np.eye(10)[[5]], z)[0] == pytest.approx(60)


def test_the_sources_that_are_shown_fit_the_page():
    for case in cases.CASES:
        source = cases.bug(case)
        ast.parse(source)
        assert max(map(len, source.splitlines())) <= 90


# ---------------------------------------------------------------- pitfalls, and F1


def test_the_six_numbers():
    assert round(2 * math.log(2), 3) == 1.386
    assert math.isinf(ce.binary_cross_entropy([1, 1], [0.9, 0.0]))
    assert ce.cost_threshold(1, 550) == pytest.approx(1 / 551)
    assert np.mean([2.0, 0.5]) == 1.25 and np.mean([2.0, 0.5, 0.5, 0.5]) == 0.875
    noisy = -np.log(np.append(np.full(99, 0.99), 1e-4))
    assert noisy[-1] / noisy.sum() == pytest.approx(0.9, abs=0.005)


def test_f1_does_not_rank():
    y = np.array([1, 1, 1, 0, 0, 0])
    a, b = np.array([0.9, 0.8, 0.45, 0.6, 0.2, 0.1]), np.array([0.9, 0.8, 0.05, 0.6, 0.2, 0.1])
    assert f1_score(y, a >= 0.5) == f1_score(y, b >= 0.5)
    assert roc_auc_score(y, a) == pytest.approx(8 / 9) != roc_auc_score(y, b)
    assert roc_auc_score(y, a**3) == roc_auc_score(y, a)
    assert f1_score(y, a**3 >= 0.5) != f1_score(y, a ** (1 / 3) >= 0.5)


# ---------------------------------------------------------------- the exercises


def test_the_exercises_numbers():
    assert exercises.near_miss.results[0].value == pytest.approx(0.18)
    assert exercises.stops_early.results[0].value == pytest.approx(
        -math.log(softmax([1, 0, 0, 0, 0])[0])
    )
    assert 110.9 / exercises.how_many_rows.results[0].value == pytest.approx(math.log(4), abs=1e-3)
    counts = [700, 200, 100]
    labels = np.repeat([0, 1, 2], counts)
    rows = np.tile(np.array(counts) / 1000, (1000, 1))
    assert exercises.ignorance.function(counts) == pytest.approx(log_loss(labels, rows))
    swapped = np.cumsum([0.5, 0.3, 0.1, 0.1])
    assert round(float(((swapped - [0, 0, 1, 1]) ** 2).sum()), 2) == 0.90


def test_exchanged_arguments_of_pytorch_fall_without_end():
    """Linear in the logits: the recorded number by the formula, and logits pushed ever further."""
    x = inputs()
    exchanged = -np.mean(np.sum(x["Z"] * log_softmax(x["T"], axis=1), axis=1))
    assert recorded()["traps"]["rows exchanged"] == pytest.approx(exchanged, rel=1e-12)
    t = np.eye(10)
    start, *later = (
        -np.mean(np.sum((z * np.ones((10, 10))) * log_softmax(t, axis=1), axis=1))
        for z in (0, -1, -10, -100)
    )
    assert start == 0 and (np.diff([start, *later]) < -10).all()


def test_the_buggy_report_is_not_the_right_one():
    labels, z = [0, 1], np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    q = softmax(softmax(z, axis=1), axis=1)
    assert -np.log(np.clip(q, 1e-7, 1)[[0, 1], labels]).sum() == pytest.approx(1.5706, abs=1e-4)
    wanted = -log_softmax(z, axis=1)[[0, 1], labels].mean()
    assert exercises.report.function(labels, z) == pytest.approx(wanted)


# ---------------------------------------------------------------- a curve of your own


def test_where_a_sigmoid_taken_twice_stops():
    """The best that any p can do for each label, found by a search and not by the formula."""
    p = np.linspace(0, 1, 1001)
    one, zero = (np.array([log_loss([y], [expit(q)], labels=[0, 1]) for q in p]) for y in (1, 0))
    assert p[one.argmin()] == 1 and p[zero.argmin()] == 0
    assert round(one.min(), 3) == 0.313 and round(zero.min(), 3) == 0.693
    assert round((one.min() + zero.min()) / 2, 3) == 0.503


def test_an_untrained_network_starts_at_ln_k_and_a_blind_one_settles_at_the_entropy():
    y = np.repeat([0, 1, 2, 3], [700, 200, 60, 40]) * 2  # of ten classes, six never come
    pixels = np.zeros((len(y), 64))
    run = cases.train(cases.healthy, pixels, y, pixels, y, epochs=300, rate=0.03)
    p = np.array([0.7, 0.2, 0.06, 0.04])
    assert run.steps[0] == pytest.approx(math.log(10), abs=0.05)
    assert run.new_loss[-1] == pytest.approx(-(p * np.log(p)).sum(), abs=0.01)


def test_shuffled_labels_are_learned_by_heart_while_new_rows_stay():
    digits = data()
    y = np.random.default_rng(1).permutation(digits.labels)
    run = cases.train(
        cases.healthy, digits.pixels / 16, y, digits.new_pixels / 16, digits.new_labels
    )
    assert run.steps[:6].mean() == pytest.approx(math.log(10), abs=0.02)
    assert run.last < math.log(10) - 0.05
    assert run.new_loss[-1] > math.log(10) - 0.02
