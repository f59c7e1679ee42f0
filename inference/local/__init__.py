"""The local engine: a model process on this machine, supervised, behind the engines' contract."""
