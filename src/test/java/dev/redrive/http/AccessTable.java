// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Every operation, the least role that may call it, requests that do, and what such a request tells
 * a key that may not see the pipeline it is about.
 */
final class AccessTable {
  private static final String ROWS =
      """
      GET /api/dlq | viewer | /api/dlq | | -
      GET /api/dlq | viewer | /api/dlq?limit=2&order=oldest_first | | -
      GET /api/dlq | viewer | /api/dlq?pipeline_id={pipeline} | | 403
      GET /api/dlq | viewer | /api/dlq?record_id={record} | | 200
      GET /api/dlq | viewer | /api/dlq?error_code={code} | | 200
      GET /api/dlq | viewer | /api/dlq?group_id={group} | | 200
      GET /api/dlq | viewer | /api/dlq?last_run_id={run} | | 200
      GET /api/dlq | viewer | /api/dlq?payload={pipeline}-payload | | 200
      GET /api/dlq/stats | viewer | /api/dlq/stats | | -
      GET /api/dlq/stats | viewer | /api/dlq/stats?pipeline_id={pipeline} | | 403
      GET /api/dlq/export | viewer | /api/dlq/export | | -
      GET /api/dlq/export | viewer | /api/dlq/export?format=csv | | -
      GET /api/dlq/export | viewer | /api/dlq/export?format=ndjson&error_code={code} | | 200
      GET /api/dlq/export | viewer | /api/dlq/export?pipeline_id={pipeline} | | 403
      GET /api/dlq/{id} | viewer | /api/dlq/{letter} | | 404
      DELETE /api/dlq/{id} | operator | /api/dlq/{letter} | | 404
      POST /api/dlq/{id}/reprocess | operator | /api/dlq/{letter}/reprocess | {} | 404
      POST /api/dlq/bulk | operator | /api/dlq/bulk | {'action':'reprocess','ids':['{letter}']} | 200
      POST /api/dlq/bulk-all | operator | /api/dlq/bulk-all | {'action':'delete','filters':{'record_id':'{record}'}} | 409
      POST /api/dlq/bulk-all | operator | /api/dlq/bulk-all | {'action':'delete','filters':{'pipeline_id':'{pipeline}','record_id':'{record}'}} | 403
      GET /api/dlq/bulk-operations/{id} | viewer | /api/dlq/bulk-operations/{operation} | | 404
      GET /api/dlq/stats | viewer | /api/dlq/stats?error_code={code} | | 200
      GET /api/v1/jobs | viewer | /api/v1/jobs | | -
      GET /api/jobs/{id} | viewer | /api/jobs/{job} | | 404
      GET /api/v1/jobs/{id} | viewer | /api/v1/jobs/{job} | | 404
      POST /api/v1/jobs/{id}/cancel | operator | /api/v1/jobs/{job}/cancel | | 404
      GET /api/diagnostics | viewer | /api/diagnostics | | -
      GET /api/diagnostics | viewer | /api/diagnostics?pipeline_id={pipeline} | | 403
      GET /api/diagnostics | viewer | /api/diagnostics?run_id={run} | | 200
      POST /api/diagnostics | operator | /api/diagnostics | {'type':'log_bundle','run_id':'{run}'} | 404
      GET /api/diagnostics/stats | viewer | /api/diagnostics/stats | | -
      POST /api/diagnostics/uploads | operator | /api/diagnostics/uploads?pipeline_id={pipeline} | {} | 403
      GET /api/diagnostics/{id} | viewer | /api/diagnostics/{artifact} | | 404
      DELETE /api/diagnostics/{id} | operator | /api/diagnostics/{artifact} | | 404
      GET /api/diagnostics/{id}/download | viewer | /api/diagnostics/{artifact}/download | | 404
      GET /api/groups | viewer | /api/groups | | -
      GET /api/groups | viewer | /api/groups?pipeline_id={pipeline} | | 403
      GET /api/groups/{id} | viewer | /api/groups/{shared} | | -
      GET /api/groups/{id} | viewer | /api/groups/{group} | | 404
      GET /api/events | viewer | /api/events?limit=100&type=dev.redrive.letter.failed.v1 | | -
      GET /api/events | viewer | /api/events?subject={letter} | | 200
      GET /api/events | viewer | /api/events?pipeline_id={pipeline} | | 403
      GET /api/pipelines | viewer | /api/pipelines | | -
      GET /api/dialects | viewer | /api/dialects | | -
      POST /api/dialects/explain | viewer | /api/dialects/explain | {'topic':'{pipeline}-errors','value':'x'} | 403
      GET /api/runs | viewer | /api/runs | | -
      GET /api/runs | viewer | /api/runs?pipeline_id={pipeline} | | 403
      POST /api/runs | operator | /api/runs | {'letter_ids':['{letter}'],'options':{'dry_run':true}} | 200
      POST /api/runs | operator | /api/runs | {'pipeline_id':'{pipeline}','record_ids':['{record}']} | 403
      POST /api/runs | operator | /api/runs | {'type':'discard','filter':{'pipeline_id':'{pipeline}','record_id':'{record}'}} | 403
      POST /api/runs | operator | /api/runs | {'filter':{'error_code':'{code}'},'options':{'dry_run':true}} | 200
      GET /api/runs/{id} | viewer | /api/runs/{run} | | 404
      GET /api/runs/{id}/letters | viewer | /api/runs/{run}/letters | | 404
      POST /api/runs/{id}/cancel | operator | /api/runs/{run}/cancel | {} | 404
      POST /api/runs/{id}/resume | operator | /api/runs/{run}/resume | {} | 404
      GET /v2/pipelines/{key}/dead_letters | viewer | /v2/pipelines/{pipeline}/dead_letters | | 403
      GET /v2/pipelines/{key}/dead_letters | viewer | /v2/pipelines/alpha/dead_letters | | -
      POST /v2/pipelines/{key}/dead_letters | operator | /v2/pipelines/{pipeline}/dead_letters | {'source_record_id':'{record}'} | 403
      GET /v2/pipelines/{key}/dead_letters/{id} | viewer | /v2/pipelines/{pipeline}/dead_letters/{letter} | | 403
      GET /v2/pipelines/{key}/dead_letters/{id} | viewer | /v2/pipelines/alpha/dead_letters/{letter} | | 404
      DELETE /v2/pipelines/{key}/dead_letters/{id} | operator | /v2/pipelines/{pipeline}/dead_letters/{letter} | | 403
      DELETE /v2/pipelines/{key}/dead_letters/{id} | operator | /v2/pipelines/alpha/dead_letters/{letter} | | 404
      POST /v2/pipelines/{key}/dead_letters/process | operator | /v2/pipelines/{pipeline}/dead_letters/process | {'source_record_ids':['{record}']} | 403
      GET /v2/pipelines/{key}/runs | viewer | /v2/pipelines/{pipeline}/runs | | 403
      GET /v2/pipelines/{key}/runs | viewer | /v2/pipelines/alpha/runs | | -
      GET /v2/pipelines/{key}/runs/{run} | viewer | /v2/pipelines/{pipeline}/runs/{run} | | 403
      GET /v2/pipelines/{key}/runs/{run} | viewer | /v2/pipelines/alpha/runs/{run} | | 404
      POST /v2/pipelines/{key}/runs/{run}/cancel | operator | /v2/pipelines/{pipeline}/runs/{run}/cancel | | 403
      POST /v2/pipelines/{key}/runs/{run}/cancel | operator | /v2/pipelines/alpha/runs/{run}/cancel | | 404
      GET /v2/pipelines/{key}/runs/{run}/events | viewer | /v2/pipelines/{pipeline}/runs/{run}/events | | 403
      GET /v2/pipelines/{key}/runs/{run}/events | viewer | /v2/pipelines/alpha/runs/{run}/events | | 404
      GET /v2/workflows/dlq | viewer | /v2/workflows/dlq | | -
      GET /v2/workflows/dlq | viewer | /v2/workflows/dlq?count=2 | | -
      GET /v2/workflows/dlq | viewer | /v2/workflows/dlq?dlqIds={letter} | | 200
      GET /v2/workflows/dlq | viewer | /v2/workflows/dlq?messageId={message}&count=1 | | 200
      GET /v2/workflows/dlq | viewer | /v2/workflows/dlq?workflowUrl=kafka://{pipeline} | | 200
      DELETE /v2/workflows/dlq | operator | /v2/workflows/dlq?dlqIds={letter} | | 200
      DELETE /v2/workflows/dlq | operator | /v2/workflows/dlq?messageId={message} | | 200
      GET /v2/workflows/dlq/{id} | viewer | /v2/workflows/dlq/{letter} | | 404
      DELETE /v2/workflows/dlq/{id} | operator | /v2/workflows/dlq/{letter} | | 404
      POST /v2/workflows/dlq/restart | operator | /v2/workflows/dlq/restart?dlqIds={letter} | | 404
      POST /v2/workflows/dlq/restart/{id} | operator | /v2/workflows/dlq/restart/{letter} | | 404
      POST /v2/workflows/dlq/resume | operator | /v2/workflows/dlq/resume?dlqIds={letter} | | 404
      POST /v2/workflows/dlq/resume | operator | /v2/workflows/dlq/resume?messageId={message} | | 200
      POST /v2/workflows/dlq/resume/{id} | operator | /v2/workflows/dlq/resume/{letter} | | 404
      POST /v2/workflows/dlq/callback/{id} | operator | /v2/workflows/dlq/callback/{failed} | | 404
      DELETE /v2/workflows/dlq/callback/{id} | operator | /v2/workflows/dlq/callback/{called} | | 404
      GET /v2/dlq | viewer | /v2/dlq?source=workflow | | -
      GET /v2/dlq | viewer | /v2/dlq?dlqIds={letter} | | 200
      DELETE /v2/dlq | operator | /v2/dlq?dlqIds={letter} | | 200
      GET /v2/dlq/{id} | viewer | /v2/dlq/{letter} | | 404
      DELETE /v2/dlq/{id} | operator | /v2/dlq/{letter} | | 404
      POST /v2/dlq/retry | operator | /v2/dlq/retry?dlqIds={letter} | | 404
      POST /v2/dlq/retry/{id} | operator | /v2/dlq/retry/{letter} | | 404
      GET /health/live | open | /health/live | | -
      GET /health/ready | open | /health/ready | | -
      GET /metrics | open | /metrics | | -
      GET /docs | open | /docs | | -
      GET /docs/{asset} | open | /docs/swagger-ui.css | | -
      GET /openapi.yaml | open | /openapi.yaml | | -
      GET / | open | / | | -
      """;

