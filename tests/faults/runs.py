"""Faults of notebooks: kernels that die, hang, flood and swell."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tiny_project import code

from faults.fault import Fault, Setting, file_replaced
from faults.scene import Scene

# Fits into no builder's memory with room to spare, should it get there.
MOST_MEMORY = 1_500_000_000
FLOOD = """\
from IPython.display import display
for number in range(1000):
    display({"text/plain": "x" * 1_000_000}, raw=True)"""
FROM_THREADS = """\
import threading
def flood():
    for number in range(1000):
        print("x" * 1_000_000)
threads = [threading.Thread(target=flood) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]"""
PROGRAM = "import os\nos.system(f'head -c {10**9} /dev/zero')"


def with_cell(source: str, *arguments: str) -> Callable[[Scene], AbstractContextManager[Setting]]:
    """Return a context in which a chapter has one more cell."""

    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        file = scene.root / "notebooks" / "beds.ipynb"
        notebook = json.loads(file.read_text())
        notebook["cells"].append({"id": "fault", **code(source)})
        setting = Setting(arguments=arguments)
        with file_replaced(file, json.dumps(notebook).encode(), setting):
            yield setting

    return done


def _fault(name: str, source: str, says: str, *arguments: str) -> Fault:
    how = f"a cell: `{source}`" if "\n" not in source else "a cell that does it"
    return Fault(name, how, with_cell(source, *arguments), (1,), says)


FAULTS = [
    _fault("a kernel ends itself", "import os; os._exit(1)", "the kernel died"),
    _fault("a kernel crashes", "import os; os.kill(os.getpid(), 11)", "the kernel died"),
    _fault("a kernel hangs", "while True: pass", "took longer than 8 seconds", "--time-limit", "8"),
    _fault(
        "a kernel hangs where no thread of its own gets a turn",
        "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
        "took longer than 8 seconds",
        "--time-limit",
        "8",
    ),
    _fault(
        "a kernel prints a gigabyte",
        "for number in range(1000): print('x' * 1_000_000)",
        "puts out more than",
    ),
    _fault("a kernel displays a gigabyte", FLOOD, "puts out more than"),
    _fault("threads of a kernel print gigabytes", FROM_THREADS, "puts out more than"),
    _fault("a program that a kernel runs prints a gigabyte", PROGRAM, "puts out more than"),
    _fault(
        "a kernel eats memory",
        "eaten = [bytearray(10**8) for _ in range(1000)]",
        "MemoryError",
        "--memory-limit",
        "1",
    ),
]
