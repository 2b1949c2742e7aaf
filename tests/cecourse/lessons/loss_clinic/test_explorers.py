"""The explorers of notebook 11: every path of the map, every verdict on a case, the list."""

import io
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from drawn import told, written

from cecourse import store
from cecourse.lessons.loss_clinic import cases, checklist, choice, explorers
from cecourse.palette import GOOD, LOSS, MODEL, ink

# ---------------------------------------------------------------- the chooser


@pytest.fixture(scope="module")
def chooser():
    return explorers.chooser()


@pytest.mark.parametrize(
    ("answer", "special"), list(itertools.product(choice.ANSWERS, choice.SPECIALS))
)
def test_every_path_says_its_loss_and_frames_its_cell(chooser, answer, special):
    loss = choice.ADVICE[choice.PATHS[answer, special]]
    for library in choice.LIBRARIES:
        chooser.set(answer=answer, special=special, library=library)
        assert "failed" not in chooser.caption
        assert f"{answer}, {special}: {loss.name}." in chooser.caption
        assert f"Why: {loss.why}." in chooser.caption
        if loss.code[library]:
            line = choice.line(choice.PATHS[answer, special], library)
            assert f"{library}: {line} (" in chooser.caption
            said = float(re.search(r"\((\d+\.\d+) on a small example\)", chooser.caption)[1])
            assert said == pytest.approx(choice.value(choice.PATHS[answer, special]), abs=6e-5)
        else:
            assert f"{library} has no such loss." in chooser.caption
    frame = chooser.artists["frame"].get_xydata()
    middle = (frame.min(axis=0) + frame.max(axis=0)) / 2
    place = [choice.SPECIALS.index(special) + 0.5, list(choice.ANSWERS).index(answer) + 0.5]
    np.testing.assert_allclose(middle, place)
    words = {
        text.get_text()
        for text in chooser.figure.axes[0].texts
        if np.allclose(text.get_position(), place)
    }
    assert words == {loss.short}


def test_the_map_names_its_rows_and_columns(chooser):
    (ax,) = chooser.figure.axes
    for x, special in enumerate(choice.SPECIALS):
        assert written(ax, special).get_position() == (x + 0.5, pytest.approx(-0.05))
    for y, (answer, means) in enumerate(choice.ANSWERS.items()):
        for words in (answer, means):
            places = [t.get_position() for t in ax.texts if t.get_text() == words]
            assert y < min(places)[1] < y + 1 and min(places)[0] < 0
    cells = {(round(p.get_x()), round(p.get_y())): p.get_facecolor() for p in ax.patches}
    families = {}
    for (answer, special), key in choice.PATHS.items():
        place = choice.SPECIALS.index(special), list(choice.ANSWERS).index(answer)
        families.setdefault(choice.ADVICE[key].family, set()).add(cells[place])
    assert all(len(colours) == 1 for colours in families.values())
    assert len(set.union(*families.values())) == len(families) == 4


@pytest.mark.parametrize(
    ("label", "loss", "cell"),
    [
        ("Fraud", "binary cross-entropy, fused and without a weight.", (1, 0)),
        ("Next token", "softmax cross-entropy over tokens, padding left out.", (0, 2)),
        ("Tags on a photo", "a binary cross-entropy for each tag.", (0, 3)),
        ("Stars of a review", "negative log-likelihood of a cumulative link.", (0, 4)),
        ("Votes of ten doctors", "softmax cross-entropy with soft rows.", (3, 1)),
    ],
)
def test_a_task_chooses_its_loss_and_leaves_the_library(chooser, label, loss, cell):
    chooser.set(library="PyTorch")
    press(chooser, label)
    assert f": {loss} Last layer: " in chooser.caption
    x, y = chooser.artists["mark"].get_xydata()[0]
    assert (int(x), int(y)) == cell
    assert chooser.values["library"] == "PyTorch"
    press(chooser, "Reset")
    assert chooser.values == {
        "answer": "yes or no",
        "special": "nothing special",
        "library": "cehelpers",
    }


def press(explorer, label):
    buttons = {b.description: b for row in explorer.children[1:2] for b in row.children}
    buttons[label].click()


# ---------------------------------------------------------------- the nine cases


def invented(case):
    """A run of simple numbers, so that what is drawn is known beforehand."""
    steps = np.linspace(1 + case, 0.5 * case, 24)
    if case == 3:
        steps[10:] = math.nan
    new = np.linspace(2 + case, 0.6 * case, 4)
    return cases.Run(steps, new, np.linspace(0.1, 0.1 * case, 4))


