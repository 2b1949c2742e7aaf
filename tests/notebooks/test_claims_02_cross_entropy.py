"""What notebook 02 claims, checked without the notebook's own code."""

import math
from collections import Counter
from importlib.resources import files

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import norm

import cehelpers as ce
from cecourse.lessons.cross_entropy import pictures

P, Q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]


def exact(p, q, base=None):
    """Cross-entropy in 50-digit arithmetic."""
    with mpmath.workdps(50):
        unit = mpmath.log(base) if base else mpmath.mpf(1)
        terms = [mpmath.mpf(a) * mpmath.log(mpmath.mpf(b)) for a, b in zip(p, q, strict=True) if a]
        return float(-mpmath.fsum(terms) / unit)


rows = st.lists(st.floats(1e-6, 1), min_size=2, max_size=8)


@given(rows, st.integers(0, 2**32))
def test_the_bill_has_two_parts_and_the_price_is_not_negative(weights, seed):
    p = np.array(weights) / np.sum(weights)
    q = np.random.default_rng(seed).dirichlet(np.ones(p.size)) * 0.999 + 0.001 / p.size
    kl = ce.kl_divergence(p, q)
    assert kl >= 0
    assert ce.cross_entropy(p, q) == pytest.approx(ce.entropy(p) + kl, abs=1e-9)
    assert ce.kl_divergence(p, p) == 0


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (0.8869, exact(P, Q)),
        (0.8018, exact(P, P)),
        (0.0851, exact(P, Q) - exact(P, P)),
        (0.0920, exact(Q, P) - exact(Q, Q)),
        (0.0284, (exact(P, Q) - exact(P, P)) / 3),
        (0.3567, exact([0, 1, 0], [0.1, 0.7, 0.2])),
        (0.5004, exact([0.8, 0.2], [0.8, 0.2])),
        (0.6931, exact([0.5, 0.5], [0.5, 0.5])),
        (1.2419, exact(P, P, 2) + exact(P, Q) - exact(P, P)),
        (1.2796, exact(P, Q, 2)),
    ],
)
def test_the_numbers_of_the_island(claim, value):
    assert value == pytest.approx(claim, abs=5.1e-5)


def test_ce_agrees_with_exact_arithmetic():
    assert ce.cross_entropy(P, Q) == pytest.approx(exact(P, Q), rel=1e-15)
    assert ce.kl_divergence(P, Q) == pytest.approx(exact(P, Q) - exact(P, P), rel=1e-13)
    assert ce.kl_divergence(Q, P) == pytest.approx(rel_entr(Q, P).sum(), rel=1e-13)


def test_the_two_offices():
    p, q = [1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 8, 1 / 2, 1 / 4, 1 / 8]
    assert ce.entropy(p, base=2) == ce.entropy(q, base=2) == 1.75
    assert ce.cross_entropy(p, q, base=2) == 2.375
    assert ce.cross_entropy(q, p, base=2) == 2.25
    wrong = {"a": "110", "b": "0", "c": "10", "d": "111"}
    words = list(wrong.values())
    assert not any(a != b and b.startswith(a) for a in words for b in words)  # decodable
    assert [len(word) for word in words] == [-math.log2(x) for x in q]


def test_too_sure_adds_twice_as_much_as_knowing_nothing():
    sure, nothing = ce.kl_divergence(P, [0.98, 0.01, 0.01]), ce.kl_divergence(P, [1 / 3] * 3)
    assert sure / nothing == pytest.approx(2, abs=0.01)


def test_a_sliver_stays_where_the_model_is_right_about_sun():
    sliver = exact(P, [0.7, 0.18, 0.12]) - exact(P, P)
    assert sliver == pytest.approx(0.003, abs=5e-4)
    assert exact(P, [0.7, 0.18, 0.12]) == pytest.approx(0.805, abs=5e-4)


def test_mutual_information_is_a_divergence():
    from sklearn.metrics import mutual_info_score

    table = np.array([[3, 1, 2], [1, 4, 1]])
    joint = table / table.sum()
    apart = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    assert mutual_info_score(None, None, contingency=table) == pytest.approx(
        rel_entr(joint, apart).sum()
    )


