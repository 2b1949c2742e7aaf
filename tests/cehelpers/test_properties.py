"""The identities that the course claims, on inputs that hypothesis finds."""

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cehelpers as ce

settings.register_profile("math", max_examples=200)
settings.load_profile("math")

logit = st.floats(-1e4, 1e4)
moderate = st.floats(-30, 30)
unit = st.floats(0, 1)
hard = st.integers(0, 1)
logit_rows = st.integers(1, 6).flatmap(lambda k: st.lists(logit, min_size=k, max_size=k))
moderate_rows = st.lists(moderate, min_size=2, max_size=6)


@st.composite
def distributions(draw, count=1, low=0.0):
    """Rows of equal length that sum to 1 within rounding."""
    k = draw(st.integers(2, 6))
    share = st.floats(low, 1) | st.sampled_from([low, 1e-300 if low == 0 else low, 1e-9, 1.0])
    rows = [draw(st.lists(share, min_size=k, max_size=k)) for _ in range(count)]
    assume(all(sum(row) > 1e-3 for row in rows))
    return [np.array(row) / math.fsum(row) for row in rows]


def close(a, b, rel=1e-12, tiny=1e-300):
    return np.allclose(a, b, rtol=rel, atol=tiny)


# ------------------------------------------------------------------ information


@given(distributions(2))
def test_cross_entropy_is_entropy_plus_divergence(rows):
    p, q = rows
    parts = ce.entropy(p) + ce.kl_divergence(p, q)
    assert close(ce.cross_entropy(p, q), parts, tiny=1e-14)


@given(distributions(2))
def test_divergences_are_never_negative(rows):
    p, q = rows
    assert ce.kl_divergence(p, q) >= 0
    assert 0 <= ce.js_divergence(p, q) <= math.log(2) * (1 + 1e-15)
    assert ce.kl_divergence(p, p) == ce.js_divergence(p, p) == 0


