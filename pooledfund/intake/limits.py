"""What a file may hold at most: the one table of limits, shown in docs/ledger-extracts.md. Reads no file."""

MAX_FILE_BYTES = 2**29
"""Half a gigabyte on the disk."""

MAX_UNPACKED = 2**30
"""Bytes of a workbook once it is unpacked: a small file can hold a very large one."""

MAX_RATIO = 200
"""Times its packed size to which a part of a workbook may unpack once it is large; a sheet of figures does 10 to 30."""

LARGE_PART = 2**25
"""Bytes from which on a part of a workbook is large."""

MAX_ROWS = 1_048_576
"""Rows of the largest sheet Excel holds."""

MAX_COLUMNS = 702
"""Columns A to ZZ."""

MAX_CELLS = 25_000_000
"""Cells between A1 and the last cell in use, blank ones included: each takes memory when the sheet is opened."""

MAX_CELL = 131_072
"""Characters of one cell; Excel itself holds a quarter of that."""

HEADER_WITHIN = 50
"""The header row is looked for in so many first rows."""

MAX_FAULTS = 1_000
"""Faults of one file that are listed; of more, only the count is told."""
