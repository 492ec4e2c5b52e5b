"""Files that are made to hurt: each is read in a process of its own, with its seconds and its peak of memory."""
