"""The model process: the only part of the running system that imports torch.

`inference.process` starts it as `python -m inference.runtime` and speaks `inference.wire` with it.
"""
