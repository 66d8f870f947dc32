-- As in PostgreSQL: of the keys of an entry or an event only the first begins with the pool.
DROP INDEX event_by_last_entry;

CREATE INDEX event_by_last_entry ON event (last_entry, pool_id);

DROP INDEX event_by_kind;

CREATE INDEX event_by_kind ON event (kind, pool_id, number);

DROP INDEX entry_by_corrects;

CREATE INDEX entry_by_corrects ON entry (corrects, pool_id);

DROP INDEX entry_by_kind;

CREATE INDEX entry_by_kind ON entry (book, pool_id, kind, number);
