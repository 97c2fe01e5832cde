# SPDX-License-Identifier: Apache-2.0
"""What the shop sells: a few tiny packages for each package manager, made here, as a table of paths and bytes.

Everywhere `tea` and `milk` need nothing, and `breakfast` needs both.
"""

import base64
import gzip
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

HOST = "shop.test"
PORT = 8083
URL = f"http://{HOST}:{PORT}"
NEEDS = {"tea": [], "milk": [], "breakfast": ["tea", "milk"]}
VERSION = "1.0.0"


def goods():
    """Path to bytes, for everything that the shop serves."""
    return pip() | npm() | cargo() | go() | apt()


def pip():
    table = {}
    for name, needs in NEEDS.items():
        wheel = f"{name}-{VERSION}-py3-none-any.whl"
        info = f"{name}-{VERSION}.dist-info"
        requires = "".join(f"Requires-Dist: {need}\n" for need in needs)
        table[f"/pip/files/{wheel}"] = zip_of({
            f"{name}.py": f"NAME = '{name}'\n",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n{requires}",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: shop\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        })
        table[f"/pip/simple/{name}/"] = f'<!DOCTYPE html><a href="../../files/{wheel}">{wheel}</a>'.encode()
    return table


def npm():
    table = {}
    for name, needs in NEEDS.items():
        manifest = {"name": name, "version": VERSION, "main": "index.js", "dependencies": dict.fromkeys(needs, VERSION)}
        archive = tgz_of({
            "package/package.json": json.dumps(manifest),
            "package/index.js": f"module.exports = '{name}'\n",
        })
        path = f"/npm/{name}/-/{name}-{VERSION}.tgz"
        table[path] = archive
        dist = {"tarball": URL + path, "integrity": npm_integrity(archive)}
        table[f"/npm/{name}"] = json.dumps({
            "name": name, "dist-tags": {"latest": VERSION}, "versions": {VERSION: manifest | {"dist": dist}},
        }).encode()
    return table


def npm_integrity(archive):
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def cargo():
    table = {"/cargo/config.json": json.dumps({"dl": URL + "/cargo/dl/{crate}-{version}.crate"}).encode()}
    for name, needs in NEEDS.items():
        folder = f"{name}-{VERSION}"
        uses = "".join(f'{need} = "{VERSION}"\n' for need in needs)
        crate = tgz_of({
            f"{folder}/Cargo.toml":
                f'[package]\nname = "{name}"\nversion = "{VERSION}"\nedition = "2021"\n[dependencies]\n{uses}',
            f"{folder}/src/lib.rs": f'pub const NAME: &str = "{name}";\n',
        })
        table[f"/cargo/dl/{folder}.crate"] = crate
        dependencies = [{"name": need, "req": f"^{VERSION}", "features": [], "optional": False,
                         "default_features": True, "target": None, "kind": "normal"} for need in needs]
        shelf = f"3/{name[0]}/{name}" if len(name) == 3 else f"{name[:2]}/{name[2:4]}/{name}"
        table[f"/cargo/{shelf}"] = json.dumps({
            "name": name, "vers": VERSION, "deps": dependencies, "cksum": hashlib.sha256(crate).hexdigest(),
            "features": {}, "yanked": False,
        }).encode()
    return table


def go():
    table = {}
    for name, needs in NEEDS.items():
        module = f"{HOST}/{name}"
        manifest = f"module {module}\n\ngo 1.19\n" + "".join(f"\nrequire {HOST}/{need} v{VERSION}\n" for need in needs)
        imports = "".join(f'import _ "{HOST}/{need}"\n' for need in needs)
        source = f'package {name}\n\n{imports}\nconst Name = "{name}"\n'
        place = f"/go/{module}/@v"
        table[f"{place}/list"] = f"v{VERSION}\n".encode()
        table[f"{place}/v{VERSION}.info"] = json.dumps({"Version": f"v{VERSION}"}).encode()
        table[f"{place}/v{VERSION}.mod"] = manifest.encode()
        table[f"{place}/v{VERSION}.zip"] = zip_of({
            f"{module}@v{VERSION}/go.mod": manifest,
            f"{module}@v{VERSION}/{name}.go": source,
        })
    return table


def apt():
    table, index = {}, ""
    for name, needs in NEEDS.items():
        depends = f"Depends: {', '.join(needs)}\n" if needs else ""
        control = (f"Package: {name}\nVersion: {VERSION}\nArchitecture: all\nMaintainer: shop <shop@{HOST}>\n"
                   f"{depends}Description: {name}\n")
        archive = deb_of(control, {f"usr/bin/{name}": f"#!/bin/sh\necho {name}\n"})
        path = f"{name}_{VERSION}_all.deb"
        table[f"/apt/{path}"] = archive
        index += (control + f"Filename: ./{path}\nSize: {len(archive)}\n"
                  f"SHA256: {hashlib.sha256(archive).hexdigest()}\n\n")
    packages = index.encode()
    table["/apt/Packages"] = packages
    table["/apt/Release"] = (f"Origin: shop\nSHA256:\n {hashlib.sha256(packages).hexdigest()} {len(packages)} "
                             "Packages\n").encode()
    return table


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def tgz_of(files):
    """The same bytes every time, and with every zlib: lock files in the scenarios name their hash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), compresslevel=0, mtime=0)


def deb_of(control, programs):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        (root / "DEBIAN").mkdir(parents=True)
        (root / "DEBIAN/control").write_text(control)
        for name, text in programs.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o755)
        target = Path(folder, "out.deb")
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", root, target], check=True, capture_output=True)
        return target.read_bytes()
