"""The functions of a spreadsheet that official returns use, on exact numbers. Looks at no workbook."""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from math import prod

from pooledfund.returns.official.formula_tree import NotWorkedOut, Tree

Scalar = Decimal | str | bool | None
Matrix = tuple[tuple[Scalar, ...], ...]
"""The values of a range, row by row."""
Result = Scalar | Matrix
BROKEN = re.compile(r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)")
"""What a cell shows where its formula has no answer."""


class ShowsAnError(Exception):
    """The formula has no answer, and the cell shows why, such as #DIV/0!."""


def number(value: Scalar) -> Decimal:
    """A value where a number is asked for: nothing is nil, true is one, and words are read as a number."""
    match value:
        case None:
            return Decimal(0)
        case bool():
            return Decimal(int(value))
        case Decimal():
            return value
        case _:
            if BROKEN.fullmatch(value):
                raise ShowsAnError(value)
            try:
                return Decimal(value.strip().replace(",", ""))
            except InvalidOperation:
                raise ShowsAnError("#VALUE!") from None


def words(value: Scalar) -> str:
    """A value where words are asked for."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return value


def truth(value: Scalar) -> bool:
    """A value where true or false is asked for; raises ShowsAnError for words that are neither."""
    if isinstance(value, str):
        if value.upper() in ("TRUE", "FALSE"):
            return value.upper() == "TRUE"
        raise ShowsAnError(value if BROKEN.fullmatch(value) else "#VALUE!")
    return bool(value)


def scalar(value: Result) -> Scalar:
    """One value; raises NotWorkedOut for a range of several, whose meeting with its cell is not followed."""
    if isinstance(value, tuple):
        if len(value) == 1 and len(value[0]) == 1:
            return value[0][0]
        raise NotWorkedOut("a range where one value is asked for")
    return value


def cells(values: Sequence[Result]) -> Iterator[Scalar]:
    """Every value of what a function was given, ranges cell by cell."""
    for value in values:
        if isinstance(value, tuple):
            for row in value:
                yield from row
        else:
            yield value


def numbers(values: Sequence[Result]) -> Iterator[Decimal]:
    """The numbers that a sum takes: of a range only what is a number, of a value given by itself also what reads so."""
    for value in values:
        if isinstance(value, tuple):
            for each in cells([value]):
                if isinstance(each, Decimal):
                    yield each
                elif isinstance(each, str) and BROKEN.fullmatch(each):
                    raise ShowsAnError(each)
        else:
            yield number(value)


_RANK = {type(None): 0, Decimal: 0, str: 1, bool: 2}


def compare(left: Scalar, right: Scalar) -> int:
    """Below, at or above nil as the left value stands before, with or after the right one; words by small letters."""
    for each in (left, right):
        if isinstance(each, str) and BROKEN.fullmatch(each):
            raise ShowsAnError(each)
    if left is None and right is None:
        return 0
    left, right = _like(left, right), _like(right, left)
    if _RANK[type(left)] != _RANK[type(right)]:
        return _RANK[type(left)] - _RANK[type(right)]
    one, other = (each.casefold() if isinstance(each, str) else each for each in (left, right))
    return 0 if one == other else (-1 if one < other else 1)  # type: ignore[operator] # both are of one type by now


def _like(value: Scalar, other: Scalar) -> Scalar:
    """An empty cell beside words is empty words, beside true or false is false, beside a number is nil."""
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else Decimal(0)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """A power; raises ShowsAnError where there is none."""
    try:
        return base**exponent
    except (InvalidOperation, Overflow):
        raise ShowsAnError("#NUM!") from None


def quotient(left: Decimal, right: Decimal) -> Decimal:
    """A quotient; raises ShowsAnError for one by nil."""
    try:
        return left / right
    except (DivisionByZero, InvalidOperation):
        raise ShowsAnError("#DIV/0!") from None


ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "^": power,
}
COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def matches(criterion: Scalar) -> Callable[[Scalar], bool]:
    """Whether a cell is what a count or sum asks for, such as ``Social Care``, ``>0`` or ``<>``."""
    if not isinstance(criterion, str):
        wanted = Decimal(0) if criterion is None else criterion
        return lambda cell: type(cell) is type(wanted) and cell == wanted
    sign = next((each for each in ("<>", "<=", ">=", "<", ">", "=") if criterion.startswith(each)), "")
    text = criterion[len(sign) :]
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return _matches_words(sign, text)
    if sign == "<>":
        return lambda cell: cell != amount
    test = COMPARISONS[sign or "="]
    return lambda cell: isinstance(cell, Decimal) and test(compare(cell, amount))


def _matches_words(sign: str, text: str) -> Callable[[Scalar], bool]:
    if sign not in ("", "=", "<>"):
        raise NotWorkedOut(f"{sign}{text}")
    if not text:
        return (lambda cell: cell is not None) if sign == "<>" else (lambda cell: cell is None or cell == "")
    pattern = re.compile(_any(text), re.IGNORECASE | re.DOTALL)
    if sign == "<>":
        return lambda cell: not (isinstance(cell, str) and pattern.fullmatch(cell))
    return lambda cell: isinstance(cell, str) and pattern.fullmatch(cell) is not None


def _any(text: str) -> str:
    parts = re.split(r"(~.|\*|\?)", text)
    kinds = {"*": ".*", "?": "."}
    return "".join(kinds.get(part) or re.escape(part[1:] if part.startswith("~") else part) for part in parts)


def rounded(value: Decimal, places: Decimal) -> Decimal:
    """Rounded half away from nil to so many decimals."""
    if not -15 <= places <= 15:
        raise NotWorkedOut("ROUND")
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP) + 0


def average(values: Sequence[Result]) -> Decimal:
    """The mean of the numbers; raises ShowsAnError where there are none."""
    found = list(numbers(values))
    if not found:
        raise ShowsAnError("#DIV/0!")
    mean = Fraction(sum(found)) / len(found)
    return Decimal(mean.numerator) / Decimal(mean.denominator)


OPERATORS = frozenset({*ARITHMETIC, *COMPARISONS, "&", "+1", "-1", "%"})
"""Signs between and before values; a sign of one value is marked with 1."""


def elementwise(name: str, given: Sequence[Result]) -> Result:
    """An operator on values, or on each pair of values of ranges of one shape."""
    shapes = {(len(each), len(each[0])) for each in given if isinstance(each, tuple)}
    shapes.discard((1, 1))
    if not shapes:
        return _operate(name, [scalar(each) for each in given])
    if len(shapes) > 1:
        raise NotWorkedOut("ranges of two shapes")
    ((rows, columns),) = shapes
    return tuple(
        tuple(_operate(name, [_at(each, row, column) for each in given]) for column in range(columns))
        for row in range(rows)
    )


def _at(value: Result, row: int, column: int) -> Scalar:
    if isinstance(value, tuple):
        return value[row][column] if len(value) > 1 or len(value[0]) > 1 else value[0][0]
    return value


def _operate(name: str, given: Sequence[Scalar]) -> Scalar:
    if name in ARITHMETIC:
        return ARITHMETIC[name](number(given[0]), number(given[1]))
    if name in COMPARISONS:
        return COMPARISONS[name](compare(given[0], given[1]))
    match name:
        case "&":
            return words(given[0]) + words(given[1])
        case "%":
            return number(given[0]) / 100
        case "-1":
            return -number(given[0])
        case _:
            return given[0]


Given = Sequence[Result]


def _sum(given: Given) -> Decimal:
    return sum(numbers(given), Decimal(0))


def _extreme(given: Given, choose: Callable[[list[Decimal]], Decimal]) -> Decimal:
    return choose(list(numbers(given)) or [Decimal(0)])


def _sumproduct(given: Given) -> Decimal:
    shapes = {(len(each), len(each[0])) if isinstance(each, tuple) else (1, 1) for each in given}
    if len(shapes) > 1:
        raise ShowsAnError("#VALUE!")
    total = Decimal(0)
    for row in zip(*(list(cells([each])) for each in given), strict=True):
        product = Decimal(1)
        for each in row:
            if isinstance(each, str) and BROKEN.fullmatch(each):
                raise ShowsAnError(each)
            # A range by itself counts only its numbers; what an operator made of it is a number already.
            product *= number(each) if isinstance(each, Decimal) or (len(given) == 1 and isinstance(each, bool)) else 0
        total += product
    return total


def _chosen(pairs: Sequence[Result]) -> list[bool]:
    """Which cells meet every criterion of pairs of a range and what is asked of it."""
    kept: list[bool] | None = None
    for place in range(0, len(pairs), 2):
        test = matches(scalar(pairs[place + 1]))
        found = [test(each) for each in cells([pairs[place]])]
        if kept is not None and len(found) != len(kept):
            raise ShowsAnError("#VALUE!")
        kept = found if kept is None else [one and other for one, other in zip(kept, found, strict=True)]
    return kept or []


def _sum_chosen(of: Result, chosen: list[bool]) -> Decimal:
    values = list(cells([of]))
    if len(values) < len(chosen):
        raise NotWorkedOut("SUMIF over a shorter range")
    kept = [each for each, wanted in zip(values, chosen, strict=False) if wanted]
    return _sum([(tuple(kept),)]) if kept else Decimal(0)


def _sumif(given: Given) -> Decimal:
    return _sum_chosen(given[2] if len(given) > 2 else given[0], _chosen(given[:2]))


def _lookup(given: Given) -> Scalar:
    table, column = given[1], int(number(scalar(given[2])))
    exact = len(given) > 3 and not truth(scalar(given[3]))
    if not isinstance(table, tuple) or not exact or not 1 <= column <= len(table[0]):
        raise NotWorkedOut("VLOOKUP by nearness")
    wanted = scalar(given[0])
    for row in table:
        if row[0] is not None and compare(row[0], wanted) == 0:
            return row[column - 1]
    raise ShowsAnError("#N/A")


def _match(given: Given) -> Decimal:
    if len(given) < 3 or number(scalar(given[2])) != 0:
        raise NotWorkedOut("MATCH by nearness")
    wanted = scalar(given[0])
    for place, each in enumerate(cells([given[1]]), start=1):
        if each is not None and compare(each, wanted) == 0:
            return Decimal(place)
    raise ShowsAnError("#N/A")


def _index(given: Given) -> Scalar:
    table = given[0] if isinstance(given[0], tuple) else ((given[0],),)
    row, column = (int(number(scalar(each))) for each in (*given[1:3], Decimal(1))[:2])
    if len(table) == 1 and len(given) == 2:
        row, column = 1, row
    if not (1 <= row <= len(table) and 1 <= column <= len(table[0])):
        raise NotWorkedOut("INDEX of a whole row or column")
    return table[row - 1][column - 1]


def _count_empty(given: Given) -> Decimal:
    return Decimal(sum(each is None or each == "" for each in cells(given)))


FUNCTIONS: dict[str, Callable[[Given], Result]] = {
    "ABS": lambda given: abs(number(scalar(given[0]))),
    "AND": lambda given: all(truth(each) for each in cells(given) if each is not None),
    "AVERAGE": average,
    "CONCATENATE": lambda given: "".join(words(scalar(each)) for each in given),
    "COUNT": lambda given: Decimal(sum(isinstance(each, Decimal) for each in cells(given))),
    "COUNTA": lambda given: Decimal(sum(each is not None for each in cells(given))),
    "COUNTBLANK": _count_empty,
    "COUNTIF": lambda given: Decimal(sum(_chosen(given[:2]))),
    "COUNTIFS": lambda given: Decimal(sum(_chosen(given))),
    "EXACT": lambda given: words(scalar(given[0])) == words(scalar(given[1])),
    "INDEX": _index,
    "INT": lambda given: number(scalar(given[0])).to_integral_value(ROUND_FLOOR),
    "ISBLANK": lambda given: scalar(given[0]) is None,
    "ISNUMBER": lambda given: isinstance(scalar(given[0]), Decimal),
    "ISTEXT": lambda given: isinstance(scalar(given[0]), str),
    "LEFT": lambda given: words(scalar(given[0]))[: int(number(scalar(given[1]))) if len(given) > 1 else 1],
    "LEN": lambda given: Decimal(len(words(scalar(given[0])))),
    "LOWER": lambda given: words(scalar(given[0])).lower(),
    "MATCH": _match,
    "MAX": lambda given: _extreme(given, max),
    "MIN": lambda given: _extreme(given, min),
    "N": lambda given: Decimal(0) if isinstance(scalar(given[0]), str) else number(scalar(given[0])),
    "NOT": lambda given: not truth(scalar(given[0])),
    "OR": lambda given: any(truth(each) for each in cells(given) if each is not None),
    "PRODUCT": lambda given: prod(numbers(given), start=Decimal(1)),
    "ROUND": lambda given: rounded(number(scalar(given[0])), number(scalar(given[1]))),
    "SUM": _sum,
    "SUMIF": _sumif,
    "SUMIFS": lambda given: _sum_chosen(given[0], _chosen(given[1:])),
    "SUMPRODUCT": _sumproduct,
    "TRIM": lambda given: " ".join(words(scalar(given[0])).split()),
    "UPPER": lambda given: words(scalar(given[0])).upper(),
    "VLOOKUP": _lookup,
}
"""What is worked out from values alone; any other function is left to the spreadsheet."""


Evaluate = Callable[[Tree | None], Result]


def _if(evaluate: Evaluate, given: tuple[Tree | None, ...]) -> Result:
    if truth(scalar(evaluate(given[0]))):
        return evaluate(given[1]) if len(given) > 1 else True
    return evaluate(given[2]) if len(given) > 2 else False


def _iferror(evaluate: Evaluate, given: tuple[Tree | None, ...]) -> Result:
    return evaluate(given[1]) if _is_error(evaluate, given) else evaluate(given[0])


def _is_error(evaluate: Evaluate, given: tuple[Tree | None, ...]) -> bool:
    try:
        value = scalar(evaluate(given[0]))
    except ShowsAnError:
        return True
    return isinstance(value, str) and BROKEN.fullmatch(value) is not None


LAZY: dict[str, Callable[[Evaluate, tuple[Tree | None, ...]], Result]] = {
    "IF": _if,
    "IFERROR": _iferror,
    "ISERROR": _is_error,
    "TRUE": lambda evaluate, given: True,
    "FALSE": lambda evaluate, given: False,
}
"""What looks only at some of what it is given."""
