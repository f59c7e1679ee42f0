"""The other kind of phone: a number, which SMS reach through a phone or a modem in the clinic.

`driver` says what a line must do, `android` and `gammu` are the two that do it, `courier` carries
between lines and the store. Must not know what a message says, nor who has a number.
"""
