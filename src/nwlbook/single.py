"""Run one notebook with parameters of one's own choosing, to look at in Jupyter."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from nwlbook import sources
from nwlbook.cache import RunCache
from nwlbook.errors import InputError
from nwlbook.execute import Run, execute
from nwlbook.limits import MEMORY_LIMIT
from nwlbook.parameters import read_domains, run_name, validated
from nwlbook.validation import validate_evidence


def run_notebook(root: Path, notebook: Path, given: Mapping[str, str]) -> Path:
    """Run one notebook into `outputs/runs`.

    Parameters
    ----------
    root : Path
        Folder of the project.
    notebook : Path
        A notebook of the book.
    given : mapping
        Parameters as text; the notebook must declare each of them.

    Returns
    -------
    Path
        The executed copy, relative to the project.

    Raises
    ------
    InputError
        If the notebook does not exist or declares no such parameter, or a value is bad.
    """
    file = notebook if notebook.is_absolute() else Path.cwd() / notebook
    file = file.resolve()
    if not file.is_file() or not file.is_relative_to(root):
        raise InputError(f"{notebook}: expected a notebook of the project")
    shown = file.relative_to(root).as_posix()
    validate_evidence(root, root / "outputs" / "cache")
    domains = read_domains()
    declared = sources.declared_parameters(sources.read_source(file), shown)
    validated(declared, domains, shown)
    parameters = validated(given, domains)
    for name in given:
        if name not in declared:
            raise InputError(
                f"{shown} declares no parameter '{name}': expected {', '.join(declared)}"
            )
    values = {**declared, **{name: getattr(parameters, name) for name in given}}
    run = Run(run_name(file.stem, values), file, values)
    results = execute(
        [run],
        root=root,
        cache=RunCache(root / "outputs" / "cache" / "runs"),
        jobs=1,
        memory_limit=MEMORY_LIMIT,
    )
    target = root / "outputs" / "runs" / f"{run.id}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(results[0].notebook, target)
    return target.relative_to(root)
