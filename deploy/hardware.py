"""What the machine has for a model, as the model process itself measures it.

Knows the probe's command line. Must not import torch: the measuring is done in a process of its
own, which ends with it.
"""
