"""The course follows its settings, and another story is whole: no word of the first is left."""

import re
import shutil

import pytest

from cecourse import story
from tools import _command, build_notebooks, stories
from tools._command import ROOT, ToolError
from tools.claims import ClaimError

SOURCES = _command.notebooks(folder=_command.SOURCES, ending=".md")
LESSONS = sorted((ROOT / "cecourse" / "lessons").glob("*/*.py"))
ASKED = """
import re
from cecourse.prediction import of_lesson
from cecourse.lessons.class_imbalance import exercises, explorers, pictures, predictions
print(exercises.f1_of_report.question, predictions.where_to_flag.question, *explorers.WEIGHTS)
X, y = predictions.customers(1, predictions.ONE_KIND)
print(len(y), y.sum(), pictures.crowd(X, y).description)
for asked in of_lesson("class_imbalance").values():
    for one in asked.options:
        found = re.findall(r"(?<![\\w/])(\\d[\\d,]*\\.?\\d*)(%?)(?![\\w/])", one.text)
        if len(found) == 1 and callable(one.holds) and isinstance(asked.value, float | int):
            number = float(found[0][0].replace(",", "")) / (100 if found[0][1] else 1)
            print("AN OPTION" if asked.option_of(number) == one else "ANOTHER", one.text)
"""


@pytest.fixture(scope="module")
def churn(tmp_path_factory):
    """The folder of the second story, told and not yet executed."""
    folder = tmp_path_factory.mktemp("churn")
    stories.tell("churn", folder)
    return folder


def told(**changed):
    """Notebook 09 in the second story, which has some parts of another."""
    other = stories.read("churn")._replace(**changed)
    paths = [stories.SOURCE, *stories.LESSON.glob("*.py")]
    return stories.retold({path: path.read_text("utf-8") for path in paths}, other)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_with_the_course_s_own_settings_a_source_is_what_it_is(source):
    text = source.read_text("utf-8")
    assert stories.with_numbers(text, source.name[:2]) == text


def test_a_source_follows_the_settings():
    numbers = {"base_rate": 0.03, "miss": 40, "rows": 50_000}
    text = "18 of\n10,000, 0.0018 and [550](10_x.ipynb): 1 / 551, 550.0, 2e5, x0.0018"
    now = "300 of 10,000, 0.03 and [550](10_x.ipynb): 1 / 41, 40.0, 0.5e5, x0.0018"
    assert stories.with_numbers(text, "09", numbers) == now
    assert stories.with_numbers("0.0018 and 550", "03", numbers) == "0.03 and 550"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_lesson_types_a_number_of_the_settings(path):
    code = re.sub(r"#.*", "", path.read_text("utf-8"))
    rate = story.base_rate
    typed = [f"{rate:g}", f"{1 - rate:g}"]
    if path.parent.name != "fraud_scorer":  # whose data have this share, whatever the settings say
        typed += [f"{rate:.2%}"]
    if path.parent == stories.LESSON:
        typed += [f"{story.miss}", f"{story.miss + 1}", f"{story.rows:_}", f"{story.rows:,}"]
    assert not [n for n in typed if re.search(rf"(?<![\w.,]){re.escape(n)}(?![\w,]|\.\d)", code)]


def test_no_word_of_the_first_story_is_left_in_the_second(churn):
    texts = [path.read_text("utf-8") for path in churn.rglob("*") if path.is_file()]
    assert len(texts) == 2 + len(list(stories.LESSON.glob("*.py")))
    words = re.compile(r"payment|fraud|text message|oddness|550|551|0\.0018|0\.18%", re.IGNORECASE)
    for text in texts:
        assert not words.search(re.sub(stories.LINK, "", text))
    assert "[10 · The Harbor Payments fraud scorer](10_fraud_scorer.ipynb)" in "".join(texts)


