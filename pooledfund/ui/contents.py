"""The pages in the order of the work: their names and their addresses. Loads none of them."""

PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "Meeting": (
        ("pools", "Pools"),
        ("quarter", "Quarter"),
        ("risk_share", "Risk share"),
        ("contributions", "Contributions"),
        ("schemes", "Schemes"),
        ("conditions", "Conditions"),
        ("risks", "Risks"),
        ("meeting", "Meeting"),
    ),
    "Month": (
        ("import", "Import"),
        ("reconcile", "Reconcile"),
        ("close", "Close"),
        ("journal", "Journal"),
        ("returns", "Returns"),
    ),
    "Assurance": (
        ("agreement", "Agreement"),
        ("audit", "Audit"),
        ("administration", "Administration"),
    ),
}
"""Section to pages; a page is its file and address, and its title."""
FIRST_PAGE = "pools"
"""Where an address without a page leads."""
