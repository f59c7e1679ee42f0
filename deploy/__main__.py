"""`python -m deploy` is `edgerad`."""

from deploy.commands.cli import main

if __name__ == "__main__":
    main()
