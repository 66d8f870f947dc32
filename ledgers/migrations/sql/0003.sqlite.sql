-- The log is asked for one kind of event again and again: decisions, sign-offs, settlements.
CREATE INDEX event_by_kind ON event (pool_id, kind, number);

-- Who prepared, agreed and reviewed what. A body is a partner of the pool, or the empty text for none.
CREATE TABLE sign_off (
    pool_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    event INTEGER NOT NULL,
    part TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (pool_id, subject, body, event),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(subject) BETWEEN 1 AND 2000),
    CHECK (part IN ('prepared', 'agreed', 'reviewed')),
    CHECK (length(trim(who)) > 0)
)
 WITHOUT ROWID,
 STRICT;

DROP VIEW monitoring;

-- A row for each scheme line and month, everything from the start of the year to the end of that month.
CREATE VIEW monitoring AS
WITH months (month) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)),
to_date AS (
    SELECT scheme.pool_id, scheme.id, scheme.name, months.month,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:original' THEN balance.amount_pence END), 0) AS original_pence,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:contribution_change' THEN balance.amount_pence END), 0) AS changes_pence,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:virement' THEN balance.amount_pence END), 0) AS virements_pence,
        coalesce(sum(CASE WHEN balance.book = 'actual' AND balance.account = 'expenditure' THEN balance.amount_pence END), 0) AS actual_pence,
        coalesce(sum(CASE WHEN balance.book = 'forecast' AND balance.account = 'forecast_outturn' THEN balance.amount_pence END), 0) AS forecast_pence,
        coalesce(sum(CASE WHEN balance.book = 'forecast' AND balance.account = 'commitments' THEN balance.amount_pence END), 0) AS committed_pence
    FROM scheme CROSS JOIN months
    LEFT JOIN balance ON balance.pool_id = scheme.pool_id AND balance.scheme = scheme.id
        AND balance.month <= months.month
    GROUP BY scheme.pool_id, scheme.id, scheme.name, months.month
)
SELECT pool.pool_id AS pool, CAST(pool.year_starts AS text) || '/' || substr(CAST(pool.year_starts + 1 AS text), 3) AS financial_year,
    to_date.id AS scheme, to_date.name AS scheme_name, to_date.month,
    printf('%s%d.%02d', CASE WHEN (original_pence) < 0 THEN '-' ELSE '' END, abs(original_pence) / 100, abs(original_pence) % 100) AS original_budget,
    printf('%s%d.%02d', CASE WHEN (changes_pence) < 0 THEN '-' ELSE '' END, abs(changes_pence) / 100, abs(changes_pence) % 100) AS contribution_changes,
    printf('%s%d.%02d', CASE WHEN (virements_pence) < 0 THEN '-' ELSE '' END, abs(virements_pence) / 100, abs(virements_pence) % 100) AS virements,
    printf('%s%d.%02d', CASE WHEN (original_pence + changes_pence + virements_pence) < 0 THEN '-' ELSE '' END, abs(original_pence + changes_pence + virements_pence) / 100, abs(original_pence + changes_pence + virements_pence) % 100) AS current_budget,
    printf('%s%d.%02d', CASE WHEN (actual_pence) < 0 THEN '-' ELSE '' END, abs(actual_pence) / 100, abs(actual_pence) % 100) AS actual_to_date,
    printf('%s%d.%02d', CASE WHEN (forecast_pence) < 0 THEN '-' ELSE '' END, abs(forecast_pence) / 100, abs(forecast_pence) % 100) AS forecast_entered,
    original_pence + changes_pence + virements_pence AS current_budget_pence,
    actual_pence AS actual_to_date_pence,
    printf('%s%d.%02d', CASE WHEN (committed_pence) < 0 THEN '-' ELSE '' END, abs(committed_pence) / 100, abs(committed_pence) % 100) AS committed,
    committed_pence
FROM to_date JOIN pool ON pool.pool_id = to_date.pool_id;
