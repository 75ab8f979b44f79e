"""Who may be believed: device keys, signatures, pins, and what ops decide about devices."""
