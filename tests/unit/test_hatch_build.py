"""The browser libraries' build hook: it believes the lock and nothing else. No network is used."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from hatch_build import FetchError

ICON = '<!-- licence -->\n<svg\n  class="x"\n  viewBox="0 0 24 24"\n>\n  <path d="M1 2" />\n</svg>\n'


def tarball(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Tarballs by package, a lock of them in `tmp_path`, and no network."""
    tarballs: dict[str, bytes] = {}
    for library, files in {**hatch_build.LIBRARIES, **hatch_build.DEV_LIBRARIES}.items():
        members = {f"package/{path}": f"{library} {path}".encode() for path in files}
        if library == hatch_build.ICON_SET:
            members |= {f"package/icons/{name}.svg": ICON.encode() for name in hatch_build.ICONS}
        tarballs[library] = tarball(members)
    packages: dict[str, Any] = {
        f"node_modules/{library}": {
            "version": "1.0.0",
            "resolved": f"https://registry.example/{library}.tgz",
            "integrity": integrity(content),
        }
        for library, content in tarballs.items()
    }
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))

    def urlopen(address: str, timeout: float) -> io.BytesIO:
        return io.BytesIO(tarballs[address.removeprefix("https://registry.example/").removesuffix(".tgz")])

    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return tarballs


def test_it_fetches_once(tmp_path: Path, registry: dict[str, bytes]) -> None:
    assert hatch_build.main(root=tmp_path)
    names = {path.name for path in (tmp_path / hatch_build.VENDOR).iterdir()}
    assert {"htmx.min.js", "htmx-sse.min.js", "icons.svg", "icons.LICENSE"} <= names
    assert (tmp_path / hatch_build.DEV_VENDOR / "axe.min.js").is_file()
    registry.clear()  # a second run must not ask
    assert not hatch_build.main(root=tmp_path)


def test_a_removed_file_is_fetched_again(tmp_path: Path, registry: dict[str, bytes]) -> None:
    hatch_build.main(root=tmp_path)
    (tmp_path / hatch_build.VENDOR / "htmx.min.js").unlink()
    assert hatch_build.main(root=tmp_path)


def test_a_wheel_carries_no_test_library(tmp_path: Path, registry: dict[str, bytes]) -> None:
    hatch_build.main(dev=False, root=tmp_path)
    assert not (tmp_path / hatch_build.DEV_VENDOR).exists()


def test_a_tarball_that_is_not_the_locked_one_is_refused(tmp_path: Path, registry: dict[str, bytes]) -> None:
    registry["htmx.org"] = tarball({"package/dist/htmx.min.js": b"evil()", "package/LICENSE": b""})
    with pytest.raises(FetchError, match="sha512 is not the one"):
        hatch_build.main(root=tmp_path)
    assert not (tmp_path / hatch_build.VENDOR).exists()


def test_a_weak_hash_is_refused() -> None:
    with pytest.raises(FetchError, match="only sha512"):
        hatch_build.check("x", b"", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=")


def test_no_network_is_said_plainly(
    tmp_path: Path, registry: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any, **__: Any) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr("urllib.request.urlopen", unreachable)
    with pytest.raises(
        FetchError, match=r"cannot fetch htmx\.org.*network is unreachable.*Connect this machine"
    ):
        hatch_build.main(root=tmp_path)


def test_only_https_is_fetched(
    tmp_path: Path, registry: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "file:///etc")
    with pytest.raises(FetchError, match="is not https"):
        hatch_build.main(root=tmp_path)


def test_a_path_that_climbs_out_is_never_read() -> None:
    packed = tarball({"package/../../evil.js": b"x", "package/dist/htmx.min.js": b"good"})
    assert hatch_build.unpack("htmx.org", packed) == {"dist/htmx.min.js": b"good"}


def test_the_sprite_takes_the_colour_of_the_text_around_it() -> None:
    sprite = hatch_build.sprite({"send": ICON})
    assert '<symbol id="send" viewBox="0 0 24 24" fill="none" stroke="currentColor"' in sprite
    assert '<path d="M1 2" />' in sprite
    assert "class=" not in sprite


def test_the_lock_names_every_library_with_its_address_and_hash() -> None:
    packages = json.loads((hatch_build.ROOT / "package-lock.json").read_text())["packages"]
    for library in (*hatch_build.LIBRARIES, *hatch_build.DEV_LIBRARIES):
        locked = packages[f"node_modules/{library}"]
        assert locked["integrity"].startswith("sha512-")
        assert locked["resolved"].endswith(f"{library}-{locked['version']}.tgz")


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named: set[str] = set()
    for template in hatch_build.ROOT.glob("*/**/templates/**/*.html"):
        named |= set(re.findall(r"""\bicon(?:_url)?\(\s*["']([a-z0-9-]+)["']""", template.read_text()))
    assert named <= set(hatch_build.ICONS)


def test_the_lock_is_read_in_a_source_distribution_too(tmp_path: Path, registry: dict[str, bytes]) -> None:
    elsewhere = tmp_path / "sdist"
    elsewhere.mkdir()
    shutil.copy(tmp_path / "package-lock.json", elsewhere)
    assert hatch_build.main(dev=False, root=elsewhere)
    assert (elsewhere / hatch_build.VENDOR / "icons.svg").is_file()
