"""What the guards of a PostgreSQL database do, as the bodies of its functions: the rules of sqlite_guards. Text only.

A guard's message opens with the name of the refusal in ledgers.refusals that it stands for. Functions run as the
owner of the books, so that who may only insert need not be let at the pool's lock or at the kept balances.
"""

from collections.abc import Iterable, Mapping

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
    next_number integer;
    last_hash text;
    next_entry integer;
BEGIN
    PERFORM 1 FROM pool WHERE pool_id = NEW.pool_id FOR NO KEY UPDATE;
    SELECT event.number + 1, hash,
        1 + coalesce((SELECT number FROM entry WHERE pool_id = NEW.pool_id ORDER BY number DESC LIMIT 1), 0)
    INTO next_number, last_hash, next_entry FROM event
    WHERE pool_id = NEW.pool_id ORDER BY event.number DESC LIMIT 1;
    IF NEW.number IS DISTINCT FROM coalesce(next_number, 1) THEN
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
    ELSIF NEW.first_entry <> coalesce(next_entry, 1) THEN
        {REFUSE} 'RowRefused: an event announces the entries that come next';
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

# All entries of a statement at once. Everything about an entry is looked up for it by a key, so that the plan is as
# good for one entry as for a hundred thousand.
ENTRIES = f"""
DECLARE
    wrong record;
BEGIN
    SELECT number, said INTO wrong FROM (
        SELECT fresh.number, CASE
            WHEN NOT ({_IS_DAY.format("effective_on")} AND {_IS_DAY.format("document_on")}
                AND (substr(effective_on, 6, 2)::int + 8) % 12 + 1 = month
                AND (SELECT effective_on BETWEEN year_starts || '-04-01' AND (year_starts + 1) || '-03-31'
                    FROM pool WHERE pool.pool_id = fresh.pool_id)) IS TRUE
                THEN 'DateOutsideYear: an entry takes effect in its month of the year of its pool'
            WHEN state = 'closed' THEN 'PeriodClosed: the month is closed'
            WHEN state = 'adjusting' AND adjusting = 0 THEN 'PeriodClosed: the month takes adjusting entries only'
            WHEN (SELECT event.number = fresh.event AND event.recorded_at = fresh.recorded_at
                    AND fresh.number BETWEEN event.first_entry AND event.last_entry
                    AND event.written_by = pg_current_xact_id() AND fresh.written_by = pg_current_xact_id()
                FROM event WHERE event.pool_id = fresh.pool_id ORDER BY event.number DESC LIMIT 1) IS NOT TRUE
                THEN 'RowRefused: an entry is announced by the newest event of its pool, '
                    'recorded at the same time and written by the same transaction'
            END AS said
        FROM fresh CROSS JOIN LATERAL (SELECT coalesce((SELECT state FROM month_state
            WHERE month_state.pool_id = fresh.pool_id AND month_state.month = fresh.month
            ORDER BY month_state.event DESC LIMIT 1), 'closed') AS state) AS of_month
    ) AS looked_at WHERE said IS NOT NULL ORDER BY number LIMIT 1;
    IF FOUND THEN
        {REFUSE} wrong.said, DETAIL = 'entry ' || wrong.number;
    END IF;
    RETURN NULL;
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
    said record;
BEGIN
    FOR each IN NEW.first_entry .. NEW.last_entry LOOP
        of_entry := 'entry ' || each;
        SELECT entry.book, entry.legs, entry.reverses, found.* INTO said FROM entry CROSS JOIN LATERAL (
            SELECT count(*) AS lines, coalesce(sum(amount_pence), 0) AS total, bool_or(amount_pence = 0) AS has_nil,
                bool_or(amount_pence < 0 AND (SELECT floor FROM account WHERE account.pool_id = posting.pool_id
                    AND account.code = posting.account) = 'not_negative_by_contribution') AS has_floor
            FROM posting WHERE posting.pool_id = entry.pool_id AND posting.entry = entry.number) AS found
        WHERE entry.pool_id = NEW.pool_id AND entry.number = each AND entry.event = NEW.number;
        IF said.lines IS NULL THEN
            {REFUSE} 'RowRefused: an event announces entries that are recorded with it, without a gap';
        ELSIF said.lines < 2 THEN
            {REFUSE} 'EntryHasOneLeg: an entry has at least two postings', DETAIL = of_entry;
        ELSIF said.has_nil THEN
            {REFUSE} 'PostingIsNil: a posting is not nil', DETAIL = of_entry;
        ELSIF said.total <> 0 THEN
            {REFUSE} 'EntryDoesNotBalance: the postings of an entry sum to nil', DETAIL = of_entry;
        ELSIF said.lines <> said.legs THEN
            {REFUSE} 'RowRefused: an entry says how many postings it has, numbered from 1', DETAIL = of_entry;
        END IF;
        IF said.reverses IS NOT NULL AND (said.legs <> (SELECT legs FROM entry
                WHERE pool_id = NEW.pool_id AND number = said.reverses) OR EXISTS (
            SELECT account, scheme, contribution, partner, -amount_pence, count(*) FROM posting
            WHERE pool_id = NEW.pool_id AND entry = said.reverses
            GROUP BY account, scheme, contribution, partner, amount_pence
            EXCEPT
            SELECT account, scheme, contribution, partner, amount_pence, count(*) FROM posting
            WHERE pool_id = NEW.pool_id AND entry = each
            GROUP BY account, scheme, contribution, partner, amount_pence))
        THEN
            {REFUSE} 'ReversalIsNoMirror: a reversal has the postings of its original with the signs turned',
                DETAIL = of_entry;
        END IF;
        IF said.has_floor AND EXISTS (SELECT 1 FROM posting AS moved
            WHERE moved.pool_id = NEW.pool_id AND moved.entry = each AND moved.amount_pence < 0
                AND (SELECT floor FROM account WHERE account.pool_id = moved.pool_id
                    AND account.code = moved.account) = 'not_negative_by_contribution'
                AND 0 > (SELECT sum(amount_pence) FROM balance WHERE balance.pool_id = NEW.pool_id
                    AND balance.book = said.book AND balance.account = moved.account
                    AND balance.contribution = coalesce(moved.contribution, '')))
        THEN
            {REFUSE} 'BudgetOverdrawn: the account may not fall below nil for a contribution', DETAIL = of_entry;
        END IF;
    END LOOP;
    RETURN NULL;
END
"""

