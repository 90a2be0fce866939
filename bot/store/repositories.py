"""What the helpdesk keeps beside the conversations, gathered: tickets, handoffs, customers."""

from __future__ import annotations

from bot.store.customers import (
    Customer,
    create_customer,
    customer_by_identity,
    get_customer,
    identify,
    set_customer,
    update_customer,
)
from bot.store.handoffs import (
    Handoff,
    claim_handoff,
    close_handoff,
    create_handoff,
    expected_wait,
    move_handoff,
    next_in_line,
    open_handoff,
    position,
    waiting_since_before,
)
from bot.store.tickets import (
    TicketRow,
    at_work,
    create_ticket,
    get_ticket,
    search_tickets,
    ticket_by_secret,
    ticket_of,
    tickets_of_customer,
    update_ticket,
)

__all__ = [
    "Customer",
    "Handoff",
    "TicketRow",
    "at_work",
    "claim_handoff",
    "close_handoff",
    "create_customer",
    "create_handoff",
    "create_ticket",
    "customer_by_identity",
    "expected_wait",
    "get_customer",
    "get_ticket",
    "identify",
    "move_handoff",
    "next_in_line",
    "open_handoff",
    "position",
    "search_tickets",
    "set_customer",
    "ticket_by_secret",
    "ticket_of",
    "tickets_of_customer",
    "update_customer",
    "update_ticket",
    "waiting_since_before",
]
