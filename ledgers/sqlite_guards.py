"""The guards of the books that SQLite keeps as triggers, as text; the same rules for PostgreSQL belong beside them.

A guard's message opens with the name of the refusal in ledgers.refusals that it stands for.
"""

from collections.abc import Mapping

from ledgers.money import MAX_PENCE

KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "pool": (("pool_id",),),
    "event": (("pool_id", "number"),),
    "account": (("pool_id", "code"),),
    "partner": (("pool_id", "id"),),
    "contribution": (("pool_id", "id"),),
    "scheme": (("pool_id", "id"),),
    "month_state": (("pool_id", "month", "event"),),
    "entry": (("pool_id", "number"), ("pool_id", "idempotency_key"), ("pool_id", "reverses")),
    "posting": (("pool_id", "entry", "line"),),
    "batch": (("pool_id", "number"), ("pool_id", "digest")),
    "source_line": (("pool_id", "batch", "file_row"),),
    "sign_off": (("pool_id", "subject", "body", "event"),),
}
"""Every unique key of every table of recorded rows."""

_NUMBERED = ("event", "entry", "batch")
_CARRIED = ("account", "partner", "contribution", "scheme", "month_state", "batch", "source_line", "sign_off")
# These need an event written before them in the same transaction, which asks for foreign keys; and nobody
# can switch them off inside a transaction.
_ANNOUNCED = ("entry", "posting")
_REUSED = {
    "idempotency_key": "KeyConflict: this key is used already",
    "reverses": "AlreadyReversed: the original has its reversal already",
    "digest": "KeyConflict: a file of this content came in already",
}


def _guard(name: str, moment: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} {moment} WHEN {when}\nBEGIN SELECT RAISE(ABORT, '{message}'); END"


def _append_only(table: str) -> dict[str, str]:
    """Nothing recorded is updated, deleted or replaced.

    REPLACE deletes without asking the delete trigger unless recursive triggers are on, so each
    key has a trigger of its own that refuses a row which is there already.
    """
    guards = {}
    for deed in ("update", "delete"):
        name = f"{table}_takes_no_{deed}"
        guards[name] = _guard(
            name, f"BEFORE {deed.upper()} ON {table}", "true", f"RowRefused: a recorded {table} row takes no {deed}"
        )
    for key in KEYS[table]:
        if (table in _NUMBERED and key[-1] == "number") or table == "posting":
            continue  # a number that is there already is never the next, and a recorded entry takes no posting
        name = f"{table}_{key[-1]}_used_once"
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        message = _REUSED.get(key[-1], f"RowRefused: {table} holds this {key[-1]} already")
        guards[name] = _guard(
            name,
            f"BEFORE INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {same})",
            message,
        )
    return guards


def _foreign_keys_on(table: str) -> dict[str, str]:
    """SQLite asks each connection whether it keeps foreign keys; these tables take rows only from one that does."""
    name = f"{table}_wants_foreign_keys"
    off = "(SELECT foreign_keys FROM pragma_foreign_keys) = 0"
    message = "RowRefused: these books take rows only with PRAGMA foreign_keys = ON"
    return {name: _guard(name, f"BEFORE INSERT ON {table}", off, message)}


def _checks_on(table: str) -> dict[str, str]:
    """A connection may set the checks of all columns aside, even inside a transaction, so each row asks."""
    name = f"{table}_wants_checks"
    off = "(SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) <> 0"
    message = "RowRefused: these books take rows only with PRAGMA ignore_check_constraints = OFF"
    return {name: _guard(name, f"BEFORE INSERT ON {table}", off, message)}


def _carried_by_newest(table: str) -> dict[str, str]:
    name = f"{table}_has_newest_event"
    other = "NEW.event IS NOT (SELECT max(number) FROM event WHERE pool_id = NEW.pool_id)"
    message = f"RowRefused: a new {table} row is carried by the newest event of its pool"
    return {name: _guard(name, f"BEFORE INSERT ON {table}", other, message)}


def _next_number(table: str) -> dict[str, str]:
    name = f"{table}_number_is_next"
    other = f"NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM {table} WHERE pool_id = NEW.pool_id)"
    message = f"RowRefused: the numbers of {table} rows run from 1 without a gap"
    return {name: _guard(name, f"BEFORE INSERT ON {table}", other, message)}


