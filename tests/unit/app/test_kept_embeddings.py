"""The vector of a question is asked for once, and is there while the provider is not."""

import pytest
from langchain_core.embeddings import Embeddings

from app.caches import MemoryCache
from app.kept_embeddings import KeptEmbeddings
from tests.support.learners import ADA, BOB
from tools.errors import ModelBusy


class Provider(Embeddings):
    down = False

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        if self.down:
            raise ModelBusy
        return [len(text), 0.5]


def test_a_question_of_before_needs_no_provider_and_serves_no_other_learner() -> None:
    provider, cache = Provider(), MemoryCache()
    ada, bob = (KeptEmbeddings(provider, cache, owner, "model") for owner in (ADA, BOB))
    asked = ada.embed_query("osmosis")
    provider.down = True
    assert ada.embed_query("osmosis") == asked == [7.0, 0.5]
    for other in (lambda: ada.embed_query("mitosis"), lambda: bob.embed_query("osmosis")):
        with pytest.raises(ModelBusy):
            other()
