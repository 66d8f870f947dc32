"""The guards of the books that PostgreSQL keeps as functions and triggers, as text: the rules of sqlite_guards.

A guard's message opens with the name of the refusal in ledgers.refusals that it stands for. Functions run as the
owner of the books, so that who may only insert need not be let at the pool's lock or at the kept balances.
"""

from collections.abc import Mapping

RECORDED = (
    "account", "batch", "contribution", "entry", "event", "month_state", "partner", "pool", "posting", "scheme",
    "sign_off", "source_line",
)  # fmt: skip
"""The tables of recorded rows; the kept balances are the one table beside them."""
_CARRIED = ("account", "batch", "contribution", "entry", "month_state", "partner", "scheme", "sign_off", "source_line")
_REFUSE = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="

_STAYS = f"""
BEGIN
    {_REFUSE} format('RowRefused: a recorded %s row takes no %s', TG_TABLE_NAME, lower(TG_OP));
END
"""

# The pool's row is locked before anything is looked at, so that what is found stays so until the end of the
# transaction. A snapshot taken before another writer's end fails on the number of the event.
_EVENT = f"""
DECLARE
    last_number integer;
    last_hash text;
    said jsonb;
BEGIN
    PERFORM 1 FROM pool WHERE pool_id = NEW.pool_id FOR NO KEY UPDATE;
    SELECT number, hash INTO last_number, last_hash FROM event
    WHERE pool_id = NEW.pool_id ORDER BY number DESC LIMIT 1;
    IF NEW.number IS DISTINCT FROM coalesce(last_number, 0) + 1 THEN
        {_REFUSE} 'RowRefused: the numbers of event rows run from 1 without a gap';
    END IF;
    IF NEW.previous_hash IS DISTINCT FROM coalesce(last_hash, repeat('0', 64)) THEN
        {_REFUSE} 'RowRefused: an event names the hash of the event before it';
    END IF;
    IF NEW.hash IS DISTINCT FROM encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        {_REFUSE} 'RowRefused: an event has the hash of its sealed text';
    END IF;
    said := NEW.content::jsonb;
    IF said ->> 'pool' IS DISTINCT FROM NEW.pool_id
        OR said -> 'number' IS DISTINCT FROM to_jsonb(NEW.number)
        OR said ->> 'kind' IS DISTINCT FROM NEW.kind
        OR said ->> 'who' IS DISTINCT FROM NEW.who
        OR said ->> 'recorded_at' IS DISTINCT FROM NEW.recorded_at
        OR said ->> 'previous' IS DISTINCT FROM NEW.previous_hash
        OR to_char(NEW.recorded_at::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            IS DISTINCT FROM NEW.recorded_at
    THEN
        {_REFUSE} 'RowRefused: an event has the kind, time, name and number that its sealed text has';
    END IF;
    IF NEW.first_entry IS DISTINCT FROM NULL AND NEW.first_entry IS DISTINCT FROM
        (SELECT coalesce(max(number), 0) + 1 FROM entry WHERE pool_id = NEW.pool_id)
    THEN
        {_REFUSE} 'RowRefused: an event announces the entries that come next';
    END IF;
    NEW.written_by := pg_current_xact_id();
    RETURN NEW;
END
"""

