"""One photo: its picture, its scores, why it got its class."""
