"""One server's files through OpenDAL: each request counted and bounded, each failure a code and nothing else.

OpenDAL is an extra, imported when the first request is made. Its words on an error are never passed on: they hold
addresses, and those may hold signatures.
"""

from __future__ import annotations

import asyncio
import os
import re
from typing import TYPE_CHECKING, Any, TypeVar

from store.errors import StoreError
from sync.places.credentials import find_credentials
from sync.places.transport import TransportError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sync.places.address import Address
    from sync.places.budget import Budget

T = TypeVar("T")

PATIENCE = 30.0  # seconds for a server to say something
PACE = 32 * 1024  # bytes a second that a slow line carries
MAX_NAMES = 100_000  # in one folder
PAGE = 1_000  # names an object store lists with one request
_CHUNK = 1024 * 1024

_STATUS = re.compile(r"status: ([0-9]{3})")
_KIND = re.compile(r"\s*(\w+) \((?:permanent|temporary|persistent)\)")
_RETRY_AFTER = re.compile(r'"retry-after": "([0-9]{1,6})"', re.I)
_STATUSES = {
    "301": "misconfigured", "400": "misconfigured", "401": "denied", "403": "denied", "404": "missing",
    "405": "unsupported", "409": "conflict", "410": "missing", "412": "taken", "413": "full", "429": "throttled",
    "501": "unsupported", "503": "throttled", "507": "full",
}  # fmt: skip
_KINDS = {
    "NotFound": "missing", "PermissionDenied": "denied", "RateLimited": "throttled", "AlreadyExists": "taken",
    "ConditionNotMatch": "taken", "Conflict": "conflict", "IsADirectory": "irregular", "NotADirectory": "irregular",
    "Unsupported": "unsupported", "ConfigInvalid": "misconfigured",
}  # fmt: skip


