"""A waterfall: from one amount to another in steps, each bar standing where the last ended. Works out no step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import pandas as pd

from pooledfund.ui.charts import INK, axis, dressed, legend
from pooledfund.ui.figures import for_mark

_COLOURS = {"whole": "#6b7780", "more": "#d55e00", "less": "#0072b2"}
"""Okabe and Ito's colours, as in the other charts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A whole amount that stands on nil, or a step that adds to what stands before it, in pence."""

    label: str
    pence: int
    kind: Literal["whole", "step"] = "step"


def waterfall(title: str, sentence: str, bars: Sequence[Bar], more: str, less: str) -> alt.Chart:
    """The bars one under the other in £000; ``more`` and ``less`` are the words for a step up and a step down."""
    words = {"whole": "Amount", "more": more, "less": less}
    rows = [
        {
            "Step": f"{number}. {bar.label}",
            "from": for_mark(start, "£000"),
            "to": for_mark(end, "£000"),
            "£000": for_mark(bar.pence, "£000"),
            "What": words[_kind(bar)],
        }
        for number, (bar, start, end) in enumerate(_placed(bars), start=1)
    ]
    kinds = [kind for kind in words if any(row["What"] == words[kind] for row in rows)]
    scale = alt.Scale(domain=[words[kind] for kind in kinds], range=[_COLOURS[kind] for kind in kinds])
    label = alt.Axis(labelColor=INK, labelFontSize=12, labelLimit=280, ticks=False)
    chart = (
        alt.Chart(pd.DataFrame(rows, columns=["Step", "from", "to", "£000", "What"]))
        .mark_bar(height={"band": 0.66})
        .encode(
            x=alt.X("from:Q", title="£000", axis=axis()),
            x2="to:Q",
            y=alt.Y("Step:N", sort=None, title=None, axis=label),
            color=alt.Color("What:N", scale=scale, legend=legend("square")),
            tooltip=[alt.Tooltip("Step:N"), alt.Tooltip("What:N"), alt.Tooltip("£000:Q", format=",.1f")],
        )
    )
    return dressed(chart, title, sentence, height=90 + 34 * len(rows))


def _placed(bars: Sequence[Bar]) -> list[tuple[Bar, int, int]]:
    """Each bar with where it starts and ends, in pence."""
    placed, stands = [], 0
    for bar in bars:
        start = 0 if bar.kind == "whole" else stands
        stands = start + bar.pence
        placed.append((bar, start, stands))
    return placed


def _kind(bar: Bar) -> Literal["whole", "more", "less"]:
    if bar.kind == "whole":
        return "whole"
    return "more" if bar.pence > 0 else "less"
