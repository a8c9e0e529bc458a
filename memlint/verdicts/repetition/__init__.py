"""How often does the line run: is there one more each time?"""
