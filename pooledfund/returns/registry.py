"""The official returns that can be written, one file of data a variant. Holds no layout code and no figures."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from pooledfund.errors import InputRefused
from pooledfund.returns.blocks import Block
from s75_rules.agreement import Source
from s75_rules.fields import Frozen

_FOLDER = files("pooledfund").joinpath("returns", "variants")


class ReturnNotKnown(InputRefused):
    """No return of that name can be written, or its file of data cannot be used."""


class Metric(Frozen):
    """A metric of a return and the ids of the measures that may stand for it."""

    title: str
    measures: tuple[str, ...]


class Boxes(Frozen):
    """The questions that a return answers in words."""

    contingency: str = ""
    outcomes: tuple[str, ...] = ()


class Fingerprint(Frozen):
    """By what a workbook is known: texts of which one stands near the top of a sheet, and sheets that it has."""

    titles: tuple[str, ...] = Field(min_length=1)
    sheets: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Variant(Frozen):
    """A version of a return: what it is called, how sure its layout is, its tables and its words.

    ``words`` gives for a column and a value of ours the words that workbooks use for it; the first that
    a workbook's own list holds is written. ``limits`` are the least and the most that its cells take,
    in its unit.
    """

    id: str
    title: str
    unit: Literal["£", "£000"]
    years: tuple[str, ...] = ()
    layout_note: str
    certainty: Literal["seen", "recalled"]
    reference: str
    limits: tuple[Decimal, Decimal] | None = None
    minimum_sources: tuple[Source, ...] = ()
    additional_sources: tuple[Source, ...] = ()
    minimum_tests: tuple[str, ...] = ()
    half_year_question: bool = False
    fingerprint: Fingerprint | None = None
    blocks: tuple[Block, ...] = ()
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = Field(default_factory=dict)
    boxes: Boxes = Boxes()
    metrics: tuple[Metric, ...] = ()

    def words_for(self, field: str, value: str) -> tuple[str, ...]:
        """What workbooks write for a value of ours, the likeliest first; the value itself where nothing is known."""
        return self.words.get(field, {}).get(value, (value,))

    def value_of(self, field: str, words: str) -> str | None:
        """The value of ours that a workbook's words stand for; None where none is known."""
        wanted = " ".join(words.split()).casefold()
        for value, synonyms in self.words.get(field, {}).items():
            if wanted in {each.casefold() for each in synonyms}:
                return value
        return None


def return_ids() -> tuple[str, ...]:
    """The ids of every return that can be written, in alphabetical order."""
    names = (each.name for each in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def variant(return_id: str) -> Variant:
    """The data of a return: one that comes with the program, or a file of one's own by its path.

    Raises:
        ReturnNotKnown: there is no such return, or the file is none.
    """
    if return_id in return_ids():
        return _read(return_id, _FOLDER.joinpath(f"{return_id}.yaml").read_text(encoding="utf-8"))
    if return_id.endswith((".yaml", ".yml")):
        try:
            return _read(return_id, Path(return_id).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise ReturnNotKnown(f"{return_id}: cannot be read: name a file of data that describes a return") from None
    raise ReturnNotKnown(
        f"there is no return '{return_id}' here: choose one of {', '.join(return_ids())}, "
        "or name a file of your own that describes one",
    )


def _read(name: str, text: str) -> Variant:
    try:
        return Variant.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ReturnNotKnown(f"{name}: is not YAML ({' '.join(str(error).split())[:200]})") from None
    except ValidationError as error:
        places = (
            f"{name}: {'.'.join(str(part) for part in each['loc'])}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        )
        raise ReturnNotKnown(*places) from None
