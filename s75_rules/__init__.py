"""Section 75 rules as pure functions over plain values: no database, no clock."""
