/** Why the server can't start, in one sentence for the one who started it; knows no reason of its own. */

/** Its message is shown as it stands, without a stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}
