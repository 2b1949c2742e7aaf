"""The course's marking inside nbgrader: its own commands use it, in a folder of assignments.

`nbgrader autograde` restores each copy, has the answers marked by `tools.marking` in place of
running the notebook, and finds scores and sentences in the cells under the answers;
`nbgrader generate_feedback` makes pages that need no network; `nbgrader export` writes the
gradebook for Moodle and for Canvas too.
"""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.converters import Autograde
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import Execute, GetGrades, NbGraderPreprocessor
from traitlets import Bool, Float, Unicode

from cecourse import palette
from cecourse.exercise.display import box, rich
from tools.marking import marker

MATH = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<!\s)\$", re.DOTALL)
NO_MATH = re.compile(r"(<(pre|code|style|script|title)\b.*?</\2>|<[^>]+>)", re.DOTALL)


def configure(c, config_file: str) -> None:
    """Set up nbgrader, from the nbgrader_config.py of a course folder."""
    folder = str(Path(config_file).resolve().parent)
    ours = "tools.marking.nbgrader"
    c.Autograde.sanitize_preprocessors = [
        f"{ours}.Restore",
        *Autograde.sanitize_preprocessors.default_args[0],
    ]
    c.Autograde.autograde_preprocessors = [
        f"{ours}.Marking" if one is Execute else one
        for one in Autograde.autograde_preprocessors.default_args[0]
    ]
    cells = f"{ours}.FeedbackCells"
    c.GenerateFeedback.preprocessors = [GetGrades, cells, CSSHTMLHeaderPreprocessor]
    c.GenerateFeedback.exporter_class = f"{ours}.FeedbackPage"
    c.FeedbackPage.template_name = "answers"  # nbgrader sets both for its own pages
    c.FeedbackPage.exclude_anchor_links = True
    c.FeedbackPage.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
    c.ExportApp.plugin_class = f"{ours}.Gradebooks"
    for one in (c.Restore, c.Marking, c.FeedbackCells):
        one.folder = folder


class _Ours(NbGraderPreprocessor):
    """A step that reads the course folder."""

    folder = Unicode(".", help="The course folder, with source/ in it.").tag(config=True)

    def source(self, resources):
        """Our version of a notebook."""
        about = resources["nbgrader"]
        path = Path(self.folder, "source", about["assignment"], f"{about['notebook']}.ipynb")
        return nbformat.read(path, as_version=4)


class Restore(_Ours):
    """Put a student's answers into the assignment as it was given out."""

    def preprocess(self, nb, resources):
        """See `marker.restored`."""
        return marker.restored(self.source(resources), nb), resources


class Marking(_Ours):
    """Mark the answers, and write score and sentence into the cells under them."""

    seconds = Float(marker.SECONDS, help="For a cell, and for a call of a function.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        """See `marker.mark_notebook`."""
        about = resources["nbgrader"]
        student, assignment, folder = about["student"], about["assignment"], Path(self.folder)
        seeds = marker.seeds_of(folder, assignment, student)
        marks = marker.mark_notebook(nb, student, seeds, self.seconds)
        told = {one.exercise.id: one.mark for one in marks.values()}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
            if marker.role(cell) == "check":
                cell.outputs = outputs(told[cell.metadata["exercise"]["id"]])
        marker.write_marks(folder / "marks.csv", student, assignment, marks)
        return nb, resources


def outputs(mark: marker.Mark) -> list:
    """The outputs by which nbgrader scores a cell, a number as its result; above it the words."""
    from nbformat.v4 import new_output

    status = mark.status
    words = {"text/plain": mark.text, "text/html": box(mark.text, status)}
    score = new_output("execute_result", {"text/plain": f"{mark.points:g}"}, execution_count=1)
    return [new_output("display_data", words), score]


# ---------------------------------------------------------------- feedback


class FeedbackCells(_Ours):
    """Give each check cell its exercise's title, its words alone, and perhaps the solution."""

    solutions = Bool(False, help="Whether the pages hold solutions: after the deadline.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        """Prepare a marked notebook for its page."""
        about, resources["palette"] = resources["nbgrader"], palette.css()
        seeds = marker.seeds_of(Path(self.folder), about["assignment"], about["student"])
        ours = {marker.id_of(cell): cell for cell in self.source(resources).cells}
        heading = ""
        for cell in nb.cells:
            found = re.search(r"^### (.+)", cell.source, re.MULTILINE)
            if cell.cell_type == "markdown" and found:
                heading = found[1]
            if marker.role(cell) == "check":
                known = cell.metadata.nbgrader
                known["title"] = heading
                cell.outputs = [o for o in cell.outputs if o.output_type == "display_data"]
                if self.solutions:
                    exercise, _ = marker.asked(ours[known["grade_id"]])
                    known["solution_of"] = solution(exercise.instance(seeds.get(exercise.id, 0)))
        return nb, resources


def solution(exercise) -> tuple[str, str]:
    """A solution in words, as HTML, and in code; nothing is recorded."""
    if exercise.kind == "choice":
        return rich(f"{exercise.key}: {exercise.choices[exercise.key]}\n\n{exercise.right}"), ""
    return rich(exercise.right), exercise.source()


class FeedbackPage(HTMLExporter):
    """A page on its own: formulas are MathML, and nothing is fetched from anywhere."""

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page and nbconvert's resources."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return with_formulas(page), resources


def with_formulas(page: str) -> str:
    """Set the formulas of a page, from TeX between dollars, outside its code."""
    from tools.site.reading import mathml

    def formula(found: re.Match) -> str:
        text = html.unescape(found[1] or found[2])
        return mathml(text, display=found[1] is not None)

    parts = NO_MATH.split(page)  # text, a tag or code, its name or None, and so on
    texts = [MATH.sub(formula, text) for text in parts[::3]]
    tags = [*parts[1::3], ""]
    return "".join(a + b for a, b in zip(texts, tags, strict=True))


# ---------------------------------------------------------------- gradebooks


class Gradebooks(CsvExportPlugin):
    """nbgrader's grades.csv, and beside it a file that Moodle imports and one for Canvas."""

    def export(self, gradebook) -> None:
        """Write the three files."""
        super().export(gradebook)
        place = Path(self.to or "grades.csv").parent
        only = {str(one) for one in self.assignment}
        assignments = [a for a in gradebook.assignments if not only or a.name in only]
        titles = [a.name for a in assignments]
        most = [f"{a.max_score:g}" for a in assignments]
        scores = {}
        for a in assignments:
            for submission in a.submissions:
                score = submission.score - (submission.late_submission_penalty or 0)
                scores[submission.student.id, a.name] = f"{max(score, 0):.2f}"
        moodle = [["First name", "Last name", "ID number", "Email address", *titles]]
        canvas = [
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles],
            ["    Points Possible", "", "", "", "", *most],
        ]
        for s in gradebook.students:
            row = [scores.get((s.id, title), "") for title in titles]
            first, last = s.first_name or "", s.last_name or ""
            moodle.append([first, last, s.id, s.email or "", *row])
            name = ", ".join(filter(None, [last, first])) or s.id
            canvas.append([name, "", s.id, s.email or "", "", *row])
        for name, rows in (("moodle", moodle), ("canvas", canvas)):
            with (place / f"gradebook-{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
