"""The room's report: invented classes whose beliefs are planted, and files as classes hand them in.

What is recovered is counted over many invented classes. Limits of counts lie four standard
deviations from their mean, both measured over 240 classes with other seeds: a right program fails
such a test less than once in a thousand times.
"""

import csv
import json
import math
import re
import shutil

import numpy as np
import pytest

from cecourse.exercise.report import exercises_by_id
from cecourse.lessons.binary_cross_entropy.statements import statements
from cecourse.prediction import all_predictions
from cehelpers import sigmoid
from tools._command import ToolError
from tools.room import files, measures, pictures, report

FIRST = {name: one.mistakes[0].name for name, one in exercises_by_id().items() if one.mistakes}
QUESTIONS = list(FIRST)
PREDICTIONS = list(all_predictions())


# ---------------------------------------------------------------- invented classes


class Class:
    """A class with planted difficulties, discriminations, mistakes and confidence.

    Learner i has a first try at question j right with probability σ(a_j(θ_i − b_j)), θ ~ N(0, 1).
    A wrong one is the question's first known mistake with probability `named`. A prediction is
    right with probability p = σ(c + θ_i / 2), and believed to be so with σ(boast · logit p + s_i),
    where s_i ~ N(0, spread²) is the learner's own.
    """

    def __init__(self, seed, learners=60, a=1.0, b=0.0, *, questions=40, named=0.6, asked=12,
                 boast=1.0, spread=0.0):  # fmt: skip
        rng = np.random.default_rng(seed)
        self.a, self.b = np.broadcast_to(a, questions), np.broadcast_to(b, questions)
        self.ids = QUESTIONS[:questions]
        self.theta = rng.normal(size=learners)
        chance = sigmoid(self.a * (self.theta[:, None] - self.b))
        self.right = (rng.random((learners, questions)) < chance).astype(float)
        self.made = (self.right == 0) & (rng.random(self.right.shape) < named)
        self.later = rng.integers(1, 4, self.right.shape)  # tries after a wrong one
        honest = sigmoid(rng.normal(0.6, 0.5, (learners, asked)) + self.theta[:, None] / 2)
        self.hit = (rng.random(honest.shape) < honest).astype(float)
        own = spread * rng.normal(size=(learners, 1))
        self.sure = np.clip(sigmoid(boast * np.log(honest / (1 - honest)) + own), 0.02, 0.98)
        truth = np.array([one.truth for one in statements()])
        bet = sigmoid(rng.normal(0.6, 0.7, (learners, len(truth))))
        self.bets = np.where(rng.random(bet.shape) < bet, truth, ~truth).astype(float)
        self.bets = np.where(self.bets == 1, bet, 1 - bet)
        self.predictions = [one for one in PREDICTIONS if len(all_predictions()[one].options) == 3]
        self.predictions = self.predictions[:asked]

    def guesses(self):
        """Its predictions, as tools.room.files would read them."""
        rows, columns = np.indices(self.hit.shape)
        return [
            files.Guess(int(i), self.predictions[j], "", float(sure), 3, bool(hit))
            for i, j, sure, hit in zip(
                rows.ravel(), columns.ravel(), self.sure.ravel(), self.hit.ravel(), strict=True
            )
        ]

    def sheets(self):
        """What tools.room.files would read of it."""
        return [
            files.Sheet(i, name, tuple(self.tries(i, j)), True, (i + j) % 3, False)
            for i in range(len(self.theta))
            for j, name in enumerate(self.ids)
        ]

    def tries(self, i, j):
        if self.right[i, j]:
            return [("right", "")]
        wrong = ("mistake", FIRST[self.ids[j]]) if self.made[i, j] else ("wrong", "")
        return [wrong, *[("wrong", "")] * (self.later[i, j] - 1), ("right", "")]

    def file(self, i):
        """The my_course.json of one learner."""
        when = f"2026-10-{i % 28 + 1:02d}T{i // 28:02d}:{{:02d}}:{{:02d}}+02:00"
        exercises = {
            name: {
                "tries": len(tries := self.tries(i, j)),
                "hints": (i + j) % 3,
                "solved": True,
                "solution_shown": False,
                "answer": "Ada Lovelace was here",
                "history": [
                    {"time": when.format(j, k), "status": status} | ({"mistake": m} if m else {})
                    for k, (status, m) in enumerate(tries)
                ],
                "again": 0,
            }
            for j, name in enumerate(self.ids)
        }
        predictions = {}
        for j, name in enumerate(self.predictions):
            options = all_predictions()[name].options
            hit, sure = bool(self.hit[i, j]), float(self.sure[i, j])
            predictions[name] = {
                "time": when.format(59, j), "chosen": options[0 if hit else 1 + (i % 4 == 0)].text,
                "sure": sure, "of": 3, "hit": hit,
                "price": -math.log(sure if hit else (1 - sure) / 2),
            }  # fmt: skip
        bets = {one.id: float(self.bets[i, k]) for k, one in enumerate(statements())}
        return {"exercises": exercises, "predictions": predictions, "bets": bets}

    def hand_in(self, folder):
        """Write every file as an LMS hands them out; return the folder."""
        for i in range(len(self.theta)):
            place = folder / f"Lovelace Ada_{i}_file"
            place.mkdir(parents=True)
            (place / "my_course.json").write_text(json.dumps(self.file(i)), encoding="utf-8")
        return folder


