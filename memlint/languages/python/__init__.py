NAME = "python"
SUFFIXES = (".py",)
