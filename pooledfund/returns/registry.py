"""The official returns that can be written, one file of data a variant. Holds no layout code and no figures."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from pooledfund.errors import InputRefused
from s75_rules.agreement import Source
from s75_rules.fields import Frozen

_FOLDER = files("pooledfund").joinpath("returns", "variants")


class ReturnNotKnown(InputRefused):
    """No return of that name can be written."""


class Metric(Frozen):
    """A metric of a return and the ids of the measures that may stand for it."""

    title: str
    measures: tuple[str, ...]


class Boxes(Frozen):
    """The questions that a return answers in words."""

    contingency: str
    outcomes: tuple[str, ...]


class Variant(Frozen):
    """A version of a return: what it is called, how sure its layout is, and its lists."""

    id: str
    title: str
    unit: Literal["£", "£000"]
    layout: Literal["own", "official"]
    layout_note: str
    certainty: Literal["seen", "recalled"]
    reference: str
    minimum_sources: tuple[Source, ...]
    boxes: Boxes
    metrics: tuple[Metric, ...]


def return_ids() -> tuple[str, ...]:
    """The ids of every return that can be written, in alphabetical order."""
    names = (each.name for each in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def variant(return_id: str) -> Variant:
    """The data of a return; raises ReturnNotKnown."""
    if return_id not in return_ids():
        raise ReturnNotKnown(
            f"there is no return '{return_id}' here: choose one of {', '.join(return_ids())}",
        )
    text = _FOLDER.joinpath(f"{return_id}.yaml").read_text(encoding="utf-8")
    return Variant.model_validate(yaml.safe_load(text))
