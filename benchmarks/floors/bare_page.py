"""Floor of the first screen: the least page that Streamlit shows."""

import streamlit as st

st.title("A page")
st.write("Nothing is read and nothing is worked out.")
