"""How often the guard is right: real deliveries in the order they came, and faults put into them."""
