"""How an agreement file is read: its text, its structure, its values, every fault at once with its line."""

import hashlib
from pathlib import Path

import pytest

from agreement_text import NAME, ROOT, SOUND, changed, faults_of, line_of, read, the_fault
from pooledfund.agreement_file import AgreementRefused, read_agreement, read_agreement_text
from pooledfund.errors import InputRefused


def test_a_sound_agreement_is_read_with_its_text_digest_and_lines() -> None:
    file = read(SOUND)
    assert file.agreement.id == "hillshire-2023-24"
    assert str(file.agreement.year) == "2023/24"
    assert file.text == SOUND
    assert file.digest == hashlib.sha256(SOUND.encode()).hexdigest()
    assert file.lines["contributions", "nhs-min", "amount"] == line_of(SOUND, "amount: 3_000_000")
    assert file.lines["risk_share", 1, "overspend", 2, "caps", "council"] == line_of(SOUND, "caps: {council")


def test_the_example_agreement_is_read() -> None:
    file = read_agreement(ROOT / "examples" / "exampleshire_2023_24" / "agreement.yaml")
    assert list(file.agreement.schemes) == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert file.agreement.contributions["nhs-min"].amount.exact_pence == 393_000_500


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "cases").rglob("agreement.yaml")), ids=lambda path: path.parent.name
)
def test_every_agreement_of_the_cases_is_read(path: Path) -> None:
    assert read_agreement(path).agreement.schemes


def test_every_scalar_is_the_text_that_was_written() -> None:
    agreement = read(SOUND).agreement
    assert agreement.risk_share[1].clause == "4.10"
    versioned = read(changed(("  status: agreed", "  version: 1.10\n  status: agreed"))).agreement
    assert versioned.header.version == "1.10"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    file = read_agreement(path)
    assert file.agreement.id == "hillshire-2023-24"
    assert file.lines["agreement", "year"] == 6
    assert read_agreement_text(file.text, NAME).digest == file.digest


# What the text itself may not hold: the change, the piece that marks the line, the rule, a part of the remedy.
TEXT_FAULTS = {
    "repeated key": (
        ("    kind: nhs\n", "    kind: nhs\n    kind: other\n"),
        "    kind: other\n",
        "KeyRepeats",
        "keep one of the two",
    ),
    "repeated section item": (
        ("  dfg:\n    partner", "  la-add: {partner: icb}\n  dfg:\n    partner"),
        "la-add: {partner",
        "KeyRepeats",
        "keep one",
    ),
    "anchor": (("    kind: nhs\n", "    kind: &kind nhs\n"), "&kind", "AnchorUsed", "take the & and its name out"),
    "alias": (
        ("    kind: nhs\n", "    kind: *kind\n"),
        "*kind",
        "AliasUsed",
        "write the value out here",
    ),
    "merge key": (
        ("    kind: nhs\n", "    kind: nhs\n    <<: {a: b}\n"),
        "<<:",
        "MergeKeyUsed",
        "write the values out",
    ),
    "tag": (("    kind: nhs\n", "    kind: !!str nhs\n"), "!!str", "TagUsed", "take it out"),
    "a tag of one's own": (("    kind: nhs\n", "    kind: !python/name:os nhs\n"), "!python", "TagUsed", "take it out"),
    "comma in braces": (
        ("share: {council: 60,", "share: {council: 3,000,000,"),
        "3,000,000",
        "AmountCutByComma",
        "put the amount in quotes",
    ),
    "number alone": (
        ("max_liability: {icb: 120_000}", "max_liability: {120_000}"),
        "{120_000}",
        "KeyWithoutValue",
        "key and a value",
    ),
    "no value": (("    kind: nhs\n", "    kind:\n"), "    kind:\n", "NoValue", "write its value"),
    "null": (("    kind: nhs\n", "    kind: null\n"), "kind: null", "NoValue", "write its value"),
    "empty quotes": (("    kind: nhs\n", "    kind: ''\n"), "kind: ''", "NoValue", "write its value"),
    "empty list item": (("measures: [admissions]", "measures: [admissions, '']"), "admissions, ''", "NoValue", "dash"),
    "list as a key": (("    kind: nhs\n", "    kind: nhs\n    ? [a]\n    : b\n"), "? [a]", "KeyIsNoText", "one word"),
    "empty key": (("    kind: nhs\n", "    kind: nhs\n    '': b\n"), "'': b", "KeyIsEmpty", "write the key"),
    "second document": (("funds:\n", "---\nfunds:\n"), "---", "SeveralDocuments", "one agreement a file"),
    "tab": (("    kind: nhs\n", "\tkind: nhs\n"), "\tkind", "TabUsed", "spaces only"),
    "colon in a text": (("name: Home care", "name: Home: care"), "Home: care", "ColonMisplaced", "in quotes"),
    "needs quotes": (("name: Home care", "name: @home"), "@home", "NeedsQuotes", "in quotes"),
    "control character": (("name: Home care", 'name: "Home\\x07care"'), "x07", "NotPrintable", "take it out"),
    "half a character": (("name: Home care", 'name: "\\ud800"'), "ud800", "NotPrintable", "take it out"),
    "an escape for nothing": (
        ("name: Home care", 'name: "\\UFFFFFFFF"'),
        "UFFFFFFFF",
        "NotReadable",
        "the character itself",
    ),
    "raw control character": (("name: Home care", "name: Home\x07care"), "Home\x07", "NotPrintable", "UTF-8"),
    "nested too deep": (("name: Home care", "name: " + "[" * 5000), "[[[[[[", "NestedTooDeep", "brackets"),
}


