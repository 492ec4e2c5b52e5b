"""1,000,000 invented clients in every format that is streamed: seconds and peak memory of reading, beside CSV."""
