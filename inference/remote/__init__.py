"""Engines elsewhere: the executor's contract over servers that speak OpenAI's chat completions.

vLLM, llama-server, `transformers serve` and others do. Several addresses are replicas.
"""
