"""Where steps run over many rows."""
