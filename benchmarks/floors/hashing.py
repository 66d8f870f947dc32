"""Floor of verify: the bytes that it hashes, read from the books, laid out and hashed, and compared. BOOKS.

Apart from the whole it says how long the hashing alone took, with the bytes in memory.
"""

import hashlib
import json
import sqlite3
import sys
import time
from itertools import groupby

started = time.perf_counter()
connection = sqlite3.connect(sys.argv[1])
texts = [row[0].encode() for row in connection.execute("SELECT content FROM event ORDER BY pool_id, number")]
sealed = [row[0] for row in connection.execute("SELECT hash FROM event ORDER BY pool_id, number")]
names = ("book", "kind", "effective_on", "document_on", "who", "why", "source_reference", "idempotency_key")
fields = (*names, "reverses", "corrects", "adjusting")
rows = connection.execute(
    f"""SELECT e.pool_id, e.number, e.digest, {", ".join(f"e.{name}" for name in fields)},
        p.account, p.amount_pence, p.scheme, p.contribution, p.partner
    FROM entry e JOIN posting p ON p.pool_id = e.pool_id AND p.entry = e.number
    ORDER BY e.pool_id, e.number, p.line"""
)
for _, lines in groupby(rows, key=lambda row: row[:2]):
    legs = list(lines)
    pool, number, digest, *kept = legs[0][:-5]
    said = dict(zip(fields, kept, strict=True)) | {"postings": [leg[-5:] for leg in legs]}
    said |= {"adjusting": said["adjusting"] == 1, "number": number, "pool": pool, "v": 1}
    texts.append(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    sealed.append(digest)
laid_out = time.perf_counter()
hashed = [hashlib.sha256(text).hexdigest() for text in texts]
alone = time.perf_counter() - laid_out
answer = hashed == sealed
print(json.dumps({"seconds": time.perf_counter() - started, "alone": alone, "answer": answer}))
