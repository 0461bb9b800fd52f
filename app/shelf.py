"""The learner's library as one turn of the agent sees it: already limited to this learner and conversation."""

import asyncio

from app.conversations import Conversation
from app.persistence.library import Node
from app.persistence.tables import Document
from app.wiring import Services
from tools.errors import InvalidRequest, NotFound
from tools.names import name_key
from tools.types import JobState, Progress, ResolvedScope, Scope

STATES = {
    JobState.QUEUED: "waiting",
    JobState.RUNNING: "being read",
    JobState.FAILED: "could not be read",
}


class LearnerLibrary:
    """Implements agent.deps.Library."""

    def __init__(self, services: Services, conversation: Conversation) -> None:
        self.services = services
        self.learner = conversation.learner
        self.thread_id = conversation.id

    async def resolve(self, scope: Scope) -> ResolvedScope:
        """Raises InvalidRequest for a name the learner has not, OutsideScope for one outside of what holds."""
        return await asyncio.to_thread(self.services.library.resolve, self.learner, scope, self.thread_id)

    async def titles(self) -> list[str]:
        """The books that can be asked about."""
        return [title for title, _ in await self.elsewhere(ResolvedScope(self.learner, frozenset(), ""))]

    async def tree(self) -> str:
        """The library as a list in Markdown, with this chat's unfiled documents."""
        nodes = await asyncio.to_thread(self.services.library.tree, self.learner)
        chat = await asyncio.to_thread(self.services.library.thread_documents, self.learner, self.thread_id)
        lines = [line for node in nodes for line in _lines(node, 0)]
        unfiled = [document for document in chat if document.book_id is None]
        if unfiled:
            lines += ["- **This chat's files**", *(_line(document, 1) for document in unfiled)]
        return "\n".join(lines)

    async def uploads(self) -> list[Progress]:
        """How far the files of this conversation are."""
        return await asyncio.to_thread(self.services.jobs.in_thread, self.learner, self.thread_id)

    async def delete(self, name: str) -> str:
        """A file, else a whole book; returns its name as it is kept. Raises NotFound, InvalidRequest for several."""
        return await asyncio.to_thread(self._delete, name)

    async def elsewhere(self, scope: ResolvedScope) -> list[tuple[str, ResolvedScope]]:
        """The other books with what of them lies outside the scope."""
        return await asyncio.to_thread(self._elsewhere, scope)

    def _delete(self, name: str) -> str:
        wanted = name_key(name.strip().strip("“”\"'"))
        documents = self.services.library.documents(self.learner)
        of_name = [shelved for shelved in documents if name_key(shelved.document.filename) == wanted]
        if len(of_name) > 1:
            raise InvalidRequest(f"You have {len(of_name)} files named “{name}”. Delete the right one in the library.")
        found = of_name or [shelved for shelved in documents if wanted and name_key(shelved.book) == wanted]
        if not found:
            raise NotFound(f"You have no document or book named “{name}”. `/library` shows what you have.")
        for shelved in found:
            self.services.documents.delete(self.learner, shelved.document.id)
        return found[0].document.filename if of_name else found[0].book

    def _elsewhere(self, scope: ResolvedScope) -> list[tuple[str, ResolvedScope]]:
        books: dict[str, set[str]] = {}
        for shelved in self.services.library.documents(self.learner):
            outside = shelved.document.id not in scope.document_ids
            if shelved.document.state == JobState.READY and shelved.document.book_id and outside:
                books.setdefault(shelved.book_title, set()).add(shelved.document.id)
        return [(title, ResolvedScope(self.learner, frozenset(ids), title)) for title, ids in books.items()]


def _lines(node: Node, depth: int) -> list[str]:
    head = f"{'  ' * depth}- **{node.name}**"
    below = [line for child in node.children for line in _lines(child, depth + 1)]
    return [head, *below, *(_line(document, depth + 1) for document in node.documents)]


def _line(document: Document, depth: int) -> str:
    state = STATES.get(JobState(document.state))
    pages = f"{document.page_count} pages" if document.page_count > 1 else "1 page"
    return f"{'  ' * depth}- {document.filename} — {state or pages}"
