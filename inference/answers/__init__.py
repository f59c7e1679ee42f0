"""What a model wrote, understood: its thoughts, its sections, its urgency, the findings it names.

Knows words and languages alone. Must not know engines, prompts or messages. Nothing here repairs
what the model wrote or adds to it.
"""
