"""The agreement as a model: who contributes, what each line may spend, who bears a variance. Reads no file.

Each value arrives as the text that was written and is typed here. What refers to something else
in the agreement is checked in ``agreement_checks``.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ledgers.calendar import FinancialYear
from s75_rules.amounts import Amount, total
from s75_rules.balance_rules import BalanceTerms
from s75_rules.beside import Asset, Dependency, NonFinancial, OtherCost, SplitFunding, Vat
from s75_rules.cash_interest import CashInterestTerms
from s75_rules.clause_records import AgreedBeforehand, Dispute, Withdrawal
from s75_rules.clauses import Clause, Decision
from s75_rules.escalation import Escalation
from s75_rules.fields import AgreedAmount, Basis, Day, Frozen, Instalments, NotNegative, Percent, Texts, Truth, Year
from s75_rules.payment import LatePaymentTerms, PaymentTerms
from s75_rules.performance_terms import Performance
from s75_rules.plan import Approval, Benefits, ConditionAnswer, Earmark, Measure, Milestone, Risk, SubArea
from s75_rules.profile import Profile
from s75_rules.submissions import SubmissionTerms
from s75_rules.terms import BudgetCycle, BusinessCase, CloseTerms, NoticeTerms, Reporting, VirementTerms

PartnerKind = Literal["local_authority", "nhs", "district", "provider", "voluntary", "other"]
FundKind = Literal["pooled", "aligned", "in_view"]
Source = Literal[
    "nhs_minimum",
    "nhs_additional",
    "la_additional",
    "dfg",
    "social_care_capital",
    "ibcf",
    "winter_pressures",
    "discharge_la",
    "discharge_nhs",
    "la_better_care_grant",
]
UNRINGED_SOURCES: frozenset[str] = frozenset({"nhs_minimum", "nhs_additional", "la_additional"})
RING_FENCED_SOURCES: frozenset[str] = frozenset(get_args(Source)) - UNRINGED_SOURCES
CAPITAL_SOURCES: frozenset[str] = frozenset({"dfg", "social_care_capital"})
Settled = Literal["cash", "net_of_own_lines", "book"]
AreaOfSpend = Literal[
    "acute",
    "mental_health",
    "community_health",
    "continuing_care",
    "primary_care",
    "social_care",
    "other",
]
AccountingModel = Literal["joint_operation", "lead_as_principal", "agent"]
UnspentGrant = Literal["receipt_in_advance", "grants_unapplied"]
AgreementStatus = Literal["draft", "agreed", "signed", "varied", "ended"]


class Header(Frozen):
    """What the agreement is: one area, one April-to-March year, its version and status."""

    id: str
    title: str
    area: str
    year: Year
    version: str = "1"
    status: AgreementStatus = "draft"
    signed: dict[str, Day] = Field(default_factory=dict)
    approvals: dict[str, Approval] = Field(default_factory=dict)
    starts: Day | None = None
    ends: Day | None = None
    follows: str | None = None
    source: str | None = None
    notes: Texts = ()


class Partner(Frozen):
    """A body that takes part: one that signs shares risk; a district that receives grant usually does not."""

    id: str
    name: str
    kind: PartnerKind
    signatory: Truth | None = None
    sub_area: str | None = None
    ods_code: str | None = None
    ons_code: str | None = None
    accounting: dict[str, str] = Field(default_factory=dict)

    @property
    def signs(self) -> bool:
        """Whether the partner is a signatory: one of kind district only if it says so."""
        return self.kind != "district" if self.signatory is None else self.signatory


class Fund(Frozen):
    """A fund: pooled money loses its identity within it; aligned and in-view money is only reported.

    ``revenue_only`` is for an agreement that permits no capital expenditure.
    """

    id: str
    name: str
    kind: FundKind
    host: str
    revenue_only: Truth = False


class Contribution(Frozen):
    """What a partner puts into a fund from one source, how it is paid, and what becomes of it unspent.

    ``transferred_from`` names another pool, by its agreement's id, whose line paid this money over.
    """

    id: str
    partner: str
    fund: str
    source: Source
    amount: AgreedAmount
    name: str | None = None
    settled: Settled | None = None
    instalments: Instalments = "monthly"
    recurrent: Truth = True
    unspent: Literal["carry_forward", "return_to_payer"] | None = None
    ring_fenced: Truth | None = None
    unspent_grant: UnspentGrant | None = None
    gross: NotNegative | None = None
    client_charges: NotNegative | None = None
    ends: Day | None = None
    confirm_by: Day | None = None
    transferred_from: str | None = None
    basis: Basis | None = None
    reference: str | None = None

    @property
    def is_ring_fenced(self) -> bool:
        """Whether the money may not leave its ring, by its source or because the agreement says so."""
        return self.source in RING_FENCED_SOURCES or bool(self.ring_fenced)

    @property
    def is_capital(self) -> bool:
        """Whether the money is capital grant."""
        return self.source in CAPITAL_SOURCES


class Reserve(Frozen):
    """Money set aside against risk; what is held outside the pool never enters a total of the pool."""

    id: str
    fund: str
    name: str | None = None
    held: Literal["in_pool", "outside_pool"] = "in_pool"
    opening: NotNegative = 0
    funded_by: dict[str, NotNegative] = Field(default_factory=dict)
    held_by: str | None = None
    basis: Basis | None = None
    reference: str | None = None

    @property
    def opening_balance_pence(self) -> int:
        """The opening amount brought forward plus what contributions put in, in pence."""
        return self.opening + sum(self.funded_by.values())


class Commissioner(Frozen):
    """The shares, in percent, in which the NHS and the local authority commission a line."""

    nhs: Percent
    la: Percent

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if value == "nhs":
            return {"nhs": Fraction(100), "la": Fraction(0)}
        if value == "la":
            return {"nhs": Fraction(0), "la": Fraction(100)}
        if isinstance(value, str):
            raise ValueError(f"'{value}' is not a commissioner: write la, nhs or {{nhs: 60, la: 40}}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Commissioner":
        if self.nhs + self.la != 100 or min(self.nhs, self.la) < 0:
            raise ValueError("the shares of the commissioners do not sum to 100: write {nhs: 60, la: 40}")
        return self


class Row(Frozen):
    """One provider paid from one contribution: the row of a return, several to a scheme."""

    provider: str
    contribution: str
    amount: AgreedAmount
    basis: Basis | None = None


class Scheme(Frozen):
    """A scheme line: what it may spend from each contribution, who leads it and who commissions it.

    ``transferred_to`` names another pool, by its agreement's id, to which the line pays its money over;
    ``excluded_function`` what it does that may not be pooled, such as surgery (SI 2000/617, regulations 5 and 6).
    """

    id: str
    name: str
    fund: str
    lead: str
    excluded_function: str | None = None
    description: str | None = None
    commissioner: Commissioner | None = None
    provider: str | None = None
    rows: tuple[Row, ...] = ()
    area_of_spend: AreaOfSpend | None = None
    scheme_type: str | None = None
    transferred_to: str | None = None
    sub_area: str | None = None
    capital: Truth | None = None
    conditions: Texts = ()
    budget: dict[str, AgreedAmount] = Field(default_factory=dict)
    profile: Profile = Profile()
    recipients: dict[str, NotNegative] = Field(default_factory=dict)
    retained: NotNegative | None = None
    measures: Texts = ()
    milestones: Texts = ()
    risks: Texts = ()
    benefits: Benefits | None = None
    accounting: AccountingModel | None = None
    vat: Vat | None = None
    ends: Day | None = None
    confirm_by: Day | None = None
    new: Truth = False
    business_case: BusinessCase | None = None
    basis: Basis | None = None
    reference: str | None = None

    @property
    def budgets(self) -> dict[str, Amount]:
        """The agreed budget by contribution, from ``budget`` or added up from ``rows``."""
        if not self.rows:
            return self.budget
        by_contribution: dict[str, list[Amount]] = {}
        for row in self.rows:
            by_contribution.setdefault(row.contribution, []).append(row.amount)
        return {contribution: total(amounts) for contribution, amounts in by_contribution.items()}

    @property
    def providers(self) -> tuple[str, ...]:
        """Who is paid, in file order without repeats."""
        if self.rows:
            return tuple(dict.fromkeys(row.provider for row in self.rows))
        return (self.provider,) if self.provider else ()


class Minimums(Frozen):
    """The least that the year's conditions require of the area, each unknown until stated."""

    nhs_minimum: AgreedAmount | None = None
    adult_social_care: AgreedAmount | None = None
    nhs_commissioned_out_of_hospital: AgreedAmount | None = None
    basis: Basis | None = None
    reference: str | None = None


