"""Who else took the duty?"""
