"""What all tests stand on."""

from __future__ import annotations

import signal

# Started in the background, a test run may have inherited that interrupts are ignored; what it starts must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
