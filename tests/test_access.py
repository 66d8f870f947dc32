"""Who may do what: every role with every action, tried on real books."""

import functools
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from official_workbooks import make_official
from pooledfund.access import ALLOWED, Action, Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.control.close import close_period, reopen_month
from pooledfund.control.decisions import Containment, contain, lift_limit, record_dispute, resolve_dispute
from pooledfund.control.invoicing import issue_invoices, remind
from pooledfund.control.notices import take_step
from pooledfund.control.period import period_of, sign, waive
from pooledfund.control.recharges import agree_recharge, pay_recharge
from pooledfund.control.reconciling.balances import agree_balances, stated_figures
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.control.roll_forward import open_next_year
from pooledfund.control.settlement import settle
from pooledfund.control.submissions import agree_submission
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_agreement, vary_contribution
from pooledfund.control.virements import Virement, make_virement, virement_effect
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import COLUMNS as FORECASTS
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.intake.minutes_file import Minutes
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.receipts import COLUMNS as RECEIPTS
from pooledfund.intake.receipts import receive
from pooledfund.intake.recharges import CLAIMS
from pooledfund.intake.submissions import Estimate, enter_estimate
from pooledfund.intake.told import take_call
from pooledfund.meetings.recording import record_minutes
from pooledfund.people.accounts import accounts
from pooledfund.people.accounts import add as add_person
from pooledfund.people.database import People
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf
from pooledfund.results.conditions import conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pooledfund.results.notices import notices_of
from pooledfund.results.risk_position import risk_position
from pooledfund.results.settlement import settlement_due
from pooledfund.results.submissions import submission_status
from pooledfund.returns.export import export_return
from pooledfund.returns.part2 import export_part2
from pooledfund.returns.register import submit_return
from pooledfund.returns.registry import variant
from pools import DB, MANAGER, TOWN, as_actor, csv_file, extract, pool_of, spent, state_of
from s75_rules.clause_records import AgreedBeforehand, Dispute
from tools.make_people_docs import PAGE, page

MOVE = Virement("care", "equip", "nhs-min", 1000_00, date(2023, 7, 1), "JCB 1")
JOURNAL = [["1", "actual", "2023-06-01", "fix", "expenditure", "care", "la-add", "council", "9"],
           ["1", "actual", "2023-06-01", "fix", "creditors", "care", "", "council", "-9"]]  # fmt: skip

NEXT_YEAR = TOWN.replace("town-2023-24", "town-2024-25").replace(
    "  year: 2023/24\n", "  year: 2024/25\n  follows: town-2023-24\n"
)


def _sent(pool: Pool, folder: Path) -> None:
    """A return of the manager's, registered by whoever asks."""
    beside, layout = folder / "sent", variant("year-end")
    beside.mkdir()
    template = make_official(beside / "official.xlsx", layout, 1)
    export_return(Pool(pool._ledger, MANAGER), layout, beside / "year-end.xlsx", template=template)
    submit_return(pool, "year-end", beside / "year-end.xlsx", 12, {})


def _claim(partner: str, reference: str) -> dict[str, str | None]:
    return {
        "claimed_for": partner, "reference": reference, "scheme": "rehab", "amount": "5", "claimed_on": "2023-06-01",
    }  # fmt: skip


def _first_notice(pool: Pool) -> str:
    return notices_of(Pool(pool._ledger, MANAGER)).notices[0].overspend.id


