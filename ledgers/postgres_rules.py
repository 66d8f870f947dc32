"""What the guards of a PostgreSQL database do, as the bodies of its functions: the rules of sqlite_guards. Text only.

A guard's message opens with the name of the refusal in ledgers.refusals that it stands for. Functions run as the
owner of the books, so that who may only insert need not be let at the pool's lock or at the kept balances.
"""

from collections.abc import Iterable, Mapping

FEW = 20
"""How many postings of one statement move their balances one by one."""
REFUSE = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="

STAYS = f"""
BEGIN
    {REFUSE} format('RowRefused: a recorded %s row takes no %s', TG_TABLE_NAME, lower(TG_OP));
END
"""

# The pool's row is locked before anything is looked at, so that what is found stays so until the end of the
# transaction. A snapshot taken before another writer's end fails on the number of the event.
EVENT = f"""
DECLARE
    last_hash text;
BEGIN
    PERFORM 1 FROM pool WHERE pool_id = NEW.pool_id FOR NO KEY UPDATE;
    SELECT hash INTO last_hash FROM event WHERE pool_id = NEW.pool_id AND number = NEW.number - 1;
    IF NOT FOUND AND NEW.number IS DISTINCT FROM 1 THEN
        {REFUSE} 'RowRefused: the numbers of event rows run from 1 without a gap';
    ELSIF NEW.previous_hash IS DISTINCT FROM coalesce(last_hash, repeat('0', 64)) THEN
        {REFUSE} 'RowRefused: an event names the hash of the event before it';
    ELSIF NEW.hash IS DISTINCT FROM encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        {REFUSE} 'RowRefused: an event has the hash of its sealed text';
    ELSIF (NEW.content::jsonb @> jsonb_build_object('pool', NEW.pool_id, 'number', NEW.number, 'kind', NEW.kind,
            'who', NEW.who, 'recorded_at', NEW.recorded_at, 'previous', NEW.previous_hash)
        AND to_char(NEW.recorded_at::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') = NEW.recorded_at)
        IS NOT TRUE
    THEN
        {REFUSE} 'RowRefused: an event has the kind, time, name and number that its sealed text has';
    END IF;
    IF NEW.first_entry IS NOT NULL THEN
        PERFORM 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.first_entry - 1;
        IF NOT FOUND AND NEW.first_entry <> 1 THEN
            {REFUSE} 'RowRefused: an event announces the entries that come next';
        END IF;
    END IF;
    NEW.written_by := pg_current_xact_id();
    RETURN NEW;
END
"""

