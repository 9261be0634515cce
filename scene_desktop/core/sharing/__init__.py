"""Models that travel: the share file `name.scenemodel`, and what is refused in its place."""

from scene_desktop.core.sharing.foreign import is_model, is_share_file, split
from scene_desktop.core.sharing.reading import SharedModel, check, read
from scene_desktop.core.sharing.terms import LARGEST_FILE, LARGEST_HEADER, SUFFIX
from scene_desktop.core.sharing.writing import file_name, share, share_content

__all__ = [
    "LARGEST_FILE",
    "LARGEST_HEADER",
    "SUFFIX",
    "SharedModel",
    "check",
    "file_name",
    "is_model",
    "is_share_file",
    "read",
    "share",
    "share_content",
    "split",
]
