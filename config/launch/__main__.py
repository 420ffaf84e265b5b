"""``python -m config.launch run|test|check|bench|demo``, as `config.bootstrap` becomes in the virtual environment."""

import signal
import sys
from collections.abc import Callable

from config.bootstrap import StepError, end_with_make
from config.embedded import EmbeddedError
from config.launch.checks import bench, check, test
from config.launch.run import demo, run

COMMANDS: dict[str, Callable[..., int]] = {"run": run, "test": test, "check": check, "bench": bench, "demo": demo}


def main(command: str, *arguments: str) -> int:
    end_with_make()
    try:
        return COMMANDS[command](*arguments)
    except (StepError, EmbeddedError) as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
