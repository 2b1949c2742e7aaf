"""The ward of notebook 11: each patient has the signs of its disease, and the points add up."""

import collections
import itertools
import math
import os

import numpy as np
import pytest
from drawn import line
from scipy.special import log_softmax

import cehelpers as ce
from cecourse import store
from cecourse.lessons.loss_clinic import bedside, cases, diseases, patients, ward
from cecourse.lessons.loss_clinic.diseases import (
    ACCUMULATED,
    AXIS,
    DISEASES,
    HEALTHY,
    PADDED,
    TORCH,
)
from cecourse.palette import LOSS, MODEL, TRUTH

CAP = -math.log(1e-7)


# ---------------------------------------------------------------- programs and levels


@pytest.fixture
def batch():
    rng = np.random.default_rng(4)
    return ce.one_hot(rng.integers(5, size=7), 5), rng.normal(size=(7, 5))


PROGRAMS = {
    AXIS: diseases.across_the_batch,
    TORCH: diseases.swapped_in_torch,
    ACCUMULATED: diseases.mean_of_means(cases.healthy, 3),
    PADDED: diseases.with_padding(cases.healthy, 4, 6),
    "sum for mean": diseases.summed_up(cases.healthy),
    "both": diseases.with_padding(cases.log_missing, 4, 6),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_slopes_are_those_of_the_loss(name, batch):
    t, z = batch
    program = PROGRAMS[name]
    slopes, step = program(t, z)[1] / len(t), 1e-6
    for place in itertools.product(range(7), range(5)):
        up, down = z.copy(), z.copy()
        up[place] += step
        down[place] -= step
        measured = (program(t, up)[0] - program(t, down)[0]) / (2 * step)
        assert slopes[place] == pytest.approx(measured, abs=1e-7)


def test_what_the_programs_report(batch):
    t, z = batch
    losses = -(t * log_softmax(z, axis=1)).sum(axis=1)
    found = {name: program(t, z)[0] for name, program in PROGRAMS.items()}
    assert found[AXIS] == pytest.approx(-(t * log_softmax(z, axis=0)).sum() / 7)
    assert found[TORCH] == pytest.approx(-(z * log_softmax(t, axis=1)).sum() / 7)
    means = [losses[:3].mean(), losses[3:6].mean(), losses[6]]
    assert found[ACCUMULATED] == pytest.approx(np.mean(means)) != pytest.approx(losses.mean())
    assert found[PADDED] == pytest.approx(losses.sum() / 12)  # two batches of four, filled to six
    assert found["sum for mean"] == pytest.approx(losses.sum())


def test_the_sum_of_a_batch_is_that_of_case_8(batch):
    for mine, theirs in zip(PROGRAMS["sum for mean"](*batch), cases.summed(*batch), strict=True):
        np.testing.assert_allclose(mine, theirs)


def test_levels():
    def level(name, share=0.0, batch=64):
        return diseases.level_of(name, 10, batch, share)

    assert level("arguments swapped") == pytest.approx(0.9 * CAP)
    assert level("softmax twice") == pytest.approx(math.log(math.e + 9) - 1)
    assert level("sum for mean") == pytest.approx(64 * math.log(10))
    assert level(AXIS) == math.log(64)
    assert level(PADDED, 0.25) == pytest.approx(0.75 * math.log(10))
    assert level("wrong labels", 0.2) == pytest.approx(ce.entropy([0.8, *9 * [0.2 / 9]]))
    assert level("wrong labels") == 0
    assert level(HEALTHY) is level(AXIS, batch=None) is None


def test_the_ward_has_what_the_nine_cases_have():
    assert set(cases.DIAGNOSES) < set(DISEASES)


def test_no_two_diseases_have_the_same_sign_or_cure():
    for words in zip(*((one.sign, one.cure) for one in DISEASES.values()), strict=True):
        assert all(words) and len(set(words)) == len(DISEASES)
    assert all(one.parted for one in DISEASES.values())


# ---------------------------------------------------------------- patients


@pytest.fixture(scope="module")
def hospital():
    """Two patients with each disease, one with each pair, and their runs."""
    wanted = collections.Counter({(name,): 2 for name in DISEASES})
    wanted |= {tuple(sorted(pair)): 1 for pair in patients.PAIRS}
    found = []
    for seed in itertools.count(2000):
        one = patients.patient(seed)
        if wanted[one.has] > 0:
            wanted[one.has] -= 1
            found.append((one, one.run()))
        if not wanted.total():
            return found


def signs(one, run, has):
    """Whether a run in nats shows what a disease is said to do."""
    K, B, even = one.classes, one.batch, math.log(one.classes)
    first, last, steps, new = run.steps[0], run.last, run.steps, run.new_loss
    right = run.accuracy[-1]
    starts_even = abs(first / even - 1) < 0.04
    bad = np.isnan(steps)
    return {
        HEALTHY: starts_even and last < 0.6 * even and new[-1] < 1.15 * new.min(),
        "arguments swapped": abs(first / ((1 - 1 / K) * CAP) - 1) < 0.03 and last < 0.5 * first,
        "dead inputs": starts_even and np.ptp(steps) < 0.2 and abs(right - 1 / K) < 0.12,
        "eps clipping": 2.2 * even < first < CAP
        and steps.max() < CAP + 1e-9
        and 0.85 < new[-1] / (CAP * (1 - right)) < 1.5,
        "log missing": steps.min() >= -1 and steps.max() < 0 and abs(first * K + 1) < 0.1,
        "log of zero": starts_even and bad.any() and bad[bad.argmax() :].all(),
        "overconfidence": starts_even and last < 0.3 * even and new[-1] > 1.15 * new.min(),
        "softmax twice": steps.min() >= diseases.level_of("softmax twice", K, B) > last - 0.3,
        "sum for mean": abs(first / (B * even) - 1) < 0.04,
        "wrong labels": starts_even
        and 0.3 * even < last < even
        and last > 0.6 * diseases.noise_floor(one.share, K)
        and right < 1 - one.share + 0.1,
        ACCUMULATED: starts_even and last < 0.6 * even and dispersion(steps) * B > 3.6,
        PADDED: abs(first / (B / one.padded * even) - 1) < 0.04,
        AXIS: abs(first / math.log(B) - 1) < 0.01 and math.log(B / K) - 0.2 < last < first,
        TORCH: abs(first) < 0.6 and last < -20 and steps[-1] < steps[len(steps) // 2] < first,
    }[has]


def dispersion(steps):
    some = steps[len(steps) // 20 :]
    return np.mean(np.diff(some) ** 2 / (some[1:] + some[:-1]))


def test_every_patient_shows_the_signs_of_its_disease(hospital):
    for one, run in hospital:
        if len(one.has) == 1:
            assert signs(one, run, one.has[0]), one


def test_only_a_mean_of_means_jumps(hospital):
    """Of the runs in nats that start at ln K; a healthy batch explains how far a step may jump."""
    for one, run in hospital:
        if one.has[0] in (HEALTHY, "wrong labels", "overconfidence") and len(one.has) == 1:
            assert dispersion(run.steps) * one.batch < 2.5, one


def test_two_diseases_are_seen_side_by_side(hospital):
    """The sum or the padding in the first loss; what else it has once that is divided out."""
    pairs = [(one, run) for one, run in hospital if len(one.has) == 2]
    assert len(pairs) == len(patients.PAIRS)
    for one, run in pairs:
        (other,) = set(one.has) - {"sum for mean", PADDED}
        unit = one.batch if "sum for mean" in one.has else one.batch / one.padded
        inner = cases.Run(run.steps / unit, run.new_loss / unit, run.accuracy)
        start = {"log missing": -1 / one.classes, "arguments swapped": (1 - 1 / one.classes) * CAP}
        assert inner.steps[0] == pytest.approx(start.get(other, math.log(one.classes)), rel=0.04)
        assert inner.last < inner.steps[0] or other == "dead inputs"


def rank(one, run):
    printed = one.report(run)
    fits = ward.differential(
        printed.steps * one.nats,
        one.classes,
        one.batch,
        new=printed.new_loss * one.nats,
        accuracy=float(printed.accuracy[-1]),
    )
    return [fit.name for fit in fits]


def test_the_differential_ranks_what_they_have(hospital):
    """Of 300 seeds beside those on which the rules were tried: 98% first, 99% in the first three.

    Mostly a clip and swapped arguments are taken for each other. Here, of 28 patients with one
    disease, one may stand lower than first, and none lower than third; of two diseases both
    must stand among the first three.
    """
    first = third = 0
    for one, run in hospital:
        names = rank(one, run)
        if len(one.has) == 1:
            first += names[:1] != [one.has[0]]
            third += one.has[0] not in names[:3]
        else:
            assert set(one.has) <= set(names[:3]), one
    assert first <= 1 and third == 0


def test_a_seed_says_all(hospital):
    for one, run in hospital[::18]:
        again = patients.patient(one.seed)
        assert again == one
        np.testing.assert_array_equal(again.run().steps, run.steps)
    drawn = [patients.patient(seed) for seed in range(600)]
    assert {one.classes for one in drawn} == set(patients.CLASSES)
    assert {one.batch for one in drawn} == set(patients.BATCHES)
    assert {one.library for one in drawn} == set(patients.LIBRARIES)
    assert {name for one in drawn for name in one.has} == set(DISEASES)
    assert 0.12 < np.mean([len(one.has) == 2 for one in drawn]) < 0.21


def test_a_rate_that_is_given_is_kept():
    one = patient("wrong labels")
    own, same, still = (one.run(epochs=3, rate=rate) for rate in (None, 1e-2, 1e-9))
    np.testing.assert_array_equal(own.steps, same.steps)
    assert own.new_loss[0] - own.new_loss[-1] > 0.1 > 1e-6 > np.ptp(still.new_loss)


def test_what_a_library_prints():
    run = cases.Run(np.array([4.0, 2.0, 3.0, 1.0]), np.array([2.0, 1.0]), np.array([0.5, 0.6]))
    one = patients.Patient(1, (HEALTHY,), 4, 32, "Keras", 0.2)
    np.testing.assert_array_equal(one.report(run).steps, [4, 3, 3, 2])
    bits = patients.Patient(1, (HEALTHY,), 4, 32, "a compressor", 0.2)
    np.testing.assert_allclose(bits.report(run).steps, run.steps / math.log(2))
    np.testing.assert_allclose(bits.report(run).new_loss, run.new_loss / math.log(2))
    assert "in bits, which are nats over ln 2;" in bedside.record(bits)
    assert "the mean since the epoch began, in nats;" in bedside.record(one)


# ---------------------------------------------------------------- the three tests


def patient(name, K=6, B=64, library="PyTorch"):
    return patients.Patient(3, (name,), K, B, library, 0.25)


def test_the_first_batch_parts_what_depends_on_the_number_of_rows():
    for name, ratio in ((HEALTHY, 1), ("sum for mean", 2), (PADDED, 2), ("log missing", 1)):
        whole, half = patient(name).first_batch()
        assert whole / half == pytest.approx(ratio, rel=0.02)
    whole, half = patient(AXIS).first_batch()
    assert whole - half == pytest.approx(math.log(2), abs=0.01)


def test_shuffled_labels_leave_nothing_to_learn():
    for name in (HEALTHY, "dead inputs"):
        run = patient(name).shuffled()
        assert run.last == pytest.approx(math.log(6), abs=0.12)
        assert run.new_loss[-1] > math.log(6) - 0.02
    assert patient(TORCH).shuffled().last < -20


def test_twenty_rows_by_heart():
    floor = {HEALTHY: 0, "wrong labels": 0, "log missing": -1}
    floor["softmax twice"] = diseases.level_of("softmax twice", 6, 64)
    for name, level in floor.items():
        assert patient(name).by_heart().last == pytest.approx(level, abs=0.03)
    assert patient("dead inputs").by_heart().last > 1.2
    assert patient("eps clipping").by_heart().last > 1


def test_findings_say_their_numbers_in_the_unit_of_the_report():
    one = patient("sum for mean", library="a compressor")
    whole, half = one.first_batch()
    words = bedside.finding(one, "First batch")
    assert f"{cases.shortly(whole / math.log(2), 3)} before the first step" in words
    assert f"{cases.shortly(half / math.log(2), 3)} for half" in words and "log₂ 6 = 2.58" in words
    run = patient("dead inputs").by_heart()
    words = bedside.finding(patient("dead inputs"), "Twenty rows by heart")
    assert f"to {cases.shortly(run.last, 2)}; {run.accuracy[-1] * 20:.0f} of 20 right" in words
    assert "ln 6 = 1.79" in bedside.finding(patient("dead inputs"), "Shuffled labels")


# ---------------------------------------------------------------- chart


def test_the_chart_of_a_patient():
    one = patient("softmax twice", library="a compressor")
    run = one.report(one.run())
    fig, words = bedside.picture(one, run)
    (ax,) = fig.axes
    np.testing.assert_array_equal(line(ax, LOSS).get_ydata(), run.steps)
    np.testing.assert_array_equal(line(ax, MODEL).get_ydata(), run.new_loss)
    assert f"first loss {cases.shortly(run.steps[0], 3)}, last" in words
    assert ax.get_ylabel() == "reported loss, bits" and "softmax" not in words
    fig, words = bedside.picture(one, run, opened=True)
    level = diseases.level_of("softmax twice", 6, 64) / math.log(2)
    (drawn,) = (one for one in fig.axes[0].lines if one.get_color() == TRUTH)
    np.testing.assert_allclose(drawn.get_ydata(), level)
    assert f"softmax twice: {level:.3g}." in words


@pytest.mark.parametrize("name", ["log of zero", TORCH, HEALTHY])
def test_every_chart_has_a_description(name):
    one = patient(name)
    _, words = bedside.picture(one, one.run(), opened=True)
    assert len(words) > 40 and ("nan from epoch" in words) == (name == "log of zero")
    assert "telling level" not in words


# ---------------------------------------------------------------- points


def test_points():
    assert bedside.points_left(0, 0) == 10
    assert bedside.points_left(6, 2) == 2
    assert bedside.points_left(6, 8) == 0
    both = ("sum for mean", "wrong labels")
    assert bedside.verdict(both, set(both)) == (0, "")
    cost, words = bedside.verdict(both, {"wrong labels"})
    assert cost == 1 and "Half of it: wrong labels it has, and something else" in words
    assert "sum for mean" not in words
    cost, words = bedside.verdict(both, {"wrong labels", "dead inputs"})
    assert cost == 1 and "With dead inputs the loss never leaves ln K" in words
    cost, words = bedside.verdict(both, {"dead inputs"})
    assert cost == 2 and words.startswith("Look again.") and "wrong labels" not in words


# ---------------------------------------------------------------- the form


@pytest.fixture
def own_file(tmp_path, monkeypatch):
    monkeypatch.setenv("CEHELPERS_STORE", str(tmp_path / "my_course.json"))
    return tmp_path / "my_course.json"


@pytest.fixture
def on_ward(own_file, monkeypatch):
    """A ward whose patients are known: a healthy one, then one with two diseases."""
    made = {
        1: patients.Patient(1, (HEALTHY,), 4, 64, "PyTorch", 0.2),
        2: patients.Patient(2, ("sum for mean", "wrong labels"), 4, 32, "Keras", 0.2),
    }
    monkeypatch.setattr(ward, "patient", lambda seed: made.get(seed) or patients.patient(seed))
    return ward.open_ward()


def test_a_right_diagnosis_earns_what_is_left(on_ward):
    on_ward.tests["First batch"].click()
    on_ward.tests["First batch"].click()  # paid for once
    assert on_ward.left == 9 and len(on_ward.found) == 1
    on_ward.first.value = "dead inputs"
    on_ward.commit.click()
    on_ward.commit.click()  # the same wrong try costs once
    assert on_ward.left == 7 and "Look again. With dead inputs the loss never" in on_ward.said
    on_ward.first.value = HEALTHY
    on_ward.commit.click()
    assert on_ward.said.startswith(f"Yes, {HEALTHY}: 7 points.")
    assert "would suspect: no disease" in on_ward.said
    assert on_ward.score == "Its file is open. So far: 7 of 10 points, from 1 patient."
    on_ward.commit.click()
    assert "open already" in on_ward.said
    on_ward.tests["Twenty rows by heart"].click()  # after that a test is free
    assert on_ward.found[1].startswith("Twenty rows by heart: from 1.3")
    assert on_ward.score.endswith("7 of 10 points, from 1 patient.")


def test_two_at_once_and_the_next_patient(on_ward):
    on_ward.following.click()  # passed over: no points
    assert on_ward.patient.seed == 2
    assert on_ward.said == f"Passed over: patient 1 had {HEALTHY}."
    on_ward.commit.click()
    assert on_ward.said == "Choose a diagnosis first." and on_ward.left == 10
    on_ward.first.value = "wrong labels"
    on_ward.commit.click()
    assert "Half of it" in on_ward.said and on_ward.left == 9
    on_ward.second.value = "sum for mean"
    on_ward.commit.click()
    assert on_ward.said.startswith("Yes, sum for mean and wrong labels: 9 points.")
    assert "So far: 9 of 20 points, from 2 patients." in on_ward.score
    on_ward.following.click()
    assert on_ward.patient == patients.patient(3) and on_ward.first.value is None
    assert on_ward.said == "" and ward.open_ward().patient.seed == 3


def test_a_patient_waits_where_it_was_left(on_ward, own_file):
    assert not own_file.exists()  # to look is no visit
    on_ward.tests["First batch"].click()
    on_ward.first.value = "dead inputs"
    on_ward.commit.click()
    again = ward.open_ward()
    assert again.patient == on_ward.patient and again.left == 7
    assert again.found == on_ward.found
    again.reveal.click()
    assert again.said.startswith(f"It has {HEALTHY}.") and "Cure: None." in again.said
    third = ward.open_ward()
    assert third.said.startswith(f"It has {HEALTHY}.") and "0 of 10 points" in third.score


def test_a_foreign_record_earns_nothing(own_file):
    foreign = {"points": 99, "tests": "all", "lost": -3, "tried": 7}
    keys = ("1", "none", "²", "٣", "007", "-4", 5000 * "9")
    sums = {"passed": -1, "count": 7, "earned": 70}
    store.write(ward.SECTION, ward.KEY, {"records": dict.fromkeys(keys, foreign)} | sums)
    opened = ward.open_ward()
    assert opened.left == 10 and opened.patient.seed == 1 and "So far" not in opened.score
    for other in (5, {"records": []}, {"records": {"1": 5}, "passed": True}):
        store.write(ward.SECTION, ward.KEY, other)
        assert ward.open_ward().left == 10


def test_what_another_kernel_has_paid_for_is_kept(on_ward, monkeypatch):
    """A second kernel buys a test, or opens the file, when the first has read and not written."""
    update, other = store.update, ward.open_ward()

    def first(act):
        def after(*args):
            monkeypatch.setattr(store, "update", update)
            act()
            return update(*args)

        monkeypatch.setattr(store, "update", after)

    first(other.tests["Shuffled labels"].click)
    on_ward.tests["First batch"].click()
    assert on_ward.left == other.left == 7
    other.first.value = "wrong labels"
    first(other.commit.click)
    on_ward.first.value = "dead inputs"
    on_ward.commit.click()
    assert on_ward.left == other.left == 3
    first(other.reveal.click)
    on_ward.first.value = HEALTHY
    on_ward.commit.click()
    assert "open already" in on_ward.said and "So far: 0 of 10 points" in on_ward.score
    other.following.click()
    on_ward.following.click()
    assert on_ward.patient.seed == other.patient.seed == 2


def test_many_patients_take_little_room(own_file, monkeypatch):
    """Every test, every wrong try of two, then a right one or none: the sums are kept."""
    monkeypatch.setattr(ward.Ward, "_opened", lambda self, *said: self._say(*said))
    monkeypatch.setattr(ward.Ward, "_draw", lambda self, **_: None)
    monkeypatch.setattr(ward, "reported", lambda _: cases.Run([1.0], [1.0], [0.5]))
    monkeypatch.setattr(ward, "finding", lambda _, name: name)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    opened = ward.open_ward()
    late = ward.open_ward()
    played, solved = 3 * ward.LAST, 0
    for seed in range(1, played + 1):
        assert opened.patient.seed == seed
        if seed > played - ward.LAST:  # whose records are all that makes the file long
            for name in bedside.TESTS:
                opened.test(name)
            wrong = sorted(set(DISEASES) - set(opened.patient.has))
            for opened.first.value, opened.second.value in itertools.combinations(wrong[:4], 2):
                opened._commit()
        elif seed % 2:
            opened.first.value, opened.second.value = (*opened.patient.has, None)[:2]
            opened._commit()
            solved += 1
        opened._next()
    said = f"So far: {10 * solved} of {10 * played} points, from {played} patients."
    assert opened.score.endswith(said) and ward.open_ward().score.endswith(said)
    assert own_file.stat().st_size < 20_000
    late.first.value, late.second.value = (*late.patient.has, None)[:2]
    late._commit()  # a patient whose record is gone earns nothing twice
    assert "open already" in late.said and late.score.endswith(said)


def test_the_form_can_be_reached_and_read(on_ward):
    controls = [*on_ward.tests.values(), on_ward.first, on_ward.second]
    controls += [on_ward.commit, on_ward.reveal, on_ward.following]
    assert all(control.description and control.tooltip for control in controls)
    assert [button.description for button in on_ward.tests.values()] == [
        "First batch (1 point)",
        "Shuffled labels (2 points)",
        "Twenty rows by heart (3 points)",
    ]
    assert set(on_ward.first.options) >= {(name, name) for name in DISEASES}
    assert f'alt="{on_ward.alt.split(":")[0]}' in on_ward._chart.value
    data, metadata = on_ward._repr_mimebundle_()
    assert data["text/plain"].startswith("Patient 1. K = 4 classes, batches of 64 rows.")
    assert metadata["image/png"]["alt"] == on_ward.alt
    assert "application/vnd.jupyter.widget-view+json" in data
