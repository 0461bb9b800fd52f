"""One upload to pages: what it is, its outline, its pages in order."""

from ingestion.partition.kinds import FileKind, kind_of, sniff
from ingestion.partition.reader import Limits, partition
from ingestion.partition.render import locate, render_page

__all__ = ["FileKind", "Limits", "kind_of", "locate", "partition", "render_page", "sniff"]
