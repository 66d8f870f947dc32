CREATE TABLE pool (
    pool_id TEXT NOT NULL,
    title TEXT NOT NULL,
    year_starts INTEGER NOT NULL,
    PRIMARY KEY (pool_id),
    CHECK (length(pool_id) BETWEEN 1 AND 64),
    CHECK (year_starts BETWEEN 1948 AND 2200)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE event (
    pool_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    who TEXT NOT NULL,
    first_entry INTEGER,
    last_entry INTEGER,
    content TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (pool_id, number),
    FOREIGN KEY(pool_id) REFERENCES pool (pool_id),
    CONSTRAINT event_announces_recorded_entries FOREIGN KEY(pool_id, last_entry) REFERENCES entry (pool_id, number) DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(hash) = 64 AND length(previous_hash) = 64),
    CHECK ((first_entry IS NULL) = (last_entry IS NULL)),
    CHECK (first_entry <= last_entry),
    CHECK (length(who) > 0 AND length(kind) > 0)
)
 STRICT;

CREATE INDEX event_by_last_entry ON event (pool_id, last_entry);

CREATE TABLE account (
    pool_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    normal_side TEXT NOT NULL,
    parent TEXT,
    floor TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, code),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, parent) REFERENCES account (pool_id, code),
    CHECK (type IN ('asset', 'liability', 'income', 'expense', 'budget', 'control')),
    CHECK (normal_side IN ('debit', 'credit')),
    CHECK (floor IN ('none', 'not_negative_by_contribution')),
    CHECK (length(code) > 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE partner (
    pool_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE contribution (
    pool_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE scheme (
    pool_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, id),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(id) > 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE month_state (
    pool_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    event INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (pool_id, month, event),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (month BETWEEN 1 AND 12),
    CHECK (state IN ('open', 'adjusting', 'closed'))
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE entry (
    pool_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    book TEXT NOT NULL,
    kind TEXT NOT NULL,
    month INTEGER NOT NULL,
    effective_on TEXT NOT NULL,
    document_on TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    source_reference TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    reverses INTEGER,
    corrects INTEGER,
    adjusting INTEGER NOT NULL,
    legs INTEGER NOT NULL,
    digest TEXT NOT NULL,
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
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX entry_by_corrects ON entry (pool_id, corrects);

CREATE TABLE posting (
    pool_id TEXT NOT NULL,
    entry INTEGER NOT NULL,
    line INTEGER NOT NULL,
    account TEXT NOT NULL,
    amount_pence INTEGER NOT NULL,
    scheme TEXT,
    contribution TEXT,
    partner TEXT,
    PRIMARY KEY (pool_id, entry, line),
    CONSTRAINT posting_has_its_entry FOREIGN KEY(pool_id, entry) REFERENCES entry (pool_id, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(pool_id, account) REFERENCES account (pool_id, code),
    FOREIGN KEY(pool_id, scheme) REFERENCES scheme (pool_id, id),
    FOREIGN KEY(pool_id, contribution) REFERENCES contribution (pool_id, id),
    FOREIGN KEY(pool_id, partner) REFERENCES partner (pool_id, id),
    CHECK (line >= 1),
    CHECK (amount_pence <> 0 AND amount_pence BETWEEN -1000000000000000 AND 1000000000000000)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE balance (
    pool_id TEXT NOT NULL,
    book TEXT NOT NULL,
    account TEXT NOT NULL,
    scheme TEXT NOT NULL,
    contribution TEXT NOT NULL,
    partner TEXT NOT NULL,
    month INTEGER NOT NULL,
    amount_pence INTEGER NOT NULL,
    through_entry INTEGER NOT NULL,
    PRIMARY KEY (pool_id, book, account, scheme, contribution, partner, month),
    FOREIGN KEY(pool_id) REFERENCES pool (pool_id),
    CHECK (book IN ('budget', 'actual', 'forecast'))
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE batch (
    pool_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    file_name TEXT NOT NULL,
    partner TEXT,
    kind TEXT NOT NULL,
    rows_read INTEGER NOT NULL,
    entries_made INTEGER NOT NULL,
    control_total_pence INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, number),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, partner) REFERENCES partner (pool_id, id),
    UNIQUE (pool_id, digest),
    CHECK (length(digest) = 64),
    CHECK (rows_read >= 0 AND entries_made >= 0)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE source_line (
    pool_id TEXT NOT NULL,
    batch INTEGER NOT NULL,
    file_row INTEGER NOT NULL,
    entry INTEGER,
    cells TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (pool_id, batch, file_row),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    FOREIGN KEY(pool_id, batch) REFERENCES batch (pool_id, number),
    FOREIGN KEY(pool_id, entry) REFERENCES entry (pool_id, number),
    CHECK (file_row >= 1)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX source_line_by_entry ON source_line (pool_id, entry);
