"""What is worked out from the books: monitoring, contributions due, conditions, risk position, settlement."""
