CREATE TABLE pool (
    pool_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    year_starts INTEGER NOT NULL,
    PRIMARY KEY (pool_id),
    CHECK (length(pool_id) BETWEEN 1 AND 64),
    CHECK (year_starts BETWEEN 1948 AND 2200)
);

CREATE TABLE event (
    pool_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    first_entry INTEGER,
    last_entry INTEGER,
    content TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (pool_id, number),
    FOREIGN KEY(pool_id) REFERENCES pool (pool_id),
    CHECK (length(hash) = 64 AND length(previous_hash) = 64),
    CHECK ((first_entry IS NULL) = (last_entry IS NULL)),
    CHECK (first_entry <= last_entry),
    CHECK (length(who) > 0 AND length(kind) > 0)
);

CREATE INDEX event_by_last_entry ON event (pool_id, last_entry);

CREATE TABLE account (
    pool_id TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    normal_side TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C",
    floor TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, code),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, parent) REFERENCES account (pool_id, code),
    CHECK (type IN ('asset', 'liability', 'income', 'expense', 'budget', 'control')),
    CHECK (normal_side IN ('debit', 'credit')),
    CHECK (floor IN ('none', 'not_negative_by_contribution')),
    CHECK (length(code) > 0)
);

CREATE TABLE partner (
    pool_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
);

CREATE TABLE contribution (
    pool_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
);

CREATE TABLE scheme (
    pool_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
);

CREATE TABLE month_state (
    pool_id TEXT COLLATE "C" NOT NULL,
    month INTEGER NOT NULL,
    event INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (pool_id, month, event),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (month BETWEEN 1 AND 12),
    CHECK (state IN ('open', 'adjusting', 'closed'))
);

CREATE TABLE entry (
    pool_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    book TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    month INTEGER NOT NULL,
    effective_on TEXT COLLATE "C" NOT NULL,
    document_on TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    source_reference TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    reverses INTEGER,
    corrects INTEGER,
    adjusting INTEGER NOT NULL,
    legs INTEGER NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, number),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, reverses) REFERENCES entry (pool_id, number),
    FOREIGN KEY(pool_id, corrects) REFERENCES entry (pool_id, number),
    UNIQUE (pool_id, idempotency_key),
    UNIQUE (pool_id, reverses),
    CHECK (book IN ('budget', 'actual', 'forecast')),
    CHECK (month BETWEEN 1 AND 12),
    CHECK (legs >= 2),
    CHECK (adjusting IN (0, 1)),
    CHECK (reverses < number),
    CHECK (corrects < number),
    CHECK (length(who) BETWEEN 1 AND 2000 AND length(why) BETWEEN 1 AND 2000),
    CHECK (length(kind) BETWEEN 1 AND 2000 AND length(source_reference) <= 2000),
    CHECK (length(idempotency_key) BETWEEN 1 AND 2000),
    CHECK (length(digest) = 64)
);

CREATE INDEX entry_by_corrects ON entry (pool_id, corrects);

CREATE TABLE posting (
    pool_id TEXT COLLATE "C" NOT NULL,
    entry INTEGER NOT NULL,
    line INTEGER NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    amount_pence BIGINT NOT NULL,
    scheme TEXT COLLATE "C",
    contribution TEXT COLLATE "C",
    partner TEXT COLLATE "C",
    PRIMARY KEY (pool_id, entry, line),
    CONSTRAINT posting_has_its_entry FOREIGN KEY(pool_id, entry) REFERENCES entry (pool_id, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(pool_id, account) REFERENCES account (pool_id, code),
    FOREIGN KEY(pool_id, scheme) REFERENCES scheme (pool_id, id),
    FOREIGN KEY(pool_id, contribution) REFERENCES contribution (pool_id, id),
    FOREIGN KEY(pool_id, partner) REFERENCES partner (pool_id, id),
    CHECK (line >= 1),
    CHECK (amount_pence <> 0 AND amount_pence BETWEEN -1000000000000000 AND 1000000000000000)
);

CREATE TABLE balance (
    pool_id TEXT COLLATE "C" NOT NULL,
    book TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    scheme TEXT COLLATE "C" NOT NULL,
    contribution TEXT COLLATE "C" NOT NULL,
    partner TEXT COLLATE "C" NOT NULL,
    month INTEGER NOT NULL,
    amount_pence BIGINT NOT NULL,
    through_entry INTEGER NOT NULL,
    PRIMARY KEY (pool_id, book, account, scheme, contribution, partner, month),
    FOREIGN KEY(pool_id) REFERENCES pool (pool_id),
    CHECK (book IN ('budget', 'actual', 'forecast'))
);

CREATE TABLE batch (
    pool_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    partner TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    rows_read INTEGER NOT NULL,
    entries_made INTEGER NOT NULL,
    control_total_pence BIGINT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, number),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, partner) REFERENCES partner (pool_id, id),
    UNIQUE (pool_id, digest),
    CHECK (length(digest) = 64),
    CHECK (rows_read >= 0 AND entries_made >= 0)
);

CREATE TABLE source_line (
    pool_id TEXT COLLATE "C" NOT NULL,
    batch INTEGER NOT NULL,
    file_row INTEGER NOT NULL,
    entry INTEGER,
    cells TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, batch, file_row),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, batch) REFERENCES batch (pool_id, number),
    FOREIGN KEY(pool_id, entry) REFERENCES entry (pool_id, number),
    CHECK (file_row >= 1)
);

CREATE INDEX source_line_by_entry ON source_line (pool_id, entry);

ALTER TABLE event ADD CONSTRAINT event_announces_recorded_entries FOREIGN KEY(pool_id, last_entry) REFERENCES entry (pool_id, number) DEFERRABLE INITIALLY DEFERRED;

-- The transaction that wrote a row: what belongs to an event or an entry is taken from that transaction only.
ALTER TABLE event ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id();

ALTER TABLE entry ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id();