CARRIED_BY = f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
            AND written_by = pg_current_xact_id())
        OR EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number > NEW.event)
    THEN
        {REFUSE} format('RowRefused: a new %s row is carried by the newest event of its pool', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
"""

MONTH_STATE = f"""
BEGIN
    IF NEW.state = (SELECT state FROM month_state
        WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY event DESC LIMIT 1)
    THEN
        {REFUSE} 'MonthStateRefused: the month has this state already';
    END IF;
    RETURN NEW;
END
"""

SIGN_OFF = f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM event WHERE pool_id = NEW.pool_id AND number = NEW.event
        AND kind = 'sign-off' AND who = NEW.who
        AND content::jsonb #>> '{{payload,subject}}' = NEW.subject
        AND content::jsonb #>> '{{payload,part}}' = NEW.part
        AND content::jsonb #>> '{{payload,body}}' = NEW.body)
    THEN
        {REFUSE} 'RowRefused: a sign-off is what its event says, by the person who recorded it';
    END IF;
    IF NEW.body <> '' AND NOT EXISTS (SELECT 1 FROM partner WHERE pool_id = NEW.pool_id AND id = NEW.body) THEN
        {REFUSE} 'SignOffRefused: the pool has no such partner';
    END IF;
    IF NEW.part = 'reviewed' THEN
        IF NOT EXISTS (SELECT 1 FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared')
        THEN
            {REFUSE} 'NotPrepared: nobody has prepared it';
        END IF;
        IF lower(trim(NEW.who)) = (SELECT lower(trim(who)) FROM sign_off
            WHERE pool_id = NEW.pool_id AND subject = NEW.subject AND part = 'prepared' ORDER BY event DESC LIMIT 1)
        THEN
            {REFUSE} 'SamePerson: who prepared it does not review it';
        END IF;
    END IF;
    RETURN NEW;
END
"""

BATCH = f"""
BEGIN
    IF EXISTS (SELECT 1 FROM batch WHERE pool_id = NEW.pool_id AND digest = NEW.digest) THEN
        {REFUSE} 'KeyConflict: a file of this content came in already';
    END IF;
    IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM batch WHERE pool_id = NEW.pool_id) THEN
        {REFUSE} 'RowRefused: the numbers of batch rows run from 1 without a gap';
    END IF;
    RETURN NEW;
END
"""

# What is not a day comes back as another day, or as none.
_IS_DAY = r"""CASE WHEN {0} ~ '^[12]\d{{3}}-(0[1-9]|1[0-2])-[0-3]\d$' THEN {0} =
            to_char(make_date(left({0}, 4)::int, substr({0}, 6, 2)::int, 1) + right({0}, 2)::int - 1, 'YYYY-MM-DD')
            ELSE false END"""

# Each thing is looked up by its key, by itself: that takes a third of the time of one statement over all of them, and
# its plan is as good for one entry as for a hundred thousand.
ENTRY = f"""
DECLARE
    of_entry text := 'entry ' || coalesce(NEW.number, 0);
    starts int;
    kept_state text;
    newest int;
    announced boolean;
BEGIN
    NEW.written_by := pg_current_xact_id();
    SELECT year_starts INTO starts FROM pool WHERE pool_id = NEW.pool_id;
    IF NOT ({_IS_DAY.format("NEW.effective_on")} AND {_IS_DAY.format("NEW.document_on")}
        AND (substr(NEW.effective_on, 6, 2)::int + 8) % 12 + 1 = NEW.month
        AND NEW.effective_on BETWEEN starts || '-04-01' AND (starts + 1) || '-03-31') IS TRUE
    THEN
        {REFUSE} 'DateOutsideYear: an entry takes effect in its month of the year of its pool', DETAIL = of_entry;
    END IF;
    SELECT state INTO kept_state FROM month_state
    WHERE pool_id = NEW.pool_id AND month = NEW.month ORDER BY month_state.event DESC LIMIT 1;
    IF (kept_state = 'open') IS NOT TRUE THEN
        IF (kept_state = 'adjusting') IS NOT TRUE THEN
            {REFUSE} 'PeriodClosed: the month is closed', DETAIL = of_entry;
        ELSIF NEW.adjusting = 0 THEN
            {REFUSE} 'PeriodClosed: the month takes adjusting entries only', DETAIL = of_entry;
        END IF;
    END IF;
    SELECT number, recorded_at = NEW.recorded_at AND written_by = NEW.written_by
        AND NEW.number BETWEEN first_entry AND last_entry
    INTO newest, announced FROM event WHERE pool_id = NEW.pool_id ORDER BY number DESC LIMIT 1;
    IF (newest = NEW.event AND announced) IS NOT TRUE THEN
        {REFUSE} 'RowRefused: an entry is announced by the newest event of its pool, '
            'recorded at the same time and written by the same transaction', DETAIL = of_entry;
    END IF;
    RETURN NEW;
END
"""

# With several indexes to choose from, a plan made while the table was small would stay a bad one: it is made anew.
ORIGINAL = f"""
DECLARE
    of_entry text := 'entry ' || coalesce(NEW.number, 0);
    original entry%ROWTYPE;
BEGIN
    IF NEW.corrects IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.corrects)
    THEN
        {REFUSE} 'OriginalNotFound: the pool has no such entry to correct', DETAIL = of_entry;
    END IF;
    IF NEW.reverses IS NOT NULL THEN
        SELECT * INTO original FROM entry WHERE pool_id = NEW.pool_id AND number = NEW.reverses;
        IF NOT FOUND THEN
            {REFUSE} 'OriginalNotFound: the pool has no such entry to reverse', DETAIL = of_entry;
        ELSIF original.reverses IS NOT NULL THEN
            {REFUSE} 'ReversalOfReversal: a reversal is not reversed', DETAIL = of_entry;
        ELSIF original.book IS DISTINCT FROM NEW.book THEN
            {REFUSE} 'ReversalIsNoMirror: a reversal is in the book of its original', DETAIL = of_entry;
        ELSIF EXISTS (SELECT 1 FROM entry WHERE pool_id = NEW.pool_id AND reverses = NEW.reverses) THEN
            {REFUSE} 'AlreadyReversed: the original has its reversal already', DETAIL = of_entry;
        END IF;
    END IF;
    RETURN NEW;
END
"""

# At the end of the transaction, or when it is asked for. An entry is in the range that its event announces, no number
# is used twice, and an entry takes only the lines that it says it has: once weighed here, it stays as it is.
WEIGHED = f"""
DECLARE
    of_entry text;
    of_book text;
    wanted int;
    original int;
    leg record;
    lines int;
    total bigint;
    has_floor boolean;
BEGIN
    FOR each IN NEW.first_entry .. NEW.last_entry LOOP
        SELECT book, legs, reverses INTO of_book, wanted, original FROM entry
        WHERE pool_id = NEW.pool_id AND number = each AND event = NEW.number;
        lines := 0;
        total := 0;
        has_floor := false;
        -- Added up here, which takes a third of the time of having the database do it.
        FOR leg IN SELECT account, amount_pence FROM posting WHERE pool_id = NEW.pool_id AND entry = each LOOP
            lines := lines + 1;
            total := total + leg.amount_pence;
            IF leg.amount_pence < 0 AND NOT has_floor THEN
                PERFORM 1 FROM account
                WHERE pool_id = NEW.pool_id AND code = leg.account AND floor = 'not_negative_by_contribution';
                has_floor := FOUND;
            END IF;
        END LOOP;
        IF (lines = wanted AND total = 0) IS NOT TRUE THEN
            of_entry := 'entry ' || each;
            IF wanted IS NULL THEN
                {REFUSE} 'RowRefused: an event announces entries that are recorded with it, without a gap';
            ELSIF lines < 2 THEN
                {REFUSE} 'EntryHasOneLeg: an entry has at least two postings', DETAIL = of_entry;
            ELSIF total <> 0 THEN
                {REFUSE} 'EntryDoesNotBalance: the postings of an entry sum to nil', DETAIL = of_entry;
            END IF;
            {REFUSE} 'RowRefused: an entry says how many postings it has, numbered from 1', DETAIL = of_entry;
        END IF;
        IF original IS NOT NULL AND (wanted <> (SELECT legs FROM entry
                WHERE pool_id = NEW.pool_id AND number = original) OR EXISTS (
            SELECT account, scheme, contribution, partner, -amount_pence, count(*) FROM posting
            WHERE pool_id = NEW.pool_id AND entry = original
            GROUP BY account, scheme, contribution, partner, amount_pence
            EXCEPT
            SELECT account, scheme, contribution, partner, amount_pence, count(*) FROM posting
            WHERE pool_id = NEW.pool_id AND entry = each
            GROUP BY account, scheme, contribution, partner, amount_pence))
        THEN
            {REFUSE} 'ReversalIsNoMirror: a reversal has the postings of its original with the signs turned',
                DETAIL = 'entry ' || each;
        END IF;
        IF has_floor AND EXISTS (SELECT 1 FROM posting AS moved
            WHERE moved.pool_id = NEW.pool_id AND moved.entry = each AND moved.amount_pence < 0
                AND (SELECT floor FROM account WHERE account.pool_id = moved.pool_id
                    AND account.code = moved.account) = 'not_negative_by_contribution'
                AND 0 > (SELECT sum(amount_pence) FROM balance WHERE balance.pool_id = NEW.pool_id
                    AND balance.book = of_book AND balance.account = moved.account
                    AND balance.contribution = coalesce(moved.contribution, '')))
        THEN
            {REFUSE} 'BudgetOverdrawn: the account may not fall below nil for a contribution',
                DETAIL = 'entry ' || each;
        END IF;
    END LOOP;
    RETURN NULL;
END
"""

# A balance is moved once for all postings of a large statement: a row moved ten thousand times in one transaction would
# be slow. It would be slower yet by ON CONFLICT, which leaves a lock on the row for each savepoint that it moved in.
# The few postings of one entry are quicker moved one by one than added up.
_MOVE = f"""IF of_book IS NULL THEN
            {REFUSE} 'RowRefused: a recorded entry takes no further posting, '
                'and a posting is one of those that its entry says it has', DETAIL = 'entry ' || coalesce(leg.entry, 0);
        END IF;
        UPDATE balance SET amount_pence = amount_pence + leg.amount_pence,
            through_entry = greatest(through_entry, leg.entry)
        WHERE pool_id = leg.pool_id AND book = of_book AND account = leg.account AND scheme = leg.scheme
            AND contribution = leg.contribution AND partner = leg.partner AND month = of_month;
        IF NOT FOUND THEN
            INSERT INTO balance (pool_id, book, account, scheme, contribution, partner, month, amount_pence,
                through_entry)
            VALUES (leg.pool_id, of_book, leg.account, leg.scheme, leg.contribution, leg.partner, of_month,
                leg.amount_pence, leg.entry);
        END IF;"""
POSTINGS = f"""
DECLARE
    leg record;
    of_book text;
    of_month int;
BEGIN
    PERFORM 1 FROM moved OFFSET {FEW} LIMIT 1;
    IF FOUND THEN
        FOR leg IN SELECT moved.pool_id, of_entry.book, of_entry.month, account, coalesce(scheme, '') AS scheme,
                coalesce(contribution, '') AS contribution, coalesce(partner, '') AS partner,
                sum(amount_pence)::bigint AS amount_pence, max(moved.entry) AS entry
            FROM moved LEFT JOIN LATERAL (SELECT book, month FROM entry
                WHERE entry.pool_id = moved.pool_id AND entry.number = moved.entry
                    AND entry.written_by = pg_current_xact_id() AND moved.line BETWEEN 1 AND entry.legs LIMIT 1
            ) AS of_entry ON true
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        LOOP
            of_book := leg.book;
            of_month := leg.month;
            {_MOVE}
        END LOOP;
        RETURN NULL;
    END IF;
    FOR leg IN SELECT pool_id, entry, line, account, coalesce(scheme, '') AS scheme,
            coalesce(contribution, '') AS contribution, coalesce(partner, '') AS partner, amount_pence FROM moved
    LOOP
        SELECT book, month INTO of_book, of_month FROM entry
        WHERE pool_id = leg.pool_id AND number = leg.entry AND written_by = pg_current_xact_id()
            AND leg.line BETWEEN 1 AND legs;
        {_MOVE}
    END LOOP;
    RETURN NULL;
END
"""

# A kept balance is moved by the trigger on postings and by nothing else.
BALANCE = f"""
BEGIN
    {REFUSE} 'RowRefused: a kept balance moves only by the entry being recorded';
END
"""

# Each statement sees all that the writer before this one wrote: it is looked up once the pool is taken. An entry is
# found by its key and never by going through those of its pool, which is why the pool is not compared as it stands.
TAKE_POOL = """
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted, 0));
    PERFORM 1 FROM pool WHERE pool_id = wanted FOR NO KEY UPDATE;
    SELECT number, hash, (SELECT number FROM entry WHERE pool_id = wanted ORDER BY number DESC LIMIT 1)
    INTO last_event, last_hash, last_entry FROM event WHERE pool_id = wanted ORDER BY event.number DESC LIMIT 1;
    there := ARRAY(SELECT entry.number FROM unnest(keys) AS given (key) CROSS JOIN LATERAL (
        SELECT number FROM entry WHERE idempotency_key = given.key AND pool_id || '' = wanted LIMIT 1) AS entry);
END
"""
STANDING = "OUT last_event int, OUT last_hash text, OUT last_entry int, OUT there int[]"
"""What take_pool gives."""

EVENT_TYPES: Mapping[str, str] = {
    "pool_id": "text", "number": "int", "kind": "text", "recorded_at": "text", "who": "text", "first_entry": "int",
    "last_entry": "int", "content": "text", "previous_hash": "text", "hash": "text",
}  # fmt: skip
ENTRY_TYPES: Mapping[str, str] = {
    "number": "int", "book": "text", "kind": "text", "month": "int", "effective_on": "text", "document_on": "text",
    "who": "text", "why": "text", "source_reference": "text", "idempotency_key": "text", "reverses": "int",
    "corrects": "int", "adjusting": "int", "legs": "int", "digest": "text",
}  # fmt: skip
POSTING_TYPES: Mapping[str, str] = {
    "entry": "int", "line": "int", "account": "text", "amount_pence": "bigint", "scheme": "text",
    "contribution": "text", "partner": "text",
}  # fmt: skip
"""What record_entries is given, in its order: an event's values, and a list for each column of entries and postings."""


def _given(first: int, types: Iterable[str], many: str) -> str:
    """The values from a place on, each of its type: one text holds them all, which is taken apart quickest."""
    return ", ".join(f"given[{place}]::{kind}{many}" for place, kind in enumerate(types, start=first))


# One entry in a transaction of its own, each value by itself: nothing is taken apart, nothing put back at a savepoint.
# All is weighed in here, where plans that are kept are made, and not at the end of the transaction.
_LEG = tuple(name for name in POSTING_TYPES if name not in ("entry", "line"))
LEG_TYPES: Mapping[str, str] = {name: POSTING_TYPES[name] for name in _LEG}
ALONE_TYPES = (*EVENT_TYPES.values(), *ENTRY_TYPES.values(), "text[]")
"""What record_alone is given: an event's values, an entry's, and the legs' values one leg after another."""
_LEGS = f"${len(ALONE_TYPES)}"
_ENTRY_FROM = len(EVENT_TYPES) + 1


def _marks(first: int, count: int) -> str:
    return ", ".join(f"${place}" for place in range(first, first + count))


def _leg(place: int, kind: str) -> str:
    value = f"{_LEGS}[{len(LEG_TYPES)} * (line - 1) + {place}]"
    return value if kind == "text" else f"{value}::{kind}"


RECORD_ALONE = f"""
BEGIN
    INSERT INTO event ({", ".join(EVENT_TYPES)}) VALUES ({_marks(1, len(EVENT_TYPES))});
    INSERT INTO entry (pool_id, event, recorded_at, {", ".join(ENTRY_TYPES)})
    VALUES ($1, $2, $4, {_marks(_ENTRY_FROM, len(ENTRY_TYPES))});
    INSERT INTO posting (pool_id, entry, line, {", ".join(LEG_TYPES)})
    SELECT $1, ${_ENTRY_FROM}, line, {", ".join(_leg(place, kind) for place, kind in enumerate(LEG_TYPES.values(), 1))}
    FROM generate_series(1, array_length({_LEGS}, 1) / {len(LEG_TYPES)}) AS line;
    SET CONSTRAINTS ALL IMMEDIATE;
END
"""

_ENTRIES_FROM = len(EVENT_TYPES) + 1
_POSTINGS_FROM = _ENTRIES_FROM + len(ENTRY_TYPES)
RECORD = f"""
BEGIN
    INSERT INTO event ({", ".join(EVENT_TYPES)}) VALUES ({_given(1, EVENT_TYPES.values(), "")});
    INSERT INTO entry (pool_id, event, recorded_at, {", ".join(ENTRY_TYPES)})
    SELECT given[1], given[2]::int, given[4], row.*
    FROM unnest({_given(_ENTRIES_FROM, ENTRY_TYPES.values(), "[]")}) AS row;
    INSERT INTO posting (pool_id, {", ".join(POSTING_TYPES)})
    SELECT given[1], row.* FROM unnest({_given(_POSTINGS_FROM, POSTING_TYPES.values(), "[]")}) AS row;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS refusal = MESSAGE_TEXT, of_entry = PG_EXCEPTION_DETAIL, constraint_broken = CONSTRAINT_NAME;
END
"""
