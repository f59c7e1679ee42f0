"""The embedded practice model: drawn films, weights, and the script that trained it."""
