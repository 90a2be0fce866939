"""Fetches the browser libraries that the pages load, as a build hook and as `python hatch_build.py`.

What is fetched stands in package-lock.json: every tarball's address and its sha512. This reads
that lock without Node, refuses a tarball whose hash differs, takes only the files named in
`LIBRARIES` out of it and draws one sprite of the icons named in `ICONS`. The result is
`bot/web/static/vendor/` (and, for tests, `tests/browser/vendor/`), which git ignores. A second
run finds its stamp and does nothing.

To move to another version: `npm install --package-lock-only --omit-lockfile-registry-resolved=false
NAME@VERSION`, and commit package.json and package-lock.json. Not a bundler: the files are served as
their authors published them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import re
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # run as a script, where no build backend is installed
        Hook = object

ROOT = Path(__file__).resolve().parent
VENDOR = Path("bot/web/static/vendor")
DEV_VENDOR = Path("tests/browser/vendor")
STAMP = ".stamp"
LARGEST = 64 * 1024 * 1024
"""Bytes of a tarball, packed or unpacked, that are read at most."""

LIBRARIES: dict[str, dict[str, str]] = {
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE"},
    "htmx-ext-sse": {"dist/sse.min.js": "htmx-sse.min.js", "LICENSE": "htmx-sse.LICENSE"},
    "lucide-static": {"LICENSE": "icons.LICENSE"},
    "d3": {"dist/d3.min.js": "d3.min.js", "LICENSE": "d3.LICENSE"},
}
"""Package: {file in its tarball: name under `VENDOR`}."""

DEV_LIBRARIES: dict[str, dict[str, str]] = {"axe-core": {"axe.min.js": "axe.min.js"}}
"""The same for what only tests load, under `DEV_VENDOR`; never in a wheel."""

ICON_SET = "lucide-static"
ICONS: Sequence[str] = """
activity archive arrow-down arrow-left arrow-left-right arrow-right arrow-up at-sign bell book-open bot
building-2 calendar calendar-clock chart-column check check-check chevron-down chevron-left chevron-right
chevron-up circle circle-alert circle-check circle-dot circle-question-mark circle-user circle-x
concierge-bell clipboard-list clock command copy corner-down-right download ellipsis ellipsis-vertical
external-link eye eye-off file-text flag frown funnel git-branch globe hand handshake headset history
house inbox info key-round keyboard languages laptop layers life-buoy lightbulb link list list-checks
list-filter lock log-in log-out mail map-pin menu message-circle message-square messages-square minus
mic-off monitor moon notebook-pen panel-right paperclip pause pencil phone phone-off play plus printer
refresh-cw reply rotate-ccw route search send server settings shield shield-alert smartphone smile
sparkles star sticky-note sun tag thumbs-down thumbs-up ticket timer trash-2 triangle-alert undo-2 upload
user user-check user-plus users wifi wifi-off wrench x zap
""".split()  # noqa: SIM905  (a list would be a hundred lines)
"""The icons of the sprite: `<svg class="icon" aria-hidden="true"><use href="…/icons.svg#NAME"/></svg>`."""


class FetchError(Exception):
    """A library could not be fetched or is not what the lock says."""


def main(*, dev: bool = True, root: Path = ROOT) -> bool:
    """Bring the libraries to what the lock says; True when something was fetched."""
    lock = (root / "package-lock.json").read_bytes()
    packages = json.loads(lock)["packages"]
    fetched = _bring(root / VENDOR, packages, LIBRARIES, _stamp(lock, LIBRARIES, ICONS), icons=ICONS)
    if dev:
        fetched |= _bring(root / DEV_VENDOR, packages, DEV_LIBRARIES, _stamp(lock, DEV_LIBRARIES, []))
    return fetched


def _bring(
    folder: Path, packages: Mapping[str, Any], libraries: Mapping[str, Mapping[str, str]], stamp: str,
    icons: Sequence[str] = (),
) -> bool:  # fmt: skip
    mark = folder / STAMP
    wanted = [name for files in libraries.values() for name in files.values()]
    wanted += ["icons.svg"] if icons else []
    if mark.is_file() and mark.read_text() == stamp and all((folder / name).is_file() for name in wanted):
        return False
    contents: dict[str, bytes] = {}
    for library, files in libraries.items():
        print(f"fetching {library} {packages[f'node_modules/{library}']['version']}", file=sys.stderr)
        members = unpack(library, fetch(library, packages[f"node_modules/{library}"]))
        for source, name in files.items():
            contents[name] = _member(library, members, source)
        if icons and library == ICON_SET:
            drawings = {icon: _member(library, members, f"icons/{icon}.svg").decode() for icon in icons}
            contents["icons.svg"] = sprite(drawings).encode()
    folder.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)  # a run that is cut short leaves no stamp, so the next one starts over
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    mark.write_text(stamp)
    return True


def fetch(name: str, locked: Mapping[str, Any]) -> bytes:
    """The tarball of one locked package, proved by its sha512."""
    address = _mirror(locked["resolved"])
    if not address.startswith("https://"):
        raise FetchError(f"{name}: {address} is not https; mend package-lock.json or npm_config_registry")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
            tarball = answer.read(LARGEST + 1)
    except (urllib.error.URLError, OSError) as error:
        raise FetchError(
            f"cannot fetch {name} {locked['version']} from the npm registry ({error}). The pages need it. "
            "Connect this machine (a proxy goes in https_proxy, a mirror in npm_config_registry) and run "
            f"the same command again, or copy {VENDOR}/ from a machine where it was made."
        ) from error
    if len(tarball) > LARGEST:
        raise FetchError(f"{name}: the tarball is larger than {LARGEST} bytes, which no locked version is")
    check(name, tarball, locked["integrity"])
    return tarball


def check(name: str, tarball: bytes, integrity: str) -> None:
    """Raise unless the tarball's sha512 is the lock's (`sha512-BASE64`)."""
    kind, _, expected = integrity.partition("-")
    if kind != "sha512":
        raise FetchError(f"package-lock.json: {name} has a {kind} integrity; only sha512 is accepted")
    found = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if not hmac.compare_digest(found, expected):
        raise FetchError(
            f"{name}: the tarball's sha512 is not the one in package-lock.json "
            f"(expected {expected[:16]}…, got {found[:16]}…). Nothing was written; do not use this download."
        )


def unpack(name: str, tarball: bytes) -> dict[str, bytes]:
    """The regular files of a tarball by their path in the package; nothing is written to disk."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
            for member in archive:
                if not member.isfile() or not _of_interest(name, member.name):
                    continue
                total += member.size
                if total > LARGEST:
                    raise FetchError(f"{name}: unpacks to more than {LARGEST} bytes")
                stream = archive.extractfile(member)
                if stream is not None:
                    files[member.name.partition("/")[2]] = stream.read()
    except (tarfile.TarError, EOFError) as error:
        raise FetchError(f"{name}: not a readable tarball ({error})") from error
    return files