@pytest.fixture(scope="module")
def beside(churn):
    """What one Python beside the second story says: all that is unsound there, then its texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "SOUND", f"{stories.SOUND}\nprint('TEXTS')\n{ASKED}")
        return stories.unsound(churn).partition("TEXTS\n")


def test_exercises_and_predictions_are_sound_in_the_second_story(beside):
    assert beside[:2] == ("", "TEXTS\n")


def test_python_beside_the_second_story_tells_it(beside):
    said = beside[2]
    assert "10,000 customers, 50 of them leavers" in said
    assert "A missed leaver costs 100 €, a false alarm 1 €." in said
    assert " 70 100 150 " in said and "\n100000 1000 " in said
    assert "200 leavers as diamonds around (2, 1)" in said
    assert "ANOTHER" not in said and said.count("AN OPTION") > 8  # its number is in its range


def test_an_unsound_story_is_named(churn, tmp_path):
    """Ranges that miss the answer or hold for another, a solution that makes a known mistake."""
    shutil.copytree(churn, tmp_path, dirs_exist_ok=True)
    for name, end, was, new in (
        ("predictions", '\n\n@prediction(\n    f"{TEST:,} c', "120 < found", "190 < found"),
        ("exercises", "# ---------------- the cut", "2 * tp / (2 * tp + fp + fn)", "tp / flags"),
    ):
        module = tmp_path / "story" / "class_imbalance" / f"{name}.py"
        text = module.read_text("utf-8").replace("-" * 64, "-" * 16)
        assert text.count(end) == text.count(was) == 1
        turned = text.partition(end)[0].replace(was, new).replace("cut < 0.01", "cut > 0.9")
        module.write_text(turned.replace("0.05 < cut", "0.001 < cut"), "utf-8")
    found = stories.unsound(tmp_path)
    assert "predictions.found_at_half: 09/found_at_half: one option must hold for 174" in found
    assert "predictions.where_to_flag: C holds, in the course's own story B; " in found
    assert "exercises.f1_of_report: " in found


def test_a_sentence_that_is_false_with_other_numbers_is_named(tmp_path):
    """The first section of notebook 09 with another share of frauds: all that stops the build."""
    rate = tmp_path / "rate.toml"
    rate.write_text("[numbers]\nbase_rate = 0.01\nrows = 50_000\n")
    source = stories.tell(rate, tmp_path)
    source.write_text(source.read_text("utf-8").partition("## Four counts")[0], "utf-8")
    with pytest.raises(ClaimError) as stopped:
        build_notebooks.build(source, tmp_path)
    first, second, third = str(stopped.value).splitlines()
    assert "'An accuracy of 99.00%, and a log loss of 0.05600 nats, a number you met in" in first
    assert "'The log loss fell by nearly a third, so it learned a lot.'" in second
    assert "'Accuracy went up in the fifth decimal.' (claim: 1e-5 < np.mean(" in third
    assert not list(tmp_path.glob("*.ipynb"))
    page = (ROOT / "teaching" / "adapt.md").read_text("utf-8")  # which shows them, shortened
    shown = page.partition("```text\n")[2].partition("```")[0].splitlines()
    for line, said in zip(shown, (first, second, third), strict=True):
        assert all(part.strip(" ')") in said for part in re.split("…|[.]{3}", line)), line


def test_a_word_that_is_left_is_named():
    words = stories.read("churn").words
    with pytest.raises(ToolError, match=r"own story:\n09_class_imbalance\.md: .*fraudulent"):
        told(words=words | {"ordinary": "fraudulent"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[numbers]\nbase_rate = 0.6", "base_rate must be from 0.0005 to 0.3; got 0.6"),
        ('[numbers]\nmiss = "550"', "miss must be from 2 to 10000; got '550'"),
        ("[numbers]\nfraud_rate = 0.01", "no story has the number 'fraud_rate'"),
        ("[word]\npayment = 'x'", "no story has 'word'"),
        ("[words]\npayment = 'x'", "no word for 'euros', 'fraud', 'frauds', 'payments', 'text me"),
        ("[numbers", "mine.toml: "),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, problem):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ToolError, match=re.escape(problem)):
        stories.read(path)


def test_a_story_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ToolError, match="no story 'chrun': name a file, or one of churn"):
        stories.read("chrun")


def test_a_passage_must_stand_there_once():
    for was, count in (("no such words", 0), ("base rate", 13)):
        with pytest.raises(ToolError, match=f"this stands there {count} times: '{was}'"):
            told(passages=[{"was": was, "told": ""}])


def test_a_story_tells_its_notebook_and_no_other():
    with pytest.raises(ToolError, match="a story tells 09_class_imbalance; got 03"):
        build_notebooks.build_all(["03"], ROOT, False, story="churn")