_CARRIED_BY = f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
            AND written_by = pg_current_xact_id())
        OR EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number > NEW.event)
    THEN
        {_REFUSE} format('RowRefused: a new %s row is carried by the newest event of its pool', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
"""

_MONTH_STATE = f"""
BEGIN
    IF NEW.state = (SELECT state FROM month_state
        WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY event DESC LIMIT 1)
    THEN
        {_REFUSE} 'MonthStateRefused: the month has this state already';
    END IF;
    RETURN NEW;
END
"""

_SIGN_OFF = f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
        AND kind = 'sign-off' AND who = NEW.who
        AND content::jsonb #>> '{{payload,subject}}' = NEW.subject
        AND content::jsonb #>> '{{payload,part}}' = NEW.part
        AND content::jsonb #>> '{{payload,body}}' = NEW.body)
    THEN
        {_REFUSE} 'RowRefused: a sign-off is what its event says, by the person who recorded it';
    END IF;
    IF NEW.body <> '' AND NOT EXISTS (SELECT 1 FROM partner WHERE pool_id = NEW.pool_id AND id = NEW.body) THEN
        {_REFUSE} 'SignOffRefused: the pool has no such partner';
    END IF;
    IF NEW.part = 'reviewed' THEN
        IF NOT EXISTS (SELECT 1 FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared')
        THEN
            {_REFUSE} 'NotPrepared: nobody has prepared it';
        END IF;
        IF lower(trim(NEW.who)) = (SELECT lower(trim(who)) FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared' ORDER BY event DESC LIMIT 1)
        THEN
            {_REFUSE} 'SamePerson: who prepared it does not review it';
        END IF;
    END IF;
    RETURN NEW;
END
"""

_BATCH = f"""
BEGIN
    IF EXISTS (SELECT 1 FROM batch WHERE pool_id = NEW.pool_id AND digest = NEW.digest) THEN
        {_REFUSE} 'KeyConflict: a file of this content came in already';
    END IF;
    IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM batch WHERE pool_id = NEW.pool_id) THEN
        {_REFUSE} 'RowRefused: the numbers of batch rows run from 1 without a gap';
    END IF;
    RETURN NEW;
END
"""

# What is not a day comes back as another day, or as none.
_IS_DAY = r"""
    SELECT CASE WHEN $1 ~ '^[12]\d{3}-(0[1-9]|1[0-2])-[0-3]\d$' THEN
        to_char(make_date(left($1, 4)::int, substr($1, 6, 2)::int, 1) + right($1, 2)::int - 1, 'YYYY-MM-DD') = $1
        ELSE false END
"""

_ENTRY = f"""
DECLARE
    of_entry text := 'entry ' || coalesce(NEW.number, 0);
    starts integer := (SELECT year_starts FROM pool WHERE pool_id = NEW.pool_id);
    month_is text;
BEGIN
    IF NOT (is_day(NEW.effective_on) AND is_day(NEW.document_on)
        AND (substr(NEW.effective_on, 6, 2)::int + 8) % 12 + 1 = NEW.month
        AND NEW.effective_on BETWEEN starts || '-04-01' AND (starts + 1) || '-03-31') IS TRUE
    THEN
        {_REFUSE} 'DateOutsideYear: an entry takes effect in its month of the year of its pool', DETAIL = of_entry;
    END IF;
    month_is := coalesce((SELECT state FROM month_state
        WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY event DESC LIMIT 1), 'closed');
    IF month_is = 'closed' THEN
        {_REFUSE} 'PeriodClosed: the month is closed', DETAIL = of_entry;
    ELSIF month_is = 'adjusting' AND NEW.adjusting = 0 THEN
        {_REFUSE} 'PeriodClosed: the month takes adjusting entries only', DETAIL = of_entry;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
        AND NEW.number BETWEEN first_entry AND last_entry AND recorded_at = NEW.recorded_at)
    THEN
        {_REFUSE} 'RowRefused: an entry is announced by its event and recorded at the same time', DETAIL = of_entry;
    END IF;
    NEW.written_by := pg_current_xact_id();
    RETURN NEW;
END
"""

# With several indexes to choose from, a plan made while the table was small would stay a bad one: it is made anew.
_ORIGINAL = f"""
DECLARE
    of_entry text := 'entry ' || coalesce(NEW.number, 0);
    original entry%ROWTYPE;
BEGIN
    IF NEW.corrects IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.corrects)
    THEN
        {_REFUSE} 'OriginalNotFound: the pool has no such entry to correct', DETAIL = of_entry;
    END IF;
    IF NEW.reverses IS NOT NULL THEN
        SELECT * INTO original FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.reverses;
        IF NOT FOUND THEN
            {_REFUSE} 'OriginalNotFound: the pool has no such entry to reverse', DETAIL = of_entry;
        ELSIF original.reverses IS NOT NULL THEN
            {_REFUSE} 'ReversalOfReversal: a reversal is not reversed', DETAIL = of_entry;
        ELSIF original.book IS DISTINCT FROM NEW.book THEN
            {_REFUSE} 'ReversalIsNoMirror: a reversal is in the book of its original', DETAIL = of_entry;
        ELSIF EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND reverses = NEW.reverses) THEN
            {_REFUSE} 'AlreadyReversed: the original has its reversal already', DETAIL = of_entry;
        END IF;
    END IF;
    RETURN NEW;
END
"""

# Each entry is in the range that its event announces and no number is used twice: with their count, none is left out.
_ANNOUNCED = f"""
BEGIN
    IF NEW.last_entry - NEW.first_entry + 1 <> (SELECT count(*) FROM entry
        WHERE pool_id = NEW.pool_id AND number BETWEEN NEW.first_entry AND NEW.last_entry AND event = NEW.number)
    THEN
        {_REFUSE} 'RowRefused: an event announces entries that are recorded with it, without a gap';
    END IF;
    RETURN NULL;
END
"""

# An entry says how many postings it has and is weighed with all of them, so that afterwards no line is free.
_POSTING = f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.entry
        AND written_by = pg_current_xact_id() AND NEW.line BETWEEN 1 AND legs)
    THEN
        {_REFUSE} 'RowRefused: a recorded entry takes no further posting, '
            'and a posting is one of those that its entry says it has', DETAIL = 'entry ' || coalesce(NEW.entry, 0);
    END IF;
    RETURN NEW;
