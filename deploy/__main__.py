"""`python -m deploy` is `edgerad`."""

from deploy.cli import main

if __name__ == "__main__":
    main()
