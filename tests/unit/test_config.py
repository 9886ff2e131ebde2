"""The settings: read once, every fault told, and no secret shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.config import PREFIX, Settings, SettingsRefused, read

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = "canary-canary-canary-canary-canary-canary"
PRODUCTION = {
    "MODE": "production",
    "WEB_PUBLIC_URL": "https://video.example.cat",
    "DATABASE_URL": f"postgresql+asyncpg://video:{SECRET}@db.example.cat/video",
    "MASTER_KEY": SECRET,
    "MEDIA_SECRET": SECRET,
    "STAFF_ISSUER": "https://gicar.example.cat/realms/staff",
    "STAFF_CLIENT_ID": "video",
    "STAFF_CLIENT_SECRET": SECRET,
    "CITIZENS_ISSUER": "https://valid.example.cat",
    "CITIZENS_CLIENT_ID": "video",
    "CITIZENS_CLIENT_SECRET": SECRET,
}


def settings(**said: str) -> Settings:
    return read({PREFIX + name: value for name, value in said.items()})


def faults(environment: Mapping[str, str] | None = None, /, **said: str) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        read({**{PREFIX + name: value for name, value in said.items()}, **(environment or {})})
    assert str(refused.value) == "; ".join(refused.value.faults)
    return refused.value.faults


def test_nothing_need_be_said_to_try_it() -> None:
    said = read({})
    assert (said.production, said.stand_in) == (False, True)
    assert (said.web.host, said.web.port, said.web.public_url) == ("localhost", 8080, "http://localhost:8080")
    assert not said.web.secure
    assert said.storage.data == Path("data").absolute()
    assert said.storage.master_key_file == said.storage.data / "master.key"
    assert said.storage.database.endswith("/data/videoattention.sqlite3")
    assert (said.media.port, said.media.addresses, said.media.local) == (0, (), True)


def test_production_has_no_stand_in() -> None:
    said = settings(**PRODUCTION)
    assert (said.production, said.stand_in, said.web.secure) == (True, False, True)


def test_the_citizens_login_may_speak_as_valid_does() -> None:
    assert settings(**PRODUCTION).citizens.dialect == "oidc"
    valid = PRODUCTION | {"CITIZENS_DIALECT": "valid"}
    assert settings(**valid).citizens.dialect == "valid"
    placed = valid | {"CITIZENS_EVIDENCE_PATH": "serveis-rest/evidencies"}
    assert settings(**placed).citizens.evidence_path == "serveis-rest/evidencies"


@pytest.mark.parametrize("said", [{"CITIZENS_DIALECT": "saml"}, {"CITIZENS_EVIDENCE_PATH": "serveis-rest/x"}])
def test_a_dialect_that_nobody_speaks_is_refused(said: dict[str, str]) -> None:
    (fault,) = faults(**PRODUCTION | said)
    assert fault.startswith(f"VIDEOATTENTION_{next(iter(said))} ")


@pytest.mark.parametrize("path", ["../x", "/x", "https://elsewhere.example/x", "x?y=1", "x/"])
def test_the_evidence_is_asked_for_under_the_citizens_login(path: str) -> None:
    (fault,) = faults(**PRODUCTION | {"CITIZENS_DIALECT": "valid", "CITIZENS_EVIDENCE_PATH": path})
    assert fault.startswith("VIDEOATTENTION_CITIZENS_EVIDENCE_PATH is ")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("WEB_PUBLIC_URL", "VIDEOATTENTION_WEB_PUBLIC_URL"),
        ("STAFF_ISSUER", "VIDEOATTENTION_STAFF_ISSUER"),
        ("CITIZENS_ISSUER", "VIDEOATTENTION_CITIZENS_ISSUER"),
        ("MEDIA_SECRET", "VIDEOATTENTION_MEDIA_SECRET"),
    ],
)
def test_production_demands_what_only_a_demonstration_can_do_without(missing: str, named: str) -> None:
    said = {name: value for name, value in PRODUCTION.items() if name != missing}
    (fault,) = faults(**said)
    assert fault.startswith(f"In production {named} must ")


def test_one_realm_at_the_stand_in_is_a_stand_in() -> None:
    said = {name: value for name, value in PRODUCTION.items() if name != "MODE" and not name.startswith("CITIZENS")}
    assert settings(STAND_IN="public", **said).stand_in


def test_every_fault_is_told_at_once_and_each_is_one_sentence() -> None:
    told = faults(
        {"PORT": "http"},
        MODE="staging",
        DATABASE_URL=f"mysql://root:{SECRET}@db",
        MEDIA_SECRET="short",
        MEDIA_PORT="70000",
        MEDIA_HOST="everywhere",
        MEDIA_ADDRESSES="203.0.113.7, video.example.cat",
        MEDIA_SERVICE="nowhere",
        MEDIA_LOCAL="perhaps",
        STAFF_ISSUER="gicar",
        WEB_PUBLIC_URL="http://video.example.cat",
        WEB_PUBLIC_ULR="https://video.example.cat",
    )
    assert len(told) == 13
    for fault in told:
        assert re.fullmatch(r"[A-Z].{20,}\.", fault)
        assert SECRET not in fault
    for named in ("PORT is", "MODE", "DATABASE_URL", "MEDIA_SECRET", "MEDIA_PORT", "MEDIA_ADDRESSES", "WEB_PUBLIC_ULR"):
        assert any(named in fault for fault in told), named


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "8080.0", "80 80", "eight", "٨٠٨٠", "8" * 5000])
def test_a_port_is_a_port(port: str) -> None:
    assert any("PORT" in fault for fault in faults({"PORT": port}))
    assert any("WEB_PORT" in fault for fault in faults(WEB_PORT=port))


def test_the_long_name_of_the_port_wins() -> None:
    said = read({"PORT": "8081", PREFIX + "WEB_PORT": "8082"})
    assert (said.web.port, said.web.public_url) == (8082, "http://localhost:8082")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "video.example.cat",
        "ftp://video.example.cat",
        "https://",
        "https://video.example.cat/app",
        "https://video.example.cat?x",
        "https://video.example.cat#x",
        "https://video.example.cat:99999",
        "https://video.example.cat:abc",
        "https://video.example.cat:0",
        f"https://root:{SECRET}@video.example.cat",
        "https://video.example.cat\\@evil.example",
        "https://vídeo.example.cat",
        "https://video example.cat",
        "https://[::1",
        "http://video.example.cat",
    ],
)
def test_the_public_address_is_an_origin_that_browsers_give_a_camera(url: str) -> None:
    (fault,) = faults(WEB_PUBLIC_URL=url)
    assert "WEB_PUBLIC_URL" in fault
    assert SECRET not in fault


@pytest.mark.parametrize(
    "url", ["https://video.example.cat", "https://video.example.cat:8443", "http://localhost:1", "http://[::1]:8080"]
)
def test_these_do(url: str) -> None:
    assert settings(WEB_PUBLIC_URL=url + "/", STAND_IN="public").web.public_url == url


def test_the_stand_in_is_not_open_to_others_by_oversight() -> None:
    (fault,) = faults(WEB_PUBLIC_URL="https://video.example.cat")
    assert "STAND_IN=public" in fault


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.cat",
        "login",
        "https://a@login.example.cat",
        "https://login.example.cat?realm=x",
        "https://[",
    ],
)
def test_an_issuer_is_an_https_address(issuer: str) -> None:
    (fault,) = faults(STAFF_ISSUER=issuer, STAFF_CLIENT_ID="a", STAFF_CLIENT_SECRET="b")
    assert fault.startswith("VIDEOATTENTION_STAFF_ISSUER must be an https:// address")


def test_a_provider_on_this_machine_may_speak_plain_http_while_developing() -> None:
    near = {"STAFF_ISSUER": "http://127.0.0.1:3000", "STAFF_CLIENT_ID": "a", "STAFF_CLIENT_SECRET": "b"}
    assert settings(**near, STAFF_USERINFO="yes").staff.userinfo
    (fault,) = faults(**near | {"STAFF_ISSUER": "http://login.example.cat"})
    assert fault.startswith("VIDEOATTENTION_STAFF_ISSUER must be an https:// address")
    assert len(faults(**PRODUCTION | near)) == 1


def test_a_provider_has_the_name_that_people_call_it_by() -> None:
    said = {"CITIZENS_ISSUER": "https://valid.example.cat/o/", "CITIZENS_CLIENT_ID": "a", "CITIZENS_CLIENT_SECRET": "b"}
    assert settings(**said, CITIZENS_NAME="VÀLid").provider_names == {"https://valid.example.cat/o": "VÀLid"}
    assert settings(**said, STAFF_NAME="GICAR").provider_names == {}


def test_an_issuer_needs_a_client() -> None:
    (fault,) = faults(CITIZENS_ISSUER="https://login.example.cat", CITIZENS_CLIENT_ID="a")
    assert "CITIZENS_CLIENT_SECRET" in fault


def test_the_address_of_a_database_is_never_repeated() -> None:
    (fault,) = faults(DATABASE_URL=f"postgres://video:{SECRET}@db/video")
    assert SECRET not in fault


def test_no_secret_is_in_a_repr() -> None:
    said = settings(**PRODUCTION)
    assert SECRET not in repr(said) + str(said)
    assert SECRET in said.storage.database


@given(st.dictionaries(st.sampled_from(sorted(PRODUCTION)), st.text(max_size=80)))
def test_whatever_is_said_is_settings_or_faults(said: dict[str, str]) -> None:
    try:
        told = settings(**said)
    except SettingsRefused as refused:
        assert refused.faults  # noqa: PT017 - either is right
    else:
        assert told.web.port == 8080


def test_turn_servers_have_urls_and_a_secret() -> None:
    assert settings().turn.urls == ()
    turn = settings(
        TURN_URLS="turn:turn.example.cat?transport=tcp, turns:turn.example.cat:443", TURN_SECRET=SECRET
    ).turn
    assert turn.urls == ("turn:turn.example.cat?transport=tcp", "turns:turn.example.cat:443")
    assert turn.secret == SECRET
    assert SECRET not in repr(turn)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"TURN_URLS": "turn:turn.example.cat"}, "need each other"),
        ({"TURN_SECRET": SECRET}, "need each other"),
        ({"TURN_URLS": "turn:turn.example.cat", "TURN_SECRET": "short"}, "at least 32"),
        ({"TURN_URLS": "stun:turn.example.cat", "TURN_SECRET": SECRET}, "'stun:turn.example.cat'"),
        ({"TURN_URLS": f"turn:user:{SECRET}@turn.example.cat", "TURN_SECRET": SECRET}, "one that names a user"),
    ],
)
def test_turn_servers_that_cannot_work_are_told(said: dict[str, str], named: str) -> None:
    (fault,) = faults(**said)
    assert named in fault
    assert SECRET not in fault


OBJECTS = {
    "OBJECT_STORE_URL": "https://objects.example.cat/",
    "OBJECT_STORE_BUCKET": "recordings",
    "OBJECT_STORE_ACCESS_KEY": SECRET,
    "OBJECT_STORE_SECRET_KEY": SECRET,
}


def test_recordings_stay_in_the_folder_unless_an_object_store_is_named() -> None:
    assert settings().storage.objects is None
    objects = settings(**PRODUCTION, **OBJECTS).storage.objects
    assert objects is not None
    assert (objects.url, objects.bucket, objects.region) == ("https://objects.example.cat", "recordings", "us-east-1")
    assert SECRET not in repr(objects)


@pytest.mark.parametrize("left_out", OBJECTS)
def test_an_object_store_is_named_whole(left_out: str) -> None:
    told = faults(**{name: value for name, value in OBJECTS.items() if name != left_out})
    assert len(told) == 1
    assert "either all are set or none" in told[0]
    assert SECRET not in told[0]


def test_an_object_store_is_reached_by_https_in_production() -> None:
    plain = OBJECTS | {"OBJECT_STORE_URL": "http://objects.example.cat"}
    assert settings(**plain).storage.objects is not None
    assert any("OBJECT_STORE_URL must begin with https://" in fault for fault in faults(**PRODUCTION, **plain))
    for wrong in ("objects.example.cat", "https://objects.example.cat/bucket", "https://a:b@objects.example.cat"):
        (told,) = faults(**OBJECTS | {"OBJECT_STORE_URL": wrong})
        assert "OBJECT_STORE_URL must be like" in told
        assert "a:b" not in told


def test_there_are_as_many_workers_as_cores_with_two_ports_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, workers in ((None, 1), (1, 1), (6, 6), (200, 16)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert settings().media.workers == workers
    said = settings(MEDIA_WORKERS="3", MEDIA_PORT="40000").media
    assert said.ports == (40000, 40001, 40002, 40003, 40004, 40005)
    assert settings(MEDIA_WORKERS="3").media.ports == (0,) * 6
    assert (said.capacity, said.drain, said.name) == (128, 900, "")
    assert settings(MEDIA_PORT="65535", MEDIA_LOCAL="no", MEDIA_WORKERS="8").media.port == 65535


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("MEDIA_PORT", {"MEDIA_PORT": "65530", "MEDIA_WORKERS": "4"}),
        ("MEDIA_WORKERS", {"MEDIA_WORKERS": "0"}),
        ("MEDIA_WORKERS", {"MEDIA_WORKERS": "65"}),
        ("MEDIA_WORKERS", {"MEDIA_WORKERS": "many"}),
        ("MEDIA_CAPACITY", {"MEDIA_CAPACITY": "0"}),
        ("MEDIA_DRAIN", {"MEDIA_DRAIN": "-1"}),
        ("MEDIA_NAME", {"MEDIA_NAME": "two words"}),
    ],
)
def test_what_no_worker_can_be_is_refused(named: str, said: dict[str, str]) -> None:
    (fault,) = faults(**said)
    assert named in fault


def test_an_authority_for_time_stamps_is_named_with_its_certificates(tmp_path: Path) -> None:
    assert settings().timestamps is None
    roots = tmp_path / "roots.pem"
    roots.write_text("certificates")
    said = settings(TIMESTAMP_URL="https://stamps.example.cat/tsa", TIMESTAMP_CA=str(roots)).timestamps
    assert said
    assert (said.url, said.ca) == ("https://stamps.example.cat/tsa", roots)
    assert "need each other" in faults(TIMESTAMP_URL="https://stamps.example.cat/tsa")[0]
    assert "need each other" in faults(TIMESTAMP_CA=str(roots))[0]
    for wrong in ("ftp://stamps.example.cat", f"https://user:{SECRET}@stamps.example.cat"):
        (fault,) = faults(TIMESTAMP_URL=wrong, TIMESTAMP_CA=str(roots))
        assert "TIMESTAMP_URL must be like" in fault
        assert SECRET not in fault
