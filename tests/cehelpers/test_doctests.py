"""The examples of the docstrings, run; and every public function has some."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import cehelpers as ce

MODULES = [m.name for m in pkgutil.iter_modules(ce.__path__) if not m.ispkg]


@pytest.mark.parametrize("module", MODULES)
def test_examples_of_module(module):
    result = doctest.testmod(importlib.import_module(f"cehelpers.{module}"))
    assert result.failed == 0


@pytest.mark.parametrize("name", ce.__all__)
def test_function_has_sections_and_two_examples(name):
    function = getattr(ce, name)
    sections = ("Parameters", "Returns", "Raises", "Examples")
    text = inspect.getdoc(function)  # Python 3.13 strips the indentation, older ones keep it
    assert [s for s in sections if f"\n{s}\n---" not in text] == []
    examples = doctest.DocTestFinder(recurse=False).find(function, globs={})[0].examples
    assert len(examples) >= 2
