"""The front end's entry: navigation only. Started by ``pooledfund serve``, or ``streamlit run app.py``."""

import streamlit as st

st.set_page_config(page_title="Pooled fund", layout="wide", initial_sidebar_state="collapsed")
st.navigation([st.Page("pooledfund/ui/quarter.py", title="Quarter", default=True)], position="hidden").run()
