"""One key, and all that is sealed with it: both databases, pictures, files, caches.

Knows cryptography, where the key comes from, and what of a data folder is sealed. Must not know
what is stored. `storage.opening.unlocked` is the way in; stores then open their databases by
`storage.sqlcipher.connect` and keep their files in a `storage.sealed_folder.SealedFolder`.
"""
