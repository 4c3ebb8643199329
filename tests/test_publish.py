"""A finished build takes the place of the last one, and readers never notice."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from nwlbook.errors import BuildError
from nwlbook.publish import (
    CURRENT,
    KEPT,
    LINKS,
    LOGS_KEPT,
    drop_unfinished,
    new_build,
    prune,
    publish,
)

NOT_A_PROCESS = 2**22 + 1


def finished(outputs: Path, text: str = "site") -> Path:
    build = new_build(outputs)
    for name in ("site", "project"):
        (build / name).mkdir()
        (build / name / "index.html").write_text(text)
    (build / "manifest.json").write_text(text)
    return build


def shown(outputs: Path) -> set[str]:
    return {
        (outputs / "site" / "index.html").read_text(),
        (outputs / "project" / "index.html").read_text(),
        (outputs / "manifest.json").read_text(),
    }


def test_published_build_is_what_readers_see(tmp_path: Path) -> None:
    for text in ("first", "second"):
        assert publish(finished(tmp_path, text), tmp_path) is None
        assert shown(tmp_path) == {text}
    assert (tmp_path / CURRENT).is_symlink()
    assert not (tmp_path / CURRENT).readlink().is_absolute()


def test_build_that_is_not_published_changes_nothing(tmp_path: Path) -> None:
    publish(finished(tmp_path, "good"), tmp_path)
    finished(tmp_path, "not published")
    assert shown(tmp_path) == {"good"}


def test_reader_finds_a_whole_site_at_any_moment(tmp_path: Path) -> None:
    publish(finished(tmp_path, "0"), tmp_path)
    missed: list[OSError] = []
    reads = 0
    stop = threading.Event()

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            try:
                (tmp_path / "manifest.json").read_text()
                reads += 1
            except OSError as error:
                missed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 40):
        publish(finished(tmp_path, str(number)), tmp_path)
        # The build before stays; nobody publishes two within one read, however busy the machine.
        time.sleep(0.02)
    stop.set()
    reader.join()
    assert reads > 0
    assert missed == []


def test_old_builds_are_dropped_but_for_the_last_ones(tmp_path: Path) -> None:
    builds = [finished(tmp_path, str(number)) for number in range(KEPT + 3)]
    for build in builds:
        publish(build, tmp_path)
    assert sorted((tmp_path / "builds").iterdir()) == builds[-KEPT:]


def test_remains_of_a_killed_build_are_dropped_and_a_running_one_is_not(tmp_path: Path) -> None:
    killed = tmp_path / "builds" / f"20000101T000000.000000Z-{NOT_A_PROCESS}"
    nameless = tmp_path / "builds" / "20000101T000000.000000Z"
    killed.mkdir(parents=True)
    nameless.mkdir()
    running = tmp_path / "builds" / f"20000101T000000.000000Z-{os.getppid()}"
    running.mkdir()
    publish(finished(tmp_path), tmp_path)
    assert not killed.exists()
    assert not nameless.exists()
    assert running.exists()


def test_system_without_links_gets_copies_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", refuse)
        for text in ("first", "second"):
            warning = publish(finished(tmp_path, text), tmp_path)
            assert warning is not None
            assert "no symbolic links" in warning
            assert shown(tmp_path) == {text}
    assert not any((tmp_path / name).is_symlink() for name in LINKS)
    # Where links work again, they take the place of the copies.
    assert publish(finished(tmp_path, "third"), tmp_path) is None
    assert shown(tmp_path) == {"third"}
    assert (tmp_path / "site").is_symlink()


def test_nothing_but_the_contract_is_left_in_outputs(tmp_path: Path) -> None:
    for _ in range(3):
        publish(finished(tmp_path), tmp_path)
    assert {item.name for item in tmp_path.iterdir()} == {*LINKS, CURRENT, "builds", "logs"}


def test_outputs_that_cannot_be_written_fail_the_build(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file in the way")
    with pytest.raises(BuildError, match="cannot write to"):
        new_build(tmp_path / "outputs")


def test_build_that_another_process_publishes_meanwhile_stays(tmp_path: Path) -> None:
    """By a clock that was set back its name is older than those of all others."""
    for _ in range(KEPT + 1):
        finished(tmp_path)
    other = finished(tmp_path, "other")
    others = other.with_name(f"20000101T000000.000000Z-{os.getppid()}")
    other.rename(others)
    prune(tmp_path, set())
    assert others.exists()


def test_last_build_and_the_one_before_stay_whatever_their_names(tmp_path: Path) -> None:
    for number in range(KEPT):
        finished(tmp_path).rename(
            tmp_path / "builds" / f"20990101T00000{number}.000000Z-{NOT_A_PROCESS}"
        )
    builds = []
    for number in range(3):
        builds.append(finished(tmp_path, str(number)))
        publish(builds[-1], tmp_path)
    assert builds[-1].exists()
    assert builds[-2].exists()
    assert not builds[-3].exists()
    assert shown(tmp_path) == {"2"}


def test_full_disk_is_no_reason_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(finished(tmp_path, "good"), tmp_path)
    build = finished(tmp_path, "new")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(OSError, match="No space left"):
        publish(build, tmp_path)
    assert shown(tmp_path) == {"good"}


def test_new_build_drops_what_killed_ones_left(tmp_path: Path) -> None:
    publish(finished(tmp_path), tmp_path)
    killed = tmp_path / "builds" / f"20990101T000000.000000Z-{NOT_A_PROCESS}"
    killed.mkdir()
    link = tmp_path / f".{CURRENT}.{NOT_A_PROCESS}"
    link.symlink_to("nowhere")
    half = tmp_path / "cache" / f".file.{NOT_A_PROCESS}-0123456789abcdef"
    half.parent.mkdir()
    half.touch()
    for number in range(LOGS_KEPT + 3):
        (tmp_path / "logs" / f"20000101T{number:06}.log").touch()
    new_build(tmp_path)
    assert not killed.exists()
    assert not link.is_symlink()
    assert not half.exists()
    assert len(list((tmp_path / "logs").iterdir())) == LOGS_KEPT


def test_what_was_not_finished_can_be_dropped(tmp_path: Path) -> None:
    whole = finished(tmp_path)
    half = new_build(tmp_path)
    drop_unfinished(tmp_path)
    assert whole.exists()
    assert not half.exists()
