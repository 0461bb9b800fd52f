"""One upload to pages: what it is, its outline, its pages in order."""

from ingestion.partition.kinds import Kind, kind_of, sniff
from ingestion.partition.reader import Limits, partition
from ingestion.partition.render import locate, render_page

__all__ = ["Kind", "Limits", "kind_of", "locate", "partition", "render_page", "sniff"]