END
"""

_WEIGHED = f"""
DECLARE
    of_entry text := 'entry ' || NEW.number;
    sums record;
    cell record;
BEGIN
    SELECT count(*) AS legs, coalesce(sum(amount_pence), 0) AS total, bool_or(amount_pence = 0) AS has_nil INTO sums
    FROM posting WHERE pool_id = NEW.pool_id AND entry = NEW.number;
    IF sums.legs < 2 THEN
        {_REFUSE} 'EntryHasOneLeg: an entry has at least two postings', DETAIL = of_entry;
    ELSIF sums.has_nil THEN
        {_REFUSE} 'PostingIsNil: a posting is not nil', DETAIL = of_entry;
    ELSIF sums.total <> 0 THEN
        {_REFUSE} 'EntryDoesNotBalance: the postings of an entry sum to nil', DETAIL = of_entry;
    ELSIF sums.legs <> NEW.legs THEN
        {_REFUSE} 'RowRefused: an entry says how many postings it has, numbered from 1', DETAIL = of_entry;
    END IF;
    IF NEW.reverses IS NOT NULL AND (NEW.legs <> (SELECT legs FROM entry
            WHERE pool_id = NEW.pool_id AND number = NEW.reverses) OR EXISTS (
        SELECT account, scheme, contribution, partner, -amount_pence, count(*) FROM posting
        WHERE pool_id = NEW.pool_id AND entry = NEW.reverses
        GROUP BY account, scheme, contribution, partner, amount_pence
        EXCEPT
        SELECT account, scheme, contribution, partner, amount_pence, count(*) FROM posting
        WHERE pool_id = NEW.pool_id AND entry = NEW.number
        GROUP BY account, scheme, contribution, partner, amount_pence))
    THEN
        {_REFUSE} 'ReversalIsNoMirror: a reversal has the postings of its original with the signs turned',
            DETAIL = of_entry;
    END IF;
    FOR cell IN
        SELECT DISTINCT posting.account, posting.contribution FROM posting
        JOIN account ON account.pool_id = posting.pool_id AND account.code = posting.account
        WHERE posting.pool_id = NEW.pool_id AND posting.entry = NEW.number AND posting.amount_pence < 0
            AND account.floor = 'not_negative_by_contribution'
    LOOP
        IF 0 > (SELECT sum(amount_pence) FROM balance WHERE pool_id = NEW.pool_id AND book = NEW.book
            AND account = cell.account AND contribution = coalesce(cell.contribution, ''))
        THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', DETAIL = of_entry,
                MESSAGE = 'BudgetOverdrawn: the account may not fall below nil for a contribution';
        END IF;
    END LOOP;
    RETURN NULL;
END
"""

# One statement for all postings of a statement: a row moved ten thousand times in one transaction would be slow.
_MOVE = """
BEGIN
    INSERT INTO balance AS kept (pool_id, book, account, scheme, contribution, partner, month, amount_pence,
        through_entry)
    SELECT moved.pool_id, entry.book, moved.account, coalesce(moved.scheme, ''), coalesce(moved.contribution, ''),
        coalesce(moved.partner, ''), entry.month, sum(moved.amount_pence), max(moved.entry)
    FROM moved JOIN entry ON entry.pool_id = moved.pool_id AND entry.number = moved.entry
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (pool_id, book, account, scheme, contribution, partner, month) DO UPDATE
        SET amount_pence = kept.amount_pence + EXCLUDED.amount_pence,
            through_entry = greatest(kept.through_entry, EXCLUDED.through_entry);
    RETURN NULL;
END
"""

# A kept balance is moved by the trigger on postings and by nothing else.
_BALANCE = f"""
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') OR pg_trigger_depth() < 2 THEN
        {_REFUSE} 'RowRefused: a kept balance moves only by the entry being recorded';
    END IF;
    RETURN NULL;
