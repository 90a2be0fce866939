"""What is done with a message: taken in, answered, sent; what agents do; what is kept tidy. No HTTP here."""