def test_what_is_impossible():
    assert ce.kl_divergence([0.5, 0.5], [1, 0]) == math.inf
    assert ce.kl_divergence([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    for eps, claim in ((1e-3, 2.76), (1e-6, 6.21), (1e-12, 13.12)):
        q = np.array([1, 0]) + eps
        assert ce.kl_divergence([0.5, 0.5], q / q.sum()) == pytest.approx(claim, abs=0.005)


def test_cross_entropy_falls_while_the_truth_walks_away():
    q, walk = [0.8, 0.2], np.linspace(0.8, 1, 21)
    bills = [ce.cross_entropy([t, 1 - t], q) for t in walk]
    prices = [ce.kl_divergence([t, 1 - t], q) for t in walk]
    assert np.all(np.diff(bills) < 0)
    assert np.all(np.diff(prices) > 0)
    assert bills[0] == pytest.approx(0.500, abs=5e-4)
    assert bills[-1] == pytest.approx(0.223, abs=5e-4)
    assert prices[-1] == pytest.approx(-math.log(0.8))


def test_minimising_the_one_is_minimising_the_other():
    heads = np.arange(1, 1000) / 1000
    q = np.column_stack([heads, 1 - heads])
    for t in (0.2, 0.5, 0.8):
        p = np.broadcast_to([t, 1 - t], q.shape)
        assert heads[ce.cross_entropy(p, q).argmin()] == heads[ce.kl_divergence(p, q).argmin()] == t


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (0, 2), (-1.5, 0.7)])
def test_kl_of_two_bells_is_half_the_squared_distance_either_way(a, b):
    def integrand(x):
        return norm.pdf(x, a) * (norm.logpdf(x, a) - norm.logpdf(x, b))

    assert quad(integrand, -15, 15, points=[a, b])[0] == pytest.approx((a - b) ** 2 / 2)


def test_the_entropy_of_a_density_may_be_negative():
    assert norm(0, 1).entropy() == pytest.approx(1.419, abs=5e-4)
    assert norm(0, 0.1).entropy() == pytest.approx(-0.8836, abs=5e-5)
    ratio = 0.1 / 0.12  # KL of two bells around one place, in closed form
    assert -math.log(ratio) + (ratio**2 - 1) / 2 == pytest.approx(0.0295, abs=5e-5)


def suspicious_kl(a, b):
    a, b = np.sort(a), np.sort(b)
    with np.errstate(invalid="ignore"):
        terms = a * np.log(a / b)
    return abs(np.nanmean(terms)), np.isnan(terms).mean()


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_bug_is_as_bad_for_other_seeds_and_the_cure_works(seed):
    rng = np.random.default_rng(seed)
    from_p, from_q = rng.normal(0, 1, 10_000), rng.normal(1, 1, 10_000)
    there, lost = suspicious_kl(from_p, from_q)
    back, _ = suspicious_kl(from_q, from_p)
    assert lost == pytest.approx(norm.cdf(0) - norm.cdf(-1), abs=0.02)  # signs differ: 34%
    assert back - there > 0.3
    assert min(there, back) > 0.7
    gaps = norm.logpdf(from_p, 0, 1) - norm.logpdf(from_p, 1, 1)
    assert gaps.mean() == pytest.approx(0.5, abs=0.04)
    assert gaps.std() == pytest.approx(1, abs=0.03)  # ± 0.01 for ten thousand
    assert (gaps < 0).mean() == pytest.approx(norm.cdf(-0.5), abs=0.02)


def test_densities_alone_do_not_cure_the_bug_while_the_factor_stays():
    def density_weighted(x):  # what a mean of p·log(p/q) at draws from P estimates
        return norm.pdf(x) ** 2 * (norm.logpdf(x) - norm.logpdf(x, 1))

    assert quad(density_weighted, -15, 15)[0] == pytest.approx(0.141, abs=5e-4)  # and not 0.5


def test_forward_kl_matches_the_moments_of_the_target():
    mean = 0.6 * -2 + 0.4 * 2
    variance = 0.36 + 4 - mean**2
    assert mean == pytest.approx(-0.4)
    assert math.sqrt(variance) == pytest.approx(2.049, abs=5e-4)


def test_js_is_symmetric_bounded_and_its_root_is_scipys():
    assert ce.js_divergence(P, Q) == ce.js_divergence(Q, P)
    assert ce.js_divergence(P, Q) == pytest.approx(jensenshannon(P, Q) ** 2)
    assert ce.js_divergence([1, 0], [0, 1]) == pytest.approx(math.log(2))
    assert ce.js_divergence([1, 0], [0.5, 0.5]) == pytest.approx(0.2158, abs=5e-5)


# ---------------------------------------------------------------- one tale in three languages