# One statement for all postings of a statement: a row moved ten thousand times in one transaction would be slow. What
# is no posting of a new entry finds none, and is refused as its row is reached.
POSTINGS = """
BEGIN
    INSERT INTO balance AS kept (pool_id, book, account, scheme, contribution, partner, month, amount_pence,
        through_entry)
    SELECT moved.pool_id, coalesce(of_entry.book, no_new_entry(moved.entry)), moved.account,
        coalesce(moved.scheme, ''), coalesce(moved.contribution, ''), coalesce(moved.partner, ''), of_entry.month,
        sum(moved.amount_pence), max(moved.entry)
    FROM moved LEFT JOIN LATERAL (SELECT book, month FROM entry
        WHERE entry.pool_id = moved.pool_id AND entry.number = moved.entry
            AND entry.written_by = pg_current_xact_id() AND moved.line BETWEEN 1 AND entry.legs LIMIT 1
    ) AS of_entry ON true
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (pool_id, book, account, scheme, contribution, partner, month) DO UPDATE
        SET amount_pence = kept.amount_pence + EXCLUDED.amount_pence,
            through_entry = greatest(kept.through_entry, EXCLUDED.through_entry);
    RETURN NULL;
END
"""

NO_NEW_ENTRY = f"""
BEGIN
    {REFUSE} 'RowRefused: a recorded entry takes no further posting, '
        'and a posting is one of those that its entry says it has', DETAIL = 'entry ' || coalesce(number, 0);
END
"""

# A kept balance is moved by the trigger on postings and by nothing else.
BALANCE = f"""
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') OR pg_trigger_depth() < 2 THEN
        {REFUSE} 'RowRefused: a kept balance moves only by the entry being recorded';
    END IF;
    RETURN NULL;
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
