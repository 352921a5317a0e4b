"""``python -m tools.broker``: a broker until Ctrl-C, its address on the first line."""

import signal
import sys

from tools.broker import BrokerUnavailableError, broker_server


def main() -> int:
    """Runs a broker until it is interrupted or terminated; 1 where none can be started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with broker_server() as broker:
            sys.stdout.write(f"{broker.bootstrap}\n")
            sys.stdout.flush()
            signal.pause()
    except BrokerUnavailableError as error:
        sys.stderr.write(f"no broker: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
