"""Errors that tell an analyst what to change."""


class EvidenceError(ValueError):
    """The evidence, or a question put to it, is not as described."""


class ExhibitError(ValueError):
    """A figure or table lacks something that a reader needs."""


class AssumptionError(ValueError):
    """A parameter of an analysis is out of its range; one line says what is allowed."""
