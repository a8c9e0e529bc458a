"""stub"""


def parse_directive(comment, extent, line):
    return None
