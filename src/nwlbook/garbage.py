"""How often Python looks for objects that only point at each other."""

import atexit
import gc


def collect_seldom() -> None:
    """Look for garbage every 50,000 objects, not every 700.

    A build, and a run of a notebook, mostly keep what they make. To walk that again and again
    takes a twentieth of a build's time and a twelfth of a run's, and frees next to nothing.
    """
    gc.set_threshold(50_000, 20, 50)
    # Python would walk all of it once more as it ends, for a quarter of a second.
    atexit.register(gc.freeze)
