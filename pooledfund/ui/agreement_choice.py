"""The choice of an agreement: a text that the books hold, or one from a file. Compares nothing."""

from collections.abc import Sequence

import streamlit as st

from pooledfund.agreement_file import read_agreement_text
from pooledfund.results.agreement_texts import AgreementText
from pooledfund.ui import html
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.frame import put
from s75_rules.agreement import Agreement

UPLOADED = "A text from a file"


def chosen_agreement(texts: Sequence[AgreementText], name: str, label: str) -> Agreement | None:
    """The text of this name, else what a file says; None until it can be read, with the reasons shown."""
    if name != UPLOADED:
        return next(each.agreement for each in texts if each.name == name)
    file = st.file_uploader(label, type=["yaml", "yml"])
    if file is None:
        return None
    try:
        return read_agreement_text(file.getvalue().decode("utf-8"), file.name).agreement
    except UnicodeDecodeError:
        st.error(f"{html.plain(file.name)} is not text in UTF-8: save the agreement file as UTF-8")
    except REFUSALS as refusal:
        put(html.steps([("", sentence) for sentence in str(refusal).splitlines()]))
    return None
