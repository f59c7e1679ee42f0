"""The model process: the only part of the running system that imports torch.

`inference.local.process` starts it as `python -m inference.runtime`; they speak
`inference.local.wire`.
"""

import logging
import os

# Threads that wait for each other give their core away soon. By default they keep it busy, from
# each other too where anything else runs: a token took over 2 s then, with this 0.5 s, and 3 to
# 5 % more on an idle machine. Read when torch and llama.cpp load. Source: libgomp's manual.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it complains as soon as it is imported
