"""The form of a first reading, for engines that can hold a model to one.

Knows the four sections and the words of urgency. Must not know engines. Off unless a setting asks
for it: a model that is held to a form writes what it would not have written.
"""

from inference.urgency import LABELS

UNKNOWN = "not stated"
"""What a model may write where it can tell no urgency: it must not be made to choose one."""

_URGENCIES = (*LABELS.values(), UNKNOWN)
_CHOICE = " | ".join(f'"{word}"' for word in _URGENCIES)

GRAMMAR = rf"""
root ::= findings impression urgency "RECOMMENDATION: " line ("\n" line)*
findings ::= "FINDINGS: " line "\n"
impression ::= "IMPRESSION: " line "\n"
urgency ::= "URGENCY: " ({_CHOICE}) "\n"
line ::= [^\n]+
"""
"""In GBNF, as llama.cpp takes it."""

PATTERN = (
    r"FINDINGS: [^\n]+\nIMPRESSION: [^\n]+\n"
    rf"URGENCY: ({'|'.join(_URGENCIES)})\n"
    r"RECOMMENDATION: [^\n]+(\n[^\n]+)*"
)
"""As a regular expression, as vLLM takes it."""
