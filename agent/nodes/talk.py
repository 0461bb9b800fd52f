"""Greetings and help."""

import re

from langgraph.runtime import Runtime

from agent import rules
from agent.deps import Deps
from agent.events import Token
from agent.state import Turn, TurnReply

HELP = """I answer from the books and files you upload, and show for each statement the page it stands on.

- Drop a file into the chat at any time (PDF, DOCX, PPTX, HTML, Markdown, EPUB or TXT) and ask about it.
- “quiz me on mitosis, 10 hard ones in 15 minutes” or `/quiz` sets questions, marked at the end; `/practice` asks one
  at a time; “chapter 3” will do for a topic, and “another 5” for more.
- `/review` brings back what is due, “review Biology” what is due of one book, “repeat my mistakes” what went wrong.
- `/library` lists your books.
- `/scope Biology` limits me to a book, subject or semester and this chat's files, `/scope chat` to those files.
- `/scope without files` leaves this chat's files out, `/scope all` opens everything again.
- “delete notes.pdf” removes a file.

If your books do not hold an answer, I say so."""
_THANKS = re.compile(r"\s*(?:thank|thx|ty\b|cheers|great|nice|perfect|cool|awesome|got it|ok|well done)", re.IGNORECASE)
_BYE = re.compile(r"\s*(?:bye|goodbye|see you)", re.IGNORECASE)
_HELLO = re.compile(r"\s*(?:hi|hello|hey|hiya|yo|good|greetings|how are you)\b", re.IGNORECASE)


async def talk(state: Turn, runtime: Runtime[Deps]) -> Turn:
    """Say something fitting about anything but the books."""
    text = _words(state)
    runtime.stream_writer(Token(text))
    return {"reply": TurnReply(text)}


def _words(state: Turn) -> str:
    if rules.ends(state["question"]):
        return "Press “Finish” on its card to end a quiz and see how it went. Nothing else is running."
    if _THANKS.match(state["question"]):
        return "You are welcome. Ask on whenever you like."
    if _BYE.match(state["question"]):
        return "See you. Everything will be here when you come back."
    if _HELLO.match(state["question"]):
        return f"Hello! {HELP}"
    return HELP
