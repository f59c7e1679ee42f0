"""Entry point of the model process."""

from inference.runtime.quiet import quieten_libraries


def main() -> None:
    """Serve; bitsandbytes complains as soon as it is imported, so it is told to be quiet first."""
    quieten_libraries()
    from inference.runtime.serve import main as serve  # noqa: PLC0415 - after that

    serve()


if __name__ == "__main__":
    main()
