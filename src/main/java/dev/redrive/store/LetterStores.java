// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** How a letter store gets into a topology. */
public final class LetterStores {

  private LetterStores() {}

  /**
   * A store with its changelog and without a cache, which would hide rows from our queries.
   *
   * @param changelog settings of the changelog topic, where Streams creates it
   */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(
      String name, LetterDatabases databases, Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            supplier(name, databases), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(changelog)
        .withCachingDisabled();
  }

  private static KeyValueBytesStoreSupplier supplier(String name, LetterDatabases databases) {
    return new KeyValueBytesStoreSupplier() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public KeyValueStore<Bytes, byte[]> get() {
        return new LetterStore(name, databases);
      }

      @Override
      public String metricsScope() {
        return "letters";
      }
    };
  }
}
