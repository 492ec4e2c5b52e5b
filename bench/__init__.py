"""Speed and memory, side by side: ringback, bare COPY, dlt, executemany. `python -m bench --help`"""
