"""The record and the queue, in one SQL database: SQLite embedded, PostgreSQL scaled out.

`database` opens it, `queue` is the way of a message, `repositories` and `accounts` keep things,
`views` reads for pages, `blobs` keeps bytes by hash. No HTTP, no dialogue, no language in here.
"""
