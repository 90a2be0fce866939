"""When and to whom a conversation is handed over, by when, and the pages where people take it up."""
