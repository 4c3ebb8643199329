"""What the fork server imports besides if it has many kernels to fork.

One notebook in four needs these, and they take longer than all the rest: for a few runs it does
not pay to wait for them.
"""

from nwlbook.kernels.preload import import_packages, settle

import_packages(("scipy.stats", "statsmodels.api", "statsmodels.formula.api"))
settle()
