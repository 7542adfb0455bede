"""`python -m portal.demo`: prepares everything, starts the sandbox, the worker and the web server, and runs
until told to stop. Standard output holds four lines and no more; the rest goes to standard error."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from portal.demo.company import Company, find_company
from portal.demo.environment import ROOT, Ports, find_ports, program_environment, stored_secrets
from portal.demo.errors import DemoError
from portal.demo.programs import Program, answers, stop_all

STAFF_EMAIL = "lender@harbor.example"
SECONDS_BETWEEN_RESTARTS = 2
MOST_RESTARTS_IN_A_ROW = 5
SECONDS_THAT_COUNT_AS_RUNNING = 30


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def prepare(company: Company, environment: Mapping[str, str]) -> str:
    """Sees to database, lender and request; returns the borrower's fresh link. Raises DemoError."""
    command = [sys.executable, "manage.py", "preparedemo", "--staff", STAFF_EMAIL]
    command += ["--from", company.date_from.isoformat(), "--to", company.date_to.isoformat()]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise DemoError(f"The demo could not be prepared:\n{result.stderr.strip()[-2000:]}")
    return result.stdout.strip().splitlines()[-1]


class Demo:
    """The three programs, in the order in which they start."""

    def __init__(self, company: Company, ports: Ports, environment: Mapping[str, str], logs: Path) -> None:
        self._company, self._ports = company, ports
        self._environment, self._logs = environment, logs
        self._restarts = 0

    def start(self, stack: ExitStack) -> None:
        """Starts them and waits until each is ready; `stack` stops them. Raises DemoError."""
        self._programs: list[Program] = []
        stack.callback(stop_all, self._programs)
        self._start("sandbox", "-m", "intacct.sandbox", "--company", str(self._company.folder),
                    "--port", str(self._ports.sandbox))  # fmt: skip
        self._start("worker", "-m", "celery", "-A", "portal", "worker", "--beat", "--concurrency", "2",
                    "--loglevel", "INFO")  # fmt: skip
        self._start("web server", "-m", "gunicorn", "--config", "python:portal.webserver",
                    "--bind", f"127.0.0.1:{self._ports.web}", "portal.wsgi")  # fmt: skip
        self.sandbox, self.worker, self.web = self._programs
        self.sandbox.wait_until_ready(partial(self.sandbox.log_says, "Sandbox ready:"))
        self.web.wait_until_ready(partial(answers, f"{self._ports.base_url}/healthz"))
        self.worker.wait_until_ready(self._worker_is_ready)

    def _start(self, name: str, *arguments: str) -> None:
        log = self._logs / f"{name.replace(' ', '-')}.log"
        self._programs.append(Program(name, [sys.executable, *arguments], self._environment, log))

    def _worker_is_ready(self) -> bool:
        """Both, because the sign of life that the portal sees may be that of an earlier start."""
        return self.worker.log_says(" ready.") and answers(f"{self._ports.base_url}/readyz")

    def watch(self) -> None:
        """Never returns: restarts the worker when it ends, raises DemoError when another program does."""
        while True:
            time.sleep(0.5)
            for program in (self.sandbox, self.web):
                if program.exit_code() is not None:
                    raise DemoError(f"The {program.name} ended by itself. Its log is {program.log}")
            if self.worker.exit_code() is not None:
                self._restart_worker()

    def _restart_worker(self) -> None:
        """A worker ends itself when it cannot go on; that is why it needs somebody who starts it again."""
        ran = time.monotonic() - self.worker.started_at
        self._restarts = 1 if ran > SECONDS_THAT_COUNT_AS_RUNNING else self._restarts + 1
        if self._restarts > MOST_RESTARTS_IN_A_ROW:
            raise DemoError(f"The worker ends again and again. Its log is {self.worker.log}")
        tell(
            f"The worker ended (code {self.worker.exit_code()}) and is started again. Log: {self.worker.log}"
        )
        time.sleep(SECONDS_BETWEEN_RESTARTS)
        self.worker.restart()


def stop_on_signals() -> None:
    """The first signal ends the demo in good order; later ones change nothing, for it is ending already."""
    signals = [signal.SIGINT, signal.SIGTERM]
    # Under nohup a closed terminal is no reason to stop.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)

    def stop(number: int, frame: object) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        tell("Stopping (the worker takes a few seconds)")
        raise SystemExit(0)

    for each in signals:
        signal.signal(each, stop)


def run(stack: ExitStack) -> None:
    ports = find_ports(os.environ)
    data_folder = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()
    logs = data_folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    tell(f"Preparing the demo in {data_folder}")
    environment = program_environment(os.environ, data_folder, ports, stored_secrets(data_folder))
    company = find_company(os.environ, data_folder)
    link = prepare(company, environment)
    demo = Demo(company, ports, environment, logs)
    demo.start(stack)
    staff_password = environment["DEMO_STAFF_PASSWORD"]
    print(f"Borrower link:   {link}")
    print(f"Sage sign-in:    company={company.company_id} user={company.user_id} password={company.password}")
    print(f"Lender admin:    {ports.base_url}/admin/ user={STAFF_EMAIL} password={staff_password}")
    print("Ready", flush=True)
    demo.watch()


def main() -> int:
    stop_on_signals()
    try:
        with ExitStack() as stack:
            run(stack)
    except DemoError as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
