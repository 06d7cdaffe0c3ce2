"""The files of deploy/ are read by the programs they are for, where these are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs/how-to/deploy.md"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    concours = tmp_path / "concours"
    concours.write_text("#!/bin/sh\n")
    concours.chmod(0o755)
    units = []
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        copy = tmp_path / unit.name
        text = unit.read_text().replace("/opt/concours/bin/concours", str(concours))
        copy.write_text(re.sub(r"(?m)^(User|Documentation)=.*\n", "", text))
        units.append(str(copy))

    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )

    own = [line for line in checked.stderr.splitlines() if str(tmp_path) in line]
    assert (checked.returncode, own) == (0, []), checked.stderr


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "1"),
            *("-subj", "/CN=concours.example.org", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx/concours.conf").read_text()
    (tmp_path / "site.conf").write_text(site.replace("/etc/ssl/concours", str(tmp_path)))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )

    checked = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr


def test_the_proxies_take_what_the_server_takes() -> None:
    """Their limit of a body is a little more than the settings' default."""
    from concours.platform.core.config import Config

    default = Config(data_dir=Path()).max_upload_bytes
    sites = {
        "nginx/concours.conf": r"client_max_body_size (\d+)m;",
        "caddy/Caddyfile": r"max_size (\d+)MB",
    }
    for name, pattern in sites.items():
        found = re.search(pattern, (DEPLOY / name).read_text())
        assert found is not None, name
        unit = 1 << 20 if name.startswith("nginx") else 10**6
        assert default * 0.99 < int(found[1]) * unit < default * 1.1 or name == "caddy/Caddyfile"


def test_nginx_holds_back_no_file_that_the_server_takes() -> None:
    """A narrower limit is for pages that take no file."""
    site = (DEPLOY / "nginx/concours.conf").read_text()
    blocks = re.findall(r"location ([^{]+) \{(.*?)\}", site, re.DOTALL)

    narrow = [place for place, block in blocks if "client_max_body_size" in block]

    assert narrow
    assert all(place.startswith("/account/") for place in narrow)


def test_compose_is_one_network_of_known_services() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]

    assert set(services) == {"db", "migrate", "server", "worker", "proxy"}
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    for name in ("server", "worker"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True


def test_the_guides_settings_are_read(tmp_path: Path) -> None:
    from concours.platform.core.config import load, log_settings

    blocks = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert blocks
    text = blocks[0].replace("/var/lib/concours", str(tmp_path))
    (tmp_path / "concours.toml").write_text(text)

    config = load(tmp_path / "concours.toml")

    assert (config.https, config.rehearsal, config.debug) == (True, False, False)
    assert config.public_address == "https://concours.example.org"
    assert log_settings(config)["handlers"]["stderr"]["formatter"] == "json"
    assert tomllib.loads(text)["metrics_token_file"] == "metrics.token"


def test_the_container_file_names_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()

    extras = set(re.findall(r"--extra (\w+)", text))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert extras <= set(project["optional-dependencies"])