@pytest.fixture(scope="module")
def rounds():
    return explorers.examine({case: invented(case) for case in cases.CASES})


@pytest.mark.parametrize("case", cases.CASES)
def test_the_chart_is_that_of_the_case(rounds, case):
    rounds.set(case=case, diagnosis="not yet", compare=False)
    run = invented(case)
    np.testing.assert_allclose(rounds.artists["steps"].get_ydata(), run.steps)
    np.testing.assert_allclose(rounds.artists["steps"].get_xdata(), np.arange(24) / 6)
    np.testing.assert_allclose(
        rounds.artists["new"].get_xydata(), np.c_[[1, 2, 3, 4], run.new_loss]
    )
    assert f"Case {case}: first loss {1 + case:g}," in rounds.caption
    assert f"accuracy there {0.1 * case:.2f}" in rounds.caption
    assert rounds.caption.endswith("What does this run have?")
    assert rounds.artists["verdict"].get_text() == ""
    assert rounds.artists["nan_text"].get_text() == ("nan" if case == 3 else "")
    width = rounds.artists["nan"].get_width()
    assert width == pytest.approx(4 - 10 / 6 if case == 3 else 0)
    low, high = rounds.artists["steps"].axes.get_ylim()
    values = np.r_[run.steps, run.new_loss]
    assert low <= np.nanmin(values) and np.nanmax(values) < high
    steps, new = rounds.artists["steps"], rounds.artists["new"]
    assert (steps.get_color(), steps.is_dashed()) == (LOSS, False)
    assert (new.get_color(), new.is_dashed()) == (MODEL, True)
    assert told(steps.axes)[1:] == ("epochs (dashed: new rows)", "reported loss")


def test_the_strip_says_what_is_drawn(runs):
    panels = {
        "Case 4: softmax twice?": {"case": 4, "diagnosis": "softmax twice"},
        "Case 2: softmax twice?": {"case": 2, "diagnosis": "softmax twice"},
        "Case 6, with a healthy run": {"case": 6, "compare": True},
    }
    fig, words = explorers.examine(runs).strip(panels)
    assert "under the right diagnosis, a line at its level. Case 4: first loss 2.3," in words
    assert "Yes, softmax twice: the loss sinks towards ln(e + 9) − 1 = 1.461 and never" in words
    assert "Look again. With softmax twice the loss sinks towards" in words
    line = written(fig, "ln(e + 9) − 1 = 1.461")
    assert line.get_position()[1] == pytest.approx(math.log(math.e + 9) - 1, abs=0.1)


@pytest.mark.parametrize("case", cases.CASES)
def test_exactly_one_diagnosis_of_nine_is_right(rounds, levels, case):
    right = []
    for name, illness in cases.DIAGNOSES.items():
        rounds.set(case=case, diagnosis=name)
        assert "failed" not in rounds.caption
        assert illness.sign in rounds.caption
        level = rounds.artists["level"].get_ydata()
        if f"Yes, {name}:" in rounds.caption:
            right.append(name)
            assert illness.cure in rounds.caption
            verdict = rounds.artists["verdict"]
            assert (verdict.get_text(), verdict.get_color()) == (f"yes: {name}", ink(GOOD))
            label = rounds.artists["level_text"]
            words, height = levels.get(case, ("", None))
            assert label.get_text() == words
            assert list(level) == ([pytest.approx(height)] * 2 if words else [])
        else:
            assert f"Look again. With {name} the loss" in rounds.caption
            assert illness.cure not in rounds.caption and not len(level)
            verdict = rounds.artists["verdict"]
            assert (verdict.get_text(), verdict.get_color()) == (f"not {name}", ink(MODEL))
    assert right == [cases.CASES[case][0]]


def test_a_healthy_run_beside_it(rounds):
    rounds.set(case=1, diagnosis="not yet", compare=True)
    y = rounds.artists["healthy"].get_ydata()
    assert rounds.artists["healthy"].get_color() == GOOD
    assert (
        f"Dotted, a healthy run: first loss {y[0]:.2f}, last {y[-6:].mean():.2g}," in rounds.caption
    )
    assert y[0] == pytest.approx(math.log(10), abs=0.05) and y[-1] < 0.4
    assert rounds.artists["steps"].axes.get_ylim()[1] > y.max()
    rounds.set(compare=False)
    assert "healthy" not in rounds.caption
    assert not len(rounds.artists["healthy"].get_ydata())


