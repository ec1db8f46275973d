// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The schema registry that payloads in Confluent's wire format are shown with. */
public interface RegistrySettings {

  @Doc(
      "Address of the registry, such as `http://localhost:8081`. Without it Avro and Protobuf are"
          + " shown as bytes.")
  Optional<URI> url();

  @Doc("User for basic authentication.")
  Optional<String> user();

  @Doc(value = "Its password.", secret = true)
  Optional<String> password();

  @Doc(
      value = "How long one look-up may take, the schemas that a schema refers to included.",
      min = "50ms",
      max = "30s")
  @WithDefault("2s")
  Duration timeout();

  @Doc(
      value = "Schemas that are remembered, and ids that the registry did not know.",
      min = "1",
      max = "100000")
  @WithDefault("500")
  int cache();

  @Doc(
      value = "How long a registry that failed, or an id that it did not know, is not asked again.",
      min = "1s",
      max = "1h")
  @WithDefault("30s")
  Duration rest();
}