class Server:
    """The files below the folder `root` at an address. Every method raises TransportError and nothing else.

    Besides the codes of `sync.places.transport`: "conflict" where a folder lacks or two write at once, "unsupported".
    """

    def __init__(self, address: Address, root: str, budget: Budget) -> None:
        self._address = address
        self._root = root
        self._budget = budget
        self._operator: Any = None

    @property
    def takes_conditions(self) -> bool:
        """Return whether a file can be put under a name on condition that the name is free."""
        return bool(self._connected().capability().write_with_if_not_exists)

    def entries(self, folder: str) -> list[tuple[str, bool]]:
        """Return the path and whether it is a file of everything directly in a folder; nothing where there is none."""

        async def act(operator: Any) -> list[tuple[str, bool]]:
            found = []
            async for entry in await operator.list(f"{folder}/" if folder else ""):
                found.append((entry.path, entry.metadata.is_file))
                if len(found) > MAX_NAMES:
                    raise TransportError("too-large", folder)
            return found

        try:
            found = self._ask(folder, act)
        except TransportError as error:
            if error.code != "missing":
                raise
            return []
        if len(found) > PAGE and not self._address.is_webdav:
            self._budget.spend(len(found) // PAGE)
        return found

    def get(self, name: str, limit: int) -> bytes:
        """Return a file's bytes; of a file larger than `limit` one byte more than that, and no more is fetched."""

        async def act(operator: Any) -> bytes:
            parts: list[bytes] = []
            left = limit + 1
            file = await operator.open(name, "rb")
            try:
                while left:
                    part = await asyncio.wait_for(file.read(min(left, _CHUNK)), PATIENCE)
                    if not part:
                        break
                    parts.append(part)
                    left -= len(part)
            finally:
                await file.close()
            return b"".join(parts)

        return self._ask(name, act, size=limit)

    def put(self, name: str, data: bytes, *, if_free: bool = False) -> None:
        """Write a file; with `if_free` only where the name is free ("taken")."""
        options = {"if_not_exists": True} if if_free else {}
        self._ask(name, lambda operator: operator.write(name, data, **options), size=len(data))

    def move(self, name: str, to: str) -> None:
        """Give a file another name."""
        self._ask(name, lambda operator: operator.rename(name, to), cost=3)

    def make_folder(self, folder: str) -> None:
        """Make a folder, and those above it that lack."""
        self._ask(folder, lambda operator: operator.create_dir(f"{folder}/"), cost=2 * folder.count("/") + 4)

    def delete(self, name: str) -> None:
        """Remove a file; one that is gone is fine."""
        try:
            self._ask(name, lambda operator: operator.delete(name))
        except TransportError as error:
            if error.code != "missing":
                raise

    def _ask(self, name: str, act: Callable[[Any], Awaitable[T]], cost: int = 1, size: int = 0) -> T:
        """Return what the server answers, which may take as long as `size` bytes take on a slow line.

        An event loop is run for it, since OpenDAL's blocking calls keep other threads from running.
        """
        operator = self._connected()
        if reason := self._budget.refusal(cost):
            raise TransportError(reason, name)
        self._budget.spend(cost)

        async def bounded() -> T:
            return await asyncio.wait_for(act(operator), PATIENCE + size / PACE)

        try:
            answer = asyncio.run(bounded())
        except TransportError:
            raise
        except TimeoutError:
            raise TransportError("unreachable", name) from None
        except Exception as error:  # OpenDAL raises classes of its own, and OSError from within a file
            raise self._told(name, error) from None
        self._budget.answered()
        return answer

    def _told(self, name: str, error: Exception) -> TransportError:
        """Return an error as a code; one that asks for patience is taken to heart."""
        text = str(error)
        status, kind = _STATUS.search(text), _KIND.match(text)
        code = _STATUSES.get(status[1], "") if status is not None else ""
        if status is not None and status[1] == "404" and kind is not None and kind[1] == "ConfigInvalid":
            code = "unmounted"  # there is no such bucket
        code = (
            code or _KINDS.get(type(error).__name__, "") or _KINDS.get(kind[1] if kind else "", "unreachable")
        )
        if code == "throttled":
            after = _RETRY_AFTER.search(text)
            self._budget.throttled(float(after[1]) if after is not None else None)
        elif status is not None:
            self._budget.answered()
        return TransportError(code, name)

    def _connected(self) -> Any:
        if self._operator is None:
            try:
                import opendal
                from opendal import exceptions as problems
            except ImportError:
                raise TransportError("no-extra") from None
            try:
                options = _options(self._address, find_credentials(self._address))
            except StoreError as error:
                raise TransportError(error.code) from None
            kind = "webdav" if self._address.is_webdav else self._address.scheme
            try:
                self._operator = opendal.AsyncOperator(kind, root=f"/{self._root}", **options)
            except (problems.ConfigInvalid, problems.Unsupported, problems.Unexpected):
                raise TransportError("misconfigured") from None
        return self._operator


def _options(address: Address, credentials: dict[str, str]) -> dict[str, str]:
    """Return what OpenDAL is told of an address besides the folder."""
    given = address.options
    endpoint = given.get("endpoint", "")
    region = given.get("region", "")
    options = dict(credentials)
    if address.is_webdav:
        options["endpoint"] = f"{'https' if address.scheme == 'webdavs' else 'http'}://{address.host}"
        options["disable_create_dir"] = "true"  # folders are made when one lacks, not asked for at every file
    elif address.scheme == "s3":
        region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        options |= {"bucket": address.host, "region": region, "disable_ec2_metadata": "true"}
        if credentials:
            options["disable_config_load"] = "true"
    elif address.scheme == "oss":
        options |= {"bucket": address.host, "endpoint": endpoint or f"https://oss-{region}.aliyuncs.com"}
    elif address.scheme == "cos":
        options |= {
            "bucket": address.host, "endpoint": endpoint or f"https://cos.{region}.myqcloud.com",
            "disable_config_load": "true",
        }  # fmt: skip
    elif address.scheme == "azblob":
        account = credentials.get("account_name", "")
        options |= {"container": address.host, "endpoint": f"https://{account}.blob.core.windows.net"}
    else:
        options |= {"bucket": address.host, "disable_vm_metadata": "true", "disable_config_load": "true"}
    if endpoint:
        options["endpoint"] = endpoint
    return options
