// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The page that shows the API's description. All it needs comes from this server, and the browser
 * is told to load nothing from elsewhere.
 */
final class DocsPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String JAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String FILES = "/META-INF/resources/webjars/swagger-ui/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, Asset> assets;

  /**
   * A file that the page loads.
   *
   * @param resource where it lies on the class path
   */
  private record Asset(String resource, String type) {}

  DocsPage() {
    String files = FILES + version() + "/";
    assets =
        Map.of(
            "swagger-ui.css", new Asset(files + "swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", new Asset(files + "swagger-ui-bundle.js", SCRIPT),
            "start.js", new Asset("docs.js", SCRIPT));
  }

  List<Route> routes() {
    return List.of(Route.open("/docs", this::page), Route.open("/docs/{asset}", this::asset));
  }

  private void page(Context request) {
    request.header("Content-Security-Policy", POLICY).header("Referrer-Policy", "no-referrer");
    send(request, new Asset("docs.html", "text/html; charset=utf-8"));
  }

  private void asset(Context request) {
    Asset asset = assets.get(request.pathParam("asset"));
    if (asset == null) {
      throw Problem.notFound("there is nothing at this path");
    }
    request.header("Cache-Control", "max-age=3600");
    send(request, asset);
  }

  private static void send(Context request, Asset asset) {
    request.contentType(asset.type).result(open(asset.resource));
  }

  /** The files' folder is named by the version of the jar that they come in. */
  private static String version() {
    try (InputStream in = open(JAR)) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    return Objects.requireNonNull(DocsPage.class.getResourceAsStream(resource), resource);
  }
}
