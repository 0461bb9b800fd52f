"""One upload to pages: what it is, its outline, its pages in order."""

from ingestion.partition.kinds import Kind, sniff
from ingestion.partition.reader import partition
from ingestion.partition.render import locate, render_page

__all__ = ["Kind", "locate", "partition", "render_page", "sniff"]
