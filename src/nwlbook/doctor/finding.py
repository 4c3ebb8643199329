"""One item of what the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is known of one thing that a build needs or can use.

    Attributes
    ----------
    name : str
        What it is.
    state : str
        What there is of it.
    costs : str
        What readers or analysts go without; empty if all is well.
    remedy : str
        How to get it.
    stops : bool
        Whether no book can be built as it is.
    """

    name: str
    state: str
    costs: str = ""
    remedy: str = ""
    stops: bool = False
