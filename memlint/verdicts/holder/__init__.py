"""Who holds it, and does the holder outlive the one who acquired it?"""
