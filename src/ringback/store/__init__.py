"""What we hold: the live table, the ledger, history, quarantine, and the archive of delivered bytes."""
