"""`python -m builder` is the command `quotestance`."""

from builder.entry import main

if __name__ == "__main__":
    main()
