"""A formula of a cell as a tree, and the cells that it looks at. Works nothing out."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from pooledfund.returns.official.places import Range, parse_range


class NotWorkedOut(Exception):
    """A formula that uses something that is not worked out here; its kept result is taken away instead."""


class Reference(NamedTuple):
    """Cells of a sheet that a formula looks at; without a sheet, of the formula's own."""

    sheet: str | None
    cells: Range


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, words, or true or false."""

    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the workbook."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with what it is given; nothing stands for an argument that is left out."""

    name: str
    given: "tuple[Tree | None, ...]"


Tree = Constant | Reference | Name | Call
_BINDS = {"=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
"""How tightly an operator binds what stands beside it."""
DEEPEST = 64
"""Brackets within brackets that are followed, as many as Excel takes."""


@lru_cache(maxsize=100_000)
def parse(formula: str) -> Tree:
    """The tree of a formula, with or without its sign of equality; raises NotWorkedOut."""
    try:
        tokens = Tokenizer(f"={formula.removeprefix('=')}").items
    except (TokenizerError, IndexError) as error:
        raise NotWorkedOut(str(error)) from None
    reader = _Reader([each for each in tokens if each.type != Token.WSPACE])
    tree = reader.expression(0, 0)
    if reader.here is not None:
        raise NotWorkedOut(formula)
    return tree


def references(tree: Tree | None) -> Iterator[Reference | Name]:
    """Every reference and name in a tree."""
    match tree:
        case Reference() | Name():
            yield tree
        case Call():
            for each in tree.given:
                yield from references(each)
        case _:
            return


class _Reader:
    """The tokens of a formula, read from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> Token:
        token = self.here
        if token is None:
            raise NotWorkedOut("the formula breaks off")
        self._at += 1
        return token

    def expression(self, binds: int, depth: int) -> Tree:
        """What stands here, with every operator that binds more tightly than the one before it."""
        if depth > DEEPEST:
            raise NotWorkedOut("brackets too deep")
        left = self._operand(depth)
        while (token := self.here) is not None:
            if token.type == Token.OP_POST and token.value == "%":
                self._take()
                left = Call("%", (left,))
                continue
            if token.type != Token.OP_IN or _BINDS.get(token.value, 0) <= binds:
                break
            operator = self._take().value
            if operator not in _BINDS:
                raise NotWorkedOut(operator)
            left = Call(operator, (left, self.expression(_BINDS[operator], depth + 1)))
        return left

    def _operand(self, depth: int) -> Tree:
        token = self._take()
        if token.type == Token.OP_PRE:
            # A sign binds more tightly than any operator between two numbers.
            return Call(f"{token.value}1", (self.expression(_BINDS["^"], depth + 1),))
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            inside = self.expression(0, depth + 1)
            self._close(Token.PAREN)
            return inside
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return Call(token.value.rstrip("(").removeprefix("_xlfn.").upper(), self._arguments(depth))
        if token.type == Token.OPERAND:
            return _operand(token)
        raise NotWorkedOut(token.value)

    def _arguments(self, depth: int) -> tuple[Tree | None, ...]:
        given = list[Tree | None]()
        waiting = True
        while (token := self.here) is not None:
            if token.type == Token.FUNC and token.subtype == Token.CLOSE:
                self._take()
                return (*given, None) if waiting and given else tuple(given)
            if token.type == Token.SEP and token.subtype == Token.ARG:
                self._take()
                given += [None] if waiting else []
                waiting = True
                continue
            given.append(self.expression(0, depth + 1))
            waiting = False
        raise NotWorkedOut("a bracket is not closed")

    def _close(self, kind: str) -> None:
        token = self._take()
        if token.type != kind or token.subtype != Token.CLOSE:
            raise NotWorkedOut(token.value)


def _operand(token: Token) -> Tree:
    text = token.value
    match token.subtype:
        case Token.NUMBER:
            try:
                return Constant(Decimal(text))
            except InvalidOperation:
                raise NotWorkedOut(text) from None
        case Token.TEXT:
            return Constant(text[1:-1].replace('""', '"'))
        case Token.LOGICAL:
            return Constant(text.upper() == "TRUE")
        case Token.RANGE:
            return _reference(text)
        case _:
            raise NotWorkedOut(text)


def _reference(text: str) -> Tree:
    """A reference, or a name of the workbook; other workbooks, tables and joined ranges are not followed."""
    where, _, cells = text.rpartition("!")
    if "[" in text or "#" in text or " " in cells or "," in cells or ":" in where:
        raise NotWorkedOut(text)
    rectangle = parse_range(cells.replace("$", ""))
    if rectangle is None:
        if where or ":" in cells:
            raise NotWorkedOut(text)
        return Name(cells.lower())
    return Reference(where.strip("'").replace("''", "'") or None, rectangle)
