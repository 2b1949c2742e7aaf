"""The catalogues hold all that the course says, and what is read is what is written there."""

import ast
import gettext
import re
from collections import Counter

import pytest

from cecourse.language import languages
from tools import messages
from tools._command import ToolError
from tools.messages import COURSE, ENGINES, MARKS, catalogues, language_of, read

FIELD = re.compile(r"\{[^{}]*\}")
NUMBER = re.compile(r"(?<![\w{])\d+(?:[.,]\d+)*")


@pytest.fixture(params=catalogues(), ids=lambda path: f"{language_of(path)}-{path.stem}")
def path(request):
    return request.param


def texts(string):
    return [string] if isinstance(string, str) else list(string)


def test_every_text_is_in_its_catalogue_and_nothing_else(path):
    """`python -m tools.messages` brings a catalogue up to date."""
    there, wanted = read(path), messages.messages(path.stem)
    assert {one.id for one in there} == {one.id for one in wanted} | {""}
    assert not there.obsolete


def test_every_text_is_translated(path):
    for one in read(path):
        assert not one.id or (one.string and all(texts(one.string))), one.id
        assert not (one.id and one.fuzzy), one.id


def test_a_translation_takes_the_same_values_and_names_the_same_numbers(path):
    for one in read(path):
        if one.id:
            source = texts(one.id)
            for text, first in zip(texts(one.string), source, strict=True):
                # a word may stand where a plural of one needs no number
                wanted = FIELD.findall(first) or FIELD.findall(text)
                assert Counter(FIELD.findall(text)) == Counter(wanted), text
                assert Counter(NUMBER.findall(text)) == Counter(NUMBER.findall(first)), text
                ends = [(t[:1].isspace(), t[-1:].isspace(), t.count("`")) for t in (text, first)]
                assert ends[0] == ends[1], text


def test_what_is_read_is_what_is_written(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for one in read(path):
        if one.id and isinstance(one.id, str):
            assert compiled.gettext(one.id) == one.string
        elif one.id:
            assert [compiled.ngettext(*one.id, n) for n in (1, 2)] == list(one.string)


def test_each_language_has_the_engines():
    for language in languages()[1:]:
        assert ENGINES in [path.stem for path in catalogues() if language_of(path) == language]


def test_what_is_marked_is_a_text_and_no_f_string():
    """An f-string would be looked up with its values in it, and never found."""
    for path in sorted(COURSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
                where = f"{path.name}:{node.lineno}"
                assert not any(isinstance(one, ast.JoinedStr) for one in node.args), where
                assert not any(isinstance(one, ast.BinOp) for one in node.args), where


def test_new_catalogues_are_empty_and_old_ones_keep_what_is_translated(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "messages", lambda name: wanted)
    wanted = messages.Catalog()
    wanted.add("Right: {n}%")
    wanted.add(("{n} try", "{n} tries"))
    said = messages.renew(["fr", "entropy"])
    assert said.splitlines() == [
        f"fr/LC_MESSAGES/{name}.po: 0 of 2 texts translated" for name in (ENGINES, "entropy")
    ]
    path = tmp_path / "fr" / "LC_MESSAGES" / "entropy.po"
    first = path.read_text("utf-8")
    path.write_text(
        first.replace('msgid "Right: {n}%"\nmsgstr ""', 'msgid "Right: {n}%"\nmsgstr "Juste"')
    )
    wanted.add("new")
    assert "entropy.po: 1 of 3 texts translated" in messages.renew([])
    assert read(path).get("Right: {n}%").string == "Juste"
    kept = path.read_bytes(), path.with_suffix(".mo").read_bytes()
    messages.renew([])
    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == kept
    path.write_text(path.read_text("utf-8").replace('msgid "Right', '#, fuzzy\nmsgid "Right'))
    messages.renew([])  # what somebody was not sure of is not shown
    assert not read(path).get("Right: {n}%").string
    path.write_bytes(kept[0])
    wanted.delete("Right: {n}%")
    messages.renew([])
    assert "Juste" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["xx", "entropy"], "the first word must be a language, such as fr; got 'xx'"),
        (["fr", "nothing"], "name must be cecourse or a lesson's, such as entropy; got 'nothing'"),
    ],
)
def test_what_is_not_there_is_named(arguments, told, tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    with pytest.raises(ToolError, match=re.escape(told)):
        messages.renew(arguments)
    assert not list(tmp_path.rglob("*"))
