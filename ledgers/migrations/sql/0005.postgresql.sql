-- Of the keys of an entry or an event only the first begins with the pool, so that one is always found by its number:
-- while a table is new the database cannot tell which key is the good one, and stays with its choice.
DROP INDEX event_by_last_entry;

CREATE INDEX event_by_last_entry ON event (last_entry, pool_id);

DROP INDEX event_by_kind;

CREATE INDEX event_by_kind ON event (kind, pool_id, number);

DROP INDEX entry_by_corrects;

CREATE INDEX entry_by_corrects ON entry (corrects, pool_id);

DROP INDEX entry_by_kind;

CREATE INDEX entry_by_kind ON entry (book, pool_id, kind, number);

ALTER TABLE entry DROP CONSTRAINT entry_pool_id_idempotency_key_key, ADD CONSTRAINT entry_pool_id_idempotency_key_key UNIQUE (idempotency_key, pool_id);

ALTER TABLE entry DROP CONSTRAINT entry_pool_id_reverses_key, ADD CONSTRAINT entry_pool_id_reverses_key UNIQUE (reverses, pool_id);

-- Functions that others have taken the place of; the triggers are made anew after every migration.
DROP FUNCTION IF EXISTS take_pool(text);

DROP FUNCTION IF EXISTS is_day(text);

DROP FUNCTION IF EXISTS entry_may_be_recorded();

DROP FUNCTION IF EXISTS posting_is_of_new_entry();

DROP FUNCTION IF EXISTS entry_is_whole();

DROP FUNCTION IF EXISTS event_entries_are_there();
