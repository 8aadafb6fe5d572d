"""Paso in the browser: `streamlit run app.py`."""

if __name__ == "__main__":  # the processes of a batch import this file as well, under another name, and draw nothing
    from designer.main import main

    main()
