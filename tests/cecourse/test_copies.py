"""The learner's copies: nothing typed is ever lost, whatever happens while they are made."""

import json
import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from cecourse import copies
from tools import _command, build_notebooks

NAME = "03_binary_cross_entropy.ipynb"
SECOND = "03_binary_cross_entropy-edition-2.ipynb"


def notebook(*sources):
    """A built notebook with these code cells, run and printed."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": f"cell-{i:03d}",
            "metadata": {},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "the answer"}],
            "source": source,
        }
        for i, source in enumerate(sources)
    ]
    made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    made["metadata"]["course"] = {"edition": copies.digest(made)}
    return made


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def sources(path):
    return ["".join(cell["source"]) for cell in read(path)["cells"]]


def type_into(path, text, cell=0):
    """What JupyterLab does when a learner types and saves: lines in a list, other metadata."""
    changed = read(path)
    changed["cells"][cell]["source"] = text.splitlines(keepends=True)
    changed["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    path.write_text(json.dumps(changed), encoding="utf-8")


@pytest.fixture(params=["course", "Kurs für Übende, neu"])
def place(request, tmp_path):
    """(originals, copies), in a path with blanks and umlauts too."""
    originals = tmp_path / request.param / "notebooks"
    originals.mkdir(parents=True)
    publish(originals, "answer = ...")
    return originals, tmp_path / request.param / "my_course"


def publish(originals, *cells, name=NAME):
    (originals / name).write_text(json.dumps(notebook(*cells)), encoding="utf-8")


def test_a_copy_has_every_cell_and_no_output(place):
    originals, own = place
    assert copies.renew(originals, own) == []
    assert sources(own / NAME) == ["answer = ..."]
    cell = read(own / NAME)["cells"][0]
    assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert sorted(path.name for path in own.iterdir()) == [NAME]


def test_what_was_typed_stays_and_the_newer_edition_lies_beside_it(place):
    originals, own = place
    copies.renew(originals, own)
    type_into(own / NAME, "answer = 0.1625\n# mine")
    kept = (own / NAME).read_bytes()
    publish(originals, "answer = ...", "a new cell")
    said = [f"There is a newer edition of {NAME}, beside yours: {SECOND}."]
    for _ in range(2):  # and once more: nothing is copied twice
        assert copies.renew(originals, own) == said
        assert (own / NAME).read_bytes() == kept
        assert sources(own / SECOND) == ["answer = ...", "a new cell"]
        assert len(list(own.iterdir())) == 2

    publish(originals, "answer = ...", "a third edition")  # nobody typed into the second
    copies.renew(originals, own)
    assert sources(own / SECOND) == ["answer = ...", "a third edition"]
    type_into(own / SECOND, "answer = 2", cell=0)
    publish(originals, "a fourth edition")
    (sentence,) = copies.renew(originals, own)
    assert sentence.endswith("beside yours: 03_binary_cross_entropy-edition-3.ipynb.")
    assert sources(own / SECOND)[0] == "answer = 2"
    assert (own / NAME).read_bytes() == kept


def test_a_copy_that_was_only_run_is_brought_up_to_date(place):
    originals, own = place
    copies.renew(originals, own)
    type_into(own / NAME, "answer = ...")
    publish(originals, "a new edition")
    assert copies.renew(originals, own) == []
    assert sources(own / NAME) == ["a new edition"]


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"cells": 3, "metadata": {}}', "{}"])
def test_a_file_that_is_no_notebook_is_left_alone(place, torn):
    originals, own = place
    own.mkdir()
    (own / NAME).write_text(torn)
    (sentence,) = copies.renew(originals, own)
    assert (own / NAME).read_text() == torn
    assert SECOND in sentence


@pytest.mark.parametrize("torn", ["", "<<<<<<< HEAD\n{}", "[]", "{}", '{"cells": [{}]}'])
def test_an_original_that_is_no_notebook_is_named_and_the_others_are_copied(place, torn):
    originals, own = place
    copies.renew(originals, own)
    kept = (own / NAME).read_bytes()
    (originals / NAME).write_text(torn)
    publish(originals, "another", name="04_logits.ipynb")
    (sentence,) = copies.renew(originals, own)
    assert f"notebooks/{NAME} cannot be read as a notebook" in sentence
    assert (own / NAME).read_bytes() == kept
    assert sources(own / "04_logits.ipynb") == ["another"]


def test_a_deleted_copy_comes_back_as_the_original(place):
    originals, own = place
    copies.renew(originals, own)
    type_into(own / NAME, "ruined")
    (own / NAME).rename(own / "keep this.ipynb")
    copies.renew(originals, own)
    assert sources(own / NAME) == ["answer = ..."]
    assert sources(own / "keep this.ipynb") == ["ruined"]


def test_what_lay_beside_the_notebooks_before_is_taken_along_once(place):
    originals, own = place
    (originals / "my_course.json").write_text('{"bets": {"a": 0.9}}')
    (originals / "loss_checklist.md").write_bytes(b"\xff not UTF-8")
    type_into(originals / NAME, "answer = 0.1625")
    (sentence,) = copies.renew(originals, own)
    assert "git checkout notebooks/03_" in sentence
    assert sources(own / NAME) == ["answer = 0.1625"]
    assert read(own / "my_course.json") == {"bets": {"a": 0.9}}
    assert (own / "loss_checklist.md").read_bytes() == b"\xff not UTF-8"
    (own / "my_course.json").write_text("{}")
    copies.renew(originals, own)
    assert read(own / "my_course.json") == {}
    assert (originals / "my_course.json").exists()


@pytest.mark.parametrize("moment", ["open", "fsync", "replace"])
def test_a_full_disk_or_a_read_only_folder_leaves_every_copy_whole(place, moment, monkeypatch):
    originals, own = place
    copies.renew(originals, own)
    before = (own / NAME).read_bytes()
    publish(originals, "a new edition")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    home = type(own) if moment == "open" else os
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(home, moment, fail)
        copies.renew(originals, own)
    assert (own / NAME).read_bytes() == before
    assert sorted(path.name for path in own.iterdir()) == [NAME]
    copies.renew(originals, own)
    assert sources(own / NAME) == ["a new edition"]


def test_trouble_is_told_in_a_sentence(tmp_path, monkeypatch):
    loop = tmp_path / "my_course"
    loop.symlink_to(loop)
    file = tmp_path / "file"
    file.write_text("in the way")
    for path in (loop, file, file / "below"):
        with pytest.raises(SystemExit) as stopped:
            copies.main(path)
        assert f"cannot be written to {path}: " in str(stopped.value)
        assert "is unchanged" in str(stopped.value)
    assert file.read_text() == "in the way"


def renew_forever(originals, own):
    while True:
        copies.renew(originals, own)
        publish(originals, f"edition {time.time_ns()}")


def test_a_start_that_is_killed_leaves_whole_copies_and_no_litter(place, monkeypatch):
    originals, own = place
    process = multiprocessing.get_context("spawn").Process(
        target=renew_forever, args=(originals, own)
    )
    process.start()
    while not (own / NAME).exists():
        time.sleep(0.01)
    process.kill()
    process.join()
    publish(originals, "the last edition")
    litter = own / f".{NAME}.0.half"
    litter.write_text("hal")
    os.utime(litter, (0, 0))
    copies.renew(originals, own)
    assert sources(own / NAME) == ["the last edition"]
    assert not litter.exists()


def test_two_starts_at_once_make_the_same_copies(place):
    originals, own = place
    for number in range(4, 10):
        publish(originals, f"notebook {number}", name=f"{number:02d}_other.ipynb")
    code = (
        "import sys, pathlib; from cecourse import copies; "
        "copies.renew(*map(pathlib.Path, sys.argv[1:]))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, originals, own]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert len(list(own.iterdir())) == 7
    assert all(copies.edition(path)[1] for path in own.iterdir())


# -- the notebooks of the course, and the builder --------------------------------------------------


def test_every_notebook_is_an_edition_and_copied_by_the_command(tmp_path):
    command = [sys.executable, "-m", "cecourse.copies", str(tmp_path / "own")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    own = tmp_path / "own"
    names = sorted(path.relative_to(copies.ORIGINALS) for path in copies.ORIGINALS.rglob("*.ipynb"))
    assert sorted(path.relative_to(own) for path in own.rglob("*") if path.is_file()) == names
    for name in names:
        assert copies.edition(own / name) == copies.edition(copies.ORIGINALS / name)
        assert copies.edition(copies.ORIGINALS / name)[1], f"{name} was not written by the builder"


def test_the_builder_replaces_nothing_that_it_did_not_write(place, monkeypatch, capsys):
    originals, _ = place
    type_into(originals / NAME, "answer = 0.1625")
    kept = (originals / NAME).read_bytes()

    def build(*options):
        monkeypatch.setattr(sys, "argv", ["build", "03", "--to", str(originals), *options])
        return build_notebooks.main()

    monkeypatch.setattr(build_notebooks, "execute", lambda _: pytest.fail("was executed"))
    assert build() == 1
    assert f"{NAME}: somebody has typed into this" in capsys.readouterr().err
    assert (originals / NAME).read_bytes() == kept


def test_what_is_typed_while_a_notebook_is_built_stays_too(place, monkeypatch):
    originals, _ = place
    new = json.dumps(notebook("a new edition"))
    source = _command.SOURCES / f"{NAME[:-6]}.md"

    def execute(_):
        type_into(originals / NAME, "typed meanwhile")

    monkeypatch.setattr(build_notebooks, "execute", execute)
    monkeypatch.setattr(build_notebooks, "as_text", lambda _: new)
    with pytest.raises(_command.ToolError, match="typed into"):
        build_notebooks.build(source, originals)
    assert sources(originals / NAME) == ["typed meanwhile"]
    build_notebooks.build(source, originals, force=True)
    assert sources(originals / NAME) == ["a new edition"]


def test_a_translation_has_a_folder_of_its_own(place):
    originals, mine = place
    (originals / "de").mkdir()
    publish(originals / "de", "answer = ...  # deine")
    assert copies.renew(originals, mine) == []
    assert sources(mine / "de" / NAME) == ["answer = ...  # deine"]
    assert sources(mine / NAME) == ["answer = ..."]
    type_into(mine / "de" / NAME, "answer = 1")
    publish(originals / "de", "answer = ...  # neu")
    assert copies.renew(originals, mine) == [
        f"There is a newer edition of {NAME}, beside yours: {SECOND}."
    ]
    assert sources(mine / "de" / NAME) == ["answer = 1"]
    assert sources(mine / "de" / SECOND) == ["answer = ...  # neu"]