def test_presets_and_an_error_in_the_caption(rounds):
    for case in (2, 3, 8):
        press(rounds, f"Case {case}")
        assert rounds.values == {"case": case, "diagnosis": "not yet", "compare": False}
        assert rounds.caption.startswith(f"Case {case}: ")
    press(rounds, "Reset")
    assert rounds.values["case"] == 1
    broken = explorers.examine({case: invented(case) for case in (1, 2)})
    broken.set(case=5)
    assert broken.caption.startswith("This setting failed with KeyError")


# ---------------------------------------------------------------- the list


@pytest.fixture
def own_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CEHELPERS_STORE", str(tmp_path / "my_course.json"))
    return tmp_path


def test_ticks_are_kept(own_file):
    first = explorers.checklist()
    assert first.ticked == set()
    first.boxes["fused"].value = True
    first.boxes["cut"].value = True
    first.boxes["cut"].value = False
    assert (own_file / "my_course.json").exists()
    again = explorers.checklist()
    assert again.ticked == {"fused"}
    assert again.boxes["fused"].value and not again.boxes["cut"].value


def test_the_project_s_name_is_kept_and_is_no_tick(own_file):
    explorers.checklist().project.value = "Spam"
    again = explorers.checklist()
    assert again.project.value == "Spam" and again.ticked == set()
    assert again.markdown.startswith("# Loss checklist: Spam\n")


def test_a_write_that_breaks_off_leaves_no_half_file(own_file, monkeypatch):
    made = []

    def full(path, *args, **options):
        made.append(path)
        handle = io.StringIO()
        path.touch()
        handle.write = lambda text: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        return handle

    monkeypatch.setattr(Path, "open", full)
    assert "No space left on device" in checklist.write_new("list.md", "- [ ] one")
    assert made and not (own_file / "list.md").exists()


def test_a_damaged_or_foreign_record_ticks_nothing(own_file):
    store.write(checklist.SECTION, "fused", "yes")
    store.write(checklist.SECTION, "no such item", True)
    assert explorers.checklist().ticked == set()


def test_the_markdown_says_what_is_ticked(own_file):
    widget = explorers.checklist()
    widget.boxes["labels"].value = True
    widget.project.value = " Spam "
    lines = widget.markdown.splitlines()
    assert lines[0] == "# Loss checklist: Spam"
    boxes = [line for line in lines if line.startswith("- [")]
    assert len(boxes) == len(checklist.ITEMS)
    assert [line.startswith("- [x]") for line in boxes] == [
        key == "labels" for key in checklist.ITEMS
    ]
    assert f"1 of {len(checklist.ITEMS)} done." in lines
    assert "Spam" in widget._preview.value
    with pytest.raises(ValueError, match="ticked names no item: \\['nothing'\\]"):
        checklist.as_markdown({"nothing"})


def test_the_export_never_overwrites(own_file):
    widget = explorers.checklist()
    widget.boxes["start"].value = True
    widget.export.click()
    assert widget.said == "Written to loss_checklist.md."
    written = (own_file / "loss_checklist.md").read_text(encoding="utf-8")
    assert written == widget.markdown
    widget.boxes["start"].value = False
    widget.export.click()
    assert "exists already and was left as it is" in widget.said
    assert (own_file / "loss_checklist.md").read_text(encoding="utf-8") == written
    widget.file.value = "second.md"
    widget.export.click()
    assert (own_file / "second.md").read_text(encoding="utf-8") == widget.markdown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the file a name"),
        ("no/such/folder.md", "could not be written"),
        (".", "."),
        ("a\0b", "could not be written"),
    ],
)
def test_a_bad_file_name_is_a_sentence_and_no_crash(own_file, name, said):
    widget = explorers.checklist()
    widget.file.value = name
    widget.export.click()
    assert said in widget.said and "Written" not in widget.said
    assert not list(own_file.glob("*.md"))


def test_the_list_reads_without_a_kernel(own_file):
    data, _ = explorers.checklist()._repr_mimebundle_()
    assert data["text/plain"].startswith("# Loss checklist\n")
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "- [ ]" in data["text/html"]
    for key, box in explorers.checklist().boxes.items():
        assert box.description == checklist.ITEMS[key][0]
