"""Execute the Markdown sources and write the notebooks a learner opens: `make notebooks`.

Two runs on one machine write the same bytes: no times, no widget state, ids by position. With
``--to FOLDER`` the notebooks of the course stay as they are, and the folder can be compared; with
``--story churn`` notebook 09 is told anew, into build/stories/churn (`tools/stories.py`). A
translation stands in a folder of its own: ``--language de`` makes notebooks/de of source/de.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from cecourse.copies import digest, edition, write_whole
from cecourse.prediction import MEASURE
from tools import _command, stories
from tools._cells import shown_prediction
from tools._command import KERNEL, NOTEBOOKS, SOURCES, WIDGET_VIEW, ToolError
from tools.claims import ANSWER

REFUSED = (
    "{names}: somebody has typed into this, perhaps answers, so nothing was replaced. Keep a copy "
    "elsewhere and say `make notebooks ARGS=--force`, or take it back with `git checkout`."
)


def execute(source: Path):
    """Run one Markdown source in a fresh kernel and return it as a notebook, in canonical form."""
    import jupytext

    from tools.slides.marks import check_marks

    text = stories.with_numbers(source.read_text(encoding="utf-8"), source.name[:2])
    notebook = jupytext.reads(text, "md")
    check_marks(notebook)  # before minutes of work, and not when the deck is wanted
    fold_answers(notebook)
    notebook.metadata["kernelspec"] = KERNEL
    return canonical(_command.execute(notebook, source.parents[1]))


def fold_answers(notebook) -> None:
    """Fold what the cells between a prediction and its answer print: who has not committed yet.

    JupyterLab unfolds it when the cell is run, the book on a click.

    Raises
    ------
    ToolError
        If a prediction has no answer behind it, or an answer no prediction before it.
    """
    asked: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for answer in ANSWER.finditer(cell.source):
                if answer[1] not in asked:
                    raise ToolError(f"answered, and not asked before: predictions.{answer[1]}")
                asked.remove(answer[1])
        elif name := shown_prediction(cell.source):
            asked.add(name)
        elif asked:
            cell.metadata["jupyter"] = {"outputs_hidden": True}
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-output"]
    if asked:
        raise ToolError(f"asked, and never answered: {', '.join(sorted(asked))}")


def canonical(notebook):
    """Remove everything that differs between two runs, and number what must have a name."""
    models: dict[str, str] = {}
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position:03d}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(WIDGET_VIEW)
            if view:
                view["model_id"] = models.setdefault(view["model_id"], f"{len(models):032x}")
    keep = ("kernelspec", "language_info", "mystnb")
    metadata = {key: notebook.metadata[key] for key in keep if key in notebook.metadata}
    metadata.get("language_info", {}).pop("version", None)  # any Python from 3.11 on
    metadata["course"] = {"edition": digest(notebook)}
    notebook.metadata = metadata
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def as_text(notebook) -> str:
    """Return the notebook as the bytes on disk: sorted keys, one newline at the end."""
    import nbformat

    plain = json.loads(nbformat.writes(notebook))
    return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def build(source: Path, folder: Path, force: bool = False) -> None:
    """Execute one source into a folder."""
    text = as_text(execute(source))
    target = folder / f"{source.stem}.ipynb"
    if not force:
        refuse_typed([target])  # meanwhile
    write_whole(target, text.encode())


def refuse_typed(paths: Iterable[Path]) -> None:
    """Raise `ToolError` for notebooks that hold something which this tool did not write."""
    if typed := [path.name for path in paths if path.exists() and not edition(path)[1]]:
        raise ToolError(REFUSED.format(names=", ".join(typed)))


def build_all(
    names: list[str],
    folder: Path,
    force: bool,
    *,
    story: str | None = None,
    language: str | None = None,
) -> str:
    """Execute the sources whose names begin so, or the one that a story tells; say what was."""
    sources = _command.notebooks(names, SOURCES / (language or ""), ".md")
    if story:
        if names and sources != [stories.SOURCE]:
            raise ToolError(f"a story tells {stories.SOURCE.stem}; got {' '.join(names)}")
        folder = _command.ROOT / "build" / "stories" / Path(story).stem
        sources = [stories.tell(story, folder)]
    elif language:
        folder /= language
    elif folder == _command.NOTEBOOKS:
        os.environ[MEASURE] = "yes"
    if not sources:
        raise ToolError(f"language: {SOURCES.name}/{language} has no {' '.join(names) or 'source'}")
    folder.mkdir(parents=True, exist_ok=True)
    if not force:
        refuse_typed(folder / f"{source.stem}.ipynb" for source in sources)
    _command.in_processes(functools.partial(build, force=force), sources, folder)
    if story and (problems := stories.unsound(folder)):
        raise ToolError(problems)
    return f"{len(sources)} notebooks: {folder}"


def main() -> int:
    """Parse the command line and run the notebooks."""
    force = {"action": "store_true", "help": "replace what was typed into, too"}
    sources = _command.notebooks(folder=SOURCES, ending=".md")
    story = {"help": "a file of teaching/stories, or any other of that form"}
    language = {"help": "of notebooks/source/LANGUAGE, such as de"}
    given = _command.parse(
        __doc__, NOTEBOOKS.name, sources, force=force, story=story, language=language
    )
    return _command.told(
        lambda: build_all(
            given.names, given.to, given.force, story=given.story, language=given.language
        )
    )


if __name__ == "__main__":
    sys.exit(main())
