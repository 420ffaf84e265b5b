"""The REST API: what every app's endpoints stand on, and the endpoints of ``accounts``."""
