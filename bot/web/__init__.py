"""What pages share, and the pages that belong to nobody in particular."""
