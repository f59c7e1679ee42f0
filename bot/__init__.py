"""The clinic's assistant: who may ask, what was asked, what was answered.

The way of a case: `inbox` stores an update before it is confirmed, `handlers` make a case of it in
`store`, `analyst` claims the case and has it read, and `outbox` delivers what came of it. Meanwhile
`progress` shows how far it is; `answers` makes the messages that it ends in. `domain` has the
nouns, `replies` and `locale` the words, and `app` puts everything together.
"""
