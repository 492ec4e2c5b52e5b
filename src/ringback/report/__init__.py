"""What people and machines read: receipts, findings, stories as text and JSON."""
