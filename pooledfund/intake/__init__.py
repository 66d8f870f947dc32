"""What comes in: ledger extracts and their maps, receipts, forecasts, journals."""
