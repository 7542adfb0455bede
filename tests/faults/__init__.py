"""What befalls a running installation, with real processes, and what must hold afterwards."""
