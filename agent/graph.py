"""The picture of one chat turn."""

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.deps import Deps
from agent.nodes.answer import answer
from agent.nodes.ask import ask, review
from agent.nodes.finish import finish
from agent.nodes.grade import grade
from agent.nodes.library import library
from agent.nodes.refuse import refuse
from agent.nodes.retrieve import after_retrieve, retrieve
from agent.nodes.route import after_route, route
from agent.nodes.talk import talk
from agent.nodes.wait import after_wait, wait
from agent.state import Turn

Graph = CompiledStateGraph[Turn, Deps, Turn, Turn]


def build_graph(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """Compiled once and shared by all conversations; `checkpointer` needs checkpoint_serializer()."""
    graph = (
        StateGraph(Turn, context_schema=Deps)
        .add_node(route).add_node(wait).add_node(retrieve).add_node(answer)
        .add_node(ask).add_node(review).add_node(grade).add_node(refuse).add_node(library).add_node(talk).add_node(finish)
        .add_edge(START, "route")
        .add_conditional_edges("route", after_route, ["wait", "grade", "review", "library", "talk"])
        .add_conditional_edges("wait", after_wait, ["retrieve", "ask"])
        .add_conditional_edges("retrieve", after_retrieve, ["answer", "wait", "refuse"])
        .add_edge("answer", "finish").add_edge("refuse", "finish")
        .add_edge("ask", "finish").add_edge("review", "finish").add_edge("grade", "finish")
        .add_edge("library", "finish").add_edge("talk", "finish")
        .add_edge("finish", END)
    )  # fmt: skip
    return graph.compile(checkpointer=checkpointer, name="tutor")


def checkpoint_serializer() -> JsonPlusSerializer:
    """A conversation is stored as plain data, so nothing else is ever read back."""
    return JsonPlusSerializer(allowed_msgpack_modules=None)
