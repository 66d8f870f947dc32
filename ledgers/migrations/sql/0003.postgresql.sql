-- The log is asked for one kind of event again and again: decisions, sign-offs, settlements.
CREATE INDEX event_by_kind ON event (pool_id, kind, number);

-- Who prepared, agreed and reviewed what. A body is a partner of the pool, or the empty text for none.
CREATE TABLE sign_off (
    pool_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    event INTEGER NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (pool_id, subject, body, event),
    FOREIGN KEY(pool_id, event) REFERENCES event (pool_id, number),
    CHECK (length(subject) BETWEEN 1 AND 2000),
    CHECK (part IN ('prepared', 'agreed', 'reviewed')),
    CHECK (length(trim(who)) > 0)
);

DROP VIEW monitoring;

-- A row for each scheme line and month, everything from the start of the year to the end of that month.
CREATE VIEW monitoring AS
WITH months (month) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)),
to_date AS (
    SELECT scheme.pool_id, scheme.id, scheme.name, months.month,
        CAST(coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:original' THEN balance.amount_pence END), 0) AS bigint) AS original_pence,
        CAST(coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:contribution_change' THEN balance.amount_pence END), 0) AS bigint) AS changes_pence,
        CAST(coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:virement' THEN balance.amount_pence END), 0) AS bigint) AS virements_pence,
        CAST(coalesce(sum(CASE WHEN balance.book = 'actual' AND balance.account = 'expenditure' THEN balance.amount_pence END), 0) AS bigint) AS actual_pence,
        CAST(coalesce(sum(CASE WHEN balance.book = 'forecast' AND balance.account = 'forecast_outturn' THEN balance.amount_pence END), 0) AS bigint) AS forecast_pence,
        CAST(coalesce(sum(CASE WHEN balance.book = 'forecast' AND balance.account = 'commitments' THEN balance.amount_pence END), 0) AS bigint) AS committed_pence
    FROM scheme CROSS JOIN months
    LEFT JOIN balance ON balance.pool_id = scheme.pool_id AND balance.scheme = scheme.id
        AND balance.month <= months.month
    GROUP BY scheme.pool_id, scheme.id, scheme.name, months.month
)
SELECT pool.pool_id AS pool, CAST(pool.year_starts AS text) || '/' || substr(CAST(pool.year_starts + 1 AS text), 3) AS financial_year,
    to_date.id AS scheme, to_date.name AS scheme_name, to_date.month,
    CAST((original_pence) / 100.0 AS numeric(18, 2)) AS original_budget,
    CAST((changes_pence) / 100.0 AS numeric(18, 2)) AS contribution_changes,
    CAST((virements_pence) / 100.0 AS numeric(18, 2)) AS virements,
    CAST((original_pence + changes_pence + virements_pence) / 100.0 AS numeric(18, 2)) AS current_budget,
    CAST((actual_pence) / 100.0 AS numeric(18, 2)) AS actual_to_date,
    CAST((forecast_pence) / 100.0 AS numeric(18, 2)) AS forecast_entered,
    original_pence + changes_pence + virements_pence AS current_budget_pence,
    actual_pence AS actual_to_date_pence,
    CAST((committed_pence) / 100.0 AS numeric(18, 2)) AS committed,
    committed_pence
FROM to_date JOIN pool ON pool.pool_id = to_date.pool_id;
