"""A file that a person handed in at a page, as a file for the rooms below. Reads nothing of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund import settings


def largest() -> str:
    """How large a file may be, in words."""
    return f"at most {settings.UPLOAD_MB.number} MB"


@contextmanager
def as_file(uploaded: UploadedFile) -> Iterator[Path]:
    """The file under its own name, in a folder that goes away afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (PurePath(uploaded.name.replace("\\", "/")).name or "file")
        path.write_bytes(uploaded.getvalue())
        yield path
