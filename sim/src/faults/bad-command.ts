/** An edit of the command names a program that the image does not hold. */
import { editFault } from "./fault.ts";

export const badCommand = editFault({ id: "bad-command", title: "Bad command", truth: ["bad-command"], healedBy: ["roll-back"] }, (container, app, random) => ({
  ...container,
  command: [random.pick([`${app.ref.name}d`, "/usr/local/bin/serve", "gunicorn"])],
}));
