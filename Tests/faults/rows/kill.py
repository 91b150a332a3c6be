"""Row 1: the service is killed at each step of a commit, while readings make alerts."""
from __future__ import annotations

import collections

from frame import Context, Publisher, Service, Strace, check, row, zero_loss
from frame.strace import command
from frame.traffic import GAP_KIND, Wave, missing_gaps

STEPS: dict[str, tuple[str, str, range]] = {
    # What is being done: the fatal call, what slows the calls before it, and which call of a thread is fatal. The slowing matters: a
    # PUBACK that had left too early must have reached the broker before the reset of the connection can throw it away.
    "write to the WAL": ("pwrite64", "fcntl:delay_enter=30000", range(1, 60)),
    "sync of the WAL": ("fdatasync", "pwrite64:delay_enter=5000", range(1, 5)),
    "between commit and PUBACK": ("setsockopt", "fdatasync:delay_exit=200000", range(1, 9)),
    "sending of PUBACKs": ("sendto", "fdatasync:delay_exit=200000", range(1, 5)),
}
AT_START = "start"
SMALL_COMMITS = ("--set", "data.commit_readings=50")
BY_LIBRARY = {"between commit and PUBACK"}
"""Steps that only libmosquitto's own way of acknowledging has: it corks the socket first."""


def arguments(step: str) -> tuple[str, ...]:
    return (*SMALL_COMMITS, "--set", "broker.direct_receive=false") if step in BY_LIBRARY else SMALL_COMMITS


@row(1, "コミットの各段階での SIGKILL / SIGKILL at each commit step", "strace", limit=1800)
def sigkill(context: Context) -> str:
    broker, receiver = context.broker(), context.receiver()
    # Often, so that kills meet the saving of checkpoints too.
    service = context.service(broker, receiver=receiver, data_lines="checkpoint_s: 2")
    steps = [*STEPS, AT_START]
    service.start_ready(*arguments(steps[0]))
    publisher = Publisher(broker.port)
    rounds, slowest = context.count(200, least=10), 0.0
    kills: collections.Counter[str] = collections.Counter()
    waves = [Wave(n) for n in range(rounds)]
    for wave in waves:
        step = steps[wave.number % len(steps)]
        if step == AT_START:
            service.stop()
            publisher.publish(wave.messages())
            kills[kill_at_start(context, service)] += 1
        else:
            kills[kill_in_traffic(context, service, publisher, wave, step)] += 1
        slowest = max(slowest, service.start_ready(*arguments(steps[(wave.number + 1) % len(steps)])))
    service.wait_stored(len(publisher.confirmed))
    service.wait_told()
    figure = zero_loss(service.database, publisher.confirmed, receiver.ids())
    check(receiver.unsigned() == 0, f"{receiver.unsigned()} webhooks with a wrong signature")
    missing = missing_gaps(waves, service.database.events(GAP_KIND))
    check(not missing, f"alerts are missing or doubled: {missing[:5]}")
    check(slowest <= 5, f"ready again only after {slowest:.1f} s")
    for step in steps:
        check(kills[step] >= rounds // len(steps) // 2, f"only {kills[step]} kills at “{step}”: {dict(kills)}")
    resent = len(receiver.ids()) - len(set(receiver.ids()))
    told = ", ".join(f"{n} {step}" for step, n in kills.items())
    return f"{sum(kills.values())} kills ({told}); ready again ≤ {slowest:.2f} s; {figure}; {resent} webhooks sent again with their id"


def kill_in_traffic(context: Context, service: Service, publisher: Publisher, wave: Wave, step: str) -> str:
    """Kills the running service at a call of the step. Returns the step, or `any moment` when the call did not come."""
    call, slowing, which = STEPS[step]
    fatal = f"{call}:signal=SIGKILL:when={context.random.choice(which)}"
    strace = Strace(service.pid, [fatal, slowing], context.directory / "strace.txt")
    publisher.publish(wave.messages())
    died = service.wait(8) is not None
    service.kill()
    strace.detach()
    return step if died else "any moment"


def kill_at_start(context: Context, service: Service) -> str:
    """Kills it while it starts, with a backlog waiting."""
    which = context.random.randrange(1, 12)
    service.start(*SMALL_COMMITS, prefix=command([f"pwrite64:signal=SIGKILL:when={which}"], context.directory / "strace.txt"))
    died = service.wait(8) is not None
    service.kill()
    service.prefix = ()
    return AT_START if died else "any moment"