@pytest.fixture(scope="module")
def counts():
    folder = files("cecourse.lessons.cross_entropy")
    texts = {
        code: (folder / f"red_riding_hood_{code}.txt").read_text("utf-8")
        for code in ("en", "de", "fr")
    }
    return {code: Counter(filter(str.isalpha, text.lower())) for code, text in texts.items()}


def bits(sent, book, alphabet):
    """Bits a letter of one language in the smoothed book of another, with plain Python."""
    size = sum(book.values()) + len(alphabet)
    return sum(n * -math.log2((book[c] + 1) / size) for c, n in sent.items()) / sum(sent.values())


def test_the_tales_are_letters_of_one_alphabet(counts):
    assert {code: sum(count.values()) for code, count in counts.items()} == {
        "en": 2763,
        "de": 4479,
        "fr": 2737,
    }
    assert len(set().union(*counts.values())) == 37
    assert sorted(set(counts["de"]) - set(counts["en"])) == ["j", "ß", "ä", "ö", "ü"]


def test_the_price_list_of_the_three_books(counts):
    alphabet = set().union(*counts.values())
    table = [[bits(sent, book, alphabet) for book in counts.values()] for sent in counts.values()]
    claims = [[4.123, 4.365, 4.532], [4.455, 4.232, 4.713], [4.529, 4.602, 4.178]]
    assert np.array(table) == pytest.approx(np.array(claims), abs=6e-4)
    own = -sum(n / 4479 * math.log2(n / 4479) for n in counts["de"].values())
    assert own == pytest.approx(4.228, abs=6e-4)
    assert table[1][0] / own == pytest.approx(1.05, abs=0.005)
    assert table[1][0] - own == pytest.approx(0.226, abs=6e-4)


def test_the_books_know_languages(counts):
    alphabet = set().union(*counts.values())
    for language, sentence in (
        ("en", "The last train to the north leaves at seven."),
        ("de", "Der letzte Zug nach Norden geht um sieben."),
        ("fr", "Le dernier train pour le nord part à sept heures."),
    ):
        seen = Counter(c for c in sentence.lower() if c in alphabet)
        bill = {code: bits(seen, book, alphabet) for code, book in counts.items()}
        assert min(bill, key=bill.get) == language


# ---------------------------------------------------------------- pictures


def test_the_figures_show_the_numbers_they_were_given():
    fig = pictures.stacked_bars(P, {"one": Q, "two": P})
    words = " ".join(text.get_text() for text in fig.axes[0].texts)
    assert "H(P) 0.802" in words and "KL 0.085 = 0.887" in words and "KL 0.000 = 0.802" in words
    p, q = [0.5, 0.25, 0.125, 0.125], [0.125, 0.5, 0.25, 0.125]
    own, other = pictures.wrong_code(p, q, "abcd").axes
    assert any("1.75 bits" in text.get_text() for text in own.texts)
    assert any("2.375 bits" in text.get_text() for text in other.texts)


def test_the_letters_of_the_price_add_up_to_the_divergence(monkeypatch):
    monkeypatch.setattr(pictures, "DEAR", 2)
    fig = pictures.letter_prices("abcdef", [0.3, 0.3, 0.1, 0.1, 0.1, 0.1], [1 / 6] * 6)
    heights = sum(bar.get_height() for bar in fig.axes[0].patches)
    kl = rel_entr([0.3, 0.3, 0.1, 0.1, 0.1, 0.1], [1 / 6] * 6).sum() / math.log(2)
    assert heights == pytest.approx(100 * kl)


def test_letters_that_cost_more_and_are_not_named_share_a_bar(monkeypatch):
    monkeypatch.setattr(pictures, "DEAR", 2)
    p, q = [0.3, 0.2, 0.2, 0.2, 0.1], [0.1, 0.1, 0.15, 0.15, 0.5]
    ax = pictures.letter_prices("abcde", p, q).axes[0]
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names == ["a", "b", "…", "e"]
    terms = 100 * rel_entr(p, q) / math.log(2)
    assert ax.patches[2].get_height() == pytest.approx(terms[2] + terms[3])
    assert any("others" in text.get_text() for text in ax.texts)


def test_the_curves_of_the_densities_are_half_the_squared_distance():
    right = pictures.densities().axes[1]
    bill, price = right.lines[0].get_data(), right.lines[1].get_data()
    assert price[1] == pytest.approx(price[0] ** 2 / 2)
    assert bill[1] - price[1] == pytest.approx(np.full(bill[0].size, norm.entropy()))
