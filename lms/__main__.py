"""`python -m lms` is the command `lms`."""

from lms.cli import main

if __name__ == "__main__":
    main(prog_name="lms")
