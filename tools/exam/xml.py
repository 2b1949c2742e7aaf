"""The exam for a learning platform: Moodle XML, and a package of QTI 2.1 for Canvas and others.

Both hold every instance of each question; the platform draws one for each student: in Moodle a
random question from the category of each, in QTI a section that selects one of its items. QTI:
https://www.imsglobal.org/question/ (items and tests, version 2.1, in an IMS content package 1.1).
Moodle tells each wrong answer what may have happened; in QTI that is the item's feedback.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import SubElement

from cecourse.exercise.display import rich
from tools.exam.questions import LETTERS, Item, Option
from tools.paper._paper import COURSE
from tools.quiz_xml import add, answer, tolerance, wrong

if TYPE_CHECKING:
    from tools.exam.exam import Exam

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
TYPES = {"item": "imsqti_item_xmlv2p1", "test": "imsqti_test_xmlv2p1"}


def instances(item: Item) -> list[int]:
    """The seeds of what a bank needs: orders of options are left to the platform."""
    return item.pool if item.has_numbers else item.pool[:1]


def name_of(item: Item, seed: int) -> str:
    """The name of an instance, such as ``"03_medical_test_5"``."""
    return f"{item.id.replace('/', '_')}_{seed}"


def titled(item: Item) -> str:
    """A question's number of notebook and title."""
    return f"{item.id} {item.title}"


# ---------------------------------------------------------------- Moodle


def moodle(exam: Exam) -> bytes:
    """The question bank: a category for each question, and all its instances in it."""
    quiz = ElementTree.Element("quiz")
    for item in exam.paper_items:
        category = SubElement(quiz, "question", type="category")
        path = f"$course$/top/{COURSE}/Exam {exam.seed}/{titled(item).replace('/', ' ')}"
        add(category, "category", path)
        for seed in instances(item):
            _moodle_question(quiz, exam, item, seed)
    return _bytes(quiz)


def _moodle_question(quiz, exam: Exam, item: Item, seed: int) -> None:
    written_down = exam.is_open(item) and item.kind == "number"
    kind = "numerical" if written_down else "multichoice"
    element = SubElement(quiz, "question", type=kind)
    words = item.asked(seed)
    if written_down:
        words += f"<br><br><em>Answer to {item.source.digits} significant digits.</em>"
    add(element, "name", f"{titled(item)} {seed}")
    add(element, "questiontext", words, "html")
    add(element, "generalfeedback", rich(item.why(seed)), "html")
    rest = {"defaultgrade": item.points, "penalty": 0, "hidden": 0}
    for name, value in (rest | {"idnumber": f"exam {name_of(item, seed)}"}).items():
        SubElement(element, name).text = str(value)
    if written_down:
        _moodle_number(element, item, seed)
        return
    for name, value in (("single", "true"), ("shuffleanswers", "true")):
        SubElement(element, name).text = value
    SubElement(element, "answernumbering").text = "ABCD"
    for one in item.options(seed):
        answer(element, one.shown, one.said, "html", not one.mistake)


def _moodle_number(element, item: Item, seed: int) -> None:
    """The right number and those of the mistakes; Moodle takes the first that fits."""
    instance = item.source.instance(seed)
    values = [(instance.results[0].value, ""), *((v, m.text) for v, m in wrong(instance))]
    for place, (value, said) in enumerate(values):
        given = answer(element, f"{value:.6g}", said, "moodle_auto_format", place == 0)
        slack = 0.0 if value == 0 and place else tolerance(float(value), instance.digits)
        SubElement(given, "tolerance").text = f"{slack:g}"


# ---------------------------------------------------------------- QTI


def qti(exam: Exam) -> bytes:
    """The package: a manifest, a test with a section for each question, an item for an instance."""
    files = {
        f"items/{name_of(item, seed)}.xml": qti_item(exam, item, seed)
        for item in exam.paper_items
        for seed in instances(item)
    }
    files["test.xml"] = qti_test(exam)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in {"imsmanifest.xml": manifest(list(files)), **files}.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # of no hour
    return packed.getvalue()


def manifest(files: list[str]) -> bytes:
    """What is in the package: the items and the test, which depends on them."""
    root = ElementTree.Element("manifest", xmlns=PACKAGE, identifier="exam")
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "QTIv2.1 Package"
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for path in files:
        kind = "test" if path == "test.xml" else "item"
        name = _identifier(path)
        one = SubElement(resources, "resource", identifier=name, type=TYPES[kind], href=path)
        SubElement(one, "file", href=path)
        for item in files if kind == "test" else []:
            if item != path:
                SubElement(one, "dependency", identifierref=_identifier(item))
    return _bytes(root)


def _identifier(path: str) -> str:
    """A name that XML takes for one: it begins with a letter."""
    return "r_" + re.sub(r"\W", "_", path.removesuffix(".xml"))


