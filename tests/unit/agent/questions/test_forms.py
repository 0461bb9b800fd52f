import json

import pytest
from pydantic import BaseModel

from agent.chat import RouteChoice
from agent.questions.drafts import Drafts
from agent.questions.marker import Marking
from agent.questions.solver import Solution


@pytest.mark.parametrize("form", [RouteChoice, Drafts, Solution, Marking])
def test_a_form_is_one_that_strict_providers_take(form: type[BaseModel]) -> None:
    """They refuse schemas with defaults; what is left out is still forgiven when the reply is read."""
    assert '"default"' not in json.dumps(form.model_json_schema())