_EVENT = {
    "event_follows_the_last": _guard(
        "event_follows_the_last",
        "BEFORE INSERT ON event",
        """NEW.previous_hash IS NOT coalesce(
            (SELECT hash FROM event WHERE pool_id = NEW.pool_id ORDER BY number DESC LIMIT 1),
            '0000000000000000000000000000000000000000000000000000000000000000')""",
        "RowRefused: an event names the hash of the event before it",
    ),
    "event_says_what_its_text_says": _guard(
        "event_says_what_its_text_says",
        "BEFORE INSERT ON event",
        """json_valid(NEW.content) = 0
            OR json_extract(NEW.content, '$.pool') IS NOT NEW.pool_id
            OR json_extract(NEW.content, '$.number') IS NOT NEW.number
            OR json_extract(NEW.content, '$.kind') IS NOT NEW.kind
            OR json_extract(NEW.content, '$.who') IS NOT NEW.who
            OR json_extract(NEW.content, '$.recorded_at') IS NOT NEW.recorded_at
            OR json_extract(NEW.content, '$.previous') IS NOT NEW.previous_hash
            OR strftime('%Y-%m-%dT%H:%M:%SZ', NEW.recorded_at) IS NOT NEW.recorded_at""",
        "RowRefused: an event has the kind, time, name and number that its sealed text has",
    ),
    "event_rowid_used_once": _guard(
        "event_rowid_used_once",
        "BEFORE INSERT ON event",
        "EXISTS (SELECT 1 FROM event WHERE rowid = NEW.rowid)",
        "RowRefused: event holds this rowid already",
    ),
    "event_announces_next_entries": _guard(
        "event_announces_next_entries",
        "BEFORE INSERT ON event",
        """NEW.first_entry IS NOT NULL AND NEW.first_entry
            IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry WHERE pool_id = NEW.pool_id)""",
        "RowRefused: an event announces the entries that come next",
    ),
}

_MONTH_STATE = {
    "month_state_changes": _guard(
        "month_state_changes",
        "BEFORE INSERT ON month_state",
        """NEW.state IS (SELECT state FROM month_state
            WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY event DESC LIMIT 1)""",
        "MonthStateRefused: the month has this state already",
    ),
}

# Compared without regard to capitals (of the Latin alphabet, as SQLite knows them) and blanks around the name.
_SIGN_OFF = {
    "sign_off_is_as_sealed": _guard(
        "sign_off_is_as_sealed",
        "BEFORE INSERT ON sign_off",
        """NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
            AND kind = 'sign-off' AND who = NEW.who
            AND json_extract(content, '$.payload.subject') = NEW.subject
            AND json_extract(content, '$.payload.part') = NEW.part
            AND json_extract(content, '$.payload.body') = NEW.body)""",
        "RowRefused: a sign-off is what its event says, by the person who recorded it",
    ),
    "sign_off_is_of_a_partner": _guard(
        "sign_off_is_of_a_partner",
        "BEFORE INSERT ON sign_off",
        """NEW.body <> '' AND NOT EXISTS (SELECT 1 FROM partner WHERE pool_id = NEW.pool_id AND id = NEW.body)""",
        "SignOffRefused: the pool has no such partner",
    ),
    "sign_off_follows_preparation": _guard(
        "sign_off_follows_preparation",
        "BEFORE INSERT ON sign_off",
        """NEW.part = 'reviewed' AND NOT EXISTS (SELECT 1 FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared')""",
        "NotPrepared: nobody has prepared it",
    ),
    "sign_off_by_another_person": _guard(
        "sign_off_by_another_person",
        "BEFORE INSERT ON sign_off",
        """NEW.part = 'reviewed' AND lower(trim(NEW.who)) IS (SELECT lower(trim(who)) FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared' ORDER BY event DESC LIMIT 1)""",
        "SamePerson: who prepared it does not review it",
    ),
}

_POSTING = {
    "posting_is_announced": _guard(
        "posting_is_announced",
        "BEFORE INSERT ON posting",
        """NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id
            AND number = (SELECT max(number) FROM event WHERE pool_id = NEW.pool_id)
            AND NEW.entry BETWEEN first_entry AND last_entry)""",
        "RowRefused: a posting is of an entry that the newest event of its pool announces",
    ),
    "posting_before_its_entry": _guard(
        "posting_before_its_entry",
        "BEFORE INSERT ON posting",
        "EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.entry)",
        "RowRefused: a recorded entry takes no further posting",
    ),
}

