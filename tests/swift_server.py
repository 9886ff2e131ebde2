"""A real object store that speaks S3: OpenStack Swift with its own S3 door, all of its servers in one process.

Run by the operating system's Python, which has Debian's package python3-swift: ``swift_server.py FOLDER PORT``. It
prints a line when it answers. What it stores lies in the folder, so it may be killed and started again. The servers
are Swift's own; what a deployment has around them is made here: the rings that say where the servers are, and a cache,
a dictionary in place of memcached.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import eventlet
from swift.common import storage_policy, utils
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import RingBuilder
from swift.common.wsgi import loadapp

eventlet.monkey_patch()

HOST = "127.0.0.1"
PIPELINE = "catch_errors gatekeeper listing_formats s3api tempauth bulk slo"
OPTIONS = {
    "s3api": "s3_acl = false\nlocation = us-east-1\nauth_pipeline_check = false\n",
    "tempauth": "user_test_tester = testing .admin\n",
}


class Silent:
    """Takes what the servers say of each request."""

    def debug(self, *_: object, **__: object) -> None:
        """Drop it."""

    info = warning = error = exception = write = debug


class Remembered:
    """What Swift asks of memcached."""

    def __init__(self) -> None:
        self.kept: dict[Any, Any] = {}

    def get(self, key: str, **_: object) -> Any:  # noqa: ANN401  # whatever was kept
        return self.kept.get(key)

    def set(self, key: str, value: object, **_: object) -> None:
        self.kept[key] = value

    def incr(self, key: str, delta: int = 1, **_: object) -> int:
        self.kept[key] = self.kept.get(key, 0) + delta
        return int(self.kept[key])

    def delete(self, key: str, **_: object) -> None:
        self.kept.pop(key, None)


def configure(folder: Path) -> None:
    """Write what every server of the cluster must agree on."""
    conf = folder / "swift.conf"
    secret = "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
    conf.write_text(f"{secret}[storage-policy:0]\nname = one\ndefault = yes\n", encoding="ascii")
    utils.SWIFT_CONF_FILE = storage_policy.SWIFT_CONF_FILE = str(conf)
    utils.validate_configuration()
    storage_policy.reload_storage_policies()
    filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n{OPTIONS.get(name, '')}" for name in PIPELINE.split())
    proxy = f"[DEFAULT]\nswift_dir = {folder}\n[pipeline:main]\npipeline = {PIPELINE} proxy-server\n"
    app = "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
    (folder / "proxy.conf").write_text(proxy + app + filters, encoding="ascii")


def serve_storage(folder: Path) -> None:
    """The servers of accounts, containers and objects, and the rings that name them."""
    from swift.account.server import AccountController
    from swift.container.server import ContainerController
    from swift.obj.server import ObjectController

    (folder / "devices" / "d").mkdir(parents=True, exist_ok=True)
    conf = {
        "devices": str(folder / "devices"),
        "swift_dir": str(folder),
        "mount_check": "false",
        "fallocate_reserve": "0",
    }
    controllers = {"account": AccountController, "container": ContainerController, "object": ObjectController}
    sockets = {kind: eventlet.listen((HOST, 0)) for kind in controllers}
    for kind, socket in sockets.items():
        write_ring(folder / f"{kind}.ring.gz", socket.getsockname()[1])
    for kind, controller in controllers.items():
        eventlet.spawn(eventlet.wsgi.server, sockets[kind], controller(conf), Silent(), protocol=SwiftHttpProtocol)


def write_ring(path: Path, port: int) -> None:
    """A ring of one device."""
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    place = {"ip": HOST, "port": port, "replication_ip": HOST, "replication_port": port}
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "device": "d", "weight": 1, "meta": "", **place})
    builder.rebalance()
    builder.get_ring().save(str(path))


def main(folder: Path, port: int) -> None:
    """Serve until killed."""
    configure(folder)
    serve_storage(folder)
    cluster, cache = loadapp(str(folder / "proxy.conf")), Remembered()

    def door(environ: dict[str, Any], start: object) -> Any:  # noqa: ANN401  # as WSGI has it
        environ["swift.cache"] = cache
        return cluster(environ, start)

    listening = eventlet.listen((HOST, port))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    eventlet.wsgi.server(listening, door, Silent(), protocol=SwiftHttpProtocol)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