Try = Callable[[Pool, Path], object]
MINUTES = Minutes.model_validate(
    {
        "minutes": "1",
        "meeting": "2023-06-01",
        "body": "Joint board",
        "period": "Q1",
        "present": ["council"],
        "items": [{"ref": "1", "kind": "action", "action": "Review", "owner": "Treasurer", "due": "2023-07-01"}],
    }
)
CONTESTED = Dispute(clause="7.2", side="overspend", partner="council", reason="packages", raised=date(2023, 6, 1))
LIMITED = TOWN.replace(
    "    covers: everything\n",
    "    covers: everything\n    max_liability: {icb: 9_000_000}\n    unless_agreed: true\n    excess_to: council\n",
)
LETTERS = AgreedBeforehand(
    clause="7.2",
    partner="icb",
    agreed_by=("council", "icb"),
    agreed=date(2023, 5, 1),
    spent_from=date(2023, 6, 1),
    reference="letters",
)
ACTS: dict[Action, dict[str, Try]] = {
    Action.READ: {
        "open": lambda pool, _: Pool.open(pool._ledger.books.path, None, pool.actor),
        "monitor": lambda pool, _: monitor(pool, 3),
        "risk share": lambda pool, _: risk_position(pool, 3),
        "conditions": lambda pool, _: conditions_report(pool, 3),
        "contributions": lambda pool, _: contribution_position(pool, 3),
        "submissions": lambda pool, _: submission_status(pool, 2),
        "memorandum": lambda pool, _: memorandum_account(pool, 3),
        "virement dry run": lambda pool, _: virement_effect(pool, MOVE),
        "settlement dry run": lambda pool, _: settlement_due(pool),
        "entries": lambda pool, _: pool.books.entries(),
        "verify": lambda pool, _: pool.books.verify(),
    },
    Action.EXPORT: {
        "pack": lambda pool, folder: write_pack(pool, 3, folder / "pack.xlsx"),
        "pack as a paper": lambda pool, folder: write_pack_pdf(pool, 3, folder / "pack.pdf"),
        "part 2": lambda pool, folder: export_part2(pool, folder / "part2.xlsx"),
    },
    Action.POST: {
        "payment": lambda pool, _: pay_recharge(pool, "icb", "R1", date(2023, 6, 1), "BACS"),
        "journal": lambda pool, folder: post_journals(pool, csv_file(folder, "j.csv", JOURNALS, *JOURNAL)),
        "new pool": lambda pool, folder: Pool.create(
            pool._ledger.books.path,
            read_agreement_text(TOWN.replace("town-2023-24", "other"), "other.yaml"),
            pool.actor,
        ),
    },
    Action.IMPORT: {
        "extract": lambda pool, folder: import_actuals(pool, extract(folder, spent("A", "1"))),
        "estimate": lambda pool, _: enter_estimate(pool, Estimate("council", 2, "care", 100, "not in yet")),
    },
    Action.AGREE: {
        "figures": lambda pool, _: agree_submission(pool, "council", 2, nil_return=True),
        "close": lambda pool, _: sign(pool, period_of("Q1"), "agreed"),
    },
    Action.RECEIVE: {
        "receipts": lambda pool, folder: receive(
            pool, csv_file(folder, "r.csv", RECEIPTS, ["2023-06-05", "nhs-min", "icb", "5", "B"])
        )
    },
    Action.FORECAST: {
        "forecasts": lambda pool, folder: enter_forecasts(
            pool, csv_file(folder, "f.csv", FORECASTS, ["Q1", "care", "5"])
        )
    },
    Action.VIRE: {"virement": lambda pool, _: make_virement(pool, MOVE)},
    Action.CLOSE: {
        "close": lambda pool, _: close_period(pool, "Q1"),
        "preparation": lambda pool, _: sign(pool, period_of("Q2"), "prepared"),
    },
    Action.REOPEN: {"reopen": lambda pool, _: reopen_month(pool, "M1", "an invoice was missing")},
    Action.VARY: {
        "contribution": lambda pool, _: vary_contribution(
            pool,
            ContributionChange("la-add", 5_00, {}),
            Approval(date(2023, 7, 1), "JCB 1", "Joint board"),
        ),
        "agreement": lambda pool, _: vary_agreement(
            pool,
            read_agreement_text(TOWN.replace("status: signed", "status: varied"), "town.yaml"),
            Approval(date(2023, 7, 1), "JCB 1", "Joint board"),
        ),
    },
    Action.SUBMIT: {"return": _sent},
    Action.RECONCILE: {
        "balances": lambda pool, _: agree_balances(pool, "council", 9, stated_figures("receivable=1.00")),
        "ledger": lambda pool, folder: run_ledger(pool, "council", 3, extract(folder, spent("A", "1"))),
    },
    Action.SEE_PEOPLE: {"people": lambda pool, folder: accounts(People.at(folder / "people.db"), pool.actor)},
    Action.MANAGE_PEOPLE: {
        "person": lambda pool, folder: add_person(People.at(folder / "people.db"), pool.actor, "new"),
    },
    Action.SETTLE: {"settle": lambda pool, _: settle(pool, without_disputed=True)},
    Action.DECIDE: {
        "minutes": lambda pool, _: record_minutes(pool, MINUTES),
        "containment": lambda pool, _: contain(pool, Containment("equip", 100, 3, "JCB 4", date(2023, 6, 1))),
        "limit lifted": lambda pool, _: lift_limit(pool, LETTERS),
        "resolution": lambda pool, _: resolve_dispute(pool, "7.2", "overspend", "icb", "JCB 5", date(2023, 6, 2)),
    },
    Action.DISPUTE: {"dispute": lambda pool, _: record_dispute(pool, CONTESTED)},
    Action.REVIEW: {"review": lambda pool, _: sign(pool, period_of("Q1"), "reviewed")},
    Action.WAIVE: {"waiver": lambda pool, _: waive(pool, period_of("Q1"), "casting", "agreed by the board")},
    Action.PLAN: {
        "next year": lambda pool, _: open_next_year(pool, read_agreement_text(NEXT_YEAR, "next.yaml")),
    },
    Action.CLAIM: {"recharge": lambda pool, _: take_call(pool, CLAIMS, _claim("council", "R9"))},
    Action.AGREE_RECHARGE: {"recharge": lambda pool, _: agree_recharge(pool, "icb", "R2")},
    Action.INVOICE: {
        "invoices": lambda pool, _: issue_invoices(pool, 12),
        "reminders": lambda pool, _: remind(pool, 12),
    },
    Action.NOTIFY: {"notice": lambda pool, _: take_step(pool, _first_notice(pool), "notice")},
    Action.COMMENT: {
        "commentary": lambda pool, _: take_call(
            pool, COMMENTARY, {"period": "Q1", "scheme": "care", "commentary": "on budget"}
        )
    },
}