  private AccessTable() {}

  /**
   * One request.
   *
   * @param operation as the API's description names it
   * @param role {@code open}: no key is needed
   * @param path with places for what it is about, such as {@code {letter}}
   * @param body blank: none
   * @param toOthers the status for a key that may not see what it is about; {@code -}: it is about
   *     whatever its caller sees
   */
  record Row(String operation, String role, String path, String body, String toOthers) {

    String method() {
      return operation.substring(0, operation.indexOf(' '));
    }

    boolean open() {
      return role.equals("open");
    }

    /** Whether a key of this role may call it. */
    boolean allows(String callersRole) {
      List<String> roles = List.of("open", "viewer", "operator", "admin");
      return roles.indexOf(callersRole) >= roles.indexOf(role);
    }

    /** Whether it is about one thing, which may be another pipeline's. */
    boolean named() {
      return !toOthers.equals("-");
    }

    /** The same request with these things for their places. */
    Row about(Map<String, String> things) {
      return new Row(operation, role, filled(path, things), filled(body, things), toOthers);
    }

    private static String filled(String text, Map<String, String> things) {
      String filled = text;
      for (Map.Entry<String, String> thing : things.entrySet()) {
        filled = filled.replace("{" + thing.getKey() + "}", thing.getValue());
      }
      return filled;
    }

    @Override
    public String toString() {
      return operation.substring(0, operation.indexOf(' ')) + " " + path + " " + body;
    }
  }

  static List<Row> rows() {
    return ROWS.lines()
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(
            cells ->
                new Row(
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    cells.get(3).replace('\'', '"'),
                    cells.get(4)))
        .toList();
  }
}
