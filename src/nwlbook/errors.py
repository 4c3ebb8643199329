"""Errors of the builder: each is one clear line for the person at the command."""


class BookError(Exception):
    """Anything that ends a command with a message and no traceback."""


class InputError(BookError):
    """The input is bad: exit code 2.

    Parameters
    ----------
    message : str
        What is wrong and what was expected.
    file : str, optional
        Project-relative path of the file to mend.
    line : int, optional
        Line in that file, from 1.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        """Return ``file:line: message`` with what is known of the place."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class BuildError(BookError):
    """The build failed although the input was accepted: exit code 1."""


def of_system(error: OSError) -> str:
    """Return what the system refused, such as a full disk does, with the file where one is known.

    Parameters
    ----------
    error : OSError
        Whatever was raised; of many files copied at once, the first is named.
    """
    if error.args and isinstance(error.args[0], list) and error.args[0]:
        # shutil.copytree gathers what went wrong: from, to, why.
        _, target, why = error.args[0][0]
        return f"{target}: {why}"
    file = error.filename2 or error.filename
    reason = error.strerror or str(error) or type(error).__name__
    return f"{file}: {reason}" if file is not None else reason


def printable(message: str) -> str:
    """Return a message on one line, in which what cannot be seen is spelt out.

    Parameters
    ----------
    message : str
        May quote anything that a file, a file's name or a command line holds.
    """

    def spelt(character: str) -> str:
        # A byte that is not UTF-8, as the error handler surrogateescape keeps it.
        if "\udc80" <= character <= "\udcff":
            return f"\\x{ord(character) - 0xDC00:02x}"
        return character if character.isprintable() else ascii(character)[1:-1]

    return "".join(map(spelt, message))
