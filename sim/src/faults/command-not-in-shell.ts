/** An edit of the command lets a shell start a program that the image does not hold: the container starts and ends at once with exit code 127. */
import { editFault } from "./fault.ts";

export const commandNotInShell = editFault(
  { id: "command-not-in-shell", title: "Command that the shell does not find", truth: ["bad-command"], healedBy: ["roll-back"] },
  (container, app, random) => ({
    ...container,
    command: ["sh", "-c", random.pick([`${app.ref.name}d --port 8080`, "serve", "gunicorn -w 4 app:main"])],
  }),
);