@given(distributions(1), st.lists(st.integers(-9, 9), min_size=6, max_size=6))
def test_divergence_of_neighbours_is_positive_and_half_a_square(rows, steps):
    """P ≈ Q within a few ulps: KL = ½ Σ (p − q)²/p there, plus Σq − Σp."""
    (p,) = rows
    assume(p.max() < 1)
    q = p * (1 + np.array(steps[: len(p)]) * 2.0**-52)
    assume(q.max() <= 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        halves = np.where(p > 1e-290, (p - q) ** 2 / (2 * p), 0)
    got = ce.kl_divergence(p, q)
    assert got >= 0
    assert close(got, halves.sum(), rel=1e-9)
    assert close(ce.js_divergence(p, q), halves.sum() / 4, rel=1e-9)


@given(distributions(2))
def test_js_is_symmetric_and_the_mean_divergence_from_the_mixture(rows):
    p, q = rows
    m = (p + q) / 2
    assume(not ((m < 1e-300) & (p + q > 0)).any())  # where this mixture itself loses digits
    halves = (ce.kl_divergence(p, m) + ce.kl_divergence(q, m)) / 2
    assert ce.js_divergence(p, q) == ce.js_divergence(q, p)
    assert close(ce.js_divergence(p, q), halves, rel=1e-9, tiny=1e-15)


@given(distributions(2))
def test_divergences_are_infinite_only_where_q_excludes_p(rows):
    p, q = rows
    excluded = bool(((q == 0) & (p > 0)).any())
    assert math.isinf(ce.kl_divergence(p, q)) == excluded
    assert math.isinf(ce.cross_entropy(p, q)) == excluded


@given(distributions(1))
def test_entropy_lies_between_certainty_and_uniform(rows):
    (p,) = rows
    assert 0 <= ce.entropy(p) <= math.log(len(p)) * (1 + 1e-15)
    assert close(ce.entropy(p, base=2) * math.log(2), ce.entropy(p))
    assert close(ce.perplexity(p), math.exp(ce.entropy(p)))


# ------------------------------------------------------------------ activations


@given(logit)
def test_sigmoid_is_symmetric_and_increasing(z):
    assert ce.log_sigmoid(z) == -ce.softplus(-z)
    assert abs(ce.sigmoid(z) + ce.sigmoid(-z) - 1) <= 2.0**-52
    assert ce.sigmoid(np.nextafter(z, math.inf)) >= ce.sigmoid(z) * (1 - 2.0**-51)


@given(st.floats(-700, 30))
def test_logit_undoes_sigmoid(z):
    assert abs(ce.logit(ce.sigmoid(z)) - z) <= 1e-15 * (1 + abs(z)) * (1 + math.exp(z))


@given(logit_rows, st.integers(-1000, 1000))
def test_softmax_ignores_a_shift(z, shift):
    z = np.round(np.array(z))  # so that the shift itself does not round
    assert np.array_equal(ce.softmax(z + shift), ce.softmax(z))
    assert np.array_equal(ce.log_softmax(z + shift), ce.log_softmax(z))


@given(logit_rows, st.floats(0.01, 100))
def test_softmax_is_a_distribution_with_its_logarithm(z, temperature):
    p = ce.softmax(z, temperature=temperature)
    assert abs(math.fsum(p) - 1) <= 1e-15
    log_p = ce.log_softmax(z, temperature=temperature)
    assert close(np.exp(log_p), p, rel=1e-12)
    assert (log_p <= 0).all()


@given(moderate_rows)
def test_log_softmax_subtracts_logsumexp(z):
    assert close(ce.log_softmax(z), np.array(z) - ce.logsumexp(z), tiny=1e-13)


# ------------------------------------------------------------------ targets


@given(distributions(1), unit)
def test_smoothing_conventions_differ_by_a_factor_of_alpha(rows, alpha):
    (t,) = rows
    k = len(t)
    alpha *= (k - 1) / k
    textbook = ce.smooth_labels(t, alpha, convention="K-1")
    framework = ce.smooth_labels(t, alpha * k / (k - 1))
    assert close(textbook, framework, tiny=1e-15)


@given(st.integers(2, 50), st.floats(0.001, 0.5), moderate_rows)
def test_smoothed_targets_have_a_floor(k, alpha, z):
    smooth = ce.smooth_labels(ce.one_hot(0, k), alpha)
    z = np.resize(z, k)
    loss = ce.categorical_cross_entropy_with_logits(smooth, z)
    assert loss >= ce.entropy(smooth) * (1 - 1e-14)


# ------------------------------------------------------------------ binary losses


@given(unit, logit)
def test_fused_loss_is_softplus_minus_yz(y, z):
    loss = ce.binary_cross_entropy_with_logits(y, z)
    assert loss >= 0
    assert close(loss, np.logaddexp(0, z) - y * z, tiny=1e-11)


@given(unit, st.floats(-15, 15))
def test_losses_from_logits_and_from_probabilities_agree(y, z):
    from_probability = ce.binary_cross_entropy(y, ce.sigmoid(z))
    assert close(ce.binary_cross_entropy_with_logits(y, z), from_probability, rel=1e-8)


@given(unit, logit)
def test_binary_loss_is_the_two_class_loss(y, z):
    two = ce.categorical_cross_entropy_with_logits([1 - y, y], [0.0, z])
    assert close(ce.binary_cross_entropy_with_logits(1 - (1 - y), z), two, tiny=1e-11)


@given(unit, moderate, st.floats(0.1, 600))
def test_slope_is_the_finite_difference(y, z, w):
    def loss(z):
        return ce.binary_cross_entropy_with_logits(y, z, pos_weight=w)

    h = 1e-5
    difference = (loss(z + h) - loss(z - h)) / (2 * h)
    slope = ce.binary_cross_entropy_with_logits_grad(y, z, pos_weight=w)
    assert close(slope, difference, rel=1e-6, tiny=1e-8 * (1 + w))


@given(hard, logit)
def test_slope_never_dies_where_the_loss_lives(y, z):
    slope = ce.binary_cross_entropy_with_logits_grad(y, z)
    loss = ce.binary_cross_entropy_with_logits(y, z)
    assert (slope == 0) == (loss == 0)
    assert -1 <= slope <= 1
    assert slope == 0 or (slope > 0) == (y == 0)


@given(unit, logit)
def test_pos_weight_of_one_changes_nothing(y, z):
    plain = ce.binary_cross_entropy_with_logits(y, z)
    assert close(ce.binary_cross_entropy_with_logits(y, z, pos_weight=1.0), plain, rel=1e-14)


@given(st.lists(st.tuples(unit, logit, st.integers(0, 5)), min_size=1, max_size=30))
def test_weight_counts_rows(rows):
    y, z, w = map(np.array, zip(*rows, strict=True))
    assume(w.sum() > 0)
    weighted = ce.binary_cross_entropy_with_logits(y, z, sample_weight=w)
    repeated = ce.binary_cross_entropy_with_logits(np.repeat(y, w), np.repeat(z, w))
    assert close(weighted, repeated)


@given(hard, st.floats(-700, 700), st.floats(0, 5), unit)
def test_focal_loss_is_a_weighted_cross_entropy(y, z, gamma, alpha):
    loss = ce.focal_loss_with_logits(y, z, gamma=gamma, alpha=alpha)
    s = z if y else -z
    weight = (alpha if y else 1 - alpha) * ce.sigmoid(-s) ** gamma
    assert close(loss, weight * ce.binary_cross_entropy_with_logits(y, z))
    two = ce.sparse_categorical_focal_loss_with_logits(y, [0.0, z], gamma=gamma)
    assert close(ce.focal_loss_with_logits(y, z, gamma=gamma), two)


@given(hard, unit)
def test_proper_scores_meet_at_certainty(y, p):
    assert close(ce.brier_score(y, p), (y - p) ** 2)
    assert close(ce.focal_loss(y, p, gamma=0), ce.binary_cross_entropy(y, p))
    assert close(ce.squared_hinge_loss(y, p), ce.hinge_loss(y, p) ** 2)


@given(hard, unit, st.floats(1e-12, 0.4))
def test_eps_is_a_ceiling(y, p, eps):
    assert ce.binary_cross_entropy(y, p, eps=eps) <= -math.log(eps) * (1 + 1e-12)


# ------------------------------------------------------------------ categorical losses


@given(logit_rows, st.data())
def test_one_hot_sparse_and_gradient_agree(z, data):
    label = data.draw(st.integers(0, len(z) - 1))
    one_hot = ce.one_hot(label, len(z))
    sparse = ce.sparse_categorical_cross_entropy_with_logits(label, z)
    assert sparse >= 0
    assert ce.categorical_cross_entropy_with_logits(one_hot, z) == sparse
    slope = ce.categorical_cross_entropy_with_logits_grad(one_hot, z)
    assert (np.delete(slope, label) >= 0).all()
    assert slope[label] <= 0
    assert close(slope[label], -np.delete(slope, label).sum(), rel=1e-14)


@given(st.lists(st.integers(-1, 2), min_size=1, max_size=9), st.integers(-1, 2), st.data())
def test_to_ignore_a_label_is_to_delete_its_rows(labels, index, data):
    labels = np.array(labels)
    labels[labels == -1] = index  # in 0..2 or not
    counts = labels != index
    assume(counts.any())
    flat = data.draw(st.lists(logit, min_size=3 * len(labels), max_size=3 * len(labels)))
    z, loss = np.reshape(flat, (-1, 3)), ce.sparse_categorical_cross_entropy_with_logits
    weights = st.none() | st.lists(st.floats(0.1, 9), min_size=3, max_size=3)
    options = {"class_weight": data.draw(weights)}
    for reduction in ("mean", "sum", "none"):
        for options["weight_norm"] in ("sum_w", "n"):
            kept = loss(labels[counts], z[counts], reduction=reduction, **options)
            got = loss(labels, z, ignore_index=index, reduction=reduction, **options)
            if reduction == "none":
                assert (got[~counts] == 0).all()
                got = got[counts]
            assert close(got, kept, rel=1e-15)


@given(moderate_rows, st.data())
def test_losses_from_rows_of_probabilities_agree(z, data):
    label = data.draw(st.integers(0, len(z) - 1))
    p = ce.softmax(z)
    sparse = ce.sparse_categorical_cross_entropy(label, p)
    assert ce.categorical_cross_entropy(ce.one_hot(label, len(z)), p) == sparse
    assert close(ce.sparse_categorical_cross_entropy_with_logits(label, z), sparse, tiny=1e-15)


@given(distributions(1), st.data())
def test_softmax_slope_is_the_finite_difference(rows, data):
    (t,) = rows
    z = np.array(data.draw(st.lists(st.floats(-5, 5), min_size=len(t), max_size=len(t))))
    h = 1e-5 * np.eye(len(t))
    targets = np.tile(t, (len(t), 1))
    up = ce.categorical_cross_entropy_with_logits(targets, z + h, reduction="none")
    down = ce.categorical_cross_entropy_with_logits(targets, z - h, reduction="none")
    assert close(
        ce.categorical_cross_entropy_with_logits_grad(t, z), (up - down) / 2e-5, rel=1e-6, tiny=1e-9
    )


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5, unique=True), st.floats(-20, 20))
def test_cumulative_link_is_a_distribution(cuts, s):
    cuts = np.sort(cuts)
    assume((np.diff(cuts) > 1e-6).all())
    nll = [ce.cumulative_link_nll(k, s, cuts) for k in range(len(cuts) + 1)]
    assert abs(math.fsum(np.exp(-np.array(nll))) - 1) <= 1e-14


@given(distributions(1), st.data())
def test_ranked_score_of_two_classes_is_the_brier_score(rows, data):
    p = data.draw(unit)
    label = data.draw(hard)
    assert close(
        ce.ranked_probability_score(label, [1 - p, p]), ce.brier_score(label, p), tiny=1e-15
    )
    (row,) = rows
    ends = [ce.ranked_probability_score(k, row) for k in (0, len(row) - 1)]
    assert close(ends[0], ce.ranked_probability_score(len(row) - 1, row[::-1]))
    assert all(0 <= end <= len(row) - 1 + 1e-12 for end in ends)
