"""Content files as they are written: YAML with its lines, and forms. What they mean is read by others."""
