"""The front end's entry: sign-in and navigation only. Started by ``pooledfund serve``."""

from pathlib import Path

import streamlit as st

from pooledfund.ui import door, navigation
from pooledfund.ui.who import person_here

st.set_page_config(page_title="Pooled fund", layout="wide", initial_sidebar_state=224)
st.html(Path(navigation.__file__).with_name("style.css"))
person = person_here()
if person is None:
    door.show_closed()
else:
    navigation.run(person)