@pytest.mark.parametrize(("change", "piece", "rule", "remedy"), TEXT_FAULTS.values(), ids=TEXT_FAULTS)
def test_what_the_text_may_not_hold_is_refused_at_its_line(
    change: tuple[str, str], piece: str, rule: str, remedy: str
) -> None:
    text = changed(change)
    fault = the_fault(text)
    line = text[: text.index(piece)].count("\n") + 1
    assert (fault.rule, fault.line) == (rule, line)
    assert remedy in fault.remedy


def test_an_unclosed_quote_and_bracket_are_refused_with_what_to_do() -> None:
    quote = the_fault(changed(("decided: 2023-12-06", 'decided: "2023-12-06')))
    bracket = the_fault(changed(("funds: [bcf]", "funds: [bcf")))
    assert quote.rule == "QuoteOpen"
    assert bracket.rule == "BracketOpen"


def test_faults_of_every_kind_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(
        ("    kind: nhs\n", "    kind: nhs\n    kind: nhs\n"),
        ("amount: 3_000_000", "amount: 3m"),
        ("    ring_fenced: true", "    ring_fencd: true"),
        ("lead: icb\n    profile", "lead: icc\n    profile"),
        ("      hill-dc: 450_000", "      hill-dc: 460_000"),
        ("      - offset: fund", "      - offset: funds"),
        ("covers:\n      schemes: [S1]", "covers:\n      schemes: [S1, S9]"),
        ("    capital: true", "    capital: true\n    commissioner: health"),
    )
    faults = faults_of(text)
    assert [fault.rule for fault in faults] == [
        "KeyRepeats",
        "ValueNotUnderstood",
        "KeyNotKnown",
        "ValueNotUnderstood",
        "RecipientsOverGrant",
        "PartnerNotKnown",
        "SchemeNotKnown",
        "ChoiceNotKnown",
    ]
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_two_faults_in_one_item_are_both_told() -> None:
    text = changed(
        (
            "    fund: bcf\n    source: nhs_minimum\n    amount: 3_000_000",
            "    fund: bfc\n    source: nhs_minimum\n    amount: 3m",
        )
    )
    assert {fault.path[-1] for fault in faults_of(text)} == {"fund", "amount"}


def test_a_misspelt_section_does_not_make_every_reference_to_it_a_fault() -> None:
    fault = the_fault(changed(("sub_areas:\n", "sub-areas:\n")))
    assert (fault.rule, fault.remedy) == ("KeyNotKnown", "write sub_areas")


def test_a_misspelt_key_is_not_told_to_be_missing_as_well() -> None:
    fault = the_fault(changed(("amount: 3_000_000", "amuont: 3_000_000")))
    assert (fault.rule, fault.remedy) == ("KeyNotKnown", "write amount")


def test_a_misspelt_key_beside_the_right_one_hides_nothing_of_it() -> None:
    text = changed(("      own: 1_000_000\n", "      own: 1_000_001\n    budgets: {own: 1}\n"))
    assert [fault.rule for fault in faults_of(text)] == ["BudgetOverContribution", "KeyNotKnown"]


def test_a_long_value_is_told_in_short() -> None:
    fault = the_fault(changed(("amount: 3_000_000", "amount: " + "about " * 500)))
    assert len(str(fault)) < 300


def test_a_section_of_the_wrong_shape_does_not_make_every_reference_to_it_a_fault() -> None:
    text = changed(("  north:\n    name: North Hillshire\n", "  - north\n"))
    assert the_fault(text).rule == "WrongShape"


def test_an_item_of_the_wrong_shape_does_not_make_references_to_it_a_fault() -> None:
    text = changed(("  view:\n    name: Budgets in view\n    kind: in_view\n    host: icb\n", "  view: in_view\n"))
    assert the_fault(text).path == ("funds", "view")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    fault = the_fault(text)
    assert fault.rule == "NoAgreement"
    assert "empty" in fault.message
    assert "pooledfund: 1" in fault.remedy


@pytest.mark.parametrize("text", ["- a\n- b\n", "agreement\n", "[1, 2]\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert the_fault(text).rule == "NoAgreement"


def test_a_missing_file_a_folder_and_another_encoding_are_refused(tmp_path: Path) -> None:
    encoded = tmp_path / "latin.yaml"
    encoded.write_bytes(SOUND.replace("Home care", "Caf\u00e9").encode("latin-1"))
    wide = tmp_path / "wide.yaml"
    wide.write_bytes(SOUND.encode("utf-16"))
    for path, rule in (
        (tmp_path / "none.yaml", "FileNotFound"),
        (tmp_path, "FileNotFound"),
        (encoded, "NotUtf8"),
        (wide, "NotUtf8"),
    ):
        with pytest.raises(AgreementRefused) as refused:
            read_agreement(path)
        assert refused.value.faults[0].rule == rule
        assert str(refused.value).startswith(f"{path}:")
    assert refused.value.faults[0].line == 1


def test_a_missing_file_is_told_without_a_line(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(AgreementRefused) as refused:
        read_agreement(path)
    assert str(refused.value) == f"{path}: there is no such file; check the name and the folder"


def test_the_line_of_what_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(SOUND.replace("Home care", "Caf\u00e9").encode("latin-1"))
    with pytest.raises(AgreementRefused) as refused:
        read_agreement(path)
    assert refused.value.faults[0].line == line_of(SOUND, "£")


def test_a_refusal_is_one_that_the_command_line_turns_into_sentences() -> None:
    with pytest.raises(InputRefused) as refused:
        read(changed(("amount: 3_000_000", "amount: 3m"), ("kind: district", "kind: borough")))
    assert len(refused.value.sentences) == 2
    assert str(refused.value).splitlines() == list(refused.value.sentences)


def test_a_file_far_too_large_is_refused() -> None:
    assert the_fault(SOUND + "#" * 1_000_001).rule == "FileTooLarge"
