// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Command;
import dev.redrive.run.Run;

/**
 * The second answer to a command that started a run, as JSON on the results topic: how many letters
 * it is about. {@code result.json}.
 */
public final class SelectedJson {
  static final String STATUS = "selected";

  private SelectedJson() {}

  /** Whether it is one; never throws. */
  public static boolean is(byte[] value) {
    ObjectNode tree = Json.parse(value, new Problems());
    return tree != null && STATUS.equals(tree.path("status").asText());
  }

  public static byte[] write(Run run) {
    Command.Meta meta = run.spec().command().meta();
    return Json.object(
        out -> {
          Json.text(out, "command_id", meta.commandId());
          Json.text(out, "request_id", meta.requestId());
          out.writeStringField("status", STATUS);
          out.writeBooleanField("duplicate", false);
          Json.text(out, "run_id", run.id());
          RunData.writeSums(out, run.sums());
          if (run.options().dryRun()) {
            RunData.writePlan(out, run.plan());
          }
        });
  }
}
