/**
 * Dead letters of Kafka itself and of libraries that extend it. May use letter, {@code convention}
 * and {@code header}.
 */
@NullMarked
package dev.redrive.dialect.kafka;

import org.jspecify.annotations.NullMarked;
