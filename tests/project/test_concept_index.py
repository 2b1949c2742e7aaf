"""The list of defined terms: what counts as one, where it lies, and how it is written."""

import re

import pytest

from tools.concept_index import SOURCES, Concept, concept_index, jupyter_anchor, renewed

PAGE = """---
kernelspec:
  name: python3
---

# 01 · Prices: what a **surprise** costs

**30 minutes** · before: nothing

The **bit** is a unit.

+++ {"key": "**Nothing** here"}

```{code-cell} ipython3
2 ** 3, "**no term**"
```

## Newton's steps, 100%

Is it $a**b**c$? Press **Shift + Enter** or the **arrow
keys**. **Which way is yours?** It is **0.25**. **This whole sentence is said with
some emphasis** only. **Claim 3 fails** again.

**Newton's method** is due to Newton.<!-- slide --> **Gradient descent** is not, and a gradient
is a slope.<!-- slide --> The **ROC
curve**, **nats** and `**code**`.

| **head** | b |
|---|---|
| **cell** | c |

### The **mean** of many

A forecaster is **calibrated**. The **bit** again.
"""


@pytest.fixture
def found(tmp_path):
    (tmp_path / "01_prices.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "02_more.md").write_text("# 02 · More\n\nA **bit** more.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("# Notes\n\n**nothing**\n", encoding="utf-8")
    return concept_index(tmp_path)


def test_a_term_is_what_is_bold_and_neither_key_nor_call_nor_number(found):
    terms = [concept.term for concept in found]
    assert terms == [
        "bit",
        "bit",
        "calibration",
        "gradient descent",
        "nat",
        "Newton's method",
        "ROC curve",
    ]


def test_a_term_lies_in_the_nearest_section_and_once_in_a_notebook(found):
    title = "01 · Prices: what a surprise costs"
    assert found[:2] == [
        Concept("bit", "01_prices.ipynb", jupyter_anchor(title), title, "bit"),
        Concept("bit", "02_more.ipynb", "02-·-More", "02 · More", "bit"),
    ]
    sections = {concept.term: concept.section for concept in found}
    assert sections["Newton's method"] == "Newton's steps, 100%"
    assert sections["calibration"] == "The mean of many"
    assert found[3].anchor == "Newton's-steps,-100%"


def test_files_may_be_named_one_by_one(tmp_path):
    page = tmp_path / "03_x.md"
    page.write_text("# 03 · X\n\nThe **odds** of it.\n", encoding="utf-8")
    assert [concept.term for concept in concept_index([page])] == ["odds"]


def test_the_course_defines_its_words_and_each_link_has_its_heading():
    concepts = concept_index()
    terms = {concept.term for concept in concepts}
    assert {"entropy", "cross-entropy", "binary cross-entropy", "perplexity", "softmax"} <= terms
    assert {"Kullback–Leibler divergence", "Newton's method", "focal loss", "ROC curve"} <= terms
    for concept in concepts:
        text = (SOURCES / concept.file.replace(".ipynb", ".md")).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert concept.anchor in map(jupyter_anchor, headings), concept


def test_no_term_is_in_the_list_twice_under_two_spellings():
    terms = {concept.term for concept in concept_index()}
    folded = [term.casefold().replace("-", " ").rstrip("s") for term in terms]
    assert sorted(folded) == sorted(set(folded))


def test_notebook_00_and_the_readme_hold_the_index_and_the_list_of_notebooks_as_they_are():
    for path, text in renewed().items():
        assert path.read_text(encoding="utf-8") == text, "run: make notebooks ARGS=00"
