"""Every token but a valid one is refused in the same way."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from app.accounts.errors import SignInUnavailable
from app.accounts.tokens import AGAIN_SECONDS, KEYS_SECONDS, LEEWAY_SECONDS, Tokens
from tests.support.supabase_auth import SECRET, Account, Key, SupabaseAuthServer
from tools.errors import NotSignedIn

ADA = Account("ada@example.org", "x", confirmed=True)


class Project:
    """Keys as they are published, on a clock of its own."""

    def __init__(self, *algorithms: str, legacy: bool = False) -> None:
        self.server = SupabaseAuthServer(legacy=legacy)
        self.server.keys = [Key(one) for one in algorithms]
        self.fetches, self.now, self.is_away = 0, 1000.0, False
        self.tokens = Tokens(self.server.issuer, self.fetch, SECRET if legacy else "", lambda: self.now)

    async def fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        if self.is_away:
            raise OSError("nobody there")
        return {"keys": [key.public for key in self.server.keys] + [{"kty": "oct", "kid": "secret", "k": "AAAA"}]}

    def token(self, **claims: Any) -> str:
        return self.server.token(ADA, **claims)


@pytest.fixture(params=["ES256", "RS256", "HS256"])
def project(request: pytest.FixtureRequest) -> Project:
    return Project(legacy=True) if request.param == "HS256" else Project(request.param)


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The servers here only sign: nobody asks them."""
    made: list[SupabaseAuthServer] = []
    real = SupabaseAuthServer.__init__

    def remembered(self: SupabaseAuthServer, *values: Any, **named: Any) -> None:
        real(self, *values, **named)
        made.append(self)

    monkeypatch.setattr(SupabaseAuthServer, "__init__", remembered)
    yield
    for server in made:
        server.close()


async def test_a_valid_token_tells_who_comes(project: Project) -> None:
    found = await project.tokens.signed_in(project.token(session_id="s1"))
    assert (found.learner.id, found.learner.email, found.session_id) == (ADA.id, ADA.email, "s1")
    assert found.expires_at == pytest.approx(time.time() + project.server.seconds, abs=60)


def _other_key(token: str, **header: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, Key().private, "ES256", headers={"kid": "made up"} | header)


def _unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def _changed(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"sub": "somebody-else"}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


FORGED: dict[str, Callable[[str], str]] = {
    "no token": lambda _: "",
    "no dots": lambda _: "abc",
    "signed by somebody else": _other_key,
    "not signed": _unsigned,
    "changed": _changed,
    "signed with the address of the key": lambda token: _other_key(token, jku="http://127.0.0.1:9/keys"),
}
CLAIMS: dict[str, dict[str, Any]] = {
    "over": {"exp": int(time.time()) - LEEWAY_SECONDS - 5},
    "without an end": {"exp": None},
    "for others": {"aud": "somebody"},
    "of another project": {"iss": "https://other.supabase.co/auth/v1"},
    "without a person": {"sub": None},
    "of the service": {"role": "service_role"},
    "of nobody": {"role": "anon"},
    "with a path for an id": {"sub": "../../etc"},
    "not yet": {"nbf": int(time.time()) + 3600},
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
async def test_a_forged_token_is_refused(project: Project, forge: Callable[[str], str]) -> None:
    with pytest.raises(NotSignedIn) as refused:
        await project.tokens.signed_in(forge(project.token()))
    assert str(refused.value) == str(NotSignedIn()), "it tells nothing"


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
async def test_a_token_that_does_not_hold_is_refused(project: Project, claims: dict[str, Any]) -> None:
    token = project.token(**{name: value for name, value in claims.items() if value is not None})
    if None in claims.values():
        said = jwt.decode(token, options={"verify_signature": False})
        said = {name: value for name, value in said.items() if name not in claims}
        key = project.server.keys[-1] if project.server.keys else None
        token = (
            jwt.encode(said, key.private, key.algorithm, headers={"kid": key.id})
            if key
            else jwt.encode(said, SECRET, "HS256")
        )
    with pytest.raises(NotSignedIn):
        await project.tokens.signed_in(token)


async def test_a_public_key_is_no_secret() -> None:
    """The oldest trick: the key that everybody may read, taken for the secret of HS256."""
    project = Project("RS256")
    key = project.server.keys[0]
    pem = key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = jwt.decode(project.token(), options={"verify_signature": False})
    body = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "HS256", "kid": key.id}, claims)
    )
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(body.encode(), pem)
    forged = f"{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    for tokens in (project.tokens, Tokens(project.server.issuer, project.fetch, SECRET)):
        with pytest.raises(NotSignedIn):
            await tokens.signed_in(forged)


async def test_clocks_may_differ_a_little_at_the_end_and_more_at_the_beginning(project: Project) -> None:
    now = int(time.time())
    await project.tokens.signed_in(project.token(exp=now - LEEWAY_SECONDS + 20))
    await project.tokens.signed_in(project.token(iat=now + 300))


async def test_a_new_key_is_fetched_when_it_is_needed_and_a_made_up_one_costs_little() -> None:
    project = Project("ES256")
    await project.tokens.signed_in(project.token())
    project.server.keys.append(Key("RS256"))
    project.now += AGAIN_SECONDS
    await project.tokens.signed_in(project.token())
    assert project.fetches == 2
    for _ in range(20):
        with pytest.raises(NotSignedIn):
            await project.tokens.signed_in(_other_key(project.token()))
    assert project.fetches == 2


async def test_a_key_that_was_taken_back_is_worth_nothing_soon() -> None:
    project = Project("ES256")
    stolen = project.token()
    await project.tokens.signed_in(stolen)
    project.server.keys = [Key()]
    project.now += KEYS_SECONDS
    with pytest.raises(NotSignedIn):
        await project.tokens.signed_in(stolen)


async def test_whom_it_knows_it_knows_while_the_keys_are_away() -> None:
    project = Project("ES256")
    await project.tokens.signed_in(project.token())
    project.is_away, project.now = True, project.now + KEYS_SECONDS
    assert (await project.tokens.signed_in(project.token())).learner.id == ADA.id


async def test_without_any_keys_it_is_not_the_learners_fault() -> None:
    project = Project("ES256")
    project.is_away = True
    with pytest.raises(SignInUnavailable):
        await project.tokens.signed_in(project.token())
