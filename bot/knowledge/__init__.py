"""Articles of the knowledge base, and the search over them."""