END
"""

_TAKE_POOL = """
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted, 0));
    PERFORM 1 FROM pool WHERE pool_id = wanted FOR NO KEY UPDATE;
END
"""

FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "recorded_rows_stay()": ("RETURNS trigger LANGUAGE plpgsql", _STAYS),
    "event_is_next()": ("RETURNS trigger LANGUAGE plpgsql", _EVENT),
    "row_is_carried_by_newest_event()": ("RETURNS trigger LANGUAGE plpgsql", _CARRIED_BY),
    "month_state_changes()": ("RETURNS trigger LANGUAGE plpgsql", _MONTH_STATE),
    "sign_off_may_be_given()": ("RETURNS trigger LANGUAGE plpgsql", _SIGN_OFF),
    "batch_is_next()": ("RETURNS trigger LANGUAGE plpgsql", _BATCH),
    "is_day(text)": ("RETURNS boolean LANGUAGE sql IMMUTABLE", _IS_DAY),
    "entry_may_be_recorded()": ("RETURNS trigger LANGUAGE plpgsql", _ENTRY),
    "entry_has_its_original()": ("RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan", _ORIGINAL),
    "event_entries_are_there()": (
        "RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan",
        _ANNOUNCED,
    ),
    "posting_is_of_new_entry()": ("RETURNS trigger LANGUAGE plpgsql", _POSTING),
    "entry_is_whole()": ("RETURNS trigger LANGUAGE plpgsql", _WEIGHED),
    "postings_move_balances()": ("RETURNS trigger LANGUAGE plpgsql", _MOVE),
    "balance_moves_with_an_entry()": ("RETURNS trigger LANGUAGE plpgsql", _BALANCE),
    "take_pool(wanted text)": ("RETURNS void LANGUAGE plpgsql", _TAKE_POOL),
}
"""Every function of the books with its kind and body. rebuild_balances stands apart: it is no guard."""


def _trigger(name: str, moment: str, table: str, each: str, function: str) -> tuple[str, str]:
    return table, f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def triggers() -> dict[str, tuple[str, str]]:
    """Every trigger of the books by its name: its table, and its text as PostgreSQL gives it back."""
    found: dict[str, tuple[str, str]] = {}
    for table in (*RECORDED, "balance"):
        function = "balance_moves_with_an_entry" if table == "balance" else "recorded_rows_stay"
        for deed in ("update", "delete", "truncate"):
            name = f"{table}_takes_no_{deed}"
            found[name] = _trigger(name, f"BEFORE {deed.upper()}", table, "STATEMENT", function)
    for table in _CARRIED:
        name = f"{table}_has_newest_event"
        found[name] = _trigger(name, "BEFORE INSERT", table, "ROW", "row_is_carried_by_newest_event")
    for table, function in (
        ("event", "event_is_next"),
        ("month_state", "month_state_changes"),
        ("batch", "batch_is_next"),
        ("sign_off", "sign_off_may_be_given"),
        ("entry", "entry_may_be_recorded"),
        ("posting", "posting_is_of_new_entry"),
    ):
        name = f"{table}_is_guarded"
        found[name] = _trigger(name, "BEFORE INSERT", table, "ROW", function)
    found["balance_takes_no_insert"] = _trigger(
        "balance_takes_no_insert", "BEFORE INSERT", "balance", "STATEMENT", "balance_moves_with_an_entry"
    )
    found["entry_original_is_guarded"] = (
        "entry",
        "CREATE TRIGGER entry_original_is_guarded BEFORE INSERT ON entry FOR EACH ROW "
        "WHEN (new.corrects IS NOT NULL OR new.reverses IS NOT NULL) EXECUTE FUNCTION entry_has_its_original()",
    )
    found["event_is_kept"] = (
        "event",
        "CREATE CONSTRAINT TRIGGER event_is_kept AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION event_entries_are_there()",
    )
    found["posting_moves_balances"] = (
        "posting",
        "CREATE TRIGGER posting_moves_balances AFTER INSERT ON posting REFERENCING NEW TABLE AS moved "
        "FOR EACH STATEMENT EXECUTE FUNCTION postings_move_balances()",
    )
    found["entry_is_weighed"] = (
        "entry",
        "CREATE CONSTRAINT TRIGGER entry_is_weighed AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION entry_is_whole()",
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