_ENTRY = {
    # Postings come first, under a foreign key judged at commit, so that the entry row, last, can be
    # weighed against all of them.
    "entry_balances": f"""CREATE TRIGGER entry_balances BEFORE INSERT ON entry
BEGIN
    SELECT CASE
        WHEN count(*) < 2 THEN RAISE(ABORT, 'EntryHasOneLeg: an entry has at least two postings')
        WHEN min(abs(amount_pence)) = 0 THEN RAISE(ABORT, 'PostingIsNil: a posting is not nil')
        WHEN sum(amount_pence) <> 0 THEN RAISE(ABORT, 'EntryDoesNotBalance: the postings of an entry sum to nil')
        WHEN max(abs(amount_pence)) > {MAX_PENCE} THEN RAISE(ABORT, 'RowRefused: a posting is beyond all limits')
        WHEN count(*) <> NEW.legs OR max(line) <> NEW.legs OR min(line) <> 1
            THEN RAISE(ABORT, 'RowRefused: an entry says how many postings it has, numbered from 1')
        END
    FROM posting WHERE pool_id = NEW.pool_id AND entry = NEW.number;
END""",
    "entry_is_dated_in_its_month": _guard(
        "entry_is_dated_in_its_month",
        "BEFORE INSERT ON entry",
        """date(NEW.effective_on) IS NOT NEW.effective_on OR date(NEW.document_on) IS NOT NEW.document_on
            OR (CAST(strftime('%m', NEW.effective_on) AS INTEGER) + 8) % 12 + 1 IS NOT NEW.month
            OR NOT EXISTS (SELECT 1 FROM pool WHERE pool_id = NEW.pool_id AND NEW.effective_on
                BETWEEN year_starts || '-04-01' AND (year_starts + 1) || '-03-31')""",
        "DateOutsideYear: an entry takes effect in its month of the year of its pool",
    ),
    "entry_is_in_an_open_month": """CREATE TRIGGER entry_is_in_an_open_month BEFORE INSERT ON entry
BEGIN
    SELECT CASE coalesce((SELECT state FROM month_state
            WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY event DESC LIMIT 1), 'closed')
        WHEN 'closed' THEN RAISE(ABORT, 'PeriodClosed: the month is closed')
        WHEN 'adjusting' THEN CASE NEW.adjusting
            WHEN 0 THEN RAISE(ABORT, 'PeriodClosed: the month takes adjusting entries only') END
        END;
END""",
    "entry_is_announced": _guard(
        "entry_is_announced",
        "BEFORE INSERT ON entry",
        """NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
            AND number = (SELECT max(number) FROM event WHERE pool_id = NEW.pool_id)
            AND NEW.number BETWEEN first_entry AND last_entry AND recorded_at = NEW.recorded_at)""",
        "RowRefused: an entry is announced by the newest event of its pool and recorded at the same time",
    ),
    "entry_corrects_an_original": _guard(
        "entry_corrects_an_original",
        "BEFORE INSERT ON entry",
        """NEW.corrects IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.corrects)""",
        "OriginalNotFound: the pool has no such entry to correct",
    ),
    "entry_reverses_an_original": """CREATE TRIGGER entry_reverses_an_original BEFORE INSERT ON entry
WHEN NEW.reverses IS NOT NULL
BEGIN
    SELECT CASE
        WHEN count(*) = 0 THEN RAISE(ABORT, 'OriginalNotFound: the pool has no such entry to reverse')
        WHEN max(reverses) IS NOT NULL THEN RAISE(ABORT, 'ReversalOfReversal: a reversal is not reversed')
        WHEN max(book) <> NEW.book THEN RAISE(ABORT, 'ReversalIsNoMirror: a reversal is in the book of its original')
        END
    FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.reverses;
    SELECT RAISE(ABORT, 'ReversalIsNoMirror: a reversal has the postings of its original with the signs turned')
    WHERE NEW.legs <> (SELECT legs FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.reverses) OR EXISTS (
        SELECT account, scheme, contribution, partner, -amount_pence, count(*) FROM posting
        WHERE pool_id = NEW.pool_id AND entry = NEW.reverses
        GROUP BY account, scheme, contribution, partner, amount_pence
        EXCEPT
        SELECT account, scheme, contribution, partner, amount_pence, count(*) FROM posting
        WHERE pool_id = NEW.pool_id AND entry = NEW.number
        GROUP BY account, scheme, contribution, partner, amount_pence
    );
END""",
}

_CELL = "pool_id, book, account, scheme, contribution, partner, month"
_EVENT_OF_ENTRY = "SELECT {} FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event"

