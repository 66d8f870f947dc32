-- Of a book with a million postings of spend the few entries of another kind are asked for again and again.
CREATE INDEX entry_by_kind ON entry (pool_id, book, kind, number);
