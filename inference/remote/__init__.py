"""Engines elsewhere: the executor's contract over servers that speak OpenAI's chat completions.

vLLM, llama-server, `transformers serve` and others do. Several addresses are replicas.
"""

from inference.remote.config import Pace, RemoteConfig, engine_address, tls_context
from inference.remote.executor import RemoteExecutor
from inference.remote.survey import Found, survey

__all__ = [
    "Found",
    "Pace",
    "RemoteConfig",
    "RemoteExecutor",
    "engine_address",
    "survey",
    "tls_context",
]