def qti_test(exam: Exam) -> bytes:
    """The test: each section selects one instance of its question."""
    title = f"{COURSE}: exam {exam.seed}"
    root = ElementTree.Element("assessmentTest", xmlns=QTI, identifier="exam", title=title)
    SubElement(root, "timeLimits", maxTime=str(60 * exam.minutes))
    part = SubElement(
        root,
        "testPart",
        identifier="part",
        navigationMode="nonlinear",
        submissionMode="simultaneous",
    )
    for number, item in enumerate(exam.paper_items, 1):
        about = {"identifier": f"q{number}", "title": titled(item), "visible": "false"}
        section = SubElement(part, "assessmentSection", about)
        SubElement(section, "selection", select="1")
        for seed in instances(item):
            path = f"items/{name_of(item, seed)}.xml"
            SubElement(section, "assessmentItemRef", identifier=_identifier(path), href=path)
    return _bytes(root)


def qti_item(exam: Exam, item: Item, seed: int) -> bytes:
    """An instance as an item: a choice, or a number to be typed in."""
    root = ElementTree.Element(
        "assessmentItem",
        xmlns=QTI,
        identifier=_identifier(name_of(item, seed)),
        title=f"{titled(item)} {seed}",
        adaptive="false",
        timeDependent="false",
    )
    typed_in = exam.is_open(item) and item.kind == "number"
    (_qti_number if typed_in else _qti_choice)(root, item, seed)
    return _bytes(root)


def _declared(root, base: str, right: str) -> None:
    """Declare the response with the right one, the score, and what is told."""
    declared = SubElement(
        root, "responseDeclaration", identifier="RESPONSE", cardinality="single", baseType=base
    )
    SubElement(SubElement(declared, "correctResponse"), "value").text = right


def _outcomes(root, points: int) -> None:
    about = {"cardinality": "single", "baseType": "float"}
    score = SubElement(root, "outcomeDeclaration", identifier="SCORE", **about)
    SubElement(SubElement(score, "defaultValue"), "value").text = "0"
    most = SubElement(root, "outcomeDeclaration", identifier="MAXSCORE", **about)
    SubElement(SubElement(most, "defaultValue"), "value").text = str(points)
    told = {"identifier": "FEEDBACK", "cardinality": "single", "baseType": "identifier"}
    SubElement(root, "outcomeDeclaration", told)


def _qti_choice(root, item: Item, seed: int) -> None:
    options: list[Option] = item.options(seed)
    names = LETTERS[: len(options)]
    right = next(letter for letter, one in zip(names, options, strict=True) if not one.mistake)
    _declared(root, "identifier", right)
    _outcomes(root, item.points)
    body = SubElement(root, "itemBody")
    _into(body, item.asked(seed), "div")
    about = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1"}
    choice = SubElement(body, "choiceInteraction", about)
    for letter, one in zip(names, options, strict=True):
        _into(choice, one.shown, "simpleChoice", identifier=letter)
    processing = SubElement(root, "responseProcessing")
    _score(processing, item.points, lambda test: _match(test))
    told = SubElement(processing, "setOutcomeValue", identifier="FEEDBACK")
    SubElement(told, "variable", identifier="RESPONSE")
    for letter, one in zip(names, options, strict=True):
        _feedback(root, letter, one.said)


def _qti_number(root, item: Item, seed: int) -> None:
    instance = item.source.instance(seed)
    value = float(instance.results[0].value)
    _declared(root, "float", f"{value:.6g}")
    _outcomes(root, item.points)
    body = SubElement(root, "itemBody")
    _into(body, item.asked(seed), "div")
    line = SubElement(body, "p")
    line.text = f"Answer to {instance.digits} significant digits: "
    SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
    slack = tolerance(value, instance.digits)

    def near(test) -> None:
        about = {"toleranceMode": "absolute", "tolerance": f"{slack:g} {slack:g}"}
        equal = SubElement(test, "equal", about)
        SubElement(equal, "variable", identifier="RESPONSE")
        SubElement(equal, "correct", identifier="RESPONSE")

    _score(SubElement(root, "responseProcessing"), item.points, near)


def _score(processing, points: int, condition) -> None:
    """Give the points where a condition holds."""
    test = SubElement(SubElement(processing, "responseCondition"), "responseIf")
    condition(test)
    score = SubElement(test, "setOutcomeValue", identifier="SCORE")
    SubElement(score, "baseValue", baseType="float").text = str(points)


def _match(test) -> None:
    match = SubElement(test, "match")
    SubElement(match, "variable", identifier="RESPONSE")
    SubElement(match, "correct", identifier="RESPONSE")


def _feedback(root, name: str, said: str) -> None:
    about = {"outcomeIdentifier": "FEEDBACK", "identifier": name, "showHide": "show"}
    told = SubElement(root, "modalFeedback", about)
    _into(told, rich(said), "p")


def _into(parent, markup: str, tag: str, **attributes: str) -> None:
    """Append an element that holds HTML, as the XML that QTI has of it."""
    xml = re.sub(r"<br>", "<br/>", markup).replace("&ensp;", " ")
    parent.append(ElementTree.fromstring(f"<{tag}>{xml}</{tag}>"))
    parent[-1].attrib.update(attributes)


def _bytes(root) -> bytes:
    """A page of XML; mixed content keeps its blanks, so nothing is indented but what is not."""
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