MAY: dict[Role, set[Action]] = {
    Role.POOLED_FUND_MANAGER: set(Action) - {Action.AGREE, Action.MANAGE_PEOPLE},
    Role.PARTNER_FINANCE: {
        Action.READ,
        Action.EXPORT,
        Action.IMPORT,
        Action.FORECAST,
        Action.COMMENT,
        Action.RECONCILE,
        Action.CLAIM,
    },
    Role.PARTNER_FINANCE_LEAD: {
        Action.READ,
        Action.EXPORT,
        Action.IMPORT,
        Action.FORECAST,
        Action.AGREE,
        Action.COMMENT,
        Action.DISPUTE,
        Action.RECONCILE,
        Action.REVIEW,
        Action.CLAIM,
        Action.AGREE_RECHARGE,
    },
    Role.SCHEME_MANAGER: {Action.READ, Action.FORECAST, Action.COMMENT},
    Role.BOARD_READER: {Action.READ},
    Role.AUDITOR: {Action.READ, Action.EXPORT, Action.SEE_PEOPLE},
    Role.ADMINISTRATOR: {Action.SEE_PEOPLE, Action.MANAGE_PEOPLE},
}
CELLS = [(role, action, act) for role in Role for action, acts in ACTS.items() for act in acts]


def person(pool: Pool, role: Role) -> Pool:
    partner = "council" if role in (Role.PARTNER_FINANCE, Role.PARTNER_FINANCE_LEAD) else None
    return as_actor(pool, role, partner, ("care",) if role is Role.SCHEME_MANAGER else ())


