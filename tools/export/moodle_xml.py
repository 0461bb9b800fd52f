"""Nodes of Moodle XML."""

import xml.etree.ElementTree as ET


def add_value(parent: ET.Element, tag: str, text: str) -> None:
    """A child that holds nothing but text."""
    ET.SubElement(parent, tag).text = text


def add_text(parent: ET.Element, tag: str, text: str, style: str | None = None) -> ET.Element:
    """A child with a text of a format; returned so that more can be added."""
    node = ET.SubElement(parent, tag, {"format": style} if style else {})
    add_value(node, "text", text)
    return node


def literal(wording: str) -> str:
    r"""A wording for Moodle's matcher, to which a bare asterisk means any text."""
    return wording.replace("*", r"\*")
