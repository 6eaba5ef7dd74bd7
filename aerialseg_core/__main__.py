"""`python -m aerialseg_core` is the command `aerialseg`."""

from .cli.main import main

if __name__ == "__main__":
    main()
