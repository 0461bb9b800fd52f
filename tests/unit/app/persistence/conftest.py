import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every store, on both databases."""
    kind: str = request.param
    return kind
