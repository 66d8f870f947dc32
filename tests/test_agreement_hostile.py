"""Whatever is in an agreement file, it is read or refused in plain sentences with lines; it never breaks down."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agreement_text import NAME, SOUND
from pooledfund.agreement_file import AgreementFile, AgreementRefused, read_agreement, read_agreement_text

LINES = SOUND.splitlines()
WORDS = """~ null true yes - ? {} [] {1,2} &a *a << !!int ' " 0 -1 1/0 1e9 NaN 0x1F 1:30 2023-13-01 2023-04-01 2% 100%
even everything bcf S1 council nhs_minimum pooled lead TBC {pence:5}"""
VALUES = st.sampled_from(
    [
        *WORDS.split(),
        *("", "{a: b}", "[a, [b]]", "| \n", "9" * 400, "1 to 2", "to be confirmed", "{starts: 2016}", "!!int 5"),
        *("{low_pence: 1, high_pence: 1, wording: exact}", "{months: [1], quarters: [1]}", "{share: lead, id: x}"),
        *("\u0660", "\u2028", "\x00", "\ud800", "\ufeff"),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The sound agreement with a few lines changed, taken out, moved, indented or given another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["value", "drop", "repeat", "move", "indent", "key", "text", "cut"])):
            case "value":
                lines[place] = lines[place].partition(":")[0] + ": " + draw(VALUES)
            case "drop":
                del lines[place]
            case "repeat":
                lines.insert(draw(st.integers(0, len(lines))), lines[place])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
            case "indent":
                lines[place] = " " * draw(st.integers(0, 9)) + lines[place].lstrip()
            case "key":
                lines[place] = draw(VALUES) + ":" + lines[place].partition(":")[2]
            case "text":
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.text(max_size=5)) + lines[place][at:]
            case "cut":
                lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
        lines = lines or [""]
    return "\n".join(lines)


def outcome(text: str) -> AgreementFile | AgreementRefused:
    """What comes of a text; anything but a reading or a refusal fails the test."""
    try:
        return read_agreement_text(text, NAME)
    except AgreementRefused as refused:
        return refused


def check_outcome(text: str) -> None:
    result = outcome(text)
    if isinstance(result, AgreementFile):
        assert result.text == text.removeprefix("\ufeff")
        return
    assert result.faults
    # YAML also ends a line at these.
    count = len(text.splitlines()) + 1
    for fault in result.faults:
        assert 1 <= fault.line <= count
        assert fault.rule
        assert fault.message
        assert fault.remedy
        assert len(str(fault)) < 2000
        assert "\n" not in str(fault)
    assert len(set(map(str, result.faults))) == len(result.faults)


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_any_damage_to_a_sound_agreement_is_read_or_refused(text: str) -> None:
    check_outcome(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
@example("%YAML " + "9" * 5000 + ".1\n---\na: b")
@example("a: " + "{" * 3000)
@example("- " * 3000)
@example("? " * 500 + "a")
@example("&a [*a]")
@example("a: &a [*a, *a]\nb: &b [*a, *a]")
@example("'")
@example("\ud800")
@example("pooledfund: 1\nagreement: {id: a}\n" * 3)
@example("pooledfund: 1\n" + "x: 1\n" * 500)
def test_any_text_is_refused(text: str) -> None:
    result = outcome(text)
    assert isinstance(result, AgreementRefused)
    check_outcome(text)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["contributions", "schemes", "risk_share", "decisions", "minimums", "conditions", "measures"]),
    st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(VALUES, inner, max_size=3)),
)
def test_any_value_in_any_section_is_read_or_refused(section: str, value: object) -> None:
    start = SOUND.index(f"\n{section}:") if f"\n{section}:" in SOUND else len(SOUND)
    check_outcome(f"{SOUND[:start]}\n{section}: {value!r}\n")


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bytes") / "agreement.yaml"
    path.write_bytes(data)
    with pytest.raises(AgreementRefused):
        read_agreement(path)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    for name in ("a" * 5000, "a\x00b"):
        with pytest.raises(AgreementRefused):
            read_agreement(Path(name))
