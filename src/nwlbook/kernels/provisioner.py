"""The Jupyter kernel provisioner that starts kernels warm."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from nwlbook.kernels import server
from nwlbook.processes import temporary_prefix

# Set to `ordinary` to have each kernel as a new interpreter.
KIND_VARIABLE = "NWLBOOK_KERNELS"
ORDINARY = "ordinary"

PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by forking a process that has imported the heavy packages already.

    Where there is no fork, or when the environment says ``NWLBOOK_KERNELS=ordinary``, a
    kernel is an ordinary new interpreter. Both kinds get the same environment and, where
    there are Unix sockets, talk through a private folder and not through ports.
    """

    # Typed loosely: jupyter_client has a Popen here and nothing but its methods is used.
    process: Any = None
    parent: Any
    folder: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose where the kernel is reached before the connection file is written."""
        if self.folder is None:
            # Only its owner can enter it. Its name is short because the path of a Unix socket
            # is limited to about a hundred bytes.
            self.folder = Path(tempfile.mkdtemp(prefix=temporary_prefix()))
            if sys.platform != "win32":
                self._use_sockets_in(self.folder)
        environment = {
            **kwargs.pop("env", os.environ),
            **server.ENVIRONMENT,
            # A personal profile could run code of its own at the start of each kernel.
            "IPYTHONDIR": str(self.folder / "ipython"),
        }
        return await super().pre_launch(env=environment, **kwargs)

    def _use_sockets_in(self, folder: Path) -> None:
        self.parent.transport = "ipc"
        self.parent.ip = str(folder / "k")
        self.parent.connection_file = str(folder / "connection.json")
        for number, name in enumerate(PORTS, 1):
            setattr(self.parent, name, number)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one."""
        env = kwargs["env"]
        if self.folder is None or env.get(KIND_VARIABLE) == ORDINARY or not server.can_fork():
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        self.process = server.ForkedKernel(
            self.parent.connection_file, self.folder, str(self.cwd), env
        )
        # Not os.getpgid(): until the kernel has its own group that is the builder's.
        self.pid = self.pgid = self.process.pid
        await self._until_it_listens()
        return self.connection_info

    async def _until_it_listens(self) -> None:
        """Wait for the kernel's sockets: a client that is too early waits longer to try again."""
        for number in range(1, len(PORTS) + 1):
            while self.process.poll() is None and not Path(f"{self.parent.ip}-{number}").exists():
                await asyncio.sleep(0.005)

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and its children."""
        if isinstance(self.process, server.ForkedKernel):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and its children, and see them gone."""
        if not isinstance(self.process, server.ForkedKernel):
            await super().kill(restart)
            return
        self.process.send_signal(signal.SIGKILL)
        # Gone within a millisecond. Jupyter itself looks every hundred.
        self.process.wait(timeout=1)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the folder of the sockets unless the kernel is about to start again."""
        await super().cleanup(restart)
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
