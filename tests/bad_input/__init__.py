"""The catalogue of bad input: what can be wrong, and the one line that the command says to it."""

from bad_input import (
    accepted,
    command_line,
    configuration,
    descriptor,
    disclosure,
    imports,
    notebooks,
    observations,
    parameters,
    tables,
)

REFUSED = tuple(
    module.GROUP
    for module in (
        tables,
        descriptor,
        disclosure,
        observations,
        imports,
        notebooks,
        configuration,
        parameters,
        command_line,
    )
)
ACCEPTED = accepted.GROUP
