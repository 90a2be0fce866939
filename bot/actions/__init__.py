"""The custom actions that flows call, and the runners that call them."""