# The balances move once for all entries of an event, with the last of them, whoever writes it: without that
# one the event cannot be committed. The cells of the last entry come last, which the guards rely on.
_KEEP_BALANCES = f"""CREATE TRIGGER entry_moves_balances AFTER INSERT ON entry
WHEN NEW.number = ({_EVENT_OF_ENTRY.format("last_entry")})
BEGIN
    SELECT RAISE(ABORT, 'BudgetOverdrawn: the account may not fall below nil for a contribution')
    FROM (
        SELECT (SELECT coalesce(sum(kept.amount_pence), 0) FROM balance AS kept WHERE kept.pool_id = NEW.pool_id
                AND kept.book = moved.book AND kept.account = moved.account AND kept.contribution = moved.contribution)
            + sum(moved.amount_pence) OVER (PARTITION BY book, account, contribution ORDER BY number) AS left_there
        FROM (
            SELECT entry.book, entry.number, posting.account, coalesce(posting.contribution, '') AS contribution,
                sum(posting.amount_pence) AS amount_pence
            FROM posting CROSS JOIN account CROSS JOIN entry
            WHERE posting.pool_id = NEW.pool_id
                AND posting.entry BETWEEN ({_EVENT_OF_ENTRY.format("first_entry")}) AND NEW.number
                AND account.pool_id = posting.pool_id AND account.code = posting.account
                AND account.floor = 'not_negative_by_contribution'
                AND entry.pool_id = posting.pool_id AND entry.number = posting.entry
            GROUP BY 1, 2, 3, 4
        ) AS moved
    ) WHERE left_there < 0;
    INSERT INTO balance ({_CELL}, amount_pence, through_entry)
    SELECT entry.pool_id, entry.book, posting.account, coalesce(posting.scheme, ''),
        coalesce(posting.contribution, ''), coalesce(posting.partner, ''), entry.month,
        sum(posting.amount_pence), max(entry.number)
    FROM posting CROSS JOIN entry
    WHERE posting.pool_id = NEW.pool_id
        AND posting.entry BETWEEN ({_EVENT_OF_ENTRY.format("first_entry")}) AND NEW.number
        AND entry.pool_id = posting.pool_id AND entry.number = posting.entry
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 9
    ON CONFLICT ({_CELL}) DO UPDATE SET amount_pence = balance.amount_pence + excluded.amount_pence,
        through_entry = excluded.through_entry;
END"""

# True but while the trigger above is at work: the newest entry is there, and some cell of it has not moved.
# No statement of anyone's comes between the two.
_NOT_MOVING = """NOT EXISTS (
        SELECT 1 FROM entry JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
        WHERE entry.pool_id = NEW.pool_id
            AND entry.number = (SELECT max(number) FROM entry WHERE pool_id = NEW.pool_id)
            AND entry.number = (SELECT last_entry FROM event WHERE event.pool_id = NEW.pool_id
                AND event.number = entry.event)
            AND NEW.through_entry <= entry.number
            AND entry.number IS NOT (SELECT through_entry FROM balance AS kept WHERE kept.pool_id = NEW.pool_id
                AND kept.book = entry.book AND kept.account = posting.account
                AND kept.scheme = coalesce(posting.scheme, '')
                AND kept.contribution = coalesce(posting.contribution, '')
                AND kept.partner = coalesce(posting.partner, '') AND kept.month = entry.month))"""

BALANCE_GUARDS: Mapping[str, str] = {
    "balance_starts_with_an_entry": _guard(
        "balance_starts_with_an_entry",
        "BEFORE INSERT ON balance",
        _NOT_MOVING,
        "RowRefused: a kept balance begins with the entry that moves it",
    ),
    "balance_moves_with_an_entry": _guard(
        "balance_moves_with_an_entry",
        "BEFORE UPDATE ON balance",
        f"""OLD.through_entry >= NEW.through_entry
            OR ({_CELL.replace(", ", ", OLD.").replace("pool_id", "OLD.pool_id", 1)})
                IS NOT ({_CELL.replace(", ", ", NEW.").replace("pool_id", "NEW.pool_id", 1)})
            OR {_NOT_MOVING}""",
        "RowRefused: a kept balance moves only by the entry being recorded",
    ),
    "balance_takes_no_delete": _guard(
        "balance_takes_no_delete",
        "BEFORE DELETE ON balance",
        "true",
        "RowRefused: kept balances are rebuilt whole, not deleted by row",
    ),
}
"""The guards of the kept balances, apart because a rebuild sets them aside inside its transaction."""


def guards() -> dict[str, str]:
    """Every trigger of the books by its name; what a sound file holds, to the letter."""
    found: dict[str, str] = {}
    for table in KEYS:
        found |= _append_only(table)
        if table not in _ANNOUNCED:
            found |= _foreign_keys_on(table)
        if table != "posting":  # whose checks the guard of its entry makes again, for all of them at once
            found |= _checks_on(table)
    for table in _CARRIED:
        found |= _carried_by_newest(table)
    for table in _NUMBERED:
        found |= _next_number(table)
    found |= _EVENT | _MONTH_STATE | _SIGN_OFF | _POSTING | _ENTRY | {"entry_moves_balances": _KEEP_BALANCES}
    return found | dict(BALANCE_GUARDS)
