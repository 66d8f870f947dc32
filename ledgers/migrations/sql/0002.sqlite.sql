-- What readers outside see. Amounts are pounds with two decimals, debit plus unless said; *_pence is the same in pence.
CREATE VIEW postings AS
SELECT pool.pool_id AS pool, CAST(pool.year_starts AS text) || '/' || substr(CAST(pool.year_starts + 1 AS text), 3) AS financial_year,
    entry.book, entry.number AS entry, posting.line AS posting, entry.month,
    entry.effective_on AS effective_date, entry.document_on AS document_date, entry.kind,
    posting.account, account.name AS account_name,
    posting.scheme, scheme.name AS scheme_name,
    posting.contribution, contribution.name AS contribution_name,
    posting.partner, partner.name AS partner_name,
    printf('%s%d.%02d', CASE WHEN (posting.amount_pence) < 0 THEN '-' ELSE '' END, abs(posting.amount_pence) / 100, abs(posting.amount_pence) % 100) AS amount,
    posting.amount_pence,
    CASE WHEN posting.amount_pence > 0 THEN 'debit' ELSE 'credit' END AS side,
    entry.why AS reason, entry.source_reference, entry.who AS entered_by, entry.recorded_at,
    entry.reverses AS reverses_entry, entry.corrects AS corrects_entry,
    CASE entry.adjusting WHEN 1 THEN 'yes' ELSE 'no' END AS year_end_adjustment,
    entry.event
FROM posting
JOIN entry ON entry.pool_id = posting.pool_id AND entry.number = posting.entry
JOIN pool ON pool.pool_id = posting.pool_id
JOIN account ON account.pool_id = posting.pool_id AND account.code = posting.account
LEFT JOIN scheme ON scheme.pool_id = posting.pool_id AND scheme.id = posting.scheme
LEFT JOIN contribution ON contribution.pool_id = posting.pool_id AND contribution.id = posting.contribution
LEFT JOIN partner ON partner.pool_id = posting.pool_id AND partner.id = posting.partner;

-- One row a month in which anything was posted: the movement of that month, not the balance to date.
CREATE VIEW balances AS
SELECT pool.pool_id AS pool, CAST(pool.year_starts AS text) || '/' || substr(CAST(pool.year_starts + 1 AS text), 3) AS financial_year,
    balance.book, balance.month, balance.account, account.name AS account_name, account.type AS account_type,
    nullif(balance.scheme, '') AS scheme, scheme.name AS scheme_name,
    nullif(balance.contribution, '') AS contribution, contribution.name AS contribution_name,
    nullif(balance.partner, '') AS partner, partner.name AS partner_name,
    printf('%s%d.%02d', CASE WHEN (balance.amount_pence) < 0 THEN '-' ELSE '' END, abs(balance.amount_pence) / 100, abs(balance.amount_pence) % 100) AS amount,
    balance.amount_pence
FROM balance
JOIN pool ON pool.pool_id = balance.pool_id
JOIN account ON account.pool_id = balance.pool_id AND account.code = balance.account
LEFT JOIN scheme ON scheme.pool_id = balance.pool_id AND scheme.id = balance.scheme
LEFT JOIN contribution ON contribution.pool_id = balance.pool_id AND contribution.id = balance.contribution
LEFT JOIN partner ON partner.pool_id = balance.pool_id AND partner.id = balance.partner;

-- A row for each scheme line and month, everything from the start of the year to the end of that month.
CREATE VIEW monitoring AS
WITH months (month) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)),
to_date AS (
    SELECT scheme.pool_id, scheme.id, scheme.name, months.month,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:original' THEN balance.amount_pence END), 0) AS original_pence,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:contribution_change' THEN balance.amount_pence END), 0) AS changes_pence,
        coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'line_budget:virement' THEN balance.amount_pence END), 0) AS virements_pence,
        coalesce(sum(CASE WHEN balance.book = 'actual' AND balance.account = 'expenditure' THEN balance.amount_pence END), 0) AS actual_pence,
        coalesce(sum(CASE WHEN balance.book = 'forecast' AND balance.account = 'forecast_outturn' THEN balance.amount_pence END), 0) AS forecast_pence
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
    actual_pence AS actual_to_date_pence
FROM to_date JOIN pool ON pool.pool_id = to_date.pool_id;

-- A row for each contribution and month, everything to the end of that month. Met is due less what is outstanding.
CREATE VIEW contributions AS
WITH months (month) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)),
to_date AS (
    SELECT contribution.pool_id, contribution.id, contribution.name, months.month,
        -coalesce(sum(CASE WHEN balance.book = 'budget' AND balance.account = 'contribution_plan' THEN balance.amount_pence END), 0) AS agreed_pence,
        -coalesce(sum(CASE WHEN balance.book = 'actual' AND balance.account = 'contribution_income' THEN balance.amount_pence END), 0) AS due_pence,
        coalesce(sum(CASE WHEN balance.book = 'actual' AND balance.account = 'debtors' THEN balance.amount_pence END), 0) AS outstanding_pence
    FROM contribution CROSS JOIN months
    LEFT JOIN balance ON balance.pool_id = contribution.pool_id AND balance.contribution = contribution.id
        AND balance.month <= months.month
    GROUP BY contribution.pool_id, contribution.id, contribution.name, months.month
)
SELECT pool.pool_id AS pool, CAST(pool.year_starts AS text) || '/' || substr(CAST(pool.year_starts + 1 AS text), 3) AS financial_year,
    to_date.id AS contribution, to_date.name AS contribution_name, to_date.month,
    printf('%s%d.%02d', CASE WHEN (agreed_pence) < 0 THEN '-' ELSE '' END, abs(agreed_pence) / 100, abs(agreed_pence) % 100) AS agreed,
    printf('%s%d.%02d', CASE WHEN (due_pence) < 0 THEN '-' ELSE '' END, abs(due_pence) / 100, abs(due_pence) % 100) AS due_to_date,
    printf('%s%d.%02d', CASE WHEN (due_pence - outstanding_pence) < 0 THEN '-' ELSE '' END, abs(due_pence - outstanding_pence) / 100, abs(due_pence - outstanding_pence) % 100) AS met_to_date,
    printf('%s%d.%02d', CASE WHEN (outstanding_pence) < 0 THEN '-' ELSE '' END, abs(outstanding_pence) / 100, abs(outstanding_pence) % 100) AS outstanding,
    agreed_pence, due_pence AS due_to_date_pence, outstanding_pence
FROM to_date JOIN pool ON pool.pool_id = to_date.pool_id;