NOTICES = 'notices: {clause: "9", notice: 5 working days}\n'


@functools.cache
def prepared_books() -> bytes:
    """Books with M1 closed and something spent, so that every action has something to do."""
    with tempfile.TemporaryDirectory() as folder:
        pool = pool_of(Path(folder), LIMITED + NOTICES)
        close_period(pool, "M1")
        issue_invoices(pool, 2, date(2023, 4, 1))
        enter_forecasts(pool, csv_file(Path(folder), "over.csv", FORECASTS, ["Q2", "rehab", "900000"]))
        sign(Pool(pool._ledger, Actor("preparer", Role.POOLED_FUND_MANAGER)), period_of("Q1"), "prepared")
        import_actuals(pool, extract(Path(folder), spent("BEFORE", "900000", day="2024-03-31")))
        import_actuals(pool, extract(Path(folder), spent("OWED", "100", "rehab", partner="icb"), name="owed.csv"))
        for reference in ("R1", "R2"):
            take_call(pool, CLAIMS, _claim("icb", reference))
        agree_recharge(Pool(pool._ledger, Actor("agreeing", Role.POOLED_FUND_MANAGER)), "icb", "R1")
        record_dispute(pool, CONTESTED.model_copy(update={"partner": "icb"}))
        return (Path(folder) / DB).read_bytes()


def prepared(folder: Path) -> Pool:
    (folder / DB).write_bytes(prepared_books())
    return Pool.open(folder / DB, None, MANAGER)


def test_the_page_of_roles_is_written_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_action_is_tried() -> None:
    assert set(ACTS) == set(Action)
    assert set(MAY) == set(Role) == set(ALLOWED)


@pytest.mark.parametrize(("role", "action", "act"), CELLS, ids=lambda value: str(value).split()[0])
def test_a_role_does_what_it_may_and_nothing_else(tmp_path: Path, role: Role, action: Action, act: str) -> None:
    pool = prepared(tmp_path)
    before = state_of(pool)
    files = {each.name for each in tmp_path.glob("*.xlsx")}
    if action in MAY[role]:
        ACTS[action][act](person(pool, role), tmp_path)
        changed = action not in (Action.READ, Action.EXPORT, Action.SEE_PEOPLE, Action.MANAGE_PEOPLE)
        assert (state_of(pool) != before) is changed
    else:
        with pytest.raises(NotAllowed) as refusal:
            ACTS[action][act](person(pool, role), tmp_path)
        assert f"may not {action}" in str(refusal.value)
        assert state_of(pool) == before
        assert {each.name for each in tmp_path.glob("*.xlsx")} == files


@pytest.mark.parametrize("role", [Role.PARTNER_FINANCE, Role.PARTNER_FINANCE_LEAD])
def test_a_partner_acts_for_itself_only(tmp_path: Path, role: Role) -> None:
    pool = prepared(tmp_path)
    before = state_of(pool)
    icb = as_actor(pool, role, "icb")
    for act in (ACTS[Action.IMPORT]["extract"], ACTS[Action.FORECAST]["forecasts"]):
        with pytest.raises(InputRefused, match="only of their own partner"):
            act(icb, tmp_path)
    assert state_of(pool) == before


def test_who_did_it_stands_in_the_log(tmp_path: Path) -> None:
    pool = prepared(tmp_path)
    before = pool.books.head().number
    ACTS[Action.FORECAST]["forecasts"](person(pool, Role.SCHEME_MANAGER), tmp_path)
    assert {event.who for event in pool.books.events() if event.number > before} == {"some scheme_manager"}


def test_a_role_may_be_read_from_its_name() -> None:
    assert Actor("x", Role("auditor")).role is Role.AUDITOR
