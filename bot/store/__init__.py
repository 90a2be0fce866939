"""The record and the queue, in one SQL database: SQLite embedded, PostgreSQL scaled out.

`database` opens it, `queue` is the way of a message, `repositories` and `accounts` keep things,
`views` reads for pages, `blobs` keeps bytes by hash; `persons` finds what is somebody's, `fates` says what
erasing does with it, `backup` takes everything along. No HTTP, no dialogue, no language in here.
"""
