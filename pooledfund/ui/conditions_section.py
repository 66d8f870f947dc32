"""National conditions and minimum tests of a quarter, as HTML. Judges nothing: the results carry their words."""

from pooledfund.results.conditions import ConditionsReport
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Content, Heading, Html, Row
from s75_rules.conditions import ConditionResult, MinimumTest

_SHAPES = {
    "met": "Green",
    "evidenced": "Green",
    "not met": "Red",
}

_TESTS = (
    Heading("Test", kind="text"),
    Heading("Tested on", kind="text"),
    Heading("Required"),
    Heading("Counted"),
    Heading("Headroom"),
    Heading("Result", kind="text"),
)


def tests_table(report: ConditionsReport, unit: Unit) -> Html:
    """Each minimum-spend test on each basis that the books can give."""
    rows = [_test(test, basis, unit) for basis, tests in report.tests.items() for test in tests]
    return html.table(f"Minimum spend, {unit}", _TESTS, rows)


def after_table(report: ConditionsReport, unit: Unit) -> Html:
    """The tests once more, after what the risk share returns or offsets."""
    rows = [_test(test, "after the risk share", unit) for test in report.after_risk_share]
    return html.table(f"Minimum spend after the risk share, {unit}", _TESTS, rows)


def earmarks_table(report: ConditionsReport, unit: Unit) -> Html:
    """Each earmark of the agreement on each basis that the books can give."""
    rows = [
        Row(
            Cell(test.earmark.name),
            (
                Cell(basis),
                Cell("at most" if test.is_ceiling else "at least"),
                _known(test.limit_pence, unit),
                _known(test.counted_pence, unit),
                _known(test.headroom_pence, unit),
                Cell(_result(test.result)),
            ),
        )
        for basis, tests in report.earmarks.items()
        for test in tests
    ]
    heads = (Heading("Earmark", kind="text"), *_TESTS[1:2], Heading("Limit is", kind="text"), Heading("Limit"))
    return html.table(f"Earmarks, {unit}", (*heads, *_TESTS[3:]), rows)


def reasons(report: ConditionsReport) -> list[tuple[str, str]]:
    """What each test counted, in a sentence."""
    return [
        (f"{_sentence(test.title)}, {basis}:", test.because) for basis, tests in report.tests.items() for test in tests
    ]


def earmark_reasons(report: ConditionsReport) -> list[tuple[str, str]]:
    """What each earmark counted, in a sentence."""
    return [
        (f"{test.earmark.name}, {basis}:", test.because) for basis, tests in report.earmarks.items() for test in tests
    ]


def conditions_table(report: ConditionsReport) -> Html:
    """The year's national conditions and what stands behind each."""
    columns = (
        Heading("National condition", kind="text"),
        Heading("Result", kind="text"),
        Heading("Statement or reason", kind="text"),
        Heading("Scheme lines", kind="text"),
    )
    rows = [_condition(each) for each in report.conditions]
    return html.table(f"National conditions of {report.year}", columns, rows)


def _test(test: MinimumTest, basis: str, unit: Unit) -> Row:
    required = html.number(str(test.required)) if test.required is not None else html.number("not stated")
    if test.required is not None and test.required.exact_pence is not None:
        required = html.money(test.required.exact_pence, unit)
    return Row(
        Cell(_sentence(test.title)),
        (
            Cell(basis),
            required,
            _known(test.planned_pence, unit),
            _known(test.headroom_pence, unit),
            Cell(_result(test.result)),
        ),
    )


def _known(pence: int | None, unit: Unit) -> Cell:
    return html.number("cannot tell") if pence is None else html.money(pence, unit)


def _condition(condition: ConditionResult) -> Row:
    return Row(
        Cell(condition.heading),
        (
            Cell(_result(condition.result)),
            Cell(condition.statement or condition.because),
            Cell("", _lines(condition)),
        ),
    )


def _lines(condition: ConditionResult) -> str:
    count = len(condition.lines)
    return f"{count} line{'' if count == 1 else 's'}: {', '.join(condition.lines)}" if count else "no line"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _result(result: str) -> Content:
    return html.marked(result, _SHAPES.get(result, ""))
