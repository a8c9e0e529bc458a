"""What lets go, and does it on every way out?"""
