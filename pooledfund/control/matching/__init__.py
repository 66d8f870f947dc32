"""Matching the lines of two ledgers, as pure functions over plain values: no books, no file, no clock."""
