"""A file that a person handed in at a page, as a file for the rooms below. Reads nothing of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund import settings
from pooledfund.intake.limits import MAX_FILE_BYTES


def largest_mb() -> int:
    """How many megabytes a file handed in at a page may have; raises SettingRefused beyond what any file may have."""
    most, asked = MAX_FILE_BYTES >> 20, settings.UPLOAD_MB.number
    if asked > most:
        name = settings.UPLOAD_MB.name
        raise settings.SettingRefused(f"{name} is {asked}: no file of more than {most} MB is read, set it to {most}")
    return asked


def largest() -> str:
    """How large a file may be, in words, and what to do with a larger one."""
    return f"at most {largest_mb()} MB; a larger one comes in by the command line"


@contextmanager
def as_file(uploaded: UploadedFile) -> Iterator[Path]:
    """The file under its own name, in a folder that goes away afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (PurePath(uploaded.name.replace("\\", "/")).name or "file")
        path.write_bytes(uploaded.getvalue())
        yield path
