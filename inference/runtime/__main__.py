"""Entry point of the model process."""

from inference.runtime.serve import main

if __name__ == "__main__":
    main()
