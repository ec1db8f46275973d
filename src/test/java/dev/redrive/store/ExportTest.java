// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Contract;
import dev.redrive.http.Json;
import dev.redrive.letter.Letter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(900)
class ExportTest {
  private static final int MANY = Boolean.getBoolean("redrive.full") ? 1_000_000 : 20_000;

  @TempDir Path stateDir;

  private ExportServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ExportServer(stateDir.resolve("store"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void jsonSaysHowManyItHas() throws Exception {
    server.fill(137);
    HttpResponse<String> response = get("");
    assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
        .matches("attachment; filename=\"redrive-letters-\\d{8}T\\d{6}Z\\.json\"");
    new Contract().check("GET", "/api/dlq/export", 200, "application/json", response.body());
    JsonNode json = Json.MAPPER.readTree(response.body());
    assertThat(json.path("count").asInt()).isEqualTo(137);
    assertThat(json.path("entries")).hasSize(137);
    assertThat(json.at("/entries/0/failed_at").asText())
        .isGreaterThan(json.at("/entries/1/failed_at").asText());
    assertThat(server.openScans()).isZero();
  }

  @Test
  void whatIsExportedFitsTheFilters() throws Exception {
    server.fill(60);
    HttpResponse<String> some = get("?format=ndjson&pipeline_id=pipeline-2&error_code=code-1");
    assertThat(some.body().lines())
        .hasSize(4)
        .allMatch(line -> line.contains("\"pipeline_id\":\"pipeline-2\""));
    assertThat(get("?format=ndjson&error_code=code-1,code-2&status=pending").body().lines())
        .hasSize(40);
    assertThat(get("?format=xml").statusCode()).isEqualTo(400);
    assertThat(get("?status=lost").statusCode()).isEqualTo(400);
    assertThat(get("?format=json&group_id=none").body()).endsWith("\"entries\":[],\"count\":0}");
    assertThat(get("?format=csv&group_id=none").body().lines()).hasSize(1);
  }

  @Test
  void csvIsNoFormula() throws Exception {
    server.kit.put(Letters.letter("=cmd|' /C calc'!A0", "r,\"1", Letters.MONDAY, "-2\r\n+3", 1, 1));
    server.kit.commit();
    HttpResponse<String> response = get("?format=csv");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
    assertThat(response.body())
        .startsWith(
            "id,pipeline_id,connection_id,error_code,error_message,failed_at,retry_count,payload"
                + "\r\ndlq_")
        .contains(",'=cmd|' /C calc'!A0,connection-1,\"'-2\r\n+3\",it took too long,")
        .endsWith("\"{\"\"text\"\":\"\"value of r,\\\"\"1\"\"}\"\r\n");
  }

  @Test
  void itIsCompressedWhereTheClientTakesThat() throws Exception {
    server.fill(300);
    HttpRequest request =
        HttpRequest.newBuilder(server.export("?format=ndjson"))
            .header("Accept-Encoding", "gzip")
            .build();
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(response.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()).hasSize(300);
    }
  }

  @Test
  void aClientThatGoesAwayFreesTheSnapshot() throws Exception {
    server.fill(20_000);
    URI uri = server.export("?format=ndjson");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      String head = "GET %s?%s HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket
          .getOutputStream()
          .write(head.formatted(uri.getPath(), uri.getQuery()).getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().readNBytes(10_000)).hasSize(10_000);
      assertThat(server.openScans()).isEqualTo(1);
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> server.openScans() == 0);
  }

  @Test
  void anExportThatIsNotWholeDoesNotEndWell() throws Exception {
    server.fill(20_000);
    HttpRequest request = HttpRequest.newBuilder(server.export("?format=ndjson")).build();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      assertThat(in.readNBytes(1_000)).hasSize(1_000);
      server.kit.store.close();
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aScanShowsOneState() {
    server.fill(50);
    List<Letter> seen = new ArrayList<>();
    try (LetterScan scan = server.kit.ask(new ScanQuery(LetterFilter.ALL, Long.MAX_VALUE))) {
      seen.addAll(scan.next());
      List<Letter> all = server.kit.ask(PageQuery.newest(LetterFilter.ALL, 100)).letters();
      all.forEach(letter -> server.kit.remove(letter.id()));
      server.kit.put(Letters.letter("late", "late", Letters.MONDAY - 1));
      server.kit.commit();
      while (!scan.ended()) {
        seen.addAll(scan.next());
      }
      assertThat(seen).containsExactlyElementsOf(all);
    }
  }

  @Test
  void aScanThatNobodyClosesIsClosedInTime() {
    server.fill(5);
    LetterScan scan =
        server.kit.ask(new ScanQuery(LetterFilter.ALL, server.kit.clock.now + 60_000));
    server.kit.databases.sweep();
    assertThat(scan.next()).isNotEmpty();
    server.kit.clock.now += 60_000;
    server.kit.databases.sweep();
    assertThat(server.openScans()).isZero();
    assertThatThrownBy(scan::next).isInstanceOf(InvalidStateStoreException.class);
  }

  /** A million with {@code -Dredrive.full=true}: its memory does not follow their number. */
  @Test
  void manyLettersInASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ExportServer.class.getName(),
                stateDir.resolve("many").toString(),
                Integer.toString(MANY))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(said).contains("exported " + MANY + " in a heap of 6");
  }

  private HttpResponse<String> get(String query) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(server.export(query)).build(), BodyHandlers.ofString());
  }
}
