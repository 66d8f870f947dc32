"""Runs one command and prints its seconds, peak memory and last line as JSON.

A process of its own and a small one, because a child's peak is never less than what its parent held when it began.
"""

import json
import os
import subprocess
import sys
import time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
assert process.stdout is not None
printed = process.stdout.read()
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - started
process.returncode = os.waitstatus_to_exitcode(status)
said = printed.strip().rpartition("\n")[2]
print(json.dumps({"seconds": seconds, "peak_mb": usage.ru_maxrss / 1024, "said": said}))
sys.exit(process.returncode)
