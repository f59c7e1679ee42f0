"""The `edgerad` command."""


def main() -> None:
    """Run the command line."""
