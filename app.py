"""Paso in the browser: `streamlit run app.py`."""

from designer.main import main

main()
