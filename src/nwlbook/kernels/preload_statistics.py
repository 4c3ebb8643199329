"""What the fork server imports besides if it has many kernels to fork.

One notebook in four needs these, and they take longer than all the rest: for a few runs it does
not pay to wait for them.
"""

from contextlib import suppress
from importlib import import_module

from nwlbook.kernels.preload import end_without_builder, settle

PACKAGES = ("scipy.stats", "statsmodels.api", "statsmodels.formula.api")

for package in PACKAGES:
    end_without_builder()
    with suppress(ImportError):
        import_module(package)
settle()