IDENTIFIED = (
    "partners",
    "funds",
    "contributions",
    "reserves",
    "schemes",
    "earmarks",
    "sub_areas",
    "risks",
    "measures",
    "milestones",
    "non_financial",
    "other_costs",
    "dependencies",
    "split_funding",
    "assets",
)


class Agreement(BaseModel):
    """A Section 75 agreement for one year: parties, money, lines, rules. Order is the file's order."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    pooledfund: Literal["1"]
    header: Header = Field(alias="agreement")
    partners: dict[str, Partner]
    funds: dict[str, Fund]
    contributions: dict[str, Contribution] = Field(default_factory=dict)
    reserves: dict[str, Reserve] = Field(default_factory=dict)
    schemes: dict[str, Scheme] = Field(default_factory=dict)
    minimums: Minimums = Minimums()
    conditions: dict[str, ConditionAnswer] = Field(default_factory=dict)
    earmarks: dict[str, Earmark] = Field(default_factory=dict)
    sub_areas: dict[str, SubArea] = Field(default_factory=dict)
    risks: dict[str, Risk] = Field(default_factory=dict)
    measures: dict[str, Measure] = Field(default_factory=dict)
    milestones: dict[str, Milestone] = Field(default_factory=dict)
    risk_share: tuple[Clause, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    agreed_beforehand: tuple[AgreedBeforehand, ...] = ()
    decisions: tuple[Decision, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    non_financial: dict[str, NonFinancial] = Field(default_factory=dict)
    other_costs: dict[str, OtherCost] = Field(default_factory=dict)
    dependencies: dict[str, Dependency] = Field(default_factory=dict)
    split_funding: dict[str, SplitFunding] = Field(default_factory=dict)
    assets: dict[str, Asset] = Field(default_factory=dict)
    close: CloseTerms = CloseTerms()
    agreement_of_balances: BalanceTerms = BalanceTerms()
    virements: VirementTerms = VirementTerms()
    reporting: Reporting = Reporting()
    notices: NoticeTerms | None = None
    budget_cycle: BudgetCycle = BudgetCycle()
    business_cases: Literal["required"] | None = None
    submissions: dict[str, SubmissionTerms] = Field(default_factory=dict)
    performance: Performance = Performance()
    payment: PaymentTerms = PaymentTerms()
    late_payment: LatePaymentTerms = LatePaymentTerms()
    pool_interest: CashInterestTerms | None = None
    escalation: tuple[Escalation, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_by_key(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        named = dict(value)
        for section in IDENTIFIED:
            if isinstance(named.get(section), Mapping):
                named[section] = {
                    key: {**item, "id": key} if isinstance(item, Mapping) else item
                    for key, item in named[section].items()
                }
        return named

    @property
    def id(self) -> str:
        """The agreement's id, which is the pool's id in the books."""
        return self.header.id

    @property
    def year(self) -> FinancialYear:
        """The one April-to-March year the agreement is for."""
        return self.header.year

    def host_of(self, fund: str) -> str:
        """The partner that hosts a fund and keeps its accounts."""
        return self.funds[fund].host

    def is_pooled(self, scheme: Scheme) -> bool:
        """Whether a line's money is pooled, not aligned or in view."""
        return self.funds[scheme.fund].kind == "pooled"

    def settled_as(self, contribution: Contribution) -> Settled:
        """How a contribution is paid: by book for the fund's host and in cash for others unless it says otherwise."""
        if contribution.settled is not None:
            return contribution.settled
        return "book" if contribution.partner == self.host_of(contribution.fund) else "cash"

    def commissioner_of(self, scheme: Scheme) -> Commissioner:
        """Who commissions a line: what it says, else the kind of its lead."""
        if scheme.commissioner is not None:
            return scheme.commissioner
        return Commissioner.model_validate("nhs" if self.partners[scheme.lead].kind == "nhs" else "la")

    def budget_pence(self, scheme: str, contribution: str) -> int:
        """A line's agreed budget from one contribution in pence; nil where it has none or it is not exact."""
        amount = self.schemes[scheme].budgets.get(contribution)
        return (amount.exact_pence or 0) if amount else 0

    def signatories(self) -> Iterator[Partner]:
        """The partners that sign the agreement, in file order."""
        return (partner for partner in self.partners.values() if partner.signs)

    def unallocated(self, contribution: str) -> Amount:
        """What of a contribution is neither on a line nor in a reserve; not known where a part is not."""
        parts = [scheme.budgets[contribution] for scheme in self.schemes.values() if contribution in scheme.budgets]
        parts += [
            Amount.exact(reserve.funded_by[contribution])
            for reserve in self.reserves.values()
            if contribution in reserve.funded_by
        ]
        used, whole = total(parts), self.contributions[contribution].amount
        if whole.exact_pence is not None and used.exact_pence is not None:
            return Amount.exact(whole.exact_pence - used.exact_pence)
        return whole if whole.exact_pence is None else used
