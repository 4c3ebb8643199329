"""Faults of the machine: no room, no permission, no browser, no font, a clock that is wrong."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from faults.builder import Builder
from faults.children import crashing_browser
from faults.clock import SITECUSTOMIZE
from faults.fault import EVERYTHING, IMAGES, RUNS, Fault, Setting, with_setting
from faults.scene import Scene, Site

DAY = 86_400
CAN_MOUNT = os.geteuid() == 0
# What root may do beside what permissions say.
PRIVILEGES = "-dac_override,-dac_read_search"
WITHOUT_PRIVILEGES = (
    ("setpriv", f"--inh-caps={PRIVILEGES}", f"--bounding-set={PRIVILEGES}")
    if os.geteuid() == 0
    else ()
)
NO_SETPRIV = "" if not WITHOUT_PRIVILEGES or shutil.which("setpriv") else "no setpriv"
DISK = 64_000_000
LIMIT = 100_000


def _unmounted(folder: Path) -> None:
    subprocess.run(["umount", "-l", folder], check=True)


def _full(free: int) -> Callable[[Scene], AbstractContextManager[Setting]]:
    """Return a context in which the disk of `outputs` has next to no room."""

    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        if not CAN_MOUNT:
            yield Setting(before=("prlimit", f"--fsize={LIMIT}"))
            return
        kept = scene.root / "kept"
        scene.outputs.rename(kept)
        scene.outputs.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", scene.outputs], check=True
        )
        scene.afterwards.callback(_unmounted, scene.outputs)
        shutil.copytree(kept, scene.outputs, symlinks=True, dirs_exist_ok=True)
        ballast = scene.outputs / "logs" / "ballast.log"
        room = shutil.disk_usage(scene.outputs).free
        ballast.write_bytes(b"\0" * max(0, room - free))
        try:
            yield Setting()
        finally:
            ballast.unlink()

    return done


@contextmanager
def _full_temporary_folder(scene: Scene) -> Iterator[Setting]:
    folder = Path(f"/tmp/full-{os.getpid()}")  # noqa: S108 a short name
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
    (folder / "ballast").write_bytes(b"\0" * shutil.disk_usage(folder).free)
    try:
        yield Setting(environment={"TMPDIR": str(folder)})
    finally:
        _unmounted(folder)
        folder.rmdir()


def _unwritable(*names: str) -> Callable[[Scene], AbstractContextManager[Setting]]:
    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        folders = [
            folder
            for name in names
            for folder in (scene.outputs / name, *(scene.outputs / name).rglob("*"))
            if folder.is_dir() and not folder.is_symlink()
        ]
        for folder in folders:
            folder.chmod(0o555)
        try:
            yield Setting(before=WITHOUT_PRIVILEGES)
        finally:
            for folder in folders:
                folder.chmod(0o755)

    return done


@contextmanager
def _read_only_mount(scene: Scene) -> Iterator[Setting]:
    subprocess.run(["mount", "--bind", scene.outputs, scene.outputs], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", scene.outputs], check=True)
    try:
        yield Setting()
    finally:
        _unmounted(scene.outputs)


def _clock(
    days: int, during: Callable[[Builder, Path], None] | None = None
) -> Callable[[Scene], AbstractContextManager[Setting]]:
    """Return a context in which every Python of the build sees another time."""

    @contextmanager
    def done(scene: Scene) -> Iterator[Setting]:
        folder = scene.root.with_name("clock")
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(SITECUSTOMIZE)
        file = folder / "shift"
        file.write_text(str(days * DAY))
        path = [str(folder), os.environ.get("PYTHONPATH", "")]
        environment = {
            "NWLBOOK_FAULT_CLOCK": str(file),
            "PYTHONPATH": os.pathsep.join(part for part in path if part),
        }
        yield Setting(
            environment=environment,
            during=(lambda builder: during(builder, file)) if during else None,
        )

    return done


def _set_back(builder: Builder, file: Path) -> None:
    builder.reach("execute")
    fresh = file.with_suffix(".new")
    fresh.write_text(str(-DAY))
    fresh.replace(file)


@contextmanager
def _files_of_tomorrow(scene: Scene) -> Iterator[Setting]:
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).timestamp()
    for name in ("data", "notebooks", "outputs/cache"):
        for file in (scene.root / name).rglob("*"):
            os.utime(file, (tomorrow, tomorrow))
    yield Setting()


@contextmanager
def _builds_of_next_year(scene: Scene) -> Iterator[Setting]:
    """Let the last builds have been made by a clock that was a year ahead."""
    builds = scene.outputs / "builds"
    year = time.gmtime().tm_year
    for build in list(builds.iterdir()):
        later = build.name.replace(str(year), str(year + 1), 1)
        shutil.copytree(build, builds / f"{later}1", symlinks=True)
        build.rename(builds / later)
        link = scene.outputs / "current"
        link.unlink()
        link.symlink_to(Path("builds") / later)
    yield Setting()


@contextmanager
def _no_text_font(scene: Scene) -> Iterator[Setting]:
    packages = scene.root / "node_modules"
    all_of_them = packages.resolve()
    packages.unlink()
    packages.mkdir()
    for package in all_of_them.iterdir():
        if package.name != "@expo-google-fonts":
            (packages / package.name).symlink_to(package)
    try:
        yield Setting()
    finally:
        shutil.rmtree(packages)
        packages.symlink_to(all_of_them)


@contextmanager
def _crashing_browser(scene: Scene) -> Iterator[Setting]:
    browser = crashing_browser(scene.root)
    yield Setting(environment={"NWLBOOK_CHROMIUM": str(browser)})
    browser.unlink()


NO_ROOM = "No space left on device" if CAN_MOUNT else "File too large"
HOW_FULL = "a file system of its own" if CAN_MOUNT else f"no file over {LIMIT} bytes: no root here"
ONLY_ROOT = "" if CAN_MOUNT else "only root can mount"
SHIFTED = "the clock that Python's own functions tell"
NO_BROWSER = {"PATH": "/nonexistent"}
FAULTS = [
    *(
        Fault(
            f"the disk is full but for {free // 1000} kB",
            f"{HOW_FULL}; {', '.join(known) or 'nothing'} cached",
            _full(free),
            (1,),
            NO_ROOM,
            known,
        )
        for free, known in (
            (0, EVERYTHING),
            (40_000, ()),
            (40_000, RUNS),
            (700_000, IMAGES),
            (2_500_000, IMAGES),
        )
    ),
    Fault(
        "the folder for temporary files is full",
        "a file system of its own",
        _full_temporary_folder,
        (0, 1),
        known=(),
        missing=ONLY_ROOT,
    ),
    Fault(
        "`outputs` cannot be written",
        "no write permission",
        _unwritable(""),
        (1,),
        "Permission denied",
        missing=NO_SETPRIV,
    ),
    Fault(
        "`outputs/builds` cannot be written",
        "no write permission",
        _unwritable("builds"),
        (1,),
        "Permission denied",
        missing=NO_SETPRIV,
    ),
    Fault(
        "the cache cannot be written",
        "no write permission",
        _unwritable("cache"),
        (1,),
        "Permission denied",
        (),
        missing=NO_SETPRIV,
    ),
    Fault(
        "`outputs` is on a read-only file system",
        "mounted so",
        _read_only_mount,
        (1,),
        "Read-only file system",
        missing=ONLY_ROOT,
    ),
    Fault(
        "no browser", "a search path without one",
        with_setting(environment=NO_BROWSER), (0,), "no browser found", RUNS, Site.OTHER,
    ),
    Fault("a browser that crashes as it starts", "NWLBOOK_CHROMIUM names one", _crashing_browser,
          (1,), "the browser ended: no display", RUNS),
    Fault("the book's font is not installed", "node_modules without it", _no_text_font,
          (2,), "open-sans/LICENSE_FONT is missing", RUNS),
    Fault("no font on the machine", "an empty configuration of fontconfig",
          with_setting(environment={"FONTCONFIG_FILE": os.devnull}), (0,), known=RUNS),
    Fault("a clock set back by two years", SHIFTED, _clock(-730), (0,), known=()),
    Fault("a clock set back by a day during the build", SHIFTED, _clock(0, _set_back),
          (0,), known=()),
    Fault("files changed tomorrow", "their times set so", _files_of_tomorrow, (0,), known=()),
    Fault("last builds made next year", "their names and the link to them set so",
          _builds_of_next_year, (0,)),
]  # fmt: skip
