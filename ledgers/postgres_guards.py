"""The functions and triggers of a PostgreSQL database of books, by name, and the statements that make them."""

from collections.abc import Mapping

from ledgers import postgres_rules as rules

RECORDED = (
    "account", "batch", "contribution", "entry", "event", "month_state", "partner", "pool", "posting", "scheme",
    "sign_off", "source_line",
)  # fmt: skip
"""The tables of recorded rows; the kept balances are the one table beside them."""
_CARRIED = ("account", "batch", "contribution", "month_state", "partner", "scheme", "sign_off", "source_line")
_TRIGGER = "RETURNS trigger LANGUAGE plpgsql"
# The plans that guards and references keep are first made in here: never by reading a table whole, small as it is then.
_QUICK = "LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan"
FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "recorded_rows_stay()": (_TRIGGER, rules.STAYS),
    "event_is_next()": (_TRIGGER, rules.EVENT),
    "row_is_carried_by_newest_event()": (_TRIGGER, rules.CARRIED_BY),
    "month_state_changes()": (_TRIGGER, rules.MONTH_STATE),
    "sign_off_may_be_given()": (_TRIGGER, rules.SIGN_OFF),
    "batch_is_next()": (_TRIGGER, rules.BATCH),
    "entry_may_be_recorded()": (_TRIGGER, rules.ENTRY),
    "entry_has_its_original()": (_TRIGGER, rules.ORIGINAL),
    "event_entries_are_whole()": (_TRIGGER, rules.WEIGHED),
    "postings_move_balances()": (_TRIGGER, rules.POSTINGS),
    "balance_moves_with_an_entry()": (_TRIGGER, rules.BALANCE),
    f"take_pool(wanted text, keys text[], {rules.STANDING})": (_QUICK, rules.TAKE_POOL),
    "record_entries(given text[], OUT refusal text, OUT of_entry text, OUT constraint_broken text)": (
        _QUICK,
        rules.RECORD,
    ),
    f"record_alone({', '.join(rules.ALONE_TYPES)})": (f"RETURNS void {_QUICK}", rules.RECORD_ALONE),
}
"""Every function of the books with its kind and body. rebuild_balances stands apart: it is no guard."""


def _trigger(name: str, moment: str, table: str, each: str, function: str) -> tuple[str, str]:
    return table, f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def triggers() -> dict[str, tuple[str, str]]:
    """Every trigger of the books by its name: its table, and its text as PostgreSQL gives it back."""
    found: dict[str, tuple[str, str]] = {}
    for table in RECORDED:
        for deed in ("update", "delete", "truncate"):
            name = f"{table}_takes_no_{deed}"
            found[name] = _trigger(name, f"BEFORE {deed.upper()}", table, "STATEMENT", "recorded_rows_stay")
    for deed in ("insert", "update", "delete", "truncate"):
        by_hand = "STATEMENT WHEN (pg_trigger_depth() < 1)" if deed in ("insert", "update") else "STATEMENT"
        name = f"balance_takes_no_{deed}"
        found[name] = _trigger(name, f"BEFORE {deed.upper()}", "balance", by_hand, "balance_moves_with_an_entry")
    for table in _CARRIED:
        name = f"{table}_has_newest_event"
        found[name] = _trigger(name, "BEFORE INSERT", table, "ROW", "row_is_carried_by_newest_event")
    for table, function in (
        ("event", "event_is_next"),
        ("entry", "entry_may_be_recorded"),
        ("month_state", "month_state_changes"),
        ("batch", "batch_is_next"),
        ("sign_off", "sign_off_may_be_given"),
    ):
        name = f"{table}_is_guarded"
        found[name] = _trigger(name, "BEFORE INSERT", table, "ROW", function)
    found["entry_original_is_guarded"] = (
        "entry",
        "CREATE TRIGGER entry_original_is_guarded BEFORE INSERT ON entry FOR EACH ROW "
        "WHEN (new.corrects IS NOT NULL OR new.reverses IS NOT NULL) EXECUTE FUNCTION entry_has_its_original()",
    )
    found["event_is_kept"] = (
        "event",
        "CREATE CONSTRAINT TRIGGER event_is_kept AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (new.first_entry IS NOT NULL) EXECUTE FUNCTION event_entries_are_whole()",
    )
    found["posting_is_guarded"] = (
        "posting",
        "CREATE TRIGGER posting_is_guarded AFTER INSERT ON posting REFERENCING NEW TABLE AS moved "
        "FOR EACH STATEMENT EXECUTE FUNCTION postings_move_balances()",
    )
    return found


SETTING = "public, pg_temp"
"""Where the functions look for tables, so that a temporary table of the same name is never taken for one of ours."""


def function_statements() -> list[str]:
    """The statements that make or replace the functions, none of which anyone else may call until it is granted."""
    made = [
        f"CREATE OR REPLACE FUNCTION {name} {kind} SECURITY DEFINER SET search_path = {SETTING} AS $guard${body}$guard$"
        for name, (kind, body) in FUNCTIONS.items()
    ]
    return [*made, *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in FUNCTIONS)]


def rebuilding(postings_summed: str) -> str:
    """The statements of the function that writes a pool's kept balances anew, their guards set aside."""
    return f"""CREATE OR REPLACE FUNCTION rebuild_balances(wanted text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {SETTING} AS $guard$
BEGIN
    ALTER TABLE balance DISABLE TRIGGER USER;
    DELETE FROM balance WHERE pool_id = wanted;
    INSERT INTO balance (pool_id, book, account, scheme, contribution, partner, month, amount_pence, through_entry)
    {postings_summed.replace("?", "wanted")};
    ALTER TABLE balance ENABLE TRIGGER USER;
END
$guard$;
REVOKE ALL ON FUNCTION rebuild_balances(text) FROM PUBLIC"""