def sprite(drawings: Mapping[str, str]) -> str:
    """One SVG with a `<symbol>` for each icon, drawn in the colour of the text around it."""
    attributes = (
        'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"'
    )
    symbols: list[str] = []
    for name, drawing in sorted(drawings.items()):
        inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        if inner is None:
            raise FetchError(f"the icon {name} is not an SVG")
        symbols.append(f'<symbol id="{name}" {attributes}>{" ".join(inner[1].split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _of_interest(library: str, path: str) -> bool:
    inside = path.partition("/")[2]
    named = {**LIBRARIES, **DEV_LIBRARIES}.get(library, {})
    return inside in named or (
        library == ICON_SET and inside.startswith("icons/") and inside.endswith(".svg")
    )


def _member(library: str, members: Mapping[str, bytes], path: str) -> bytes:
    try:
        return members[path]
    except KeyError:
        raise FetchError(f"{library} has no {path} in this version; mend LIBRARIES or ICONS") from None


def _mirror(address: str) -> str:
    """The address at the mirror that npm's own variable names, if it does."""
    mirror = os.environ.get("npm_config_registry") or os.environ.get("NPM_CONFIG_REGISTRY")  # noqa: SIM112
    return re.sub(r"^https?://[^/]+/", mirror.rstrip("/") + "/", address) if mirror else address


def _stamp(lock: bytes, libraries: Mapping[str, Mapping[str, str]], icons: Sequence[str]) -> str:
    wanted = json.dumps([libraries, list(icons)], sort_keys=True).encode()
    return hashlib.sha256(lock + wanted + Path(__file__).read_bytes()).hexdigest()


class BrowserLibraries(Hook):
    """The hook that hatchling runs: the wheel carries the libraries although git does not."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch before the files are collected; tests' libraries only for an editable install."""
        main(dev=version == "editable", root=Path(self.root))
        build_data.setdefault("artifacts", []).append(f"/{VENDOR.as_posix()}/")


if __name__ == "__main__":
    try:
        news = main()
    except FetchError as problem:
        sys.exit(f"hatch_build.py: {problem}")
    print("browser libraries fetched" if news else "browser libraries are up to date", file=sys.stderr)