def shares(a, b):
    """The share of all possible learners who are right at the first try, of each question."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    return weights @ sigmoid(a * (nodes[:, None] - b)) / weights.sum()


PLANTED = {
    "a": np.linspace(0.4, 2.0, 40),
    "b": np.random.default_rng(1).permutation(np.linspace(-2, 2, 40)),
}
SEEDS = range(30)


@pytest.fixture(scope="module")
def parts():
    return [report.part_of("tried", Class(seed, **PLANTED).sheets()) for seed in SEEDS]


def missed(estimates, truth):
    return sum(not one.low <= true <= one.high for one, true in zip(estimates, truth, strict=True))


# ---------------------------------------------------------------- what is planted is found


def test_planted_difficulties_lie_in_their_intervals(parts):
    """Of 1,200 intervals at 95% about 61 miss; ± 10, as the questions share their learners."""
    truth = shares(PLANTED["a"], PLANTED["b"])
    firsts = [[row.first for row in part.questions] for part in parts]
    assert 21 <= sum(missed(one, truth) for one in firsts) <= 101


def test_planted_discriminations_lie_in_their_intervals(parts):
    """The truth is what 40,000 invented learners show at the same questions; 61 ± 9 of 1,165."""
    large = Class(12345, 40_000, **PLANTED).right
    rest = measures.rests(large)
    truth = [np.corrcoef(large[:, j], rest[:, j])[0, 1] for j in range(40)]
    assert min(truth) < 0.2 and max(truth) > 0.5
    known = [
        (row.discrimination, true)
        for part in parts
        for row, true in zip(part.questions, truth, strict=True)
        if row.discrimination.known
    ]
    assert len(known) > 1100
    assert 25 <= missed(*zip(*known, strict=True)) <= 97


def test_planted_mistakes_are_counted(parts):
    """The share that makes each known mistake: 0.6 of those who are wrong; about 60 ± 9 miss."""
    truth = dict(zip(Class(0).ids, 0.6 * (1 - shares(PLANTED["a"], PLANTED["b"])), strict=True))
    rows = [row for part in parts for row in part.mistakes]
    assert len(rows) > 1100
    assert 20 <= missed([r.made for r in rows], [truth[r.question] for r in rows]) <= 100
    for part in parts:
        counts = [row.learners for row in part.mistakes]
        assert counts == sorted(counts, reverse=True) and min(counts) >= report.RARE
        for row in part.mistakes:
            mistake = exercises_by_id()[row.question].mistakes[0]
            assert row.mistake == mistake.name and mistake.text in row.sentence
            assert row.made.n == 60 and row.made.value == row.learners / 60


def test_tries_and_hints_are_counted(parts):
    made = Class(0, **PLANTED)
    for j, row in enumerate(parts[0].questions):
        needed = np.where(made.right[:, j] == 1, 1, 1 + made.later[:, j])
        assert row.tries == tuple(np.quantile(needed, [0.25, 0.5, 0.75]))
        assert row.tried == row.solved == 60 and row.hints == 40  # 1 or 2 of (i + j) % 3
        assert row.first.value == made.right[:, j].mean()


def test_of_equal_questions_none_is_called_the_hardest():
    """In 100 classes of equal questions 5% may name one; more than 14 of them has p < 2e-4."""
    named = turned = 0
    for seed in range(100):
        right = Class(seed, 30, a=0.0).right
        level = measures.family(40)
        firsts = [measures.share(int(x.sum()), 30, level) for x in right.T]
        named += len(measures.candidates(firsts, highest=False)) < 40
        if seed < 40:  # and none is called unsound: more than 8 of 40 has p < 2e-4
            rest = measures.rests(right)
            pairs = zip(right.T, rest.T, strict=True)
            turned += any(measures.discrimination(x, y, level).high < 0 for x, y in pairs)
    assert named <= 14 and turned <= 8


def test_one_hard_and_one_unsound_question_are_named():
    a, b = np.full(40, 1.2), np.zeros(40)
    a[7], b[3] = -2.0, 6.0
    found = report.part_of("tried", Class(5, 120, a, b).sheets())
    hard, unsound = (f"{QUESTIONS[j][:2]} · {report.titles()[QUESTIONS[j]]}" for j in (3, 7))
    assert f"The hardest question is {hard}." in found.sentences
    (half,) = (one for one in found.sentences if one.startswith("At the first try fewer than half"))
    assert hard in half
    at_half = report.part_of("tried", Class(5, 120, 0.0).sheets())
    assert not any(one.startswith("At the first try") for one in at_half.sentences)
    assert f"Those who do better elsewhere do worse at {unsound}: is the question sound?" in (
        found.sentences
    )
    assert not any("largest share is in" in one and unsound in one for one in found.sentences)


def test_who_tried_the_hard_questions_is_not_taken_to_be_weak():
    """Half of a class tries the hard half alone; that says nothing about the one all have tried."""
    correlations = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        right = (rng.random((60, 41)) < np.r_[0.5, np.full(20, 0.9), np.full(20, 0.2)]).astype(
            float
        )
        right[:30, 0] = rng.random(30) < 0.8  # who took the hard half knows this one better
        right[:30, 1:21], right[30:, 21:] = np.nan, np.nan
        correlations.append(measures.discrimination(right[:, 0], measures.rests(right)[:, 0]).value)
    assert abs(np.mean(correlations)) < 5 * 0.13 / math.sqrt(40)  # 1/√60 each


@pytest.mark.parametrize(("boast", "spread"), [(1.0, 0.0), (1.0, 1.5), (2.0, 0.7)])
def test_the_gap_of_the_room_counts_learners_and_not_answers(boast, spread):
    """200 classes: more than 22 misses of 5% have p < 2e-4. Answers alone miss far more often."""
    large = Class(999, 40_000, boast=boast, spread=spread, asked=30, questions=1)
    truth = float((large.sure - large.hit).mean())
    misses = naive = 0
    for seed in range(200):
        made = Class(seed, 40, boast=boast, spread=spread, asked=30, questions=1)
        gaps, learner = (made.sure - made.hit).ravel(), np.repeat(np.arange(40), 30)
        gap, _ = measures.clustered(gaps, learner)
        misses += not gap.low <= truth <= gap.high
        naive += abs(gaps.mean() - truth) > 1.96 * gaps.std() / math.sqrt(len(gaps))
    assert misses <= 22
    assert spread < 1 or naive > 40


def test_a_boastful_room_is_called_too_sure_and_an_honest_one_is_not():
    said = [report.reliability_of(Class(seed, boast=3.0, asked=20).guesses()) for seed in range(10)]
    for groups, (sentence,) in said:
        assert sentence.startswith("The room is too sure: ")
        assert groups[-1].high < groups[-1].sure and len(groups) >= 3
    honest = [report.reliability_of(Class(seed, asked=20).guesses())[1][0] for seed in range(60)]
    wrong = [one for one in honest if not one.startswith("Whether the room is too sure cannot")]
    assert len(wrong) <= 10  # p < 4e-4


def test_answers_that_hang_together_say_as_much_as_their_learners():
    rng = np.random.default_rng(0)
    once = (rng.random(400) < 0.7).astype(float)
    learner = np.repeat(np.arange(400), 10)
    assert measures.effective(np.repeat(once, 10), learner) == pytest.approx(400, rel=0.01)
    free = (rng.random(4000) < 0.7).astype(float)
    assert measures.effective(free, np.arange(4000)) == pytest.approx(4000, rel=0.01)
    sure = np.repeat([0.5, 0.6, 0.7, 0.8, 0.9], 80)  # a group each
    few = measures.reliability(sure, once, np.arange(400), groups=5)
    many = measures.reliability(np.repeat(sure, 10), np.repeat(once, 10), learner, groups=5)
    assert len(few) == 5
    for one, tenfold in zip(few, many, strict=True):
        assert tenfold.count == 10 * one.count and tenfold.learners == one.learners
        assert tenfold[:4] == pytest.approx(one[:4], abs=0.01)
    assert measures.effective(np.ones(30), np.repeat(np.arange(6), 5)) == 6


def test_a_group_of_few_learners_has_no_dot_however_much_they_answer():
    learner = np.r_[np.arange(40), np.repeat(np.arange(40, 44), 10)]
    sure, right = np.repeat([0.6, 0.9], 40), np.tile([1.0, 0.0], 40)
    (group,) = measures.reliability(sure, right, learner, groups=2, least=5)
    assert (group.sure, group.learners, group.count) == (pytest.approx(0.6), 40, 40)
    assert len(measures.reliability(sure, right, learner, groups=2, least=4)) == 2


def test_who_tried_little_is_not_placed_and_a_lopsided_question_not_judged():
    right = np.full((20, 8), np.nan)
    right[:, :6] = np.random.default_rng(0).integers(0, 2, (20, 6))
    right[0, 5] = np.nan  # has four others of each question
    rest = measures.rests(right)
    assert np.isnan(rest[0, :5]).all() and not np.isnan(rest[1:, :6]).any()
    few, many = np.arange(20.0) < measures.ENOUGH - 1, np.arange(20.0) < measures.ENOUGH
    place = np.random.default_rng(1).normal(size=20)
    for x, known in ((few, False), (many, True)):
        for one in (x, ~x):
            assert measures.discrimination(one.astype(float), place).known == known


def test_of_equal_mistakes_none_is_called_the_commonest():
    """In 100 classes 5% may leave out one of 20 equal mistakes; more than 14 has p < 2e-4."""
    row = report.MistakeRow("01/snow", "Snow", "", measures.UNKNOWN, 0, "")
    left_out = 0
    for seed in range(100):
        made = np.random.default_rng(seed).binomial(60, 0.3, 20)
        rows = [row._replace(made=measures.share(n, 60), learners=n) for n in made.tolist()]
        left_out += report.said_of_mistakes(rows, 0) != [
            "Which mistake is made by the largest share cannot be told: 20 may be."
        ]
    assert left_out <= 14


# ---------------------------------------------------------------- predictions and votes


def guesses(name, chosen, sure=0.8):
    """One answer for each option chosen, all of different learners."""
    options = all_predictions()[name].options
    right = options.index(all_predictions()[name].right)
    return [
        files.Guess(i, name, options[k].text, sure, len(options), k == right)
        for i, k in enumerate(chosen)
    ]


def test_prices_and_the_tempting_option_of_a_prediction():
    name = "03/times_as_large"  # A about 10 times, B right, C 90 times
    (row,), left_out, said = report.predictions_of(guesses(name, [1] * 10 + [2] * 25 + [0] * 5))
    assert row.right.value == 0.25 and row.price.value == pytest.approx(
        -0.25 * math.log(0.8) - 0.75 * math.log(0.1)
    )
    assert row.nothing == pytest.approx(math.log(3)) and left_out == 0
    assert (row.tempting, row.tempted, row.clearly) == ("90 times, as 0.9 / 0.01", 25, True)
    assert said[0].startswith("Knowing nothing would have been cheaper at “It was fraud.")
    assert "“90 times, as 0.9 / 0.01” (25 of 30 who were wrong)" in said[1]


def test_what_the_counts_do_not_tell_is_not_said():
    name = "03/times_as_large"
    (row,), _, said = report.predictions_of(guesses(name, [1] * 10 + [2] * 6 + [0] * 5, 0.5))
    assert row.tempted == 6 and not row.clearly and said == []
    (row,), _, _ = report.predictions_of(guesses(name, [1] * 10 + [2] * 2))
    assert (row.tempting, row.tempted) == ("", 0)  # two are too few to be named
    assert report.predictions_of(guesses(name, [1, 1, 2, 2])) == ([], 1, [])


def test_an_option_that_no_course_has_is_not_printed():
    made = [one._replace(chosen="Ada Lovelace") for one in guesses("03/two_models", [0] * 9)]
    made = [one._replace(hit=False) for one in made]
    (row,), _, said = report.predictions_of(made)
    assert row.tempting == "" and "Ada" not in str(said)


def votes(before, after, n=40):
    def cast(turn, hits):
        return [
            files.Vote("03/two_models", turn, "A", True, None, hits),
            files.Vote("03/two_models", turn, "B", False, 0.9, n - hits),
        ]

    return report.votes_of([*cast(1, before), *cast(2, after)])


def test_an_argument_that_moved_the_room_is_told_from_luck():
    for before, after, words in ((10, 30, "More of the room"), (30, 10, "Fewer of the room")):
        (row,), (sentence,) = votes(before, after)
        assert sentence.startswith(words) and row.before.value == before / 40
    assert votes(18, 22)[1] == []
    assert votes(1, 3, n=4) == ([], [])
    rng = np.random.default_rng(3)
    luck = sum(bool(votes(*rng.binomial(40, 0.5, 2))[1]) for _ in range(200))
    assert luck <= 22  # of 5%: p < 2e-4


# ---------------------------------------------------------------- files


@pytest.fixture(scope="module")
def class_of_20(tmp_path_factory):
    made = Class(1, 20, questions=12, asked=6)
    made.folder = made.hand_in(tmp_path_factory.mktemp("room") / "submitted")
    return made


@pytest.fixture
def handed_in(class_of_20, tmp_path):
    return shutil.copytree(class_of_20.folder, tmp_path / "submitted")


def test_files_are_read_as_they_were_written(class_of_20):
    found = files.collected(class_of_20.folder)
    assert found.told == [] and found.learners == 20 and found.marked == 0
    rows = [sum(s.first for s in found.tried if s.question == name) for name in class_of_20.ids]
    assert rows == class_of_20.right.sum(axis=0).tolist()
    assert len(found.predictions) == 20 * 6
    truth = [one.truth for one in statements()]
    bets = {(one.learner, one.id): (one.sure, one.hit) for one in found.bets}
    # who has which number is forgotten: what was bet, and whether it came true, is not
    assert len(bets) == len(found.bets) == 20 * 20
    for one, true, mine in zip(statements(), truth, class_of_20.bets.T, strict=True):
        read = sorted(bets[learner, f"03/{one.id}"] for learner in range(20))
        assert read == sorted((max(p, 1 - p), bool((p > 0.5) == true)) for p in mine)


SPOILT = {
    "cut": (b'{"exercises": {"03/', "damaged"),
    "empty": (b"", "damaged"),
    "bytes": (b"\xff\xfe\x00", "damaged"),
    "deep": (b"[" * 100_000, "damaged"),
    "a list": (b"[1, 2]", "not of a my_course.json"),
    "other": (b'{"name": "Ada"}', "not of a my_course.json"),
    "new": (b"{}", "nothing in it"),
    "bare": (b'{"exercises": {}, "quiz": {"open": "q01"}}', "nothing in it"),
    "large": (b" " * (files.LARGEST + 1), "larger than"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_file_is_named_and_the_others_are_read(kind, handed_in):
    text, why = SPOILT[kind]
    (handed_in / "my_course (3).json").write_bytes(text)
    found = files.collected(handed_in)
    assert found.learners == 20
    (said,) = found.told
    assert said.startswith("my_course (3).json: ") and why in said


def test_strange_records_are_left_out(handed_in):
    """Whatever stands in a place of the file: it is read as nothing, and nothing fails."""
    first = files.collected(handed_in)
    strange = [None, 3, "x", [], {}, {"history": 3}, {"history": [1, {}, {"status": 7}]},
               {"tries": "3", "past": [None, 4]}, {"history": [{"status": "right", "mistake": 4}]},
               {"sure": "0.9"}, {"time": "", "chosen": "", "sure": 2.0, "of": 3, "hit": True,
                                 "price": 1.0}]  # fmt: skip
    for n, what in enumerate(strange):
        keys = {section: {"03/times_as_large": what, f"Ada {n}": what, "rome": what}
                for section in ("exercises", "predictions", "bets")}  # fmt: skip
        (handed_in / f"my_course{n}.json").write_text(json.dumps(keys))
    found = files.collected(handed_in)
    assert len(found.predictions) == len(first.predictions) and found.bets == first.bets
    assert "Ada" not in str(report.report(found))  # of which the page is made


def test_copies_of_a_learner_count_once(handed_in):
    one, two = sorted(handed_in.rglob("my_course.json"))[:2]
    shutil.copy(one, one.with_name("my_course (1).json"))
    older = json.loads(two.read_text())  # exported a week before
    older["exercises"] = dict(list(older["exercises"].items())[:5])
    older["predictions"], older["bets"] = {}, {}
    (two.parent / "copy").mkdir()
    (two.parent / "copy" / "my_course.json").write_text(json.dumps(older))
    found = files.collected(handed_in)
    assert found.learners == 20
    again, copy = one.with_name("my_course (1).json"), two.parent / "copy" / two.name
    pairs = {(one, again), (copy, two)}  # of two alike the first name stays
    names = {tuple(str(p.relative_to(handed_in)) for p in pair) for pair in pairs}
    assert {tuple(line.split(": a copy of ")) for line in found.told} == names


def test_learners_who_commit_in_the_same_second_stay_two(tmp_path):
    """In a lecture all commit at once: one or two shared seconds make nobody a copy."""
    for n in range(8):
        made = {"time": "2026-10-01T10:00:00+02:00", "chosen": "x", "sure": 0.5, "of": 3,
                "hit": True, "price": 0.7}  # fmt: skip
        own = made | {"time": f"2026-10-01T10:01:{n:02d}+02:00"}
        data = {"03/times_as_large": made, "03/which_step": made, "03/two_models": own}
        (tmp_path / f"my_course_{n}.json").write_text(json.dumps({"predictions": data}))
    assert files.collected(tmp_path).learners == 8


def test_what_takes_no_side_and_what_was_no_try_do_not_count(tmp_path):
    """A bet of 0.5 says nothing; an answer that could not be read is no first try."""
    one, other, *_ = statements()
    history = [{"status": status} for status in ("error", "wrong", "right")]
    data = {"bets": {one.id: 0.5, other.id: 0.25}, "exercises": {
        QUESTIONS[0]: {"history": history}, QUESTIONS[1]: {"hints": 1},
        QUESTIONS[2]: {"solution_shown": True}, QUESTIONS[3]: {"history": history[:1]},
        QUESTIONS[4]: {},
    }}  # fmt: skip
    (tmp_path / "my_course.json").write_text(json.dumps(data))
    found = files.collected(tmp_path)
    assert [(bet.sure, bet.hit) for bet in found.bets] == [(0.75, not other.truth)]
    tried = {sheet.question: sheet for sheet in found.tried}
    assert list(tried) == QUESTIONS[:4]
    assert [tried[name].first for name in tried] == [False, None, None, None]
    assert [tried[name].needed for name in tried] == [3, None, None, None]
    assert [tried[name].solved for name in tried] == [True, False, False, False]


MARKS = "student,assignment,question,kind,seed,answered,status,mistake,points,of\n"


def test_marks_are_read_beside_the_files(handed_in):
    rows = [
        f"ada{n},exam,{name},number,{n},0.{n},{'right' if n < 5 + j else 'mistake'},"
        f"{'' if n < 5 + j else exercises_by_id()[name].mistakes[0].name},1,1"
        for j, name in enumerate(QUESTIONS[:8])
        for n in range(18)
    ]
    rows += [f"ada{n},exam,{QUESTIONS[0]},number,1,,right,,1,1" for n in range(2)]  # once more
    rows += [f"ada17,exam,{QUESTIONS[9]},number,1,,untried,,0,1", "ada3,exam,03/x,n,1,,odd,,0,1"]
    rows += [f"ada{n},exam,{QUESTIONS[10]},number,1,,wrong,,0,1" for n in range(9)]  # left empty
    (handed_in / "marks.csv").write_text(MARKS + "\n".join(rows) + "\n")
    (handed_in / "marks_old.csv").write_text("student,points\nada1,3\n")
    found = files.collected(handed_in)
    assert (found.learners, found.marked) == (20, 18)
    assert [one.partition(": ")[0] for one in found.told] == [
        "marks.csv", "marks.csv", "marks_old.csv"
    ]  # fmt: skip
    made = report.report(found)
    marked = made.parts[1]
    assert [row.first.value for row in marked.questions] == [(5 + j) / 18 for j in range(8)]
    assert marked.mistakes[0].learners == 13 and marked.mistakes[0].question == QUESTIONS[0]


def test_the_page_and_its_tables_name_nobody_and_load_nothing(handed_in, tmp_path):
    strange = json.loads((next(handed_in.rglob("my_course.json"))).read_text())
    strange["exercises"]["03/Lovelace"] = strange["exercises"][QUESTIONS[0]]
    for history in (one["history"] for one in strange["exercises"].values()):
        for tried in history:
            tried["time"], tried["mistake"] = f"1{tried['time']}", "Lovelace_Ada"
    for n in range(report.RARE + 1):  # often enough to be named, were it a mistake
        text = json.dumps(strange).replace("12026", f"12{n}26")
        (handed_in / f"Lovelace_{n}_my_course.json").write_text(text)
    (handed_in / "Lovelace my_course.json").write_text("{")  # is named on the terminal alone
    said = report.work(handed_in, tmp_path / "out")
    assert "24 files of learners, 0 students marked, 0 votes; left out or mended: 1" in said
    assert "Questions that this edition does not ask, left out: 1" in said
    texts = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert set(texts) == {"room.html", "questions.csv", "mistakes.csv", "predictions.csv",
                          "reliability.csv"}  # fmt: skip
    for text in texts.values():
        assert not re.search(r"Lovelace|Ada\b|submitted|my_course\.json|_file\b", text)
    page = texts["room.html"]
    assert "another edition of the course" in page
    outside = r'(?:src|href|xlink:href)="(?!data:|#)|@import|url\((?!#)|<script|<link rel="style'
    assert not re.findall(outside, page)
    assert page.count('<svg role="img" aria-label="') == page.count("<svg") == 2
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    for name, text in texts.items():
        if name.endswith(".csv"):
            assert len(list(csv.DictReader(text.splitlines()))) >= 3


# ---------------------------------------------------------------- what the page shows of it


def about(value, n):
    return measures.Estimate(value, value - 0.07, value + 0.11, n)


# every number another one: whatever stands in a wrong place is seen
SHOWN = report.Report(
    ["03"], 61, 0,
    [report.Part("tried", [
        report.QuestionRow("03/short_batch", "Short", 58, about(0.64, 58), 47, (1.0, 2.0, 5.0), 13,
                         about(0.25, 56)),
        report.QuestionRow("03/is_it_good", "Is it?", 41, about(0.36, 41), 22, None, 9,
                         about(-0.31, 40)),
    ], [report.MistakeRow("03/short_batch", "Short", "_sum", about(0.43, 57), 24, "The sum.")],
        4, 6, ["A sentence."])],
    [report.PredictionRow("03/two_models", "Which?", about(0.53, 33), about(0.92, 33), 1.0986,
                        "neither", 11, True)],
    2,
    [measures.Group(0.61, 0.59, 0.5, 0.68, 31, 17), measures.Group(0.92, 0.71, 0.62, 0.79, 30, 19)],
    77,
    [report.VoteRow("03/which_step", "Which step?", about(0.28, 38), about(0.74, 35))],
    ["Another."],
)  # fmt: skip
COLUMNS = {
    "all recognised mistakes: tried": {
        "Question": "03 · Short", "Made by": "24 of 57",
        "Share of those who tried": "0.43 (0.36 to 0.54)", "What they were told": "The sum.",
    },
    "questions: tried": {
        "Question": "03 · Short", "Tried": "58", "Right at the first try": "0.64 (0.57 to 0.75)",
        "Solved": "47", "Tries to solve: median (quartiles)": "2 (1 to 5)", "Took hints": "13",
        "Discrimination": "0.25 (0.18 to 0.36)",
    },
    "predictions": {
        "Prediction": "03 · Which?", "Answers": "33", "Right": "0.53 (0.46 to 0.64)",
        "Mean price, nats": "0.92 (0.85 to 1.03)", "Knowing nothing, ln K": "1.10",
        "Most tempting wrong option": "neither: 11",
    },
    "votes": {
        "Prediction": "03 · Which step?", "Before": "0.28 (0.21 to 0.39)", "Votes before": "38",
        "After": "0.74 (0.67 to 0.85)", "Votes after": "35",
    },
}  # fmt: skip


def test_each_number_of_the_page_stands_where_its_heading_says(monkeypatch):
    monkeypatch.setattr(report, "MONDAY", 0)  # so that all mistakes have their table
    page = report.page(SHOWN)
    for label, row in COLUMNS.items():
        table = page.partition(f'aria-label="{label}">')[2].partition("</table>")[0]
        first = re.search(r'<tr><th scope="row">.*?</tr>', table, re.DOTALL)[0]
        heads = re.findall(r'<th scope="col">(.*?)</th>', table)
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", first, re.DOTALL)
        assert heads == [re.sub("Votes .*", "Votes", name) for name in row], label
        assert cells == list(row.values()), label
    monkeypatch.undo()
    page = " ".join(report.page(SHOWN).split())
    assert "<b>24 of 57</b> in <i>03 · Short</i>. The sum." in page
    for left in ("there are 6.</p>", "left out: 4.</p>", "left out: 2.</p>", "61 learners"):
        assert left in page


def test_each_number_of_a_table_stands_where_its_heading_says():
    def ends(name, value):
        spread = {name: value, f"{name}_low": value - 0.07, f"{name}_high": value + 0.11}
        return {key: pytest.approx(x) for key, x in spread.items()}

    found = {name: rows[0] for name, rows in report.tables(SHOWN).items()}
    assert found["questions"] == {
        "source": "tried", "question": "03/short_batch", "title": "Short", "tried": 58,
        "solved": 47, "median_tries": 2.0, "took_hints": 13,
    } | ends("first_try", 0.64) | ends("discrimination", 0.25)  # fmt: skip
    assert found["mistakes"] == {
        "source": "tried", "question": "03/short_batch", "title": "Short", "mistake": "_sum",
        "learners": 24, "of": 57, "sentence": "The sum.",
    } | ends("share", 0.43)  # fmt: skip
    assert found["predictions"] == {
        "prediction": "03/two_models", "question": "Which?", "answers": 33,
        "knowing_nothing": 1.0986, "tempting": "neither", "tempted": 11,
    } | ends("right", 0.53) | ends("price", 0.92)  # fmt: skip
    assert found["reliability"] == {
        "sure": 0.61, "right": 0.59, "low": 0.5, "high": 0.68, "answers": 31, "learners": 17,
    }  # fmt: skip
    assert found["votes"] == {
        "prediction": "03/which_step", "question": "Which step?", "votes_before": 38,
        "votes_after": 35,
    } | ends("right_before", 0.28) | ends("right_after", 0.74)  # fmt: skip


def drawn(axes):
    """The intervals that stand on axes: where, from, to."""
    lines = [line for part in axes.collections for line in getattr(part, "get_segments", list)()]
    return [tuple(np.round(line, 2).ravel().tolist()) for line in lines]


def test_the_pictures_show_what_their_axes_and_words_say():
    easy, hard = SHOWN.parts[0].questions
    picture = pictures.questions_picture([hard, easy], 9)
    left, right = picture.figure.axes
    assert drawn(left) == [(0.29, 0, 0.47, 0), (0.57, 1, 0.75, 1)]
    assert drawn(right) == [(-0.38, 0, -0.2, 0), (0.18, 1, 0.36, 1)]
    assert "right" in left.get_xlabel() and right.get_xlabel() == "discrimination"
    assert [one.get_text() for one in left.get_yticklabels()] == ["03 · Is it?", "03 · Short"]
    assert "the 2 hardest of 9 questions" in picture.description
    words = "the hardest on top: 03 · Is it? 0.36 (0.29 to 0.47); 03 · Short 0.64 (0.57 to 0.75)"
    assert words in picture.description and words in report.page(SHOWN)
    picture = pictures.reliability_picture(SHOWN.groups, 77)
    (axes,) = picture.figure.axes
    assert "sure" in axes.get_xlabel() and "right" in axes.get_ylabel()
    assert {(0.61, 0.5, 0.61, 0.68), (0.92, 0.62, 0.92, 0.79)} <= set(drawn(axes))
    assert axes.get_title(loc="left") == "77 answers. Bars that miss the diagonal: 1 of 2"
    first, second = picture.description.split("; ")
    assert "0.59 right at 0.61 (31 answers of 17 learners), interval 0.50 to 0.68" in first
    assert "misses" not in first and "0.71 right at 0.92 (30 answers of 19" in second
    assert second.endswith("interval 0.62 to 0.79, which misses the diagonal.")


def test_of_a_long_row_the_first_words_and_how_many_more():
    for count in range(1, 13):
        words = report.listed(map(str, range(count)))
        more = int((re.findall(r"and (\d+) more$", words) or ["0"])[0])
        named = re.split(", | and ", re.sub(r" and \d+ more$", "", words))
        assert named == [*map(str, range(count - more))], words


def test_no_colour_of_a_picture_is_without_its_twin(class_of_20):
    page = report.page(report.report(files.collected(class_of_20.folder)))
    used = set(re.findall(r"var\((--c[0-9a-f]{6})\)", page))
    light, dark = page.split("@media screen and (prefers-color-scheme: dark)")[:2]
    assert len(used) > 5
    for colour in used:
        assert f"{colour}: #" in light and f"{colour}: #" in dark.split("</style>")[0]


def test_the_lecturer_s_page_names_the_same_numbers():
    text = (report.ROOT / "teaching" / "room.md").read_text(encoding="utf-8")
    assert f"of fewer than {report.LEAST} learners" in text
    assert f"option of fewer than {report.RARE} " in text


def test_too_few_learners_have_no_page_and_small_groups_no_row(tmp_path):
    few = Class(2, 4, questions=6).hand_in(tmp_path / "few")
    with pytest.raises(ToolError, match="4 learners are too few"):
        report.work(few, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    sheets = Class(3, 12, questions=8).sheets()
    sheets = [one for one in sheets if one.learner < 4 or one.question != QUESTIONS[0]]
    part = report.part_of("tried", sheets)
    assert part.left_out == 1 and QUESTIONS[0] not in {row.question for row in part.questions}
    assert not any(row.question == QUESTIONS[0] for row in part.mistakes)


def test_what_cannot_be_read_at_all_is_said(tmp_path):
    with pytest.raises(ToolError, match="FOLDER must be a folder"):
        report.work(tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "my_course.json").write_text("{")
    (tmp_path / "notes.json").write_text("{")
    with pytest.raises(ToolError, match="my_course.json: damaged.*\\n.*no my_course.json") as said:
        report.work(tmp_path, tmp_path / "out")
    assert "notes" not in str(said.value)
    with pytest.raises(ToolError, match="--notebooks must be numbers .* got '3'"):
        report.work(tmp_path, tmp_path / "out", ["3"])


def test_one_week_is_that_of_the_schedules(class_of_20, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "page", lambda made: "")  # its tables are enough
    assert report.of_week("1") == ["00", "01", "02"] and report.of_week("2") == ["03", "04"]
    with pytest.raises(ToolError, match="--week must be one of 1, 2, 3"):
        report.of_week("seven")
    report.work(class_of_20.folder, tmp_path, report.of_week("1"))
    rows = list(csv.DictReader((tmp_path / "questions.csv").read_text("utf-8").splitlines()))
    assert {row["question"][:2] for row in rows} == {
        one[:2] for one in class_of_20.ids if one[:2] in ("00", "01", "02")
    }
    found = files.collected(class_of_20.folder)
    cast = [files.Vote(name, 1, "A", True, None, 9) for name in PREDICTIONS]
    chosen = found._replace(votes=cast, marks=found.tried).of(["01"])
    kept = [*chosen.tried, *chosen.marks, *chosen.predictions, *chosen.bets, *chosen.votes]
    names = {getattr(one, "question", getattr(one, "prediction", "")) or one.id for one in kept}
    assert {name[:3] for name in names} == {"01/"} and chosen.votes and chosen.marks
    bets = report.report(found, report.of_week("2"))  # the room's bets: all of them, in one diagram
    assert bets.answers == len(found.bets) + sum(
        g.id[:2] in ("03", "04") for g in found.predictions
    )
    assert bets.groups and bets.sentences


def test_each_sentence_the_search_may_say_is_found():
    """What the engine records of an answer is named again on the page."""
    exercise = exercises_by_id()["01/snow"]
    for answer in (exercise.results[0].value / math.log(2), -exercise.results[0].value):
        told = exercise.evaluate(answer)
        if told.mistake:
            assert report.sentence_of("01/snow", told.mistake)
    names = {(part.id, one.name) for part in list(exercises_by_id().values())[:10]
             for one in [*part.mistakes, *part.roads]}  # fmt: skip
    assert len(names) > 40
    assert not [pair for pair in names if not report.sentence_of(*pair)]
    assert report.sentence_of("01/snow", "Ada") == report.sentence_of("01/snow", "") == ""


def test_what_the_search_finds_has_its_own_sentence():
    """A number given, and an expression of it: the page says what the engine says."""
    medical_test = exercises_by_id()["03/medical_test"]
    for answer, name, words in (
        (0.85, "given", "given in the question"),
        (0.85**2, "expression", "what the question asks for"),
    ):
        told = medical_test.evaluate(answer)
        assert told.mistake == name and words in told.text
        assert words in report.sentence_of(medical_test.id, name)
